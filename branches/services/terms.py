"""届次: one term of a unit's leading body after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import CommitteeTerm, Unit
from core.bulk import copy_in
from core.dates import add_months
from core.errors import Refusal

# 《基层组织选举工作条例》 and the term opinion of 2018: committees 5 years, 总支 and 支部 3.
FIVE_YEARS = (UnitKind.COMMITTEE, UnitKind.WORKING_COMMITTEE, UnitKind.DISTRICT)


@dataclass(frozen=True, kw_only=True)
class NewTerm:
    """One term to be written by :func:`add_terms`."""

    unit: Unit
    started_on: date
    due_on: date
    with_committee: bool = True


def usual_years(unit: Unit) -> int:
    """任期年限 where nothing else is said: villages and communities too have 5."""
    if unit.kind in FIVE_YEARS:
        return 5
    return 5 if unit.field in ("village", "community") and unit.kind != UnitKind.GROUP else 3


@transaction.atomic
def start_term(
    *,
    unit: Unit,
    started_on: date,
    due_on: date | None = None,
    years: int | None = None,
    with_committee: bool = True,
    number: int | None = None,
    seats: int = 0,
    by: User | None = None,
) -> CommitteeTerm:
    """Write down a new term; without ``due_on`` it lasts ``years`` (the usual ones when None).

    Raises Refusal while the term before is open, or when the days cross.
    """
    if due_on is None:
        due_on = add_months(started_on, 12 * (years or usual_years(unit)))
    if due_on <= started_on:
        raise Refusal("届满日期应晚于当选日期。", field="due_on")
    before = CommitteeTerm.unscoped.filter(unit=unit).order_by("-started_on")
    last = before.select_for_update().first()
    if last is not None and last.ended_on is None:
        raise Refusal("上一届还没有登记结束日期，请先结束上一届。", code="conflict")
    if last is not None and last.ended_on is not None and last.ended_on >= started_on:
        raise Refusal("当选日期应晚于上一届的结束日期。", field="started_on")
    return CommitteeTerm.unscoped.create(
        unit=unit,
        number=number or (last.number + 1 if last else 1),
        with_committee=with_committee,
        started_on=started_on,
        due_on=due_on,
        seats=seats,
    )


@transaction.atomic
def end_term(*, term: CommitteeTerm, on: date, by: User | None = None) -> CommitteeTerm:
    """End a term: ``on`` is its last day."""
    term = CommitteeTerm.unscoped.select_for_update().get(pk=term.pk)
    if term.ended_on is not None:
        raise Refusal("这一届已经登记了结束日期。", code="conflict")
    if on < term.started_on:
        raise Refusal("结束日期不能早于当选日期。", field="on")
    term.ended_on = on
    term.save(update_fields=["ended_on", "updated_at"])
    return term


@transaction.atomic
def add_terms(rows: Sequence[NewTerm]) -> int:
    """Write many first terms at once; units that have an open term are left alone."""
    units = [row.unit.pk for row in rows]
    open_ = set(
        CommitteeTerm.unscoped.filter(unit__in=units, ended_on__isnull=True).values_list(
            "unit_id", flat=True
        )
    )
    fresh = [
        CommitteeTerm(
            unit=row.unit,
            started_on=row.started_on,
            due_on=row.due_on,
            with_committee=row.with_committee,
        )
        for row in rows
        if row.unit.pk not in open_
    ]
    copy_in(fresh)
    return len(fresh)
