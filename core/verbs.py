"""What verbs share: clean words, days that make sense, one row for one form.

Each of these raises :class:`core.errors.Refusal` with a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.errors import Refusal
from core.screening import mark_in_text, refusal_of

M = TypeVar("M", bound=models.Model)

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


def words(value: str, what: str, *, field: str, longest: int = 500, needed: bool = True) -> str:
    """The words without stray signs; refused when empty, too long, or marked as secret (§10)."""
    text = value.replace("\x00", "").strip()
    if needed and not text:
        raise Refusal(f"请填写{what}。", field=field)
    if len(text) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(text)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return text


def past(day: date, on: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day that has come, not before ``since``."""
    if day > on:
        raise Refusal(f"{what}不能晚于今天。", field=field)
    if day < (since or EARLIEST):
        raise Refusal(f"{what}不能早于 {since or EARLIEST:%Y-%m-%d}，请核对。", field=field)
    return day


def sane(day: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day in a sensible year, not before ``since``."""
    if not EARLIEST <= day <= LATEST:
        raise Refusal(f"请核对{what}的年份。", field=field)
    if since is not None and day < since:
        raise Refusal(f"{what}不能早于 {since:%Y-%m-%d}。", field=field)
    return day


def one_of(value: str, choices: Any, what: str, *, field: str) -> str:
    """A value of a closed list."""
    if value not in choices.values:
        raise Refusal(f"请选择{what}。", field=field)
    return value


def known(model: type[M], form_key: UUID | None) -> M | None:
    """What the same form made before, if anything."""
    if form_key is None:
        return None
    found: M | None = model._default_manager.filter(form_key=form_key).first()
    return found


def once(model: type[M], form_key: UUID | None, make: Callable[[], M]) -> tuple[M, bool]:
    """What ``make`` builds, saved; or what the same form made before. The flag says it is new."""
    found = known(model, form_key)
    if found is not None:
        return found, False
    fresh = make()
    checked(fresh)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        found = known(model, form_key)
        if found is None:
            raise
        return found, False
    return fresh, True


def kept(row: M) -> M:
    """The row, checked and saved."""
    checked(row)
    row.save()
    return row


def checked(row: models.Model) -> None:
    """Let fields and constraints of a row check it; refused with the first sentence."""
    keys = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=keys)
        row.validate_constraints()
    except ValidationError as fault:
        field, messages = next(iter(fault.message_dict.items()))
        names = {f.name for f in row._meta.fields}
        raise Refusal(messages[0], field=field if field in names else "") from None
