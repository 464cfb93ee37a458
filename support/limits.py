"""The settable numbers of 联系点 as staff have written them (规定参数)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from core.models import RuleParameter
from support.rules import read_frequency

FREQUENCY = "contact.visits_per_quarter"
_USUAL = 1


def visits_per_quarter(on: date) -> int:
    """How often a leader is to visit a contact point in a quarter; one query.

    A value that is none counts as the usual one, so that no page breaks on it.
    """
    row = (
        RuleParameter.objects.filter(key=FREQUENCY, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("-effective_from")
        .first()
    )
    try:
        return read_frequency(row.value) if row else _USUAL
    except ValueError:
        return _USUAL
