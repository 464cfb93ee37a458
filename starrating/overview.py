"""The district's board: stars, progress, fund, 示范点, targets; a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from branches.models import Unit
from core.pages import Plot, Series
from starrating.enums import FINAL, STAR_NAMES, STARS, State
from starrating.models import (
    GuidanceLevel,
    ModelSite,
    Organisation,
    Plan,
    Rating,
    Round,
    StarChange,
    Target,
)
from starrating.rules import shares_at_least, spread

_STATE_TONES = {
    State.SELF: "exempt", State.FILED: "wait", State.CHECKED: "info", State.REVIEWED: "late",
    State.NOTICED: "gold", State.AWARDED: "ok", State.UNRATED: "draft", State.VETOED: "bad",
}  # fmt: skip


def rows_of(name: str, **asked: str) -> str:
    """The address of the rows behind a figure."""
    return f"{reverse(f'starrating:{name}')}?{urlencode(asked)}"


def board(
    *, round_: Round | None, district: Unit | None, units: Sequence[Unit], on: date
) -> dict[str, Any]:
    """What the board shows of everything within ``units``; ``round_`` the one looked at."""
    known: Any = Organisation.objects.within(*units).active()
    counts = dict(known.order_by().values_list("stars").annotate(n=Count("pk")))
    whole = int(sum(counts.values()))
    plan = Plan.unscoped.filter(unit=district).first() if district else None
    return {
        "whole": whole,
        "never": counts.get(None, 0),
        "shares": shares_at_least({k: v for k, v in counts.items() if k}, whole),
        "spread": _spread(counts),
        "levels": _levels(counts),
        "round": _round(round_, units) if round_ else None,
        "progress": _progress(round_, units) if round_ else None,
        "plan": plan,
        "targets": _targets(plan, units, on),
        "sites": list(
            ModelSite.objects.within(*units)
            .filter(ended_on__isnull=True)
            .select_related("organisation__unit")
        ),
    }


def _spread(counts: dict[int | None, int]) -> Plot:
    """How many organisations have how many stars; each mark opens them."""
    shown = [*STARS, 0]
    labels = [STAR_NAMES[stars] for stars in shown]
    values: list[float | None] = [counts.get(stars, 0) for stars in shown]
    hrefs = [rows_of("organisation_list", stars=str(stars)) for stars in shown]
    if counts.get(None):
        labels.append("没有参评")
        values.append(counts[None])
        hrefs.append(rows_of("organisation_list", stars="new"))
    series = [Series("组织", values, tone="gold", hrefs=hrefs)]
    return Plot(
        kind="bar", title="现有星级分布", labels=labels, unit="家", lying=True, series=series
    )


def _levels(counts: dict[int | None, int]) -> list[dict[str, Any]]:
    """Who guides whom, by stars."""
    return [
        {
            "level": level,
            "stars": STAR_NAMES[level.stars],
            "count": counts.get(level.stars, 0),
            "href": rows_of("organisation_list", stars=str(level.stars)),
        }
        for level in GuidanceLevel.objects.all()
    ]


def _round(round_: Round, units: Sequence[Unit]) -> dict[str, Any]:
    states = dict(
        Rating.objects.within(*units)
        .filter(round=round_)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    uuid = str(round_.uuid)
    return {
        "states": states,
        "all": sum(states.values()),
        "done": sum(states.get(state, 0) for state in FINAL),
        "ready": states.get(State.REVIEWED, 0),
        "noticed": states.get(State.NOTICED, 0),
        "open": sum(n for state, n in states.items() if state not in (*FINAL, State.SELF)),
        "href": rows_of("rating_list", round=uuid),
        "done_href": rows_of("rating_list", round=uuid, state="final"),
        "awarded_href": rows_of("rating_list", round=uuid, state="awarded"),
    }


def _progress(round_: Round, units: Sequence[Unit]) -> Plot:
    """Committee × state, stacked; each mark opens its ratings."""
    rows = (
        Rating.objects.within(*units)
        .filter(round=round_)
        .order_by()
        .values_list(
            "organisation__unit__committee", "organisation__unit__committee__short_name",
            "organisation__unit__committee__name", "state",
        )
        .annotate(n=Count("pk"))
    )  # fmt: skip
    names: dict[Any, str] = {}
    counts: dict[tuple[Any, int], int] = {}
    for committee, short, name, state, n in rows:
        names[committee] = short or name or "区直属"
        counts[committee, state] = n
    order = sorted(names, key=lambda pk: names[pk])
    present = [state for state in State if any(counts.get((pk, state)) for pk in order)]
    series = [
        Series(
            str(state.label),
            [counts.get((pk, state), 0) for pk in order],
            tone=_STATE_TONES[state],
            hrefs=[
                rows_of(
                    "rating_list", round=str(round_.uuid), state=state.name.lower(),
                    **({"unit": str(pk)} if pk else {}),
                )
                for pk in order
            ],
        )
        for state in present
    ]  # fmt: skip
    return Plot(
        kind="bar", title="各党（工）委创评进度", unit="家", lying=True, stacked=True,
        labels=[names[pk] for pk in order], series=series,
    )  # fmt: skip


def stars_by_year(units: Sequence[Unit], years: Sequence[int]) -> dict[int, dict[int, int]]:
    """How many organisations had how many stars at each year's end; one query.

    What is not rated yet counts in no share: shares are of those in the register with a rating.
    """
    held: dict[int, list[tuple[date, int]]] = {}
    rows = (
        StarChange.objects.within(*units)
        .filter(organisation__closed_on__isnull=True)
        .order_by("day", "pk")
        .values_list("organisation", "day", "after")
    )
    for organisation, day, after in rows:
        held.setdefault(organisation, []).append((day, after))
    return {
        year: spread(
            last
            for changes in held.values()
            for last in [after for day, after in changes if day.year <= year][-1:]
        )
        for year in years
    }


def _targets(plan: Plan | None, units: Sequence[Unit], on: date) -> Plot | None:
    """目标 against what is: both shares, year by year."""
    targets = {t.year: t for t in Target.unscoped.filter(plan=plan)} if plan else {}
    if not targets:
        return None
    years = list(range(min(*targets, on.year), max(*targets, on.year) + 1))
    actual = {}
    for year, counts in stars_by_year(units, years).items():
        whole = sum(counts.values())
        if whole and year <= on.year:
            actual[year] = shares_at_least(counts, whole)

    def aimed(name: str) -> list[float | None]:
        return [float(getattr(targets[y], name)) if y in targets else None for y in years]

    def had(place: int) -> list[float | None]:
        return [float(actual[y][place]) if y in actual else None for y in years]

    five, four = rows_of("organisation_list", stars="5"), rows_of("organisation_list", stars="4")
    plan_page = reverse("starrating:plan")
    many = len(years)
    return Plot(
        kind="line", title="创星目标与实际", unit="%", top=100,
        labels=[f"{year}年" for year in years],
        series=[
            Series("五星级 实际", had(0), tone="gold", hrefs=[five] * many),
            Series("五星级 目标", aimed("five_percent"), tone="wait", hrefs=[plan_page] * many),
            Series("四星级以上 实际", had(1), tone="ok", hrefs=[four] * many),
            Series("四星级以上 目标", aimed("four_percent"), tone="info", hrefs=[plan_page] * many),
        ],
    )  # fmt: skip


def percent(part: Decimal, whole: Decimal) -> int:
    """A share as a whole number for a bar; 0 of 0 is 0."""
    return int(part * 100 / whole) if whole else 0
