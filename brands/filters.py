"""How brands are looked up: one filterset for the gallery, its export and the coverage map."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef

from branches.models import Unit
from brands.enums import (
    STAGE_SLUGS,
    STAGES,
    STEP_SLUGS,
    STEPS,
    TRAINED,
    BrandKind,
    Grade,
    Stage,
    Step,
)
from brands.models import Brand, BrandYear
from brands.querysets import BrandQuerySet

_STAGE = {slug: stage for stage, slug in STAGE_SLUGS.items()}
_STEP = {slug: step for step, slug in STEP_SLUGS.items()}
_STEP_CHOICES = [
    *[(STEP_SLUGS[step], step.label) for step in STEPS],
    (STEP_SLUGS[Step.NONE], Step.NONE.label),
    (STEP_SLUGS[Step.REPOSITIONED], Step.REPOSITIONED.label),
    ("shown", "认定和推广"),
    ("trained", "培育以上"),
]
_GROUPS = {
    "shown": (Step.RECOGNISED, Step.PROMOTED),
    "trained": TRAINED,
}


class BrandFilter(django_filters.FilterSet):
    """``unit`` is a code and means the subtree; ``year`` and ``grade`` ask for one year's row."""

    q = django_filters.CharFilter(
        label="关键字",
        method="by_text",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "名称、单位或拼音首字母"}),
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=BrandKind.choices, empty_label="全部类别"
    )
    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label="全部年度")
    grade = django_filters.ChoiceFilter(
        label="等次", choices=Grade.choices, method="by_grade", empty_label="全部等次"
    )
    step = django_filters.ChoiceFilter(
        label="步骤", choices=_STEP_CHOICES, method="by_step", empty_label="全部步骤"
    )
    stage = django_filters.ChoiceFilter(
        label="环节",
        choices=[(STAGE_SLUGS[stage], stage.label) for stage in (*STAGES, Stage.CLOSED)],
        method="by_stage",
        widget=forms.HiddenInput,
    )
    committee = django_filters.ChoiceFilter(
        label="党（工）委", method="by_unit", empty_label="全部单位"
    )
    unit = django_filters.CharFilter(
        label="党组织代码", method="by_unit", widget=forms.HiddenInput, max_length=40
    )
    fist = django_filters.BooleanFilter(
        label="只看拳头品牌", method="by_fist", widget=forms.CheckboxInput
    )

    class Meta:
        model = Brand
        fields: list[str] = []

    def __init__(self, *args: Any, committees: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), f"{year}年") for year in range(this_year, this_year - 5, -1)]
        self.filters["year"].extra["choices"] = years
        self.filters["committee"].extra["choices"] = [(one.code, str(one)) for one in committees]

    def by_text(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """Name, theme, owner, pinyin."""
        return rows.search(value)

    def by_year(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """Brands that were worked at in the year."""
        return rows.filter(Exists(self._years(year=int(value))))

    def by_grade(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """Brands with that grade: in the chosen year, else in their latest."""
        year = self.data.get("year", "")
        if year.isascii() and year.isdigit() and len(year) == 4:
            return rows.filter(Exists(self._years(grade=value, year=int(year))))
        return rows.filter(latest_grade=value)

    def by_stage(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """Brands at that 环节: in the chosen year, else in their latest."""
        year = self.data.get("year", "")
        if year.isascii() and year.isdigit() and len(year) == 4:
            return rows.filter(Exists(self._years(stage=_STAGE[value], year=int(year))))
        return rows.filter(latest_stage=_STAGE[value])

    def by_step(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """By the step's slug, or a group of them."""
        return rows.filter(step__in=_GROUPS.get(value) or (_STEP[value],))

    def by_unit(self, rows: BrandQuerySet, name: str, value: str) -> BrandQuerySet:
        """The unit with this code and all below it; what may be seen was settled before."""
        code = value.replace("\x00", "").strip()
        path = Unit.unscoped.filter(code=code).values_list("path", flat=True).first()
        return rows.filter(unit__path__startswith=path) if path else rows.none()

    def by_fist(self, rows: BrandQuerySet, name: str, value: Any) -> BrandQuerySet:
        """拳头品牌 of the chosen year, or of any."""
        if not value:
            return rows
        year = self.data.get("year", "")
        chosen = {"year": int(year)} if year.isascii() and year.isdigit() else {}
        return rows.filter(Exists(self._years(is_fist=True, **chosen)))

    def _years(self, **facts: Any) -> Any:
        rows = BrandYear.unscoped.filter(brand=OuterRef("pk"), **facts)
        return rows.exclude(stage=Stage.WITHDRAWN)
