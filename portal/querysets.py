"""Words about 通知 and the branch's page."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Count, F, Q

from branches.querysets import ScopedQuerySet
from portal.enums import State


class CircularQuerySet(ScopedQuerySet[Any]):
    """Words about 通知; its unit is the issuer."""

    def issued(self) -> Self:
        """Out, and not taken back."""
        return self.filter(state=State.ISSUED)

    def with_counts(self) -> Self:
        """With ``total``, ``was_read`` and ``was_signed``: how many units, and how far."""
        return self.annotate(
            total=Count("receipts"),
            was_read=Count("receipts", filter=Q(receipts__read_at__isnull=False)),
            was_signed=Count("receipts", filter=Q(receipts__signed_at__isnull=False)),
        )


class FileQuerySet(ScopedQuerySet[Any]):
    """Files, through their 通知."""

    unit_path = "circular__unit__path"


class ReceiptQuerySet(ScopedQuerySet[Any]):
    """Words about what a unit received."""

    def live(self) -> Self:
        """Of 通知 that stand."""
        return self.filter(circular__state=State.ISSUED)

    def sent(self) -> Self:
        """Of 通知 that were issued, taken back or not."""
        return self.exclude(circular__state=State.DRAFT)

    def owing(self) -> Self:
        """Not read, or not signed where that was asked for."""
        return self.live().filter(
            Q(read_at__isnull=True) | Q(circular__needs_sign=True, signed_at__isnull=True)
        )

    def overdue(self, *, on: date) -> Self:
        """Owing after the last day."""
        return self.owing().filter(circular__sign_by__lt=on)

    def urgeable(self, *, on: date) -> Self:
        """Owing, and not pressed on this day."""
        return self.owing().filter(Q(urged_on__isnull=True) | Q(urged_on__lt=on))

    def newest(self) -> Self:
        """The latest issued in front."""
        return self.order_by(F("circular__issued_at").desc(), "-pk")
