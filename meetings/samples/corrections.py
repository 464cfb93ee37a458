"""样例区的更正: one of each state, on records of the closed quarter."""

from __future__ import annotations

from uuid import UUID, uuid5

from accounts.models import User
from branches.models import Unit
from branches.sample import SampleDistrict
from meetings.enums import Kind, Status
from meetings.models import Meeting
from meetings.services import corrections
from meetings.services.templates import set_template
from meetings.versions import content_of, of_record, people_of, votes_of

_SPACE = UUID("6f1d2c52-52d3-4f0e-9d0e-6a1f0f3f7c11")
_CASES = (
    ("approve", "主题写得太笼统，补写讨论事项", "，并讨论楼院议事规则"),
    ("refuse", "地点写错", "（改在社区会议室）"),
    ("", "漏写第二项议题", "，通报党费收缴情况"),
)


def build(*, sample: SampleDistrict, street: Unit, authors: dict[int, User], reviewer: User) -> int:
    """Ask for, decide and leave waiting, in the street whose staff is ``reviewer``; how many.

    The street gets a template of its own.
    """
    below = [unit.pk for unit in sample.branches if unit.path.startswith(street.path)]
    records = (
        Meeting.unscoped.filter(
            status=Status.ACCEPTED,
            held_on__range=(sample.closed.start, sample.closed.end),
            kind_mask=Kind.MEMBERS,
            unit__in=below,
        )
        .select_related("unit")
        .order_by("unit__path", "held_on")[: len(_CASES)]
    )
    for record, (verb, reason, words) in zip(records, _CASES, strict=False):
        now = of_record(record)
        asked = corrections.propose(
            meeting=record,
            by=authors[record.unit_id],
            form_key=uuid5(_SPACE, reason),
            content=content_of({**now, "topic": f"{record.topic}{words}"}),
            attendance=people_of(now),
            votes=votes_of(now),
            reason=reason,
        )
        if verb == "approve":
            corrections.approve(correction=asked, by=reviewer)
        elif verb == "refuse":
            corrections.refuse(correction=asked, by=reviewer, reason="地点不影响记录，不必更正。")
    set_template(
        unit=street,
        kind=Kind.COMMITTEE,
        text="【日期】，【主持人】主持。应到【应到】人，实到【实到】人，缺席：【缺席】。\n"
        "一、通报上月议定事项的落实。\n二、研究【主题】。\n三、分工：________",
    )
    return len(_CASES)
