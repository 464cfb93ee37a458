"""后进整顿 for tests, made through the services: batches, and cases that stand where asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import User
from branches.models import Unit
from rectification import services
from rectification.enums import (
    HelperKind,
    Manner,
    PollWay,
    ProblemState,
    Source,
    State,
    Timing,
)
from rectification.models import Acceptance, Batch, Case, Closing, Poll, Problem
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch

START = date(2026, 3, 2)
DEADLINE = date(2026, 9, 30)
SHEET = "班子建设 40\n问题整改 60"
DUES = "第一次报告 2026-04-30\n第二次报告 2026-06-30"
PLAN = "一、配强班子；二、解决路灯、停车问题。"
_numbers = count(1)


def make_batch(district: Unit, *, number: int | None = None, **facts: Any) -> Batch:
    """A batch with a sheet of two items and two reports."""
    given: dict[str, Any] = {
        "number": number or next(_numbers), "name": "软弱涣散党组织整顿", "year": 2026,
        "starts_on": START, "deadline": DEADLINE, "items": SHEET, "dues": DUES,
        "least_answers": 10,
    }  # fmt: skip
    return services.save_batch(unit=district, by=None, **given | facts)


@dataclass
class Hands:
    """Who does what: never the same for two halves of one decision."""

    branch: User
    street: User
    staff: User
    second: User


def make_hands() -> Hands:
    """Four accounts without roles: services ask for no role."""
    return Hands(*(make_account() for _ in range(4)))


def make_case(
    state: State = State.UNDERWAY,
    *,
    unit: Unit | None = None,
    batch: Batch | None = None,
    hands: Hands | None = None,
    on: date = date(2026, 7, 14),
    plan: str = PLAN,
    reasons: tuple[str, ...] = ("team", "service"),
    **facts: Any,
) -> Case:
    """A case that has gone its way up to ``state``, with days that end at ``on``."""
    unit = unit or make_branch()
    assert unit.district is not None
    batch = batch or make_batch(unit.district)
    hands = hands or make_hands()
    case = services.propose_case(
        batch=batch, unit=unit, reasons=reasons, by=hands.street, on=START, **facts
    )
    if state == State.DROPPED:
        return services.drop(case=case, by=hands.staff, reason="已自行整改", on=on)
    path = [one for one in State if one <= state][1:]
    for step in path:
        case = _forward(case, step, hands, on, plan)
    return case


def _forward(case: Case, to: State, hands: Hands, on: date, plan: str) -> Case:
    if to == State.LISTED:
        services.decide_listing(
            case=case, by=hands.staff, decided_on=START, decision_number="区委常委会第3次会议",
            on=on,
        )  # fmt: skip
    elif to == State.STAFFED:
        staff(case, hands, on)
    elif to == State.UNDERWAY:
        services.describe(case=case, detail=case.detail, baseline=case.baseline, plan=plan)
        services.start(case=case, by=hands.street, started_on=START, on=on)
    elif to == State.EXAMINED:
        services.ask_examination(case=case, by=hands.street, note="", on=on)
    elif to == State.CLOSED:
        accepted(case, hands, on)
        closing = services.propose_closing(case=case, by=hands.street)
        for by in (hands.staff, hands.second):
            closing = services.approve_closing(closing=closing, by=by, on=on, may_last=True)
    elif to == State.WATCHED:
        look_back(case, hands, on)
    elif to == State.SETTLED:
        case.refresh_from_db()
        assert case.watch_until is not None
        services.settle(case=case, by=hands.staff, on=case.watch_until + timedelta(days=1))
    case.refresh_from_db()
    return case


def staff(case: Case, hands: Hands, on: date) -> None:
    """All four of the 四位一体."""
    for kind in HelperKind:
        services.assign(
            case=case, by=hands.street, kind=kind, name=f"帮扶{kind.label}", position="负责人",
            workplace="区直某单位", since=START, on=on,
        )  # fmt: skip


def make_problem(
    case: Case,
    state: ProblemState = ProblemState.COLLECTED,
    *,
    hands: Hands | None = None,
    title: str = "3 号楼前路灯不亮",
    due_on: date = date(2026, 8, 31),
    on: date = date(2026, 7, 14),
) -> Problem:
    """A problem that has gone its way up to ``state``."""
    hands = hands or make_hands()
    problem = services.collect(
        case=case, by=hands.branch, source=Source.VISIT, title=title, collected_on=START, on=on
    )
    if state == ProblemState.DISMISSED:
        return services.dismiss(problem=problem, by=hands.street, reason="已解释", on=on)
    if state >= ProblemState.SOLVING:
        problem = services.take_up(
            problem=problem, owner="刘主任", due_on=due_on, measures="联系电力公司维修", on=on
        )
    if state >= ProblemState.DONE:
        problem = services.report_done(
            problem=problem, by=hands.branch, done_on=on, result="已修好", on=on
        )
    if state >= ProblemState.CONFIRMED:
        problem = services.confirm_done(
            problem=problem, by=hands.street, answer="已回访", confirmed_on=on, on=on
        )
    return problem


def make_poll(
    case: Case,
    counts: tuple[int, int, int] | None = (95, 3, 2),
    *,
    hands: Hands | None = None,
    on: date = date(2026, 7, 14),
) -> Poll:
    """A poll by tally sheet, counted when counts (满意, 基本满意, 不满意) are given."""
    hands = hands or make_hands()
    poll = services.open_poll(
        case=case, by=hands.street, way=PollWay.TALLY, opens_on=on, closes_on=on
    )
    if counts is None:
        return poll
    return services.enter_tally(
        poll=poll, by=hands.street, issued=sum(counts), satisfied=counts[0], fair=counts[1],
        dissatisfied=counts[2], invalid=0, on=on,
    )  # fmt: skip


def make_acceptance(
    case: Case, points: tuple[int, int] = (36, 50), *, hands: Hands | None = None,
    on: date = date(2026, 7, 14),
) -> Acceptance:  # fmt: skip
    """An acceptance with these points for the two items."""
    items = list(case.batch.items.all())
    scores = {item.pk: Decimal(given) for item, given in zip(items, points, strict=True)}
    by = (hands or make_hands()).staff
    return services.accept(case=case, by=by, day=on, examiners="组织部验收组", scores=scores, on=on)


def accepted(case: Case, hands: Hands, on: date) -> Acceptance:
    """A passed acceptance with its poll."""
    make_poll(case, hands=hands, on=on)
    return make_acceptance(case, hands=hands, on=on)


def make_closing(case: Case, hands: Hands, on: date = date(2026, 7, 14)) -> Closing:
    """A proposed closing of a case that is up for 验收."""
    accepted(case, hands, on)
    return services.propose_closing(case=case, by=hands.street)


def look_back(case: Case, hands: Hands, on: date) -> None:
    """One 回头看."""
    services.inspect(
        case=case, by=hands.staff, day=on, manner=Manner.COVERT, timing=Timing.LOOK_BACK,
        inspectors="组织部回访组", findings="路灯正常，群众满意", on=on,
    )  # fmt: skip
