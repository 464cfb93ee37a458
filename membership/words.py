"""What all verbs of membership share: locks, clean words, days, the rule sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.codes import CodeError, check_id_number, check_phone
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of

M = TypeVar("M", bound=models.Model)

EARLIEST = date(1990, 1, 1)
# 身份证 and phone numbers do not belong in free text (rules.md §10).
_NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|1\d{10})(?!\d)")


def text(value: str, what: str, *, field: str, longest: int = 100, needed: bool = True) -> str:
    """The words without stray signs.

    Raises Refusal: nothing there, too long, a mark of secrecy, or somebody's whole number.
    """
    words = " ".join(value.replace("\x00", "").split())
    if needed and not words:
        raise Refusal(f"请填写{what}。", field=field)
    if len(words) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    if _NUMBERS.search(words):
        raise Refusal(f"{what}里请不要写身份证号和手机号。", field=field)
    return words


def past(day: date, on: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day that has come, not before ``since``. Raises Refusal otherwise."""
    if day > on:
        raise Refusal(f"{what}不能晚于今天。", field=field)
    if day < (since or EARLIEST):
        raise Refusal(f"{what}不能早于 {since or EARLIEST:%Y-%m-%d}，请核对。", field=field)
    return day


def name_of(value: str) -> str:
    """A person's name. Raises Refusal."""
    return text(value, "姓名", field="name", longest=60)


def identity(value: str, *, needed: bool) -> Any:
    """The checked 公民身份号码 with its birth date and sex, or None. Raises Refusal."""
    if not value.strip():
        if needed:
            raise Refusal("请填写公民身份号码。", field="id_number")
        return None
    try:
        return check_id_number(value)
    except CodeError as error:
        raise Refusal(f"{error}。", field="id_number") from error


def phone_of(value: str) -> str:
    """The checked phone number, "" for none. Raises Refusal."""
    try:
        return check_phone(value) if value.strip() else ""
    except CodeError as error:
        raise Refusal(f"{error}。", field="phone") from error


def once(model: type[M], form_key: UUID | None, make: Callable[[], M]) -> tuple[M, bool]:
    """What ``make`` builds, saved; or what the same form made before. The flag says it is new.

    Raises Refusal for what the model's own checks say.
    """
    rows: Any = model._default_manager.filter(form_key=form_key)
    found = rows.first() if form_key else None
    if found is not None:
        return found, False
    fresh = make()
    try:
        with transaction.atomic():
            checked(fresh)
            fresh.save(force_insert=True)
    except IntegrityError:
        found = rows.first() if form_key else None
        if found is None:
            raise Refusal("刚刚有人办了同一件事，请刷新页面。", code="conflict") from None
        return found, False
    return fresh, True


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
