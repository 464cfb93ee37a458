"""What the pages read of appeals: those in reach, those on a row, those behind a new version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from assessment.deadlines import file_until
from assessment.enums import OPEN_APPEALS, RULING_REMEDIES, AppealState, RunState
from assessment.explain import DutyLine, lines_of
from assessment.models import Appeal, Run, RunRow
from assessment.permissions import may_file
from branches.scope import Scope

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
    if run.state == RunState.PUBLISHED and run.published_at and may_file(scope, row.path):
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
