"""Words about cadres. A read starts with ``.within(*officer_units)``: never with all of a scope."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Q

from branches.querysets import ScopedQuerySet
from cadres.enums import FINISHED, CadreState, OrderState


class CadreQuerySet(ScopedQuerySet[Any]):
    """Words about cadre files."""

    def serving(self) -> Self:
        """In office."""
        return self.filter(state=CadreState.SERVING)

    def search(self, text: str) -> Self:
        """By name, pinyin or initials; numbers are never searched by parts."""
        text = text.strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(name_key__contains=text.lower()))


class ThroughCadre(ScopedQuerySet[Any]):
    """Rows that hang on a cadre and reach the unit through him."""

    unit_path = "cadre__unit__path"


class OrderQuerySet(ThroughCadre):
    """Words about 三单."""

    def open(self) -> Self:
        """Not closed."""
        return self.exclude(state=OrderState.CLOSED)

    def overdue(self, *, on: date) -> Self:
        """A reply is owed and its last day has passed."""
        return self.filter(state=OrderState.ISSUED, reply_due__lt=on)


class AppointmentQuerySet(ScopedQuerySet[Any]):
    """Words about appointments."""

    def running(self) -> Self:
        """Neither finished nor stopped."""
        return self.exclude(is_over=True).exclude(step__in=FINISHED)


class ThroughAppointment(ScopedQuerySet[Any]):
    """Rows that hang on an appointment."""

    unit_path = "appointment__unit__path"


class ThroughAudit(ScopedQuerySet[Any]):
    """Items of an audit."""

    unit_path = "audit__appointment__unit__path"


class ThroughDraw(ScopedQuerySet[Any]):
    """Who was drawn."""

    unit_path = "draw__unit__path"
