"""Words about dues and money."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum

from branches.querysets import ScopedQuerySet
from dues.enums import DueState

_COUNTED = ~Q(state=DueState.STRUCK)
_PAID = Q(state=DueState.PAID)
# Due and paid member-months, those who still owe, those without an amount; yuan due and received.
# What does not count (不计) is left out.
_FIGURES: dict[str, Any] = {
    "due": Count("pk", filter=_COUNTED),
    "paid": Count("pk", filter=_PAID),
    "owing": Count("pk", filter=Q(state=DueState.OWED)),
    "unset": Count("pk", filter=Q(state=DueState.OWED, amount=None)),
    "money": Sum("amount", filter=_COUNTED),
    "received": Sum("amount", filter=_PAID),
}


class DueQuerySet(ScopedQuerySet[Any]):
    """Words about member-months."""

    def between(self, first: date, last: date) -> Self:
        """Months from one to the other, both given by any day in them."""
        return self.filter(month__gte=first.replace(day=1), month__lte=last)

    def owed(self) -> Self:
        """Not paid yet."""
        return self.filter(state=DueState.OWED)

    def running(self, *, before: date) -> Any:
        """Dicts of who owes how many months without a break, up to the month ``before``.

        ``months``, ``since`` (the first of them), ``amount``. A paid, struck or explained month
        ends the run (规定: six months running, without a reason). One query.
        """
        later = self.model.unscoped.filter(
            member=OuterRef("member"), month__gt=OuterRef("month"), month__lt=before
        ).exclude(state=DueState.OWED, reason="")
        return (
            self.filter(state=DueState.OWED, reason="", month__lt=before)
            .exclude(Exists(later))
            .order_by()
            .values("member_id", "member__uuid", "member__name", "unit_id")
            .annotate(months=Count("pk"), since=Min("month"), money=Sum("amount"))
        )

    def summed(self, *keys: str) -> Any:
        """Dicts by ``keys`` with the figures of :data:`_FIGURES`; one query."""
        return self.order_by().values(*keys).annotate(**_FIGURES)

    def total(self) -> dict[str, Any]:
        """The figures of all of them; one query."""
        return self.order_by().aggregate(**_FIGURES)


class ThroughMember(ScopedQuerySet[Any]):
    """Rows that hang on a member and go where he goes."""

    unit_path = "member__unit__path"


class ThroughDue(ScopedQuerySet[Any]):
    """Rows that hang on a member-month."""

    unit_path = "due__unit__path"


class ThroughBudget(ScopedQuerySet[Any]):
    """Rows that hang on a unit's budget."""

    unit_path = "budget__unit__path"


class ThroughSpending(ScopedQuerySet[Any]):
    """Vouchers of a spending."""

    unit_path = "spending__budget__unit__path"
