"""The settable numbers of 干部工作 as staff have written them (规定参数)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from cadres.rules.limits import LEAD, Limits, read
from core.errors import Refusal
from core.models import RuleParameter


def limits(on: date) -> Limits:
    """What holds on the day; one query. A parameter that is not there has its default.

    Raises:
        Refusal: somebody wrote a value that is none.
    """
    rows = (
        RuleParameter.objects.filter(key__startswith=LEAD, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("effective_from")
    )
    said = {row.key.removeprefix(LEAD).replace(".", "_"): row.value for row in rows}
    try:
        return read(said)
    except (ArithmeticError, TypeError, ValueError) as fault:
        raise Refusal(
            f"“规定参数”里干部工作的参数写得不对（{fault}），请组织部在数据管理中更正。"
        ) from None


def shown_limits(on: date) -> Limits:
    """What holds on the day, for pages that only show: a value that is none is the default."""
    try:
        return limits(on)
    except Refusal:
        return Limits()
