"""What all verbs of rectification share: locks, clean words, the move of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import User
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from rectification.enums import State
from rectification.models import Case, CaseStep
from rectification.rules import can_move

M = TypeVar("M", bound=models.Model)

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


def lock(case: Case) -> Case:
    """The case as it is now, its row locked to the end of the transaction."""
    rows = Case.unscoped.select_for_update(of=("self",)).select_related("unit", "batch")
    found: Case = rows.get(pk=case.pk)
    return found


def move(
    case: Case, to: State, *, by: User | None, day: date, note: str = "", document: str = ""
) -> Case:
    """Change the state of a locked case and note the step; saves whatever else was set on it.

    Raises Refusal (conflict) when the table of transitions has no such move.
    """
    if not can_move(case.state, to):
        raise Refusal(
            f"{case.unit}现在是“{State(case.state).label}”，不能改为“{to.label}”；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    before, case.state = case.state, to
    case.save()
    CaseStep.unscoped.create(
        case=case, round=case.round, before=before, after=to, day=day, note=note,
        document=document, by=by,
    )  # fmt: skip
    return case


def text(value: str, what: str, *, field: str, longest: int = 500, needed: bool = True) -> str:
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


def sane(day: date, *, field: str) -> date:
    """A day in a sensible year. Raises Refusal otherwise."""
    if not EARLIEST <= day <= LATEST:
        raise Refusal("请核对日期的年份。", field=field)
    return day


def at_work(case: Case, *, also: tuple[State, ...] = ()) -> None:
    """Refuse when nothing is entered any more (or not yet): the case must be decided and open."""
    if case.is_open or case.state in also:
        return
    raise Refusal(
        f"{case.unit}现在是“{State(case.state).label}”，这一项不能再登记。", code="conflict"
    )


def once(model: type[M], form_key: UUID | None, make: Callable[[], M]) -> tuple[M, bool]:
    """What ``make`` builds, saved; or what the same form made before. The flag says it is new.

    Raises Refusal for what the model's own checks say.
    """
    rows: Any = model._default_manager.filter(form_key=form_key)
    found = rows.first() if form_key else None
    if found is not None:
        return found, False
    fresh = make()
    checked(fresh)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        found = rows.first() if form_key else None
        if found is None:
            raise
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
