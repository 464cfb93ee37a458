"""The board: paid ÷ due by committee and month, the figures of now, the lists behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse

from branches.enums import UnitKind
from branches.models import Unit
from core.dates import Period, add_months
from core.pages import Cell, Plot
from dues.enums import AllotmentState, ReductionState, RemitState
from dues.models import Allotment, Budget, Due, Gift, Reduction, Remittance
from dues.parameters import shown_numbers
from dues.rules import months_between, plain, share

MOST_ROWS = 60
MONTHS = 12


def href(name: str, **asked: str) -> str:
    """The address of the rows behind a figure."""
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse(f'dues:{name}')}{'?' if query else ''}{query}"


@dataclass(frozen=True)
class Board:
    """Everything that the board shows."""

    stats: dict[str, Any]
    plot: Plot
    money: dict[str, Any]


def board(units: Sequence[Unit], *, on: date, names: bool) -> Board:
    """As seen by somebody whose reach is ``units``; ``names`` links to lists of members."""
    this = on.replace(day=1)
    return Board(
        stats=_stats(units, this, on, names), plot=_plot(units, this), money=_money(units, on)
    )


def _stats(units: Sequence[Unit], this: date, on: date, names: bool) -> dict[str, Any]:
    rows = Due.objects.within(*units)
    now = rows.filter(month=this).total()
    quarter = Period.containing(on, "quarter")
    last = quarter.previous()
    levels = shown_numbers(on).alert_months or (3, 6)
    runs = [row["months"] for row in rows.running(before=this)]
    handed = Remittance.objects.within(*units).filter(quarter=last.start)
    return {
        "this": this, "due": now["due"], "paid": now["paid"], "unset": now["unset"],
        "rate": share(now["paid"], now["due"]), "received": plain(now["received"] or Decimal(0)),
        "money": plain(now["money"] or Decimal(0)),
        "long": sum(months >= levels[0] for months in runs), "least": levels[0],
        "longest": sum(months >= levels[-1] for months in runs), "most": levels[-1],
        "last": last.name,
        "handed": plain(
            handed.filter(state=RemitState.CONFIRMED, unit__kind__in=_BRANCHY).aggregate(
                s=Sum("amount")
            )["s"]
            or Decimal(0)
        ),
        "waiting": handed.filter(state=RemitState.SUBMITTED).count(),
        "hrefs": {
            "month": href("branch_list", month=f"{this:%Y-%m}"),
            "arrears": href("arrears") if names else href("branch_list", month=f"{this:%Y-%m}"),
            "sums": href("sum_list", quarter=last.label),
        },
    }  # fmt: skip


_BRANCHY = (
    UnitKind.BRANCH, UnitKind.JOINT_BRANCH, UnitKind.TEMP_BRANCH, UnitKind.TEMP_JOINT_BRANCH,
)  # fmt: skip


def _plot(units: Sequence[Unit], this: date) -> Plot:
    """District: a row a committee. A committee: a row a branch. Two queries."""
    by_branch = not any(unit.kind == UnitKind.DISTRICT for unit in units)
    key = "unit_id" if by_branch else "unit__committee_id"
    first = add_months(this, 1 - MONTHS)
    months = months_between(first, this)
    sums = {
        (row[key], row["month"]): row
        for row in Due.objects.within(*units).between(first, this).summed(key, "month")
    }
    shown = list(
        Unit.objects.everywhere("names of units whose months are in reach")
        .filter(pk__in={unit for unit, _ in sums})
        .order_by("path")[:MOST_ROWS]
    )
    cells = [
        Cell(
            x, y, share(row["paid"], row["due"]),
            href("branch_list", month=f"{month:%Y-%m}", unit=str(unit.pk)),
        )
        for y, unit in enumerate(shown)
        for x, month in enumerate(months)
        if (row := sums.get((unit.pk, month))) and row["due"]
    ]  # fmt: skip
    what = "各支部" if by_branch else "各党（工）委"
    return Plot(
        kind="heat", title=f"{what}每月已交党员占应交党员的比例", unit="%", top=100,
        labels=[f"{month.year % 100}年{month.month}月" for month in months],
        rows=[str(unit) for unit in shown],
        cells=cells,
    )  # fmt: skip


def _money(units: Sequence[Unit], on: date) -> dict[str, Any]:
    """Budgets of this year, allotments, gifts; three queries."""
    year = Budget.objects.within(*units).filter(year=on.year)
    found = year.aggregate(amount=Sum("amount"), granted=Sum("granted"), spent=Sum("spent"))
    sums = {key: found[key] or Decimal(0) for key in ("amount", "granted", "spent")}
    waits = (AllotmentState.PROPOSED, AllotmentState.APPROVED)
    total = sums["amount"] + sums["granted"]
    return {
        "year": on.year, **{key: plain(value) for key, value in sums.items()},
        "balance": plain(total - sums["spent"]), "total": float(total),
        "done": float(sums["spent"]),
        "waiting": Allotment.objects.within(*units).filter(state__in=waits).count(),
        "gifts": plain(
            Gift.objects.within(*units)
            .filter(given_on__year=on.year)
            .aggregate(s=Sum("amount"))["s"]
            or Decimal(0)
        ),
    }  # fmt: skip


@dataclass(frozen=True)
class BranchLine:
    """One branch in a month: sums only."""

    unit: Any
    due: int
    paid: int
    unset: int
    money: str
    received: str

    @property
    def said(self) -> str:
        """Paid of due in words."""
        return f"{self.paid} / {self.due} 人"


def branch_lines(units: Any, month: date) -> list[BranchLine]:
    """A line for each of a page of branches, those without an open month too; one query."""
    found = list(units)
    sums = {
        row["unit_id"]: row
        for row in Due.objects.everywhere("the branches are the asker's")
        .filter(unit__in=found, month=month)
        .summed("unit_id")
    }
    nothing = {"due": 0, "paid": 0, "unset": 0, "money": None, "received": None}
    return [
        BranchLine(
            unit, row["due"], row["paid"], row["unset"], plain(row["money"] or Decimal(0)),
            plain(row["received"] or Decimal(0)),
        )
        for unit in found
        for row in [sums.get(unit.pk, nothing)]
    ]  # fmt: skip


def arrears_lines(units: Sequence[Unit], *, on: date, least: int = 1) -> list[dict[str, Any]]:
    """Who owes for ``least`` months in a row or more, the longest first; two queries."""
    runs = [
        row
        for row in Due.objects.within(*units).running(before=on.replace(day=1))
        if row["months"] >= least
    ]
    names = {
        unit.pk: unit
        for unit in Unit.objects.within(*units)
        .filter(pk__in={row["unit_id"] for row in runs})
        .select_related("committee")
    }
    for row in runs:
        row["unit"] = names[row["unit_id"]]
    return sorted(runs, key=lambda row: (-row["months"], row["unit"].path, row["member__name"]))


def waiting(units: Sequence[Unit], user_id: int) -> dict[str, Any]:
    """What waits for those above: reductions, sums, allotments, gifts; four queries."""
    return {
        "reductions": list(
            Reduction.objects.within(*units)
            .filter(state=ReductionState.PROPOSED)
            .select_related("member__unit", "proposed_by")
            .order_by("pk")[:200]
        ),
        "sums": list(
            Remittance.objects.within(*units)
            .filter(state=RemitState.SUBMITTED)
            .select_related("unit", "unit__committee", "submitted_by")
            .order_by("quarter", "unit__path")[:300]
        ),
        "allotments": list(
            Allotment.objects.within(*units)
            .filter(state__in=(AllotmentState.PROPOSED, AllotmentState.APPROVED))
            .select_related("unit", "proposed_by")
            .order_by("pk")[:200]
        ),
        "gifts": list(
            Gift.objects.within(*units)
            .filter(forwarded_on=None)
            .select_related("unit", "member", "by")
            .order_by("given_on")[:100]
        ),
        "me": user_id,
    }
