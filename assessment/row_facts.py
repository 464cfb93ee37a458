"""Everything on one unit's page of a run."""

from __future__ import annotations

from typing import Any

from assessment import appealing, reading
from assessment.appealing import RowAppeals
from assessment.enums import RunState
from assessment.explain import DutyLine, explain, records_of
from assessment.models import Run, RunRow
from branches.scope import Scope
from core.dates import Period
from meetings.scores import records_behind


def row_facts(scope: Scope, run: Run, row: RunRow) -> dict[str, Any]:
    """The context of the page: every duty, what it gave, the appeals, the place and its change."""
    told = explain(run, row)
    appeals = appealing.on_row(scope, run, row)
    before = reading.run_before(scope, run)
    return {
        "run": run,
        "row": row,
        "quarter": Period.parse(run.period),
        "tone": reading.TONES[RunState(run.state)],
        "told": told,
        "appeals": appeals,
        "lines": _with_records(told.duties, appeals),
        "item": reading.placed(scope, [row], before)[0],
    }


def _with_records(lines: list[DutyLine], appeals: RowAppeals) -> list[dict[str, Any]]:
    records = records_behind(records_of(lines))
    upheld = {appeal.pk: appeal for appeal in appeals.upheld}
    return [
        {
            "duty": line,
            "record": records.get(line.record or 0),
            "appeal": appeals.by_duty.get(line.ref.key),
            "ruled": upheld.get(line.ruled or 0),
        }
        for line in lines
    ]
