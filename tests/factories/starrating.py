"""两新星级 for tests, made through the services: organisations, rounds, ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import User
from branches.models import Unit
from starrating import services
from starrating.defaults import Line
from starrating.enums import Category, Method, Stage, State
from starrating.models import (
    Activity,
    ActivityKind,
    ItemScore,
    Organisation,
    Rating,
    Round,
    Standard,
)
from starrating.rules import Given
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch

START = date(2026, 3, 2)
DAY = date(2026, 7, 14)
# 公示 begins on Tuesday 14 July; five working days later is Tuesday 21 July.
AFTER_NOTICE = date(2026, 7, 22)
SHEET = (
    Line(Category.TEAM, "组织健全", Decimal(60), (Method.PAPERS,), "批复"),
    Line(Category.SOCIETY, "群众满意", Decimal(40), (Method.POLL,), ""),
)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_numbers = count(1)


def make_credit_code(number: int | None = None) -> str:
    """A valid invented 统一社会信用代码; another one each time."""
    number = next(_numbers) if number is None else number
    body = f"91620100MA{number:07d}"
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + _ALPHABET[-total % 31]


def make_organisation(unit: Unit | None = None, **facts: Any) -> Organisation:
    """A firm of 50 with 5 members below a branch."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "name": f"第{number}科技有限公司", "credit_code": make_credit_code(number),
        "kind": "firm", "industry": "I", "staff_count": 50, "member_count": 5,
        "party_form": "single", "on": DAY, "by": None,
    }  # fmt: skip
    return services.save_organisation(unit=unit or make_branch(), **given | facts)


def make_standard(district: Unit, lines: tuple[Line, ...] = SHEET) -> Standard:
    """A sheet of two items, 60 and 40 points."""
    return services.save_standard(unit=district, by=None, name="评定标准", lines=lines)


def make_round(
    district: Unit, *, started: bool = True, standard: Standard | None = None, **facts: Any
) -> Round:
    """A round, started with every organisation that is there."""
    given: dict[str, Any] = {
        "name": f"第{next(_numbers)}轮", "year": 2026, "starts_on": START,
        "self_until": date(2026, 4, 30), "check_until": date(2026, 6, 30),
        "review_until": date(2026, 8, 31), "fund": Decimal(100_000),
        "standard": standard or make_standard(district),
    }  # fmt: skip
    round_ = services.save_round(unit=district, by=None, **given | facts)
    return services.start_round(round_=round_, by=None, on=START) if started else round_


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


def give(
    rating: Rating, stage: Stage, by: User, share: Decimal = Decimal(1), note: str = "核实"
) -> None:
    """Score every item of a step with a share of its points."""
    rows = ItemScore.unscoped.filter(rating=rating)
    values = {row.pk: Given(row.points * share, note, ["papers"]) for row in rows}
    services.score(rating=rating, stage=stage, by=by, values=values)


def make_rating(
    state: State = State.SELF,
    *,
    organisation: Organisation | None = None,
    round_: Round | None = None,
    hands: Hands | None = None,
    share: Decimal = Decimal("0.85"),
    on: date = DAY,
) -> Rating:
    """A rating that has gone its way up to ``state`` with that share of all points."""
    organisation = organisation or make_organisation()
    hands = hands or make_hands()
    if round_ is None:
        district = organisation.district
        round_ = make_round(district)
    rating = Rating.unscoped.filter(round=round_, organisation=organisation).first()
    if rating is None:
        rating = services.include(
            round_=round_, organisation=organisation, by=hands.staff, on=on
        )  # fmt: skip
    return forward(rating, state, hands, share, on)


def forward(
    rating: Rating, state: State, hands: Hands, share: Decimal = Decimal("0.85"), on: date = DAY
) -> Rating:
    """Lead a rating from 自评 on to ``state``."""
    steps = 5 if state == State.UNRATED else 1 if state == State.VETOED else int(state)
    if steps >= 1:
        give(rating, Stage.SELF, hands.branch, share)
        services.file_self(rating=rating, by=hands.branch, on=on)
    if steps >= 2:
        give(rating, Stage.CHECK, hands.street, share)
        services.finish_check(rating=rating, by=hands.street, on=on)
    if steps >= 3:
        give(rating, Stage.REVIEW, hands.staff, share)
        services.finish_review(rating=rating, by=hands.staff, on=on)
    if steps >= 4:
        services.publish(round_=rating.round, by=hands.staff, on=on)
    if steps >= 5:
        rating.refresh_from_db()
        assert rating.notice_until is not None
        services.award(
            rating=rating, by=hands.staff, on=rating.notice_until + timedelta(days=1)
        )  # fmt: skip
    if state == State.VETOED:
        services.veto(rating=rating, by=hands.staff, reason="law", note="已核实", on=on)
    rating.refresh_from_db()
    return rating


def one_of_everything(branch: Unit, hands: Hands | None = None) -> Rating:
    """One row of every table, on a branch."""
    hands = hands or make_hands()
    assert branch.district is not None
    organisation = make_organisation(branch)
    rating = make_rating(State.AWARDED, organisation=organisation, hands=hands)
    services.name_model(
        organisation=organisation, by=hands.staff, named_on=DAY, feature="党员先锋岗", on=DAY
    )
    Activity.unscoped.create(
        organisation=organisation, kind=ActivityKind.objects.all()[0], year=2026, day=DAY,
        note="讲党课", by=hands.branch,
    )  # fmt: skip
    services.save_plan(
        unit=branch.district, model_low=2, model_high=3,
        targets={2027: (Decimal(20), Decimal(40))},
    )  # fmt: skip
    return rating
