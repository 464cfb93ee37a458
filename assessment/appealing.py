"""What the pages read of appeals: those in reach, those on a row, those behind a new version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from assessment import permissions
from assessment.deadlines import file_until
from assessment.enums import OPEN_APPEALS, RULING_REMEDIES, AppealState, RunState
from assessment.explain import DutyLine, lines_of
from assessment.models import Appeal, Run, RunRow
from assessment.reading import lines_by_key
from assessment.services.appeals import WHOLE_ROW
from branches.scope import Scope
from core.dates import Period
from meetings.scores import records_behind

TONES = {
    AppealState.FILED: "wait",
    AppealState.REVIEWING: "wait",
    AppealState.UPHELD: "ok",
    AppealState.REJECTED: "bad",
    AppealState.WITHDRAWN: "exempt",
}


def appeals_for(scope: Scope) -> QuerySet[Appeal]:
    """The appeals in reach: of the own branch, of those looked after, of the district."""
    found: QuerySet[Appeal] = Appeal.objects.within(*scope.units)
    return found.select_related(
        "unit", "unit__committee", "run", "run__unit", "filed_by", "taken_by", "opinion_by",
        "decided_by",
    )  # fmt: skip


def shown(appeal: Appeal) -> dict[str, Any]:
    """An appeal with the colour of its state and the quarter it is about."""
    return {
        "appeal": appeal,
        "tone": TONES[AppealState(appeal.state)],
        "quarter": Period.parse(appeal.run.period),
        "is_open": appeal.state in OPEN_APPEALS,
    }


def told(appeal: Appeal) -> dict[str, Any]:
    """What the page of an appeal tells: the duty as published, its record, the files of both."""
    line, kept = line_of(appeal), list(appeal.files.all())
    record = records_behind([line.record]).get(line.record) if line and line.record else None
    return {
        **shown(appeal),
        "line": line,
        "record": record,
        "row_code": appeal.unit.code,
        "evidence": [file for file in kept if not file.of_answer],
        "grounds": [file for file in kept if file.of_answer],
    }


def rights(appeal: Appeal, *, scope: Scope, user_id: int) -> dict[str, bool]:
    """What somebody may do with an appeal; nobody decides on his own."""
    path, state = appeal.unit.path, appeal.state
    own = permissions.is_own_appeal(appeal.filed_by_id, user_id)
    withdraws = permissions.may_withdraw(scope, path, own=own)
    return {
        "may_add_files": permissions.may_add_files(scope, path, state),
        "may_withdraw": state in OPEN_APPEALS and withdraws,
        "may_take": permissions.may_take(scope, path, state) and not own,
        "may_opine": permissions.may_opine(scope, path, state) and not own,
        "may_decide": permissions.may_decide(scope, path, state) and not own,
    }


def against(scope: Scope, run: Run, row: RunRow, duty: str) -> dict[str, Any] | None:
    """What an appeal would be about: a duty, or the whole row; None when there is no such duty."""
    lines = lines_by_key(run, row)
    if duty and duty not in lines:
        return None
    line = lines.get(duty)
    return {
        "run": run,
        "row": row,
        "quarter": Period.parse(run.period),
        "duty": duty,
        "line": line,
        "name": f"{line.kind.label} · {line.name}" if line else WHOLE_ROW,
        "until": on_row(scope, run, row).until,
    }


def narrowed(rows: QuerySet[Appeal], state: str) -> QuerySet[Appeal]:
    """Appeals in a state; ``open`` is both that are not answered, what is no state all."""
    if state == "open":
        return rows.filter(state__in=OPEN_APPEALS).order_by("answer_by", "id")
    if state in AppealState.values:
        return rows.filter(state=state)
    return rows


@dataclass(frozen=True)
class RowAppeals:
    """The appeals on one row: by duty those against this version, and those it honoured.

    ``until`` is the last day to file, None when this version is not open to appeals or the asker
    may not; ``upheld`` are the appeals against earlier versions that were upheld before its data.
    """

    by_duty: dict[str, Appeal]
    upheld: list[Appeal]
    until: date | None

    @property
    def may_appeal(self) -> bool:
        """Whether the asker may appeal today."""
        return self.until is not None and timezone.localdate() <= self.until

    @property
    def whole(self) -> Appeal | None:
        """The appeal against the whole row."""
        return self.by_duty.get("")


def on_row(scope: Scope, run: Run, row: RunRow) -> RowAppeals:
    """The appeals on a row, at most three queries."""
    of_unit = Appeal.objects.within(*scope.units).filter(
        unit_id=row.unit_id, run__unit=run.unit_id, run__period=run.period
    )
    by_duty: dict[str, Appeal] = {}
    upheld, ruled = [], ruled_by(row)
    for appeal in of_unit.order_by("id"):
        if appeal.run_id == run.pk and appeal.state != AppealState.WITHDRAWN:
            by_duty[appeal.duty] = appeal
        elif appeal.pk in ruled or honoured(appeal, run):
            upheld.append(appeal)
    until = None
    if (
        run.state == RunState.PUBLISHED
        and run.published_at
        and permissions.may_file(scope, row.path)
    ):
        until = file_until(run.published_at)
    return RowAppeals(by_duty, upheld, until)


def ruled_by(row: RunRow) -> set[int]:
    """The appeals whose rulings the row was computed with."""
    return {appeal for _, _, appeal in (row.extras or {}).get("rulings", ())}


def honoured(appeal: Appeal, run: Run) -> bool:
    """Whether an appeal that asks for a correction was upheld before the data of a run.

    Of a ruling the row itself tells whether it was computed with it.
    """
    if appeal.state != AppealState.UPHELD or appeal.remedy in RULING_REMEDIES:
        return False
    decided, data = appeal.decided_at, run.data_at
    return decided is not None and data is not None and decided <= data


def upheld_between(
    scope: Scope, old: Run, new: Run, unit_ids: Iterable[int]
) -> dict[int, list[Appeal]]:
    """Per unit the upheld appeals that the newer version honours and the older does not.

    Two queries, whatever the number of units.
    """
    ids, found = list(unit_ids), dict[int, list[Appeal]]()
    before, after = set[int](), set[int]()
    with_rulings = RunRow.objects.within(*scope.units).filter(
        run__in=(old, new), unit_id__in=ids, extras__has_key="rulings"
    )
    for row in with_rulings:
        (after if row.run_id == new.pk else before).update(ruled_by(row))
    appeals = Appeal.objects.within(*scope.units).filter(
        unit_id__in=ids, run__unit=new.unit_id, run__period=new.period, state=AppealState.UPHELD
    )
    for appeal in appeals.order_by("id"):
        since = honoured(appeal, new) and not honoured(appeal, old)
        if since or appeal.pk in after - before:
            found.setdefault(appeal.unit_id, []).append(appeal)
    return found


def line_of(appeal: Appeal) -> DutyLine | None:
    """The duty as it was published; None for the whole row. One query."""
    if not appeal.duty:
        return None
    row = RunRow.unscoped.get(run=appeal.run_id, unit_id=appeal.unit_id)
    return next((line for line in lines_of(appeal.run, row) if line.ref.key == appeal.duty), None)
