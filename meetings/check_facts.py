"""One check and its findings as the pages show them, with what the asker may do about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from branches.scope import Scope
from core.dates import Period
from meetings.enums.checks import TO_ANSWER, FindingState
from meetings.models import CheckDraw, Finding, SpotCheck
from meetings.permissions import may_answer_finding, may_settle_finding
from meetings.rules.checks import is_overdue


@dataclass(frozen=True)
class PointLine:
    """One item of the sheet: what was given of what could be."""

    name: str
    points: Any
    full: Any

    @property
    def shown(self) -> str:
        """18 / 20."""
        return f"{self.points.normalize():f} / {self.full.normalize():f}"


@dataclass(frozen=True)
class FindingLine:
    """A finding; ``late`` when the branch let its last day pass."""

    finding: Finding
    late: bool
    may_answer: bool = False
    may_settle: bool = False

    @property
    def dialog(self) -> str:
        """The name of the dialog in which it is returned."""
        return f"back-{self.finding.pk}"

    @property
    def reason_id(self) -> str:
        """The field for the reason in that dialog."""
        return f"back-reason-{self.finding.pk}"


def late(finding: Finding, on: date) -> bool:
    """Whether the branch still owes an answer after the last day."""
    return is_overdue(state=finding.state, due_on=finding.due_on, on=on)


def listed_findings(
    units: Iterable[Unit], *, states: Iterable[str], period: Period | None, late_on: date | None
) -> ScopedQuerySet[Any]:
    """Findings by their last day, of checks in the period; with ``late_on`` the overdue only."""
    rows: ScopedQuerySet[Any] = Finding.objects.within(*units)
    rows = rows.filter(state__in=states)
    if late_on is not None:
        rows = rows.filter(state__in=TO_ANSWER, due_on__lt=late_on)
    if period is not None:
        rows = rows.filter(check_of__checked_on__range=(period.start, period.end))
    return rows.select_related("unit", "check_of__meeting").order_by("due_on", "pk")


def points_of(check: SpotCheck) -> list[PointLine]:
    """What was given for each item."""
    return [PointLine(one.name, one.points, one.full) for one in check.points.all()]


def finding_lines(
    check: SpotCheck, scope: Scope, *, user_id: int | None, on: date
) -> list[FindingLine]:
    """The findings of a check; who answered one does not settle it."""
    path = check.unit.path
    answers, settles = may_answer_finding(scope, path), may_settle_finding(scope, path)
    rows = check.finding_rows.select_related("answered_by", "decided_by").order_by("pk")
    return [
        FindingLine(
            one,
            late=late(one, on),
            may_answer=answers and one.state in TO_ANSWER,
            may_settle=settles
            and one.state == FindingState.ANSWERED
            and one.answered_by_id != user_id,
        )
        for one in rows
    ]


def draw_of(check: SpotCheck, units: Iterable[Unit]) -> CheckDraw | None:
    """The draw that the check answers, when it is in reach."""
    if not check.drawn_id:
        return None
    rows = CheckDraw.objects.within(*units).defer("listed")
    drawn: CheckDraw | None = rows.filter(records=check.drawn_id).first()
    return drawn
