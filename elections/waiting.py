"""What waits for an answer from above: 请示, candidates, results, 提前 and 延期."""

from __future__ import annotations

from typing import Any

from branches.permissions import STAFF
from branches.scope import Scope
from elections.agenda import with_last_day
from elections.enums import Stage
from elections.models import Election, Shift
from elections.permissions import answering_path

_MOST = 300


def waiting_above(scope: Scope) -> list[Any]:
    """Elections that wait for an answer which the asker's side gives; two queries at most."""
    staff = scope.units_as(*STAFF)
    rows: Any = Election.objects.within(*staff).filter(
        state__in=(Stage.ASKED, Stage.FILED, Stage.REPORTED)
    )
    found = with_last_day(rows).order_by("pk")[:_MOST]
    return [one for one in found if scope.covers(answering_path(one.unit), *STAFF)]


def shifts_above(scope: Scope) -> list[Any]:
    """提前 and 延期 that wait for a decision of the asker's side."""
    rows = Shift.objects.within(*scope.units_as(*STAFF)).filter(state="proposed")
    found = rows.select_related("unit", "unit__committee", "term", "proposed_by").order_by("pk")
    return [one for one in found[:_MOST] if scope.covers(answering_path(one.unit), *STAFF)]
