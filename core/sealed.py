"""Sealed columns: personal data encrypted at rest, bound to their row, found by a blind index.

A model subclasses `SealedMixin`, declares a `SealedField` and, where the value is looked up, its
companion index column, and then says so in plain words:

    class Member(SealedMixin):
        id_number = SealedField("公民身份号码", null=True, index_field="id_number_index",
                                normalise=canonical)
        id_number_index = BlindIndexField("身份号码索引", unique=True)

    member.seal("id_number", "110105…")         # unsaved is fine: bulk_create and COPY work
    member.unseal("id_number")                  # → the plain text, or Tampered
    Member.objects.filter(**Member.sealed_lookup("id_number", typed))

Bound in are the table, the column and the row's `uuid`: a value copied to another row, column or
table does not open. Hence a table or column is renamed only together with resealing its rows.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.core import checks
from django.core.exceptions import FieldError
from django.db import connections, models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import IsNull, Lookup

from core import crypto

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField

BATCH = 2000


class BlindIndexField(_Binary):
    """A companion column of 32 bytes: the keyed fingerprint of a sealed value; never plain text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, *_: object) -> bytes | None:
        """Return bytes where the driver gives a view."""
        return None if value is None else bytes(value)


class SealedField(_Binary):
    """A column holding an envelope of `core.crypto`; written only through `SealedMixin.seal`.

    `index_field` names the companion that `seal` fills with the fingerprint of
    `normalise(value)`; both stay out of migrations, as the column does not depend on them. It
    cannot be filtered, and plain text is refused on its way to the database.
    """

    def __init__(
        self,
        *args: Any,
        index_field: str = "",
        normalise: Callable[[str], str] = str.strip,
        **kwargs: Any,
    ) -> None:
        self.index_field = index_field
        self.normalise = normalise
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Report an index column that the model does not have."""
        found = super().check(**kwargs)
        names = {field.name for field in self.model._meta.get_fields()}
        if self.index_field and self.index_field not in names:
            found.append(checks.Error(f"没有索引字段 {self.index_field}", obj=self, id="core.E001"))
        return found

    def from_db_value(self, value: Any, *_: object) -> bytes | None:
        """Return bytes where the driver gives a view."""
        return None if value is None else bytes(value)

    def get_prep_value(self, value: Any) -> Any:
        """Refuse plain text on its way to the database."""
        if isinstance(value, str):
            raise TypeError(f"{self.name} 是加密字段：请用 seal() 写入")
        return super().get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Allow nothing but `isnull`: equal plain texts have different envelopes.

        `df` and `ndf` compare a row with itself before and after, for the history's triggers.
        """
        if lookup_name == "isnull":
            return IsNull
        if lookup_name in ("df", "ndf"):
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} 是加密字段，不能筛选：请用 sealed_lookup()")

    def aad(self, row: uuids.UUID) -> bytes:
        """Return what binds a value to its place: table, column and the row's uuid."""
        return f"{self.model._meta.db_table}.{self.name}.{row}".encode()

    def fingerprint(self, value: str) -> bytes:
        """Return the blind index of a value in this column."""
        purpose = f"{self.model._meta.db_table}.{self.name}"
        return crypto.blind_index(self.normalise(value), purpose=purpose)


class Sealed(NamedTuple):
    """What `sealed_value` returns: the two columns to write."""

    envelope: bytes | None
    fingerprint: bytes | None


def sealed_value(field: SealedField, row: uuids.UUID, value: str | None) -> Sealed:
    """Return envelope and fingerprint of a value for the row with that uuid, for COPY.

    Nothing (None or "") is stored as null. Errors of the field's `normalise` pass through.
    """
    if not value:
        return Sealed(None, None)
    index = field.fingerprint(value) if field.index_field else None
    return Sealed(crypto.seal(value, aad=field.aad(row)), index)


def opened_value(field: SealedField, row: uuids.UUID, envelope: bytes | None) -> str:
    """Return the plain text of an envelope read by `values_list` or raw SQL; "" for null."""
    return "" if envelope is None else crypto.open_(envelope, aad=field.aad(row))


