"""Writing a record: one atomic save of facts, attendance and votes, sent twice or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.enums import Status
from meetings.models import Attendance, Meeting, MeetingStep, StudyItem, Vote
from meetings.rules import kinds_allowed
from meetings.services.lectures import link_record
from meetings.services.roster import roster
from meetings.services.study import studied_items, write_marks

EARLIEST = date(2000, 1, 1)
_FACTS = (
    "held_on", "started_at", "ended_at", "place", "chair", "recorder", "topic", "agenda",
    "minutes", "resolution",
)  # fmt: skip
_TEXTS = ("place", "chair", "recorder", "topic", "agenda", "minutes", "resolution")


@transaction.atomic
def save(
    *,
    unit: Unit,
    by: User | None,
    form_key: UUID | None,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry] = (),
    votes: Sequence[VoteEntry] = (),
    expected_revision: int | None = None,
    meeting: Meeting | None = None,
    page_key: UUID | None = None,
    studied: Iterable[int] | None = None,
    booking: UUID | None = None,
) -> Meeting:
    """Create a draft, or write into a draft or a returned record; all of it or nothing.

    ``form_key`` belongs to the form that was opened: the same key again is the same record, so a
    form sent twice makes one. 应到 and 实到 are counted from ``attendance`` here and nowhere else.
    ``by`` is None for another system. ``expected_revision`` is the one the writer saw, and
    ``page_key`` names the open page he writes from: its words may come late, or twice, over a
    broken connection, and clash with nobody but another page's. ``studied`` are items of the
    branch's study plan (None leaves them as they are), ``booking`` the booked lecture that this is
    the record of.

    Raises:
        Refusal: the facts do not hold, the record is locked, or somebody wrote in it meanwhile
            (``conflict``).
    """
    rows, ballots = prepared(
        unit=unit,
        content=content,
        attendance=attendance,
        votes=votes,
        meeting=meeting or _of_key(form_key),
    )
    texts = (
        None if studied is None else studied_items(unit=unit, held_on=content.held_on, ids=studied)
    )
    found = _locked(meeting, unit, form_key)
    if found is None:
        found, created = _create(unit, by, form_key, content, rows, page_key)
        if created:
            write_rows(found, rows, ballots)
            _hang_on(found, texts, booking)
            return found
    if not found.is_editable:
        return _sent_twice(found, content, rows, ballots, form_key)
    if _written_elsewhere(found, expected_revision, page_key):
        if not differs(found, content, rows, ballots):
            return found
        raise Refusal(
            "这条记录刚刚在别处改过，您填的内容还在页面上；请先核对最新的记录，再决定是否覆盖。",
            code="conflict",
        )
    if found.first_submitted_on and content.held_on > found.first_submitted_on:
        raise Refusal(
            f"这条记录 {found.first_submitted_on:%Y-%m-%d} 就提交过，召开日期不能晚于那一天；"
            "如果是另一次会议，请另记一条。",
            field="held_on",
        )
    fill(found, content, rows)
    found.revision += 1
    found.written_from = page_key
    found.save()
    write_rows(found, rows, ballots)
    _hang_on(found, texts, booking)
    return found


def prepared(
    *,
    unit: Unit,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry],
    votes: Sequence[VoteEntry],
    meeting: Meeting | None,
) -> tuple[list[Attendance], list[Vote]]:
    """The rows of people and votes that belong to these facts, checked, not yet written.

    Raises:
        Refusal: the facts do not hold; ``field`` says which.
    """
    _check_facts(unit, content)
    rows = _attendance_rows(unit, attendance, meeting)
    return rows, _vote_rows(votes, rows)


def _written_elsewhere(
    found: Meeting, expected_revision: int | None, page_key: UUID | None
) -> bool:
    """Whether another page wrote since this writer looked."""
    if page_key is not None and found.written_from == page_key:
        return False
    if expected_revision is None:
        # A form that never heard of its record: all that is known is which page made it.
        return page_key is not None and found.written_from is not None
    return expected_revision != found.revision


def _hang_on(meeting: Meeting, texts: list[StudyItem] | None, booking: UUID | None) -> None:
    """What the record says about the study plan and the lecture service."""
    write_marks(meeting, texts)
    link_record(meeting=meeting, booking=booking)


def _check_facts(unit: Unit, content: MeetingContent) -> None:
    """What the database cannot say in a sentence."""
    allowed = kinds_allowed(is_group=unit.is_group)
    if not content.kinds:
        raise Refusal("请至少选择一种会议类别。", field="kinds")
    if not (unit.is_group or unit.is_branch):
        raise Refusal("会议记录记在党支部或党小组名下，请先选择支部。", field="unit")
    wrong = [str(kind.label) for kind in content.kinds if kind not in allowed]
    if wrong:
        names = "、".join(str(kind.label) for kind in allowed)
        raise Refusal(f"{unit}不能记“{'、'.join(wrong)}”，可选：{names}。", field="kinds")
    if not EARLIEST <= content.held_on <= date(2100, 1, 1):
        raise Refusal("请核对召开日期的年份。", field="held_on")
    if unit.founded_on and content.held_on < unit.founded_on:
        raise Refusal(
            f"{unit}成立于 {unit.founded_on:%Y-%m-%d}，召开日期不能更早。", field="held_on"
        )
    if unit.dissolved_on and content.held_on > unit.dissolved_on:
        raise Refusal(
            f"{unit}已于 {unit.dissolved_on:%Y-%m-%d} 撤销，召开日期不能更晚。", field="held_on"
        )
    if content.started_at and content.ended_at and content.ended_at < content.started_at:
        raise Refusal("结束时间不能早于开始时间。", field="ended_at")


def _of_key(form_key: UUID | None) -> Meeting | None:
    return Meeting.unscoped.filter(form_key=form_key).first() if form_key else None


def _locked(meeting: Meeting | None, unit: Unit, form_key: UUID | None) -> Meeting | None:
    """The record to write in, its row locked, or None when it is a new one."""
    rows = Meeting.unscoped.select_for_update(of=("self",)).select_related("unit")
    if meeting is not None:
        found: Meeting | None = rows.get(pk=meeting.pk)
    else:
        found = rows.filter(form_key=form_key).first() if form_key else None
    if found is not None and found.unit_id != unit.pk:
        raise Refusal("这条记录属于另一个党组织，请重新打开表单再填。", code="conflict")
    return found


def _create(
    unit: Unit,
    by: User | None,
    form_key: UUID | None,
    content: MeetingContent,
    rows: list[Attendance],
    page_key: UUID | None,
) -> tuple[Meeting, bool]:
    """A new draft; when the same form is being saved at the same moment, that one's record."""
    fresh = Meeting(unit=unit, created_by=by, form_key=form_key, written_from=page_key)
    fill(fresh, content, rows)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        found = _locked(None, unit, form_key)
        if found is None:
            raise
        return found, False
    MeetingStep.unscoped.create(meeting=fresh, before=None, after=Status.DRAFT, by=by)
    return fresh, True


