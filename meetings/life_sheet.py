"""The page of a 民主评议: a row for each member for those who file it, totals for all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from branches.scope import Scope
from core.errors import Refusal
from meetings import permissions
from meetings.enums.life import AppraisalState, Excuse, Grade, PoorReason
from meetings.life_process import returned, track
from meetings.life_settings import shown_limits
from meetings.models import Appraisal, AppraisalEntry
from meetings.rules.life import appraisal_back, appraisal_next, grade_totals, most_excellent


@dataclass(frozen=True)
class Count:
    """A field for the ballots of one grade."""

    grade: Grade
    name: str
    value: object


@dataclass(frozen=True)
class Row:
    """One member as he stands, or as he was just filled in and refused."""

    entry: AppraisalEntry
    counts: list[Count]
    is_handed: bool
    excused: str
    grade: str
    reason: str
    is_bad: bool = False


def stored_row(entry: AppraisalEntry) -> Row:
    """What is kept of a member."""
    return Row(
        entry=entry,
        counts=[
            Count(grade, f"{grade.value}_{entry.pk}", getattr(entry, grade.value))
            for grade in Grade
        ],
        is_handed=entry.self_on is not None,
        excused=entry.excused,
        grade=entry.grade,
        reason=entry.poor_reason,
    )


def sent_row(entry: AppraisalEntry, sent: QueryDict, *, bad: str) -> Row:
    """What was filled in for a member and could not be kept; ``bad`` names the row at fault."""
    names = {grade: f"{grade.value}_{entry.pk}" for grade in Grade}
    return Row(
        entry=entry,
        counts=[Count(grade, name, sent.get(name, "")) for grade, name in names.items()],
        is_handed=str(entry.pk) in sent.getlist("handed_in"),
        excused=sent.get(f"excuse_{entry.pk}", ""),
        grade=sent.get(f"grade_{entry.pk}", ""),
        reason=sent.get(f"reason_{entry.pk}", ""),
        is_bad=bad == f"row_{entry.pk}",
    )


def entries_of(found: Appraisal) -> list[AppraisalEntry]:
    """The members of an appraisal in the order of the roster."""
    rows = AppraisalEntry.objects.within(found.unit).filter(appraisal=found)
    return list(rows.order_by("pk"))


def sheet_page(
    found: Appraisal, *, sent: QueryDict | None, refused: Refusal | None, on: date
) -> dict[str, Any]:
    """Everything the page of members shows but forms and rights; a constant number of questions.

    What was ``sent`` and refused is shown again only on the step for which it was filled in.
    """
    if sent is not None and sent.get("at") != found.state:
        sent = None
    bad = refused.field if refused else ""
    entries = entries_of(found)
    graded = [row for row in entries if row.graded]
    share = shown_limits(on).excellent_share
    process = list(found.steps.select_related("by"))
    untold = sum(row.told_on is None for row in graded)
    return {
        "appraisal": found,
        "unit": found.unit,
        "state": found.state,
        "steps": track(AppraisalState(found.state)),
        "next": appraisal_next(found.state, untold=untold),
        "sent": sent,
        "rows": [sent_row(e, sent, bad=bad) if sent else stored_row(e) for e in entries],
        "graded": len(graded),
        "voters": sum(row.votes for row in entries),
        "handed": sum(row.self_on is not None for row in entries),
        "totals": _named(row.grade for row in graded),
        "has_poor": any(row.grade == Grade.POOR for row in graded),
        "share": share,
        "most": most_excellent(len(graded), share),
        "grades": Grade.choices,
        "reasons": PoorReason.choices,
        "excuses": Excuse.choices,
        "process": process,
        "returned": returned(process),
    }


def sheet_rights(found: Appraisal, *, scope: Scope, user_id: int) -> dict[str, bool]:
    """What the asker may decide about it as it stands."""
    decides = permissions.may_decide_grades(scope, found.unit)
    return {
        "own": found.proposed_by_id == user_id,
        "may_approve": decides and found.state == AppraisalState.SUBMITTED,
        "may_return": decides and appraisal_back(found.state) is not None,
    }


def totals_page(found: Appraisal, *, on: date) -> dict[str, Any]:
    """What everybody else sees: numbers, and none where they would tell single results."""
    rows = AppraisalEntry.objects.within(found.unit)
    grades = list(
        rows.filter(appraisal=found, graded=True).order_by().values_list("grade", flat=True)
    )
    least = shown_limits(on).least_shown
    shown = found.state == AppraisalState.APPROVED and len(grades) >= least
    return {
        "appraisal": found,
        "unit": found.unit,
        "next": appraisal_next(found.state),
        "graded": len(grades),
        "least": least,
        "too_few": len(grades) < least,
        "totals": _named(grades) if shown else [],
    }


def _named(grades: Iterable[str]) -> list[tuple[str, int]]:
    return [(str(grade.label), number) for grade, number in grade_totals(grades).items()]
