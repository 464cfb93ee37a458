"""What the pages about months show, each by a constant number of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from branches.models import Member, Unit
from core.dates import Period
from dues.enums import DueState, Span
from dues.models import Due, DueChange, Gift, Payment, Reduction, Remittance, Standard
from dues.rules import months_between, plain, quarter_months

MOST = 1000


@dataclass
class Line:
    """One member in a branch's month: what the span holds for him, whether he is ticked."""

    due: Any
    member: Any
    months: list[date] = field(default_factory=list)
    amount: Decimal = Decimal(0)
    earlier: int = 0
    ahead: int = 0
    ticked: bool = True

    @property
    def owes(self) -> bool:
        """Whether something of the span can be paid."""
        return bool(self.months)

    @property
    def unset(self) -> bool:
        """Whether he owes this month without an amount."""
        return self.due.state == DueState.OWED and self.due.amount is None

    @property
    def note(self) -> str:
        """What he pays: the kind, and the months when there are several."""
        words = [self.due.get_category_display() or "未核定"]
        if len(self.months) > 1:
            words.append(f"{len(self.months)} 个月")
        if self.earlier:
            words.append(f"以前欠 {self.earlier} 个月")
        return " · ".join(words)


@dataclass(frozen=True)
class BranchMonth:
    """A branch's month as its page shows it."""

    unit: Unit
    month: date
    span: str
    owing: Sequence[Line]
    unset: Sequence[Line]
    settled: Sequence[Line]
    sums: dict[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether the month has any row."""
        return bool(self.owing or self.unset or self.settled)


def branch_month(unit: Unit, month: date, span: str) -> BranchMonth:
    """Who owes, who has no amount, who has paid; two queries."""
    quarter = quarter_months(month)
    rows = list(
        Due.unscoped.filter(unit=unit, month=month)
        .select_related("member", "payment", "payment__by")
        .order_by("member__name", "pk")[:MOST]
    )
    others = Due.unscoped.filter(
        unit=unit,
        state=DueState.OWED,
        month__lte=quarter[2],
        member__in=[r.member_id for r in rows],
    ).exclude(month=month)
    by_member: dict[int, list[Any]] = {}
    for other in others.order_by("month"):
        by_member.setdefault(other.member_id, []).append(other)
    settled_ahead = set(
        Due.unscoped.filter(unit=unit, month__in=quarter, month__gt=month)
        .exclude(state=DueState.OWED)
        .values_list("member_id", "month")
    )
    lines = [
        _line(row, by_member.get(row.member_id, []), quarter, span, settled_ahead) for row in rows
    ]
    return BranchMonth(
        unit=unit, month=month, span=span,
        owing=[one for one in lines if one.owes],
        unset=[one for one in lines if not one.owes and one.unset],
        settled=[one for one in lines if not one.owes and not one.unset],
        sums=_sums(rows),
    )  # fmt: skip


def _line(
    due: Any, others: list[Any], quarter: list[date], span: str, settled: set[tuple[int, date]]
) -> Line:
    line = Line(due, due.member)
    line.earlier = sum(one.month < due.month for one in others)
    wanted = [due] if due.state == DueState.OWED else []
    if span == Span.ARREARS:
        wanted += [one for one in others if one.month < due.month]
    wanted = [one for one in wanted if one.amount]
    line.months = [one.month for one in wanted]
    line.amount = sum((one.amount for one in wanted), Decimal(0))
    if span == Span.QUARTER and due.amount:
        # Months that have not come are opened when they are paid, with the amount of now.
        ahead = [m for m in quarter if m > due.month and (due.member_id, m) not in settled]
        line.months += ahead
        line.amount += due.amount * len(ahead)
        line.ahead = len(ahead)
    line.months.sort()
    return line


def _sums(rows: Sequence[Any]) -> dict[str, Any]:
    counted = [row for row in rows if row.state != DueState.STRUCK]
    paid = [row for row in counted if row.state == DueState.PAID]
    return {
        "due": len(counted),
        "paid": len(paid),
        "money": plain(sum((row.amount or Decimal(0) for row in counted), Decimal(0))),
        "received": plain(sum((row.amount for row in paid), Decimal(0))),
    }


def months_around(month: date, on: date) -> list[date]:
    """The months to choose from: the last twelve, the newest first."""
    first = date(on.year - 1, on.month, 1)
    found = months_between(first, on.replace(day=1))[::-1][:12]
    return found if month in found else [*found, month]


@dataclass(frozen=True)
class MemberFacts:
    """Everything about one member's dues."""

    standards: Sequence[Any]
    reductions: Sequence[Any]
    dues: Sequence[Any]
    payments: Sequence[Any]
    changes: Sequence[Any]
    gifts: Sequence[Any]


def member_facts(member: Member, units: Sequence[Unit]) -> MemberFacts:
    """Of months in other branches only those in reach; six queries."""
    dues = Due.objects.within(*units).filter(member=member)
    return MemberFacts(
        standards=list(
            Standard.unscoped.filter(member=member).select_related("by").order_by("-since")[:20]
        ),
        reductions=list(
            Reduction.unscoped.filter(member=member).select_related("proposed_by", "decided_by")[
                :20
            ]
        ),
        dues=list(dues.select_related("unit", "payment").order_by("-month")[:36]),
        payments=list(
            Payment.objects.within(*units).filter(member=member).select_related("by")[:36]
        ),
        changes=list(
            DueChange.objects.within(*units)
            .filter(due__member=member)
            .select_related("due", "by")[:30]
        ),
        gifts=list(Gift.objects.within(*units).filter(member=member).select_related("by")[:20]),
    )


def quarter_lines(unit: Unit, on: date) -> list[dict[str, Any]]:
    """The last four quarters of a branch: what was taken and what was handed up; two queries."""
    period, quarters = Period.containing(on, "quarter"), []
    for _ in range(4):
        quarters.append(period)
        period = period.previous()
    known = {
        row.quarter: row
        for row in Remittance.unscoped.filter(
            unit=unit, quarter__in=[one.start for one in quarters]
        ).select_related("submitted_by", "decided_by")
    }
    sums = Payment.unscoped.filter(unit=unit, is_void=False).aggregate(
        **{
            f"q{one.label}": Sum("amount", filter=Q(paid_on__range=(one.start, one.end)))
            for one in quarters
        }
    )
    lines = []
    for one in quarters:
        row, now = known.get(one.start), sums[f"q{one.label}"] or Decimal(0)
        # A correction after the quarter was handed up shows, whatever was confirmed.
        changed = row is not None and row.computed != now
        lines.append(
            {"period": one, "row": row, "running": one.end >= on, "now": now, "changed": changed}
        )
    return lines
