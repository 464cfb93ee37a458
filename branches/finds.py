"""Organisations and people, by name, code, pinyin or initials, within one's reach."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from branches.models import Member, Unit
from branches.permissions import SEE_PEOPLE
from branches.scope import Scope
from core.finding import FEW, Finds, Found


def found(scope: Scope, user_id: int, text: str) -> list[Finds]:
    """Two questions. People are found by those who may see them, by name only: no numbers."""
    more = urlencode({"q": text})
    units = Unit.objects.within(*scope.units).search(text).select_related("committee", "parent")
    people = (
        Member.objects.within(*scope.units_as(*SEE_PEOPLE))
        .search(text)
        .select_related("unit")
        .order_by("name", "pk")
    )
    return [
        Finds(
            "党组织",
            "sitemap",
            [
                Found(
                    unit.name,
                    reverse("branches:unit_detail", args=[unit.code]),
                    "，".join(filter(None, [unit.get_kind_display(), _above(unit)])),
                )
                for unit in units.order_by("path")[:FEW]
            ],
            f"{reverse('branches:unit_list')}?{more}",
        ),
        Finds(
            "党员",
            "users",
            [
                Found(
                    member.name,
                    reverse("branches:member_detail", args=[member.uuid]),
                    member.unit.name,
                )
                for member in people[:FEW]
            ],
            f"{reverse('branches:member_list')}?{more}",
        ),
    ]


def _above(unit: Unit) -> str:
    above = (unit.committee if unit.committee_id != unit.pk else None) or unit.parent
    return above.name if above else ""
