"""Writing many rows by one statement: COPY for new ones, one UPDATE for changed ones.

Triggers and constraints see these rows like any other; ``save()`` and signals do not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any, TypeVar

from django.db import connections, models, router
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)

_NULL = "\\N"
_BATCH = 20_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def _text(value: str) -> str:
    return str(value).translate(_ESCAPES)


def _instant(value: datetime) -> str:
    return value.isoformat()


_ENCODERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: _NULL,
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _text,
    bytes: lambda value: f"\\\\x{value.hex()}",
    memoryview: lambda value: f"\\\\x{value.hex()}",
    date: date.isoformat,
    datetime: _instant,
    uuid.UUID: str,
}


def _encoded(value: object) -> str:
    encoder = _ENCODERS.get(type(value))
    if encoder is not None:
        return encoder(value)
    # Members of an enumeration are subclasses of str or int.
    return _text(value) if isinstance(value, str) else _text(str(value))


def copy_in(rows: Sequence[Row]) -> None:
    """Insert unsaved rows of one model by COPY; keys are drawn from its sequence beforehand.

    Takes None, booleans, whole numbers, text, bytes, days, instants and UUIDs. Foreign keys may
    point to rows of the same call. Raises IntegrityError like any insert.
    """
    if not rows:
        return
    model = type(rows[0])
    using = router.db_for_write(model)
    assign_keys(rows)
    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    quote = connections[using].ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    with connections[using].cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            buffer = StringIO()
            for row in rows[start : start + _BATCH]:
                values = (_encoded(field.pre_save(row, add=True)) for field in fields)
                buffer.write("\t".join(values) + "\n")
            buffer.seek(0)
            cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", buffer)
    for row in rows:
        row._state.adding = False
        row._state.db = using


def assign_keys(rows: Sequence[models.Model]) -> None:
    """Give every row without a primary key the next one of its table's sequence."""
    bare = [row for row in rows if row.pk is None]
    if not bare:
        return
    meta = bare[0]._meta
    with connections[router.db_for_write(type(bare[0]))].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(bare)],
        )
        for row, (key,) in zip(bare, cursor.fetchall(), strict=True):
            row.pk = key


def update_many(rows: Sequence[models.Model], fields: Iterable[str]) -> int:
    """Write the named fields of changed rows of one model, by one UPDATE; how many were written.

    Columns that note the time of a change (``auto_now``) are set too.
    """
    if not rows:
        return 0
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = set(fields)
    written = [
        field
        for field in model._meta.concrete_fields
        if field.name in names or getattr(field, "auto_now", False)
    ]
    key = model._meta.pk
    kinds = [f"%s::{_array_type(key.rel_db_type(connection))}[]"]
    arrays: list[list[Any]] = [[row.pk for row in rows]]
    for field in written:
        kinds.append(f"%s::{_array_type(field.db_type(connection))}[]")
        arrays.append([_plain(field.pre_save(row, add=False)) for row in rows])
    columns = [quote(field.column or "") for field in written]
    found = quote(key.column or "")
    sql = (
        f"UPDATE {quote(model._meta.db_table)} AS kept"  # noqa: S608 - names of our own columns
        f" SET {', '.join(f'{name} = fresh.{name}' for name in columns)}"
        f" FROM unnest({', '.join(kinds)}) AS fresh(pk, {', '.join(columns)})"
        f" WHERE kept.{found} = fresh.pk"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, arrays)
        return int(cursor.rowcount)


def _array_type(kind: str | None) -> str:
    return (kind or "text").split(" COLLATE ")[0]


def _plain(value: object) -> object:
    # psycopg2 adapts an enumeration's member by its repr inside a list.
    return str(value) if isinstance(value, str) else value
