"""星级 for a branch's own page: the stars of its organisations, and what is asked now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from starrating.agenda import lines, running, with_progress
from starrating.models import Organisation, Rating

_MOST = 5


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """The organisations of the branch; nothing where there is none. Two queries."""
    if unit.kind not in BRANCH_KINDS:
        return []
    found = list(Organisation.objects.within(unit).active().filter(unit=unit)[:_MOST])
    if not found:
        return []
    going = running(Rating.objects.within(unit)).filter(organisation__in=found)
    now = {line.rating.organisation_id: line for line in lines(with_progress(going), on=on)}
    return [
        Panel(
            key="stars",
            title="两新星级",
            icon="star",
            lines=tuple(_line(one, now.get(one.pk)) for one in found),
            public=tuple(Line(one.name, one.stars_name) for one in found if one.stars),
        )
    ]


def _line(one: Organisation, now: Any) -> Line:
    words, page = "", reverse("starrating:organisation_detail", args=[one.uuid])
    if now is not None and now.step is not None:
        until = f"，{now.step.until:%Y-%m-%d} 前" if now.step.until else ""
        words = f"{now.step.who_label}：{now.step.title}{until}"
        page = reverse("starrating:rating_detail", args=[now.rating.uuid])
    return Line(one.name, words, page, badge=one.stars_name, tone="gold" if one.stars else "exempt")
