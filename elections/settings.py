"""The settable numbers of 换届 as staff have written them (规定参数)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from core.models import RuleParameter
from elections.enums import Route
from elections.rules import Limits

PREFIX = "elections."
VILLAGES = ("village", "community")


def limits(on: date) -> Limits:
    """What holds on the day; one query. A parameter that is not there has its default.

    Raises:
        Refusal: somebody wrote a value that is none.
    """
    rows = (
        RuleParameter.objects.filter(key__startswith=PREFIX, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("effective_from")
    )
    said = {row.key: row for row in rows}
    articles = {key: f"{row.regulation}{row.article}" for key, row in said.items()}
    try:
        return _read({key[len(PREFIX) :]: row.value for key, row in said.items()}, articles)
    except (TypeError, ValueError) as fault:
        raise Refusal(
            f"“规定参数”里换届的参数写得不对（{fault}），请组织部在数据管理中更正。"
        ) from None


def shown_limits(on: date) -> Limits:
    """What holds on the day, for pages that only show: a value that is none counts as the default.

    Writing goes through :func:`limits`, which says what is wrong.
    """
    try:
        return limits(on)
    except Refusal:
        return Limits()


def _read(said: Mapping[str, Any], articles: dict[str, str]) -> Limits:
    usual = Limits()

    def number(key: str, default: int, least: int = 1, most: int = 600) -> int:
        found = int(said.get(key, default))
        if not least <= found <= most:
            raise ValueError(f"{key} 应在 {least} 到 {most} 之间")
        return found

    def span(key: str, default: tuple[int, int]) -> tuple[int, int]:
        low, high = (int(one) for one in said.get(key, default))
        if not 1 <= low <= high:
            raise ValueError(f"{key} 应写成 [3, 7] 这样的两个数")
        return low, high

    months = tuple(sorted({int(m) for m in said.get("alerts", usual.alerts)}, reverse=True))
    if not months or min(months) < 1 or max(months) > 24:
        raise ValueError("alerts 应写成 [6, 3, 1] 这样的月数")
    return Limits(
        years_committee=number("years_committee", usual.years_committee, most=10),
        years_branch=number("years_branch", usual.years_branch, most=10),
        years_village=number("years_village", usual.years_village, most=10),
        alerts=months,
        most_shift=number("most_shift", usual.most_shift, most=12),
        lead=number("lead", usual.lead, least=0, most=24),
        quorum=number("quorum", usual.quorum, most=100),
        margin=number("margin", usual.margin, least=0, most=100),
        committee_from=number("committee_from", usual.committee_from, most=50),
        seats_branch=span("seats_branch", usual.seats_branch),
        seats_general=span("seats_general", usual.seats_general),
        seats_committee=span("seats_committee", usual.seats_committee),
        articles=articles,
    )


def route_of(unit: Unit) -> Route:
    """Whose order of steps holds for a unit."""
    if unit.field in VILLAGES:
        return Route.VILLAGE
    return Route.COMMITTEE if unit.kind == UnitKind.COMMITTEE else Route.BRANCH


def years_of(unit: Unit, limits: Limits) -> int:
    """任期年限 by kind of unit."""
    if unit.kind == UnitKind.COMMITTEE:
        return limits.years_committee
    return limits.years_village if unit.field in VILLAGES else limits.years_branch


def seats_span(unit: Unit, limits: Limits) -> tuple[int, int]:
    """How many 委员 a unit's committee may have: least and most."""
    if unit.kind == UnitKind.COMMITTEE:
        return limits.seats_committee
    return limits.seats_general if unit.kind == UnitKind.GENERAL_BRANCH else limits.seats_branch
