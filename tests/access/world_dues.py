"""党费与经费 full of canaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dues.enums import Category, ChangeKind, DueState
from dues.models import (
    Allotment,
    Budget,
    BudgetLine,
    Due,
    DueChange,
    Gift,
    Payment,
    Reduction,
    Remittance,
    Spending,
    Standard,
    Voucher,
)

_DAY = date(2026, 6, 9)
_MONEY = Decimal("15.00")


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
    for key in branches:
        _branch(world, key)


def _branch(world: Any, key: str) -> None:
    things, unit, member = world.objects, world.units[key], world.objects["member"][key]
    # A name from another district would be a leak of the world's own making.
    author = world.users.get({"1a1": "secretary_a", "1b1": "secretary_b"}.get(key, ""))
    today = timezone.localdate()
    this = today.replace(day=1)
    things["dues_branch"][key], things["dues_member"][key] = unit, member
    things["dues_standard"][key] = Standard.unscoped.create(
        member=member, category=Category.EMPLOYED, amount=_MONEY, since=date(2026, 1, 1), by=author
    )
    things["dues_payment"][key] = payment = Payment.unscoped.create(
        unit=unit, member=member, paid_on=today, amount=_MONEY, proxy=f"代交zo{key}z", by=author
    )
    paid = Due.unscoped.create(
        unit=unit, member=member, month=this, amount=_MONEY, category=Category.EMPLOYED,
        state=DueState.PAID, payment=payment, paid_on=today,
    )  # fmt: skip
    before = date(this.year - (this.month == 1), this.month - 1 or 12, 1)
    things["dues_month"][key] = Due.unscoped.create(
        unit=unit, member=member, month=before, amount=_MONEY, category=Category.EMPLOYED
    )
    DueChange.unscoped.create(due=paid, kind=ChangeKind.REASON, reason=f"更正zo{key}z", by=author)
    things["dues_reduction"][key] = Reduction.unscoped.create(
        member=member, amount=1, since=this, until=this, reason=f"减免zo{key}z", proposed_by=author
    )
    things["dues_gift"][key] = Gift.unscoped.create(
        unit=unit, member=member, amount=2000, given_on=_DAY, note=f"大额zo{key}z", by=author
    )
    things["dues_remittance"][key] = Remittance.unscoped.create(
        unit=unit, quarter=date(2026, 4, 1), computed=0, amount=1, note=f"差额zo{key}z",
        handed_on=_DAY, submitted_by=author,
    )  # fmt: skip
    things["dues_allotment"][key] = Allotment.unscoped.create(
        unit=unit, year=today.year, amount=3000, purpose=f"用途zo{key}z", document=f"文zo{key}z"
    )
    things["dues_budget"][key] = budget = Budget.unscoped.create(
        unit=unit, year=today.year, amount=5000, note=f"来源zo{key}z", by=author
    )
    line = BudgetLine.unscoped.create(budget=budget, name=f"项目zo{key}z", amount=5000)
    things["dues_spending"][key] = spending = Spending.unscoped.create(
        budget=budget, line=line, day=_DAY, amount=100, purpose=f"支出zo{key}z", by=author
    )
    things["dues_voucher"][key] = Voucher.unscoped.create(
        spending=spending, name=f"票据zo{key}z.pdf", path="zz/none", content_type="application/pdf",
        sha256=f"{key:0>64}", size=1, by=author,
    )  # fmt: skip
