"""发展党员 and 转接 for tests, made through the services: cases that stand where asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from branches.models import Member, Unit
from core.dates import add_months
from membership import services
from membership.enums import Number, StepState
from membership.models import Candidate, Clock, Step, Transfer
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_id_number, make_member, make_name

_numbers = count(1)
TODAY = date(2026, 11, 25)


@dataclass
class Hands:
    """Who does what: never the same for two halves of one decision."""

    branch: User
    street: User


def make_hands() -> Hands:
    """Two accounts without roles: services ask for no role."""
    return Hands(make_account(), make_account())


def make_candidate(unit: Unit | None = None, *, by: User | None = None, **facts: Any) -> Candidate:
    """An applicant of 2024 (the rule set of 2014) unless told otherwise."""
    given: dict[str, Any] = {
        "name": make_name(), "applied_on": date(2024, 1, 8), "id_number": make_id_number(),
        "on": TODAY, "job": "社区干事",
    }  # fmt: skip
    return services.register(unit=unit or make_branch(), by=by, **given | facts)


FACTS: dict[int, dict[str, Any]] = {
    Number.TALK: {"persons": "马桂兰"},
    Number.CONTACTS: {"persons": "马桂兰、刘建军"},
    Number.OBSERVE: {"outcome": "good", "persons": "马桂兰"},
    Number.PROPOSE: {"paper": "支部档案柜"},
    Number.PUBLISH: {"outcome": "good", "place": "党务公开栏"},
    Number.INTRODUCERS: {"persons": "马桂兰、刘建军"},
    Number.REVIEW: {"outcome": "good", "persons": "刘建军", "paper": "支部档案柜"},
    Number.TRAIN: {"outcome": "good", "training_days": 3},
    Number.PRECHECK: {"outcome": "good"},
    Number.FORM: {"document": "A0001"},
    Number.MEETING: {"eligible": 9, "present": 8, "yes": 8, "no": 0, "abstain": 0},
    Number.UPPER_TALK: {"outcome": "good", "persons": "陶春燕"},
    Number.APPROVE: {"outcome": "good", "document": "城党〔2026〕3号"},
    Number.OATH: {"place": "会议室"},
    Number.PROBATION: {"outcome": "good", "persons": "马桂兰"},
    Number.CONFIRM: {
        "outcome": "good", "eligible": 9, "present": 9, "yes": 9, "no": 0, "abstain": 0,
    },
    Number.CONFIRM_APPROVE: {"outcome": "good", "document": "城党〔2026〕9号"},
    Number.FILE: {"paper": "城关街道档案室"},
}  # fmt: skip
# When each step is done, in months and days after the application; nothing is late.
DAYS: dict[int, tuple[int, int]] = {
    2: (0, 20), 3: (6, 0), 4: (6, 3), 5: (6, 10), 6: (6, 12), 7: (12, 0), 8: (18, 20), 9: (19, 10),
    10: (19, 12), 11: (19, 12), 12: (19, 20), 13: (20, 0), 14: (20, 5), 15: (20, 10), 16: (20, 12),
    17: (20, 20), 18: (20, 28), 19: (21, 5), 20: (21, 8), 21: (21, 10), 22: (27, 1), 23: (32, 22),
    24: (33, 10), 25: (33, 20),
}  # fmt: skip
BY_STREET = (Number.RECORD, Number.PRECHECK, Number.UPPER_TALK, Number.APPROVE,
             Number.CONFIRM_APPROVE)  # fmt: skip


def day_of(candidate: Candidate, number: int) -> date:
    """The usual day of a step."""
    months, days = DAYS[number]
    return add_months(candidate.applied_on, months) + timedelta(days=days)


def do(candidate: Candidate, number: int, hands: Hands, *, on: date = TODAY, **facts: Any) -> Step:
    """One step, by whose it is."""
    given = {"day": day_of(candidate, number), **FACTS.get(number, {}), **facts}
    if number == Number.PUBLISH:
        given.setdefault("since", given["day"] - timedelta(days=10))
    by = hands.street if number in BY_STREET else hands.branch
    return services.record(
        candidate=candidate, number=number, entry=services.StepEntry(**given), by=by, on=on
    )


def walk(
    candidate: Candidate, upto: int, hands: Hands, *, since: int = 2, on: date = TODAY
) -> Candidate:
    """Through all steps up to ``upto``."""
    for number in range(since, upto + 1):
        if number == Number.PUBLISH and candidate.rules.code == "2014":
            continue
        if number == Number.OBSERVE:
            first = day_of(candidate, number)
            for day in (first, add_months(first, 6)):
                do(candidate, number, hands, on=on, day=day)
            continue
        step = do(candidate, number, hands, on=on)
        if step.state == StepState.SENT:
            services.decide(
                step=step, by=hands.street, agree=True, day=step.day + timedelta(days=3), on=on
            )
    candidate.refresh_from_db()
    return candidate


def make_transfer(member: Member, to: Unit, *, by: User | None = None, **facts: Any) -> Transfer:
    """Asked for by the old branch."""
    given = {"on": TODAY, "reason": "工作调动"} | facts
    return services.ask_inside(member=member, to=to, by=by or make_account(), **given)


def bring(to: Unit, *, by: User | None = None, **facts: Any) -> Transfer:
    """A letter from outside, entered."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "outside": "中共外区某街道某社区支部", "name": make_name(), "id_number": make_id_number(),
        "letter_number": f"W{number}", "letter_on": TODAY - timedelta(days=10), "valid_days": 90,
        "on": TODAY, "joined_on": date(2015, 7, 1), "confirmed_on": date(2016, 7, 1),
    }  # fmt: skip
    return services.bring_in(to=to, by=by or make_account(), **given | facts)


def one_of_everything(branch: Unit) -> dict[str, Any]:
    """A case, its step, a transfer and a clock, for the administration's pages."""
    hands = make_hands()
    candidate = walk(make_candidate(branch, by=hands.branch), 5, hands)
    member = make_member(branch)
    transfer = services.ask_out(member=member, outside="中共外区某支部", by=hands.branch, on=TODAY)
    clock = Clock.unscoped.create(member=member, kind="floating", since=date(2026, 1, 1))
    step = Step.unscoped.filter(candidate=candidate).latest("pk")
    return {"candidate": candidate, "transfer": transfer, "clock": clock, "step": step}