def _sent_twice(
    found: Meeting,
    content: MeetingContent,
    rows: list[Attendance],
    ballots: list[Vote],
    form_key: UUID | None,
) -> Meeting:
    """The second arrival of a form that is already filed changes nothing; an edit is refused."""
    again = found.status == Status.SUBMITTED or (form_key and found.form_key == form_key)
    if again and not differs(found, content, rows, ballots):
        return found
    sentence = {
        Status.SUBMITTED: "这条记录已经提交，正在等待审核；要修改请撤回后重新填写，或请上级退回。",
        Status.ACCEPTED: "这条记录已审核通过并锁定；确需更正，请在记录页点“申请更正”。",
        Status.WITHDRAWN: "这条记录已经撤回，请另记一条。",
    }[Status(found.status)]
    raise Refusal(sentence, code="conflict")


def _clean(value: object) -> object:
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def differs(
    found: Meeting, content: MeetingContent, rows: list[Attendance], ballots: list[Vote]
) -> bool:
    """Whether the stored record says anything else than these facts."""
    return (
        found.kind_mask != content.kind_mask
        or any(getattr(found, name) != _clean(getattr(content, name)) for name in _FACTS)
        or set(found.items) != {str(item) for item in content.items}
        or _rows_differ(found, rows, ballots)
    )


def fill(meeting: Meeting, content: MeetingContent, rows: list[Attendance]) -> None:
    """Put the facts into the record and let the fields check them."""
    for name in _FACTS:
        setattr(meeting, name, _clean(getattr(content, name)))
    meeting.kind_mask = content.kind_mask
    meeting.items = list(dict.fromkeys(str(item) for item in content.items))
    meeting.eligible_count = sum(row.eligible for row in rows)
    meeting.present_count = sum(row.eligible and row.present for row in rows)
    known = ["unit", "created_by", "reviewed_by", "uuid", "form_key"]
    # A draft may do without its topic; submitting it may not.
    try:
        meeting.clean_fields(exclude=known if meeting.topic else [*known, "topic"])
    except ValidationError as fault:
        field, messages = next(iter(fault.message_dict.items()))
        raise Refusal(messages[0], field=field) from None


