"""What 党费与经费 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from core.dates import Period, month_end
from dues.enums import AllotmentState, ReductionState, RemitState
from dues.models import Allotment, Due, Payment, Reduction, Remittance
from dues.parameters import shown_numbers

_MOST = 5


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """The month and the quarter of a secretary; for staff what waits for them, in one line."""
    asks = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += [*_month(own, on), *_quarter(own, on), *_receive(own)]
    if scope.is_staff:
        asks += _above(scope, user_id)
    return asks


def _month(own: tuple[Unit, ...], on: date) -> list[Ask]:
    """A branch whose month still has somebody who owes."""
    this = on.replace(day=1)
    rows = [
        row
        for row in Due.objects.within(*own)
        .filter(month=this)
        .summed("unit__code", "unit__short_name", "unit__name")
        if row["owing"]
    ][:_MOST]
    return [
        Ask(
            f"登记 {on.month} 月党费", reverse("dues:branch", args=[row["unit__code"]]),
            note=f"{row['unit__short_name'] or row['unit__name']} · 还有 {row['owing']} 人没有登记",
            until=month_end(on.year, on.month), icon="coin",
        )
        for row in rows
    ]  # fmt: skip


def _quarter(own: tuple[Unit, ...], on: date) -> list[Ask]:
    """A branch that took money in the last quarter and has not handed it up."""
    period = Period.containing(on, "quarter").previous()
    handed = Remittance.objects.within(*own).filter(quarter=period.start)
    done = handed.exclude(state=RemitState.RETURNED).values("unit_id")
    took = Payment.objects.within(*own).filter(
        is_void=False, paid_on__range=(period.start, period.end)
    )
    units = Unit.objects.within(*own).filter(
        kind__in=BRANCH_KINDS, pk__in=took.order_by().values("unit_id")
    )
    return [
        Ask(
            f"上缴{period.name}党费",
            f"{reverse('dues:branch_remit', args=[unit.code])}?quarter={period.label}",
            note=str(unit), icon="send",
            until=period.end + timedelta(days=shown_numbers(on).remit_days),
        )
        for unit in units.exclude(pk__in=done).order_by("path")[:1]
    ]  # fmt: skip


def _receive(own: tuple[Unit, ...]) -> list[Ask]:
    rows = Allotment.objects.within(*own).filter(state=AllotmentState.APPROVED)
    return [
        Ask(
            f"签收区拨党费 {row.amount} 元", reverse("dues:allotment_receive", args=[row.uuid]),
            note=row.purpose, icon="wallet",
        )
        for row in rows.order_by("pk")[:_MOST]
    ]  # fmt: skip


def _above(scope: Scope, user_id: int) -> list[Ask]:
    """One line for all; what he proposed or handed in himself is another's to decide."""
    roots = scope.units_as(*STAFF)
    reductions = Reduction.objects.within(*roots).filter(state=ReductionState.PROPOSED)
    sums = Remittance.objects.within(*roots).filter(state=RemitState.SUBMITTED)
    count = reductions.exclude(proposed_by=user_id).count()
    waiting = sums.exclude(submitted_by=user_id).count()
    note = [f"{count} 件减免待审批"] if count else []
    note += [f"{waiting} 笔上缴待确认"] if waiting else []
    if Role.DISTRICT_STAFF in scope.roles:
        grants = Allotment.objects.within(*roots).filter(state=AllotmentState.PROPOSED)
        mine = grants.exclude(proposed_by=user_id).count()
        note += [f"{mine} 笔拨款待审批"] if mine else []
        count += mine
    if not note:
        return []
    return [
        Ask(
            "办理党费待办", reverse("dues:queue"), note="，".join(note), count=count + waiting,
            icon="coin",
        )
    ]  # fmt: skip
