"""REST basics: bodies and queries taken literally, cursor pages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import django_filters
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Q, QuerySet
from django.forms import CharField
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import exceptions, serializers
from rest_framework.pagination import BasePagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

MAX_PAGE = 500
DEFAULT_PAGE = 100


# --- What is sent ----------------------------------------------------------------------------


class BodyParser(JSONParser):
    """JSON, and nothing that takes the server down: nesting that is too deep is a fault."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """See the base; raises ParseError."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise exceptions.ParseError from None


class Strict(serializers.Serializer[Any]):
    """A body whose unknown and read-only fields are faults, so that none is silently lost (S8)."""

    def to_internal_value(self, data: Any) -> Any:
        """See the base; every field that cannot be written is named."""
        if not isinstance(data, Mapping):
            raise exceptions.ValidationError({"non_field_errors": ["应是一个 JSON 对象。"]})
        unknown = {
            str(name): ["没有这个字段，或它不能由外部写入，请删去。"]
            for name in data
            if name not in self.fields or self.fields[name].read_only
        }
        if unknown:
            raise exceptions.ValidationError(unknown)
        return super().to_internal_value(data)


class MomentField(CharField):
    """A moment of ISO 8601; a day means its midnight, no offset means local time."""

    def clean(self, value: Any) -> datetime | None:
        """Read it; a blank stands for the + that an address loses."""
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text)
            moment = (
                datetime.combine(day, time())
                if day
                else parse_datetime(text.replace(" ", "+") if "T" in text else text)
            )
        except ValueError:
            moment = None
        if moment is None:
            raise DjangoValidationError("请写成 2026-07-01T08:00:00+08:00 这样的时刻。")
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class SinceFilter(django_filters.Filter):
    """``updated_since``: what was changed at that moment or later."""

    field_class = MomentField

    def __init__(self, field_name: str = "updated_at") -> None:
        super().__init__(
            field_name=field_name,
            lookup_expr="gte",
            label="只取该时刻（含）以后更新的数据，ISO 8601，例如 2026-07-01T08:00:00+08:00",
        )


# --- Cursor pages ----------------------------------------------------------------------------


class StableCursorPagination(BasePagination):
    """Pages by key, not by number: rows that come and go on the way neither hide nor double others.

    The view says ``cursor_fields``, the last of them unique. The cursor is opaque to the caller; it
    holds only the key of the last row seen, and is applied inside the caller's scope.
    """

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[dict[str, Any]]:
        """The rows of one page as ``values()``, in the order of ``view.cursor_fields``."""
        self.request = request
        self.next: str | None = None
        fields: tuple[str, ...] = view.cursor_fields
        size = page_size(request)
        queryset = queryset.order_by(*fields)
        if cursor := request.query_params.get("cursor"):
            queryset = queryset.filter(_after(fields, _decode(cursor, fields, queryset)))
        names = {*view.row_lookups(), *(name.lstrip("-") for name in fields)}
        rows: list[dict[str, Any]] = list(queryset.values(*sorted(names))[: size + 1])
        if len(rows) > size:
            rows.pop()
            self.next = _encode([rows[-1][name.lstrip("-")] for name in fields])
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """``next`` (absolute address or null) and ``results``."""
        following = None
        if self.next:
            here = self.request.build_absolute_uri()
            following = replace_query_param(here, "cursor", self.next)
        return Response({"next": following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """See the base."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "nullable": True,
                    "format": "uri",
                    "description": "下一页的完整地址；最后一页为 null。",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """See the base."""
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "上一页 next 中的游标，原样带回。",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": f"每页条数，1–{MAX_PAGE}，默认 {DEFAULT_PAGE}。",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE},
            },
        ]


def page_size(request: Request) -> int:
    """How many rows a page is to have; ValidationError when it is not 1–500."""
    text = request.query_params.get("page_size", str(DEFAULT_PAGE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE):
        raise exceptions.ValidationError({"page_size": [f"请写 1 到 {MAX_PAGE} 的整数。"]})
    return int(text)


def _encode(key: list[Any]) -> str:
    text = json.dumps(key, default=lambda value: value.isoformat(), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, fields: tuple[str, ...], queryset: QuerySet[Any]) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = json.loads(raw)
        if not isinstance(key, list) or len(key) != len(fields):
            raise ValueError
        return [
            _column(queryset, name.lstrip("-"), value)
            for name, value in zip(fields, key, strict=True)
        ]
    except (ValueError, TypeError, binascii.Error, RecursionError, DjangoValidationError):
        text = "游标无效，请原样使用上一页 next 的地址，或从头开始。"
        raise exceptions.ValidationError({"cursor": [text]}) from None


def _column(queryset: QuerySet[Any], name: str, value: Any) -> Any:
    field = queryset.model._meta.get_field(name)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError
    python = field.to_python(value)
    if python is None or (isinstance(python, int) and not 0 <= python < 2**63):
        raise ValueError
    return python


def _after(fields: tuple[str, ...], key: list[Any]) -> Q:
    """Rows behind the key, written so that an index on the fields is walked from there."""
    (name, *rest), (value, *others) = fields, key
    bare, word = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    beyond = Q(**{f"{bare}__{word}": value})
    if not rest:
        return beyond
    return Q(**{f"{bare}__{word}e": value}) & (beyond | _after(tuple(rest), others))
