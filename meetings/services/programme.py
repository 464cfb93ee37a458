"""固定组织生活日: writing and publishing the month's programme, and recording the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import COMMITTEE_KINDS, Role, UnitKind
from branches.models import Unit
from core import files
from core.dates import Period
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.entries import AttendanceEntry, ItemEntry, MeetingContent, VoteEntry
from meetings.enums import Item, Kind, Status
from meetings.enums.programme import ProgrammeState
from meetings.fixed_days import fixed_days
from meetings.models import Meeting, Programme, ProgrammeItem
from meetings.services.record import save
from meetings.services.telling import tell_place

WRITING_KINDS = (UnitKind.DISTRICT, *COMMITTEE_KINDS)


def write_programme(
    *,
    unit: Unit,
    month: Period,
    theme: str,
    note: str,
    items: Sequence[ItemEntry],
    by: User,
) -> Programme:
    """Write a unit's programme of a month, or write it anew while it is a draft.

    Raises Refusal: no such unit, no theme, a mark of secrecy, a file that is not fit, or it is
    published.
    """
    theme, note = _clean(theme), _clean(note)
    if unit.kind not in WRITING_KINDS:
        raise Refusal("组织生活日的安排由区委或党（工）委发布，请选择发布单位。", field="unit")
    if not theme:
        raise Refusal("请写明本月主题，各支部按它组织学习。", field="theme")
    if len({entry.item for entry in items}) < len(items):
        raise Refusal("同一项动作只写一次。", field="theme")
    for text in (theme, note, *(t for e in items for t in (e.text, e.reading))):
        mark = mark_in_text(text)
        if mark:
            raise Refusal(refusal_of(mark, "填写的内容"), field="theme")
    clean = {e.item: files.accept_document(e.upload) for e in items if e.upload is not None}
    stored: dict[Item, files.StoredFile] = {}
    try:
        for item, one in clean.items():
            stored[item] = files.store(one)
        return _written(unit, month, theme, note, items, stored, by)
    except BaseException:
        files.discard(*(one.path for one in stored.values()))
        raise


@transaction.atomic
def _written(
    unit: Unit,
    month: Period,
    theme: str,
    note: str,
    items: Sequence[ItemEntry],
    stored: dict[Item, files.StoredFile],
    by: User,
) -> Programme:
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    programme = Programme.unscoped.filter(unit=unit, month=month.start).first() or Programme(
        unit=unit, month=month.start
    )
    if programme.state == ProgrammeState.PUBLISHED:
        raise Refusal("这个月的安排已经发布；要改请先“撤回修改”，改好再发布。", code="conflict")
    programme.theme, programme.note, programme.written_by = theme, note, by
    programme.save()
    kept = {row.item: row for row in ProgrammeItem.unscoped.filter(programme=programme)}
    order = list(Item)
    for entry in items:
        row = kept.pop(entry.item, None) or ProgrammeItem(programme=programme, item=entry.item)
        row.place = order.index(entry.item)
        row.text, row.reading, row.link = _clean(entry.text), _clean(entry.reading), entry.link
        if entry.item in stored:
            _put(row, stored[entry.item])
        elif entry.drop_file:
            _put(row, None)
        row.save()
    for row in kept.values():
        _put(row, None)
        row.delete()
    return programme


def _put(row: ProgrammeItem, file: files.StoredFile | None) -> None:
    """Another file, or none; the old bytes go when that is certain."""
    old = row.path
    if old:
        transaction.on_commit(lambda: files.discard(old))
    row.name = file.name if file else ""
    row.path = file.path if file else ""
    row.content_type = file.content_type if file else ""
    row.size = file.size if file else 0


@transaction.atomic
def publish(*, programme: Programme, by: User, on: date) -> Programme:
    """Publish it to everybody below, who are told once for each issue.

    Again is the same: nothing changes, nobody is told twice. Raises Refusal: the month is over.
    """
    found = Programme.unscoped.select_for_update(of=("self",)).get(pk=programme.pk)
    if found.state == ProgrammeState.PUBLISHED:
        return found
    month = Period.containing(found.month, "month")
    if month.end < on:
        raise Refusal("这个月已经过去，安排不再发布。", code="conflict")
    found.state, found.issue = ProgrammeState.PUBLISHED, found.issue + 1
    found.published_by, found.published_at = by, timezone.now()
    found.save()
    unit = Unit.unscoped.select_related("district").get(pk=found.unit_id)
    (day,) = fixed_days(district=unit.district, months=[month])
    tell_place(
        unit=unit,
        below=(Role.COMMITTEE_STAFF, Role.SECRETARY, Role.GROUP_LEADER),
        key=f"programme:{found.pk}:{found.issue}",
        template="programme_published",
        payload={
            "month": month.name,
            "day": f"{day.day.month}月{day.day.day}日",
            "weekday": day.weekday,
            "theme": found.theme,
            "unit": str(unit),
            "again": found.issue > 1,
        },
        title=f"{month.name}组织生活日：{found.theme}"[:200],
        link=reverse("meetings:fixed_day_month", args=[month.label]),
        by=by,
        on=on,
    )
    return found


@transaction.atomic
def recall(*, programme: Programme, by: User) -> Programme:
    """Take a published programme back to write in it; the branches do not see it meanwhile."""
    found = Programme.unscoped.select_for_update(of=("self",)).get(pk=programme.pk)
    if found.state == ProgrammeState.PUBLISHED:
        found.state, found.written_by = ProgrammeState.DRAFT, by
        found.save()
    return found


@transaction.atomic
def record_day(
    *,
    unit: Unit,
    by: User,
    form_key: UUID,
    month: Period,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry],
    votes: Sequence[VoteEntry] = (),
    expected_revision: int | None = None,
    meeting: Meeting | None = None,
) -> Meeting:
    """Save the month's 组织生活日 of a branch: one record for a month, however it is sent.

    The same form twice is one record; a second form for a month that has its record is refused.
    Raises Refusal, as :func:`meetings.services.record.save`.
    """
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    if not month.contains(content.held_on):
        raise Refusal(
            f"这一页只记{month.name}的组织生活日，请核对召开日期；别的月份请换到那个月的页面。",
            field="held_on",
        )
    if not content.items:
        raise Refusal("请勾选完成的动作，至少一项。", field="items")
    others = (
        Meeting.objects.everywhere("whether the month has its record")
        .filter(unit=unit)
        .held_in(month.start, month.end)
        .of_kind(Kind.FIXED_DAY)
        .exclude(status=Status.WITHDRAWN)
        .exclude(form_key=form_key)
    )
    if meeting is not None:
        others = others.exclude(pk=meeting.pk)
    if others.exists():
        raise Refusal(
            f"{month.name}的组织生活日已经有一条记录，请刷新页面，在原来的记录上接着填。",
            code="conflict",
        )
    return save(
        unit=unit,
        by=by,
        form_key=form_key if meeting is None else None,
        content=content,
        attendance=attendance,
        votes=votes,
        expected_revision=expected_revision,
        meeting=meeting,
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
