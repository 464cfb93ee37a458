"""Brands, by name, theme or owner, their pinyin or initials: one's own reach and what is 推广."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from branches.scope import Scope
from brands.models import Brand
from core.finding import FEW, Finds, Found


def found(scope: Scope, user_id: int, text: str) -> list[Finds]:
    """One question."""
    rows = Brand.objects.library(*scope.units).search(text).select_related("unit")
    return [
        Finds(
            "党建品牌",
            "flag",
            [
                Found(
                    brand.name,
                    reverse("brands:brand_detail", args=[brand.uuid]),
                    f"{brand.unit} · {brand.get_kind_display()} · {brand.get_step_display()}",
                )
                for brand in rows.order_by("-step", "name", "pk")[:FEW]
            ],
            f"{reverse('brands:brand_list')}?{urlencode({'q': text})}",
        )
    ]