def _attendance_rows(
    unit: Unit, attendance: Sequence[AttendanceEntry], meeting: Meeting | None
) -> list[Attendance]:
    """Rows to be written, with name and vote from the roster.

    Whoever stands in the record already may stay in it, though he has left the branch since.
    """
    ids = [entry.member_id for entry in attendance]
    if len(set(ids)) != len(ids):
        raise Refusal("同一名党员在一次会议中只能登记一次。", field="attendance")
    people = {m.pk: (m.name, m.votes) for m in roster(unit).filter(pk__in=ids)}
    if meeting is not None and len(people) < len(ids):
        kept = Attendance.unscoped.filter(meeting_id=meeting.pk, meeting__unit_id=unit.pk)
        for row in kept.filter(member_id__in=set(ids) - set(people)):
            people[row.member_id] = (row.name, row.voting)
    if len(people) < len(ids):
        raise Refusal("名单里有人不在本支部的党员名册中，请刷新名单后再试。", field="attendance")
    rows = [
        Attendance(
            member_id=entry.member_id,
            name=people[entry.member_id][0],
            voting=people[entry.member_id][1],
            eligible=entry.eligible,
            present=entry.present,
            reason="" if entry.present else str(entry.reason),
            note=entry.note.strip()[:100],
        )
        for entry in attendance
    ]
    silent = [row.name for row in rows if not row.present and not row.reason]
    if silent:
        raise Refusal(f"请选择缺席事由：{'、'.join(silent[:5])}。", field="attendance")
    return rows


def _vote_rows(votes: Sequence[VoteEntry], rows: list[Attendance]) -> list[Vote]:
    """Votes with 应到 and 实到 of those who have the vote."""
    eligible = sum(row.eligible and row.voting for row in rows)
    present = sum(row.eligible and row.voting and row.present for row in rows)
    ballots = []
    for entry in votes:
        ballot = Vote(
            subject=str(_clean(entry.subject)),
            eligible=eligible if entry.eligible is None else entry.eligible,
            present=present if entry.present is None else entry.present,
            yes=entry.yes,
            no=entry.no,
            abstain=entry.abstain,
        )
        if not ballot.subject:
            raise Refusal("请写明表决事项。", field="votes")
        if len(ballot.subject) > 200:
            raise Refusal("表决事项请控制在 200 字以内。", field="votes")
        if min(ballot.eligible, ballot.present, ballot.yes, ballot.no, ballot.abstain) < 0:
            raise Refusal("票数不能是负数。", field="votes")
        if ballot.present > ballot.eligible:
            raise Refusal("实到有表决权的人数不能多于应到。", field="votes")
        if ballot.yes + ballot.no + ballot.abstain > ballot.present:
            raise Refusal(
                f"“{ballot.subject}”：赞成、反对、弃权共 "
                f"{ballot.yes + ballot.no + ballot.abstain} 票，"
                f"多于到会有表决权的 {ballot.present} 人，请核对。",
                field="votes",
            )
        ballots.append(ballot)
    return ballots


_SEEN = ("member_id", "name", "eligible", "voting", "present", "reason", "note")
_SAID = ("subject", "eligible", "present", "yes", "no", "abstain")


def _rows_differ(meeting: Meeting, rows: list[Attendance], ballots: list[Vote]) -> bool:
    return _differ(Attendance.unscoped.filter(meeting=meeting), _SEEN, rows) or _differ(
        Vote.unscoped.filter(meeting=meeting), _SAID, ballots
    )


def write_rows(meeting: Meeting, rows: list[Attendance], ballots: list[Vote]) -> None:
    """Replace what differs; an autosave that changes nobody writes nothing."""
    people = Attendance.unscoped.filter(meeting=meeting)
    if _differ(people, _SEEN, rows):
        people.delete()
        for row in rows:
            row.meeting = meeting
        Attendance.unscoped.bulk_create(rows)
    polls = Vote.unscoped.filter(meeting=meeting)
    if _differ(polls, _SAID, ballots):
        polls.delete()
        for ballot in ballots:
            ballot.meeting = meeting
        Vote.unscoped.bulk_create(ballots)


def _differ(stored: QuerySet[Any], fields: tuple[str, ...], fresh: Sequence[object]) -> bool:
    """Whether the stored rows say anything else than the fresh ones."""
    before = list(stored.order_by("pk").values_list(*fields))
    return before != [tuple(getattr(row, name) for name in fields) for row in fresh]
