"""联系点: leaders, links, visits, and the problem of a visit until it is solved."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, known, once, one_of, past, sane, words
from support.enums import ISSUE_MOVES, IssueState, Level
from support.models import ContactLeader, ContactLink, ContactVisit, FollowUp


@transaction.atomic
def register_leader(
    *, unit: Unit, name: str, position: str, level: str, user: User | None = None
) -> ContactLeader:
    """Register a leader of an organisation; the same name and post is the same leader."""
    who = words(name, "姓名", field="name", longest=60)
    post = words(position, "职务", field="position", longest=80)
    one_of(level, Level, "级别", field="level")
    Unit.unscoped.select_for_update().get(pk=unit.pk)
    found = ContactLeader.unscoped.filter(unit=unit, name=who, position=post).first()
    leader = found or ContactLeader(unit=unit, name=who, position=post)
    leader.level, leader.is_active = level, True
    leader.user = user or leader.user
    return kept(leader)


@transaction.atomic
def retire_leader(*, leader: ContactLeader, until: date, on: date) -> ContactLeader:
    """He has left: his links end that day."""
    found: ContactLeader = ContactLeader.unscoped.select_for_update().get(pk=leader.pk)
    past(until, on, "离任日期", field="until")
    for one in ContactLink.unscoped.select_for_update().filter(leader=found, until=None):
        one.until = max(until, one.since)
        kept(one)
    found.is_active = False
    return kept(found)


@transaction.atomic
def link(
    *, leader: ContactLeader, unit: Unit, by: User | None, since: date, on: date
) -> ContactLink:
    """Link a leader to an organisation; twice is once."""
    found: ContactLeader = ContactLeader.unscoped.select_for_update().get(pk=leader.pk)
    if not found.is_active:
        raise Refusal("这位领导已经离任，不能再安排联系点。", code="conflict")
    if unit.kind in (UnitKind.DISTRICT, UnitKind.GROUP):
        raise Refusal("联系点是党（工）委、社区或党支部，请换一个。", field="unit")
    running = ContactLink.unscoped.filter(leader=found, unit=unit, until=None).first()
    if running is not None:
        return running
    sane(since, "开始日期", field="since")
    return kept(ContactLink(leader=found, unit=unit, since=since, by=by))


@transaction.atomic
def end_link(*, link: ContactLink, until: date, on: date) -> ContactLink:
    """The link ends; its visits stay. A second arrival changes nothing."""
    found: ContactLink = ContactLink.unscoped.select_for_update().get(pk=link.pk)
    if found.until is not None:
        return found
    found.until = past(until, on, "结束日期", field="until", since=found.since)
    return kept(found)


@transaction.atomic
def record_visit(
    *,
    link: ContactLink,
    by: User | None,
    day: date,
    found: str,
    problem: str = "",
    on: date,
    form_key: UUID | None = None,
) -> ContactVisit:
    """One visit: what was seen, and the problem that is followed until it is solved, if any."""
    row: ContactLink = ContactLink.unscoped.select_for_update().get(pk=link.pk)
    same = known(ContactVisit, form_key)
    if same is not None:
        return same
    past(day, on, "走访日期", field="day", since=row.since)
    if row.until is not None and day > row.until:
        raise Refusal(f"联系到 {row.until:%Y-%m-%d} 为止，走访日期请在这以前。", field="day")
    trouble = words(problem, "发现的问题", field="problem", longest=1000, needed=False)
    made, _ = once(
        ContactVisit,
        form_key,
        lambda: ContactVisit(
            link=row, day=day, found=words(found, "了解到的情况", field="found", longest=2000),
            problem=trouble, state=IssueState.OPEN if trouble else IssueState.NONE, by=by,
            form_key=form_key,
        ),
    )  # fmt: skip
    return made


def _open(visit: ContactVisit) -> ContactVisit:
    found: ContactVisit = ContactVisit.unscoped.select_for_update().get(pk=visit.pk)
    return found


@transaction.atomic
def follow_up(
    *,
    visit: ContactVisit,
    by: User | None,
    day: date,
    what: str,
    on: date,
    form_key: UUID | None = None,
) -> FollowUp:
    """What was done about the problem of a visit."""
    row = _open(visit)
    same = known(FollowUp, form_key)
    if same is not None:
        return same
    if row.state != IssueState.OPEN:
        raise Refusal("这次走访没有待跟进的问题。", code="conflict")
    past(day, on, "日期", field="day", since=row.day)
    made, _ = once(
        FollowUp,
        form_key,
        lambda: FollowUp(
            visit=row, day=day, what=words(what, "做了什么", field="what", longest=300), by=by,
            form_key=form_key,
        ),
    )  # fmt: skip
    return made


@transaction.atomic
def solve(
    *, visit: ContactVisit, by: User | None, solved_on: date, outcome: str, on: date
) -> ContactVisit:
    """The problem is solved: on which day, and what came of it. Twice is once."""
    row = _open(visit)
    if row.state == IssueState.SOLVED:
        return row
    demand_move(row, IssueState.SOLVED, moves=ISSUE_MOVES, name="这次走访")
    row.outcome = words(outcome, "处理结果", field="outcome", longest=1000)
    row.solved_on = past(solved_on, on, "解决日期", field="solved_on", since=row.day)
    row.state = IssueState.SOLVED
    return kept(row)
