"""发展党员 for a branch's own page: how many at each stage, never who."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from membership.enums import STAGE_SLUGS, Stage
from membership.models import Candidate
from membership.permissions import may_see
from membership.querysets import CandidateQuerySet


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """Counts by stage; nothing where there is nobody. One query; never public."""
    if unit.kind not in BRANCH_KINDS:
        return []
    rows: CandidateQuerySet = Candidate.objects.within(unit).filter(unit=unit)
    counted = rows.running().order_by().values_list("stage").annotate(Count("pk"))
    counts: dict[int, int] = dict(counted)
    if not counts:
        return []
    more = f"{reverse('membership:case_list')}?unit={unit.pk}"
    sees = may_see(scope, unit.path)
    return [
        Panel(
            key="admissions",
            title="发展党员",
            icon="user-plus",
            lines=tuple(
                Line(
                    str(stage.label),
                    url=f"{more}&stage={STAGE_SLUGS[stage]}" if sees else "",
                    badge=f"{counts[stage]} 名",
                )
                for stage in Stage
                if stage in counts
            ),
            more=more if sees else "",
        )
    ]
