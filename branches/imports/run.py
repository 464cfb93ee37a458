"""Checking and committing, whichever sheet it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from branches.imports import members, units
from branches.imports.plan import Plan, Progress, Rights, no_progress
from core.errors import Refusal
from core.workbooks import Source

KINDS: dict[str, str] = {"units": "党组织", "members": "党员名册"}
_CHECKS: dict[str, Callable[..., Plan]] = {"units": units.check, "members": members.check}
_WRITERS: dict[str, Callable[..., None]] = {"units": units.write, "members": members.write}


def check(
    kind: str,
    source: Source,
    *,
    rights: Rights,
    today: date,
    progress: Progress = no_progress,
) -> Plan:
    """Read a file and say what importing it would do; writes nothing."""
    return _CHECKS[kind](source, rights=rights, today=today, progress=progress)


def commit(
    kind: str,
    source: Source,
    *,
    rights: Rights,
    today: date,
    fingerprint: str = "",
    progress: Progress = no_progress,
    finally_: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Plan:
    """Write a file, all or nothing; the plan says what was written, or the faults that forbid it.

    ``fingerprint`` is that of the preview somebody agreed to: when the data has moved on since,
    Refusal is raised. ``finally_`` is called inside the transaction with the plan's summary.
    """
    try:
        with transaction.atomic():
            plan = _CHECKS[kind](source, rights=rights, today=today, progress=progress, lock=True)
            if plan.faults:
                return plan
            if fingerprint and plan.fingerprint != fingerprint:
                raise Refusal(
                    "预览之后，系统里的数据有了变化，没有写入。请重新上传，核对新的预览后再确认。",
                    code="conflict",
                )
            _WRITERS[kind](plan, by=rights.user, today=today, progress=progress)
            finally_(plan.as_dict())
    except IntegrityError as error:
        raise Refusal(
            "写入时与别人刚刚录入的内容相撞，没有写入。请重新上传后再试。", code="conflict"
        ) from error
    return plan
