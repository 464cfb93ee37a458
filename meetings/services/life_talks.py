"""谈心谈话: that two talked on a day, and the record of a day's talks."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.entries import AttendanceEntry, MeetingContent
from meetings.enums import COUNTING, Kind
from meetings.life_people import people
from meetings.models import Meeting, Talk
from meetings.rules.life import pair, talk_kind
from meetings.services.record import save
from meetings.services.roster import roster

# The name of a day's record is made from branch and day, so that two taps make one.
_RECORDS = uuid.UUID("6f3d9c52-3b0e-4f0e-9f6e-0b8f6f6c2a11")
MOST_AT_ONCE = 200


@transaction.atomic
def record_talks(
    *, unit: Unit, by: User, day: date, person: int, others: Collection[int], on: date
) -> int:
    """Note that ``person`` talked with each of ``others`` on the day; how many were new.

    The same two on the same day are one talk, whoever is named first. Nothing is kept but that.

    Raises:
        Refusal: nobody chosen, a day ahead or too long ago, or somebody not on the roster.
    """
    if not unit.is_branch:
        raise Refusal("谈心谈话记在党支部名下，请选择支部。", field="unit")
    if not date(on.year - 1, 1, 1) <= day <= on:
        raise Refusal("谈话日期应在去年以来、不晚于今天。", field="day")
    partners = set(others) - {person}
    if not partners:
        raise Refusal("请点选谈话的另一方，可以一次点几位。", field="others")
    if len(partners) > MOST_AT_ONCE:
        raise Refusal(f"一次最多记 {MOST_AT_ONCE} 位。", field="others")
    who = {one.id: one for one in people(unit, day)}
    if not who.keys() >= {person, *partners}:
        raise Refusal("所选同志当天不在本支部名册上，请核对。", field="person")
    board = {one.id for one in who.values() if one.on_board}
    # Two sendings queue up here, so that the number told is right.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    known = set(Talk.unscoped.filter(unit=unit, day=day).values_list("first_id", "second_id"))
    fresh = sorted({pair(person, other) for other in partners} - known)
    Talk.unscoped.bulk_create(
        (
            Talk(unit=unit, day=day, first_id=two[0], second_id=two[1],
                 kind=talk_kind(two, board), by=by)
            for two in fresh
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    return len(fresh)


@transaction.atomic
def remove_talk(*, talk: Talk, by: User) -> None:
    """Take back a talk that was noted by mistake; the history keeps it.

    Raises:
        Refusal: the record of that day is filed.
    """
    row = Talk.unscoped.select_for_update(of=("self",)).filter(pk=talk.pk).first()
    if row is None:
        return
    if row.meeting_id and Meeting.unscoped.filter(pk=row.meeting_id, status__in=COUNTING).exists():
        raise Refusal(
            "当天的谈心谈话会议记录已经提交，请先撤回那条记录，再改这里。", code="conflict"
        )
    Talk.unscoped.filter(pk=row.pk).delete()


@transaction.atomic
def file_talks(*, unit: Unit, day: date, by: User) -> Meeting:
    """A draft record 谈心谈话 of a day's talks, filled in; asked for again it is the same one.

    Raises:
        Refusal: no talks on that day.
    """
    talks = list(Talk.unscoped.filter(unit=unit, day=day).select_for_update(of=("self",)))
    if not talks:
        raise Refusal("这一天没有记谈心谈话，请先记谈话。", field="day")
    linked = next((talk.meeting for talk in talks if talk.meeting_id), None)
    if linked is not None:
        Talk.unscoped.filter(pk__in=[talk.pk for talk in talks]).update(meeting=linked)
        return linked
    present = {key for talk in talks for key in (talk.first_id, talk.second_id)}
    named = roster(unit).filter(pk__in=present).order_by("name", "pk").values_list("pk", flat=True)
    meeting = save(
        unit=unit,
        by=by,
        form_key=uuid.uuid5(_RECORDS, f"{unit.pk}:{day}"),
        content=MeetingContent(
            kinds=[Kind.TALK], held_on=day, topic=f"开展谈心谈话 {len(talks)} 组"
        ),
        attendance=[AttendanceEntry(member_id=key) for key in named],
    )
    Talk.unscoped.filter(pk__in=[talk.pk for talk in talks]).update(meeting=meeting)
    return meeting
