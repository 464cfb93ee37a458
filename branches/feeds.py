"""What all feeds of the API share: rows within the caller's scope, filters by organisation."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from branches.models import Unit
from core.api import SinceFilter
from core.feeds import Feed

UNKNOWN_UNIT = "没有这个党组织，或不在您的授权范围内，请核对代码。"


def unit_in_scope(request: Any, code: str, *, field: str) -> Unit:
    """The organisation of that code in the caller's scope.

    Raises:
        ValidationError: there is none, or it is not the caller's: the same answer (S4).
    """
    unit = Unit.objects.within(*request.scope.units).filter(code=code).first()
    if unit is None:
        raise exceptions.ValidationError({field: [UNKNOWN_UNIT]})
    return unit


class ScopedFilters(django_filters.FilterSet):
    """``unit`` (exactly this one) and ``under`` (this one and all below it), by code."""

    unit = django_filters.CharFilter(
        method="of_unit", max_length=40, label="党组织代码：只取这个党组织的数据"
    )
    under = django_filters.CharFilter(
        method="of_subtree", max_length=40, label="党组织代码：取这个党组织及其全部下级的数据"
    )

    def of_unit(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Rows of one unit."""
        path = unit_in_scope(self.request, value, field=name).path
        return queryset.filter(**{queryset.unit_path: path})  # type: ignore[attr-defined]

    def of_subtree(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Rows of a subtree."""
        path = unit_in_scope(self.request, value, field=name).path
        return queryset.filter(
            **{f"{queryset.unit_path}__startswith": path}  # type: ignore[attr-defined]
        )


class ChangedFilters(ScopedFilters):
    """With ``updated_since``, for rows that carry their last change."""

    updated_since = SinceFilter()


class ScopedFeed(Feed):
    """Rows of a scoped model within the caller's scope."""

    model: Any
    filterset_class: Any = ChangedFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        rows: QuerySet[Any] = self.model.objects.within(*self.request.scope.units)  # type: ignore[attr-defined]
        return rows


def caller_scope(request: Request) -> Any:
    """The scope of the user or client (:class:`branches.scope.Scope`)."""
    return request.scope  # type: ignore[attr-defined]


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Slugs(serializers.Field[Any, Any, Any, Any]):
    """A column of bits, shown as the slugs of its kinds."""

    def __init__(self, slugs: dict[Any, str], **kwargs: Any) -> None:
        self.slugs = slugs
        super().__init__(read_only=True, **kwargs)

    def from_row(self, mask: int) -> list[str]:
        """The slugs in their usual order."""
        return [slug for bit, slug in self.slugs.items() if mask & bit]


class Slug(serializers.ChoiceField):
    """A number of a closed list, shown as its slug."""

    def __init__(self, slugs: dict[Any, str], **kwargs: Any) -> None:
        self.slugs = {int(number): slug for number, slug in slugs.items()}
        choices = [(slug, str(number.label)) for number, slug in slugs.items()]
        super().__init__(choices, read_only=True, **kwargs)

    def from_row(self, number: int) -> str:
        """The slug."""
        return self.slugs[number]
