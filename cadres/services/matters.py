"""个人有关事项: who must report, who did; the draw and what it found."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.enums import LEADING_LEVELS, CadreState
from cadres.limits import limits as limits_on
from cadres.models import Cadre, Draw, Drawn, MatterReport
from cadres.rules import draw as rules
from cadres.rules.oversight import matters_due
from cadres.services.common import saved, screened
from core.errors import Refusal


@transaction.atomic
def open_year(*, unit: Unit, year: int, by: User, on: date) -> int:
    """List everybody of the subtree in a leading post for a year; how many were new."""
    if not on.year - 5 <= year <= on.year + 1:
        raise Refusal("请选择最近几年。", field="year")
    due = matters_due(year, limits_on(on))
    people = Cadre.objects.within(unit).filter(state=CadreState.SERVING, level__in=LEADING_LEVELS)
    known = MatterReport.unscoped.filter(year=year, cadre__in=people).count()
    MatterReport.unscoped.bulk_create(
        (MatterReport(cadre=one, year=year, due_on=due, by=by) for one in people),
        ignore_conflicts=True,
    )
    return MatterReport.unscoped.filter(year=year, cadre__in=people).count() - known


@transaction.atomic
def file_reports(
    *, reports: Iterable[MatterReport], filed_on: date, paper: str, by: User, on: date
) -> int:
    """Note that these were handed in on a day; those that were before keep their day."""
    screened(paper=paper)
    if filed_on > on:
        raise Refusal("报告日期不能在今天以后。", field="filed_on")
    ids = [one.pk for one in reports]
    if not ids:
        raise Refusal("请先勾选交来报告的同志。")
    rows = MatterReport.unscoped.select_for_update(of=("self",)).filter(pk__in=ids, filed_on=None)
    return rows.update(filed_on=filed_on, paper=paper, by=by)


@transaction.atomic
def start_draw(
    *, unit: Unit, year: int, percent: int, witness: str, by: User, form_key: UUID,
    seed: str = "",
) -> Draw:  # fmt: skip
    """Draw a share of those who filed; list, digest and seed are kept. Sent twice, one draw.

    ``seed`` may be given, when it was drawn by lot before witnesses; else it is drawn here.

    Raises:
        Refusal: nobody filed, or a share that is none.
    """
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    known = Draw.unscoped.filter(form_key=form_key).first()
    if known is not None:
        return known
    screened(witness=witness, seed=seed)
    if not 1 <= percent <= 100:
        raise Refusal("比例应在 1 到 100 之间。", field="percent")
    reports = {
        str(one.uuid): one
        for one in MatterReport.objects.within(unit)
        .filter(year=year, filed_on__isnull=False)
        .select_related("cadre")
    }
    if not reports:
        raise Refusal("这一年还没有人交来报告，没有名单可抽。", field="year")
    lines = rules.list_lines((one.uuid, one.cadre.name) for one in reports.values())
    seed = seed.strip() or secrets.token_hex(16)
    drawn = rules.draw(lines=lines, seed=seed, percent=percent)
    row = Draw(
        unit=unit, year=year, percent=percent, listed="\n".join(lines), listed_count=len(lines),
        list_sha256=rules.list_digest(lines), seed=seed, wanted=len(drawn), witness=witness,
        by=by, form_key=form_key,
    )  # fmt: skip
    saved(row)
    Drawn.unscoped.bulk_create(
        Drawn(draw=row, place=place, report=reports[uuid])
        for place, uuid in enumerate(drawn, start=1)
    )
    return row


@transaction.atomic
def settle(*, drawn: Drawn, outcome: str, checked_on: date, by: User, on: date) -> Drawn:
    """Write down the code of what the check found; nothing of what it is about."""
    row = Drawn.unscoped.select_for_update(of=("self",)).get(pk=drawn.pk)
    if checked_on > on:
        raise Refusal("核实日期不能在今天以后。", field="checked_on")
    row.outcome, row.checked_on, row.by = outcome, checked_on, by
    saved(row)
    return row
