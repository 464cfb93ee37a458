"""党建品牌 for a branch's own page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from brands.enums import TRAINED, Step
from brands.models import Brand
from core.panels import Line, Panel

_MOST = 5


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """The branch's brands, the furthest first; nothing where there is none. One query."""
    if unit.kind not in BRANCH_KINDS:
        return []
    rows = list(Brand.objects.within(unit).filter(unit=unit).order_by("-step", "name")[:_MOST])
    if not rows:
        return []
    return [
        Panel(
            key="brands",
            title="党建品牌",
            icon="flag",
            lines=tuple(
                Line(
                    brand.name,
                    brand.theme,
                    reverse("brands:brand_detail", args=[brand.uuid]),
                    badge=brand.get_step_display(),
                    tone="late" if brand.step == Step.REPOSITIONED else "gold",
                )
                for brand in rows
            ),
            public=tuple(Line(brand.name, brand.theme) for brand in rows if brand.step in TRAINED),
        )
    ]
