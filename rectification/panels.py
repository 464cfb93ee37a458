"""后进整顿 for a branch's own page: the case that runs, and its public promises."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from rectification.enums import INSIDE, State
from rectification.models import Case, Promise
from rectification.permissions import LOOKERS

_MOST = 8


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """公开承诺 of the branch's latest case; nothing where there is none. Two queries."""
    if unit.kind not in BRANCH_KINDS:
        return []
    cases = Case.objects.within(unit).readable(*scope.units_as(*LOOKERS)).filter(unit=unit)
    case = (
        cases.exclude(state__in=(*INSIDE, State.SETTLED)).select_related("batch").order_by("-pk")
    ).first()
    if case is None:
        return []
    promises = list(Promise.objects.within(unit).filter(case=case)[:_MOST])
    return [
        Panel(
            key="promises",
            title="整改承诺",
            icon="target",
            lines=tuple(_line(one, on) for one in promises),
            note=f"第{case.batch.number}批，{case.get_state_display()}",
            empty="还没有登记公开承诺。",
            more=reverse("rectification:case_detail", args=[case.uuid]),
            # Neither who answers for it nor free words of the result: the board names nobody.
            public=tuple(Line(one.item, _result(one)) for one in promises),
        )
    ]


def _result(one: Promise) -> str:
    if one.kept_on is not None:
        return f"{one.kept_on:%Y-%m-%d} 已兑现"
    return f"{one.due_on:%Y-%m-%d} 前兑现"


def _line(one: Promise, on: date) -> Line:
    if one.kept_on is not None:
        return Line(one.item, _result(one), badge="已兑现", tone="ok")
    late = one.due_on < on
    word, tone = ("已逾期", "bad") if late else ("进行中", "wait")
    return Line(one.item, f"{one.person} · {_result(one)}", badge=word, tone=tone)