class SealedMixin(models.Model):
    """The words of a model with sealed columns; adds `uuid`, which every envelope is bound to."""

    uuid = models.UUIDField("标识", unique=True, default=uuids.uuid4, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def sealed_field(cls, name: str) -> SealedField:
        """Return the sealed column of that name; FieldError if it is none."""
        field = cls._meta.get_field(name)
        if not isinstance(field, SealedField):
            raise FieldError(f"{name} 不是加密字段")
        return field

    @classmethod
    def sealed_fields(cls) -> list[SealedField]:
        """Return all sealed columns of the model."""
        return [field for field in cls._meta.concrete_fields if isinstance(field, SealedField)]

    @classmethod
    def sealed_lookup(cls, name: str, value: str | None) -> dict[str, Any]:
        """Return keywords for `filter()` that find the rows holding exactly this plain text.

        Nothing, or a value the field's `normalise` refuses, finds no row.
        """
        field = cls.sealed_field(name)
        if not field.index_field:
            raise FieldError(f"{name} 没有索引，不能查找")
        try:
            return {field.index_field: field.fingerprint(value)} if value else {"pk__in": []}
        except ValueError:
            return {"pk__in": []}

    def seal(self, name: str, value: str | None) -> None:
        """Set a sealed column and its index from plain text; nothing clears both. Does not save."""
        field = self.sealed_field(name)
        sealed = sealed_value(field, self.uuid, value)
        setattr(self, name, sealed.envelope)
        if field.index_field:
            setattr(self, field.index_field, sealed.fingerprint)

    def unseal(self, name: str) -> str:
        """Return the plain text of a sealed column, "" where there is none; Tampered if broken."""
        return opened_value(self.sealed_field(name), self.uuid, getattr(self, name))


_Model = TypeVar("_Model", bound=SealedMixin)


def reseal(queryset: models.QuerySet[_Model], *, batch: int = BATCH) -> int:
    """Seal anew, under the highest data key, every row holding an older envelope; count them.

    Works through the primary key in batches, each its own transaction with its rows locked and
    written by one statement: the service stays up, a stopped run is simply started again, and
    when it returns 0 the older keys are no longer needed by these rows. The blind index has its
    own key and is left alone. Tampered stops the run at the first row that does not open.
    """
    model = queryset.model
    fields = model.sealed_fields()
    names = [field.name for field in fields]
    stale = Q()
    for name in names:
        queryset = queryset.alias(
            **{
                f"{name}_key": Func(
                    F(name), Value(0), function="get_byte", output_field=models.IntegerField()
                )
            }
        )
        # Both sides of the version, since "not equal" would take in the nulls.
        version = crypto.current_version()
        stale |= Q(**{f"{name}_key__lt": version}) | Q(**{f"{name}_key__gt": version})
    queryset = queryset.filter(stale).order_by("pk")
    done, last = 0, None
    while True:
        with transaction.atomic(using=queryset.db):
            page = queryset if last is None else queryset.filter(pk__gt=last)
            rows = list(page.select_for_update().values_list("pk", "uuid", *names)[:batch])
            if not rows:
                return done
            _write(queryset.db, model, fields, rows)
        done, last = done + len(rows), rows[-1][0]


def _write(
    using: str, model: type[SealedMixin], fields: list[SealedField], rows: list[tuple[Any, ...]]
) -> None:
    """Write the rows (pk, uuid, envelopes …) sealed anew, in one statement."""
    connection = connections[using]
    quote = connection.ops.quote_name
    columns: list[list[Any]] = [[row[0] for row in rows]]
    for place, field in enumerate(fields, start=2):
        plain = ((row[1], opened_value(field, row[1], row[place])) for row in rows)
        columns.append([sealed_value(field, row, text).envelope for row, text in plain])
    key = model._meta.pk
    names = [quote(str(field.column)) for field in fields]
    arrays = [f"%s::{key.db_type(connection)}[]", *("%s::bytea[]" for _ in names)]
    sql = (
        f"UPDATE {quote(model._meta.db_table)} AS kept"  # noqa: S608 - names of our own columns
        f" SET {', '.join(f'{name} = fresh.{name}' for name in names)}"
        f" FROM unnest({', '.join(arrays)}) AS fresh(pk, {', '.join(names)})"
        f" WHERE kept.{quote(str(key.column))} = fresh.pk"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
