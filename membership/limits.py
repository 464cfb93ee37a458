"""The settable numbers of 转接 and of 流动、失联 as staff have written them (规定参数)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.dates import add_months
from core.models import RuleParameter

_LETTER, _ACROSS = "transfer.letter_days", "transfer.confirm_across"
_ANSWER, _RECEIPT = "transfer.answer_days", "transfer.warn_days"
_CLOCK = "member.clock_months"


@dataclass(frozen=True)
class Limits:
    """介绍信 are valid so many days; an unanswered asking is old after so many; and so on."""

    letter_days: int = 90
    # Whether a transfer between committees is confirmed by whoever stands above both.
    confirm_across: bool = True
    answer_days: int = 10
    warn_days: int = 15
    clock_months: int = 6

    def edge(self, on: date) -> date:
        """Who has been away since this day or longer is told of."""
        return add_months(on, -self.clock_months)


def limits(on: date) -> Limits:
    """What holds on the day; one query. What is not there, or is no number, has its default."""
    rows = RuleParameter.objects.filter(
        key__in=(_LETTER, _ACROSS, _ANSWER, _RECEIPT, _CLOCK), effective_from__lte=on
    ).filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
    said = {row.key: row.value for row in rows.order_by("effective_from")}
    usual = Limits()
    return Limits(
        letter_days=_number(said.get(_LETTER), usual.letter_days, most=365),
        confirm_across=bool(said.get(_ACROSS, usual.confirm_across)),
        answer_days=_number(said.get(_ANSWER), usual.answer_days, most=365),
        warn_days=_number(said.get(_RECEIPT), usual.warn_days, most=365),
        clock_months=_number(said.get(_CLOCK), usual.clock_months, most=120),
    )


def _number(value: object, usual: int, *, most: int) -> int:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
    return value if fits and isinstance(value, int) else usual
