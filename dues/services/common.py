"""What all verbs of 党费与经费 share: clean words, money, days, rows made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from dues.rules import CENT

M = TypeVar("M", bound=models.Model)

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)
MOST_MONEY = Decimal(100_000_000)


def text(value: str, what: str, *, field: str, longest: int = 200, needed: bool = True) -> str:
    """The words without stray signs.

    Raises Refusal: nothing there, too long, or a mark of secrecy (rules.md §10).
    """
    words = value.replace("\x00", "").strip()
    if needed and not words:
        raise Refusal(f"请填写{what}。", field=field)
    if len(words) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return words


def past(day: date, on: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day that has come, not before ``since``. Raises Refusal otherwise."""
    if day > on:
        raise Refusal(f"{what}不能晚于今天。", field=field)
    if day < (since or EARLIEST):
        raise Refusal(f"{what}不能早于 {since or EARLIEST:%Y-%m-%d}，请核对。", field=field)
    return day


def money(amount: Decimal, what: str, *, field: str, least: Decimal = CENT) -> Decimal:
    """Yuan with at most two decimals, from ``least`` up. Raises Refusal otherwise."""
    if not amount.is_finite() or amount >= MOST_MONEY:
        raise Refusal(f"{what}太大，请核对是不是按元填写。", field=field)
    if amount < least:
        raise Refusal(f"{what}不能小于 {least} 元。", field=field)
    if amount != amount.quantize(CENT):
        raise Refusal(f"{what}最多两位小数。", field=field)
    return amount.quantize(CENT)


def month_of(day: date, *, field: str) -> date:
    """The first day of a month in a sensible year. Raises Refusal otherwise."""
    if not EARLIEST <= day <= LATEST:
        raise Refusal("请核对月份的年份。", field=field)
    return day.replace(day=1)


def once(model: type[M], form_key: UUID | None, make: Callable[[], M]) -> M:
    """What ``make`` builds, saved; or what the same form made before.

    Raises Refusal for what the model's own checks say.
    """
    rows: Any = model._default_manager.filter(form_key=form_key)
    found: M | None = rows.first() if form_key else None
    if found is not None:
        return found
    fresh: M = make()
    checked(fresh)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        found = rows.first() if form_key else None
        if found is None:
            raise
        fresh = found
    return fresh


def checked(row: models.Model) -> None:
    """Let fields and constraints of a row check it. Raises Refusal with the first sentence."""
    keys = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=keys)
        row.validate_constraints()
    except ValidationError as fault:
        field, messages = next(iter(fault.message_dict.items()))
        known = {f.name for f in row._meta.fields}
        raise Refusal(messages[0], field=field if field in known else "") from None
