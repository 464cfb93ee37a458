"""Feeds of the API: lists in stable order, straight from the database to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import exceptions, serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response


class Row(serializers.Serializer[dict[str, Any]]):
    """What a row of ``values()`` looks like in JSON; the schema is read from the same fields.

    ``source`` with dots names the lookup. A field with ``from_row`` turns the column's value into
    what is shown; everything else goes to the encoder as it is, which is what makes big pages fast.
    """

    def shaped(self) -> list[tuple[str, str, Any]]:
        """(name, lookup, converter or None) of each field."""
        return [
            (name, (field.source or name).replace(".", "__"), _converter(field))
            for name, field in self.fields.items()
        ]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """One row; for many use :meth:`rows`."""
        return self.rows([instance])[0]

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """All rows of a page."""
        shape = self.shaped()
        return [
            {
                name: row[lookup] if convert is None else convert(row[lookup])
                for name, lookup, convert in shape
            }
            for row in rows
        ]


def _converter(field: Any) -> Any:
    """What turns a column into JSON, where the encoder alone would not do: decimals are text."""
    if not isinstance(field, serializers.DecimalField):
        return getattr(field, "from_row", None)
    places = field.decimal_places
    return lambda value: None if value is None else f"{value:.{places}f}"


class Feed(GenericAPIView[Any]):
    """A list in stable order, straight from the database to JSON, in a constant number of queries.

    A query parameter that is not known is a fault: a mistyped filter must not return everything.
    """

    cursor_fields: ClassVar[tuple[str, ...]] = ("updated_at", "id")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.row_serializer().rows(page or []))

    def row_serializer(self) -> Row:
        """The shape of a row."""
        serializer = self.get_serializer_class()()
        if not isinstance(serializer, Row):
            raise TypeError(f"{type(serializer).__name__} is no Row")
        return serializer

    def row_lookups(self) -> list[str]:
        """Which columns are read."""
        return [lookup for _, lookup, _ in self.row_serializer().shaped()]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the filters after having refused parameters that mean nothing here."""
        refuse_unknown(self.request, self.known_parameters())
        return super().filter_queryset(queryset)

    def known_parameters(self) -> set[str]:
        """The names that may stand in the query."""
        filterset = getattr(self, "filterset_class", None)
        return {"cursor", "page_size", *(filterset.base_filters if filterset else ())}


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Raise for query parameters that this address does not know."""
    faults = {
        name: ["没有这个查询参数，请核对拼写；可用的参数见接口文档。"]
        for name in request.query_params
        if name not in known
    }
    if faults:
        raise exceptions.ValidationError(faults)
