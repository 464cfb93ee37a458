"""党费与经费 for tests, made through the services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from branches.models import Member, Unit
from core.dates import Period
from dues import services
from dues.models import Allotment, Budget, Due, Payment, Reduction, Remittance, Spending, Standard
from dues.opening import open_month
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_member

DAY = date(2026, 7, 14)
JULY = date(2026, 7, 1)


def make_standard(
    member: Member, amount: str = "15.00", *, since: date = date(2026, 1, 1), **facts: Any
) -> Standard:
    """核定 of a member in work, by an amount that is known."""
    facts.setdefault("category", "employed")
    return services.set_standard(
        member=member, by=None, since=since, amount=Decimal(amount), **facts
    )


def make_payers(branch: Unit, how_many: int, amount: str = "15.00") -> list[Member]:
    """Members with a standard."""
    people = [make_member(branch) for _ in range(how_many)]
    for one in people:
        make_standard(one, amount)
    return people


def open_months(branch: Unit, *months: date) -> None:
    """Open months for one branch."""
    for month in months:
        open_month(month, units=[branch])


def make_paid(
    member: Member, month: date = JULY, *, paid_on: date = DAY, by: User | None = None,
    span: str = "month",
) -> Payment:  # fmt: skip
    """A member's month, opened and paid."""
    services.pay(
        unit=member.unit, members=[member.pk], month=month, span=span, paid_on=paid_on, by=by,
        on=max(DAY, paid_on),
    )  # fmt: skip
    found: Payment = Payment.unscoped.filter(member=member, is_void=False).latest("pk")
    return found


def make_reduction(
    member: Member,
    amount: str = "0.20",
    *,
    approved: bool = False,
    since: date = JULY,
    until: date = date(2026, 12, 1),
    by: User | None = None,
) -> Reduction:
    """A reduction, approved by another person when asked for."""
    row = services.propose_reduction(
        member=member, by=by or make_account(), amount=Decimal(amount), since=since, until=until,
        reason="家庭困难",
    )  # fmt: skip
    if approved:
        row = services.decide_reduction(reduction=row, by=make_account(), approve=True)
    return row


def make_remittance(
    unit: Unit, quarter: str = "2026Q2", *, amount: str = "0", confirmed: bool = False,
    by: User | None = None, note: str = "补交",
) -> Remittance:  # fmt: skip
    """A quarter's sum handed up, confirmed by another person when asked for."""
    row = services.remit(
        unit=unit, quarter=Period.parse(quarter), by=by or make_account(), amount=Decimal(amount),
        handed_on=DAY, on=DAY, note=note,
    )  # fmt: skip
    if confirmed:
        row = services.confirm_remittance(
            remittance=row, by=make_account(), confirmed_on=DAY, on=DAY
        )
    return row


def make_allotment(
    unit: Unit, amount: str = "3000", *, upto: str = "proposed", year: int = 2026, **facts: Any
) -> Allotment:
    """An allotment, approved and received by others when asked for."""
    facts.setdefault("by", make_account())
    row = services.propose_allotment(
        unit=unit, year=year, amount=Decimal(amount), purpose="阵地建设", **facts
    )
    if upto in ("approved", "received"):
        row = services.decide_allotment(allotment=row, by=make_account(), approve=True, on=DAY)
    if upto == "received":
        row = services.receive_allotment(allotment=row, by=make_account(), received_on=DAY, on=DAY)
    return row


def make_budget(
    unit: Unit, lines: str = "主题党日 3000\n党员教育 2000", year: int = 2026
) -> Budget:
    """A year's budget."""
    return services.save_budget(unit=unit, year=year, by=make_account(), lines=lines)


def make_spending(budget: Budget, amount: str = "300", **facts: Any) -> Spending:
    """A spending on the day of the tests."""
    facts.setdefault("purpose", "购买学习书籍")
    return services.spend(
        unit=budget.unit, year=budget.year, by=make_account(), day=DAY, amount=Decimal(amount),
        on=DAY, **facts,
    )  # fmt: skip


def one_of_everything(unit: Unit | None = None) -> Due:
    """A row in every table of 党费与经费 on one branch."""
    branch = unit or make_branch()
    member, by = make_member(branch), make_account()
    make_standard(member)
    payment = make_paid(member, date(2026, 6, 1), by=by)
    services.undo(payment=payment, by=by, reason="记错了人")
    make_paid(member, by=by)
    make_reduction(make_member(branch))
    services.record_gift(member=member, by=by, amount=Decimal(2000), given_on=DAY, on=DAY)
    make_remittance(branch)
    make_allotment(branch)
    make_spending(make_budget(branch))
    due: Due = Due.unscoped.filter(member=member).latest("month")
    return due
