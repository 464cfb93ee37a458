"""What 组织生活 asks: of the secretary his next step, of the committee what was filed to it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse

from branches.enums import Role
from branches.querysets import ScopedQuerySet
from branches.scope import Scope
from core.asks import Ask
from meetings.enums.life import AppraisalState, Flow, ReviewState, Standing
from meetings.life_standing import Question, listed
from meetings.models import Appraisal, LifeReview
from meetings.rules.life import begins_on, year_end

_OWN = (Standing.NONE, Standing.OPEN)
# Whoever keeps more branches than this is asked on the staff page.
_FEW = 3


def life_asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Constant in queries, whatever the scope."""
    return [*_of_secretary(scope, on), *_of_committee(scope, user_id, on)]


def _of_secretary(scope: Scope, on: date) -> list[Ask]:
    """From the fourth quarter on (Art. 17) what is left of the year, one line a branch."""
    units = scope.units_as(Role.SECRETARY)
    if not units or len(units) > _FEW:
        return []
    asks = []
    for row in listed(Question(units, on.year, on, behind=True)).rows[:_FEW]:
        begun = row.review_state is not None or row.appraisal_state is not None
        if not row.is_behind or not (begun or on >= begins_on(on.year)):
            continue
        left = [
            str(flow.label)
            for flow, state in zip(Flow, (row.review, row.appraisal, row.talks), strict=True)
            if state in _OWN
        ]
        asks.append(
            Ask(
                f"办完今年的{'、'.join(left)}",
                f"{reverse('meetings:life_home')}?unit={row.unit_id}",
                note=row.name,
                until=year_end(on.year),
                icon="heart-handshake",
            )
        )
    return asks


def _of_committee(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """What was filed by another and waits for a decision.

    The committee decides; the district where a branch stands directly below it.
    """
    reviews = LifeReview.objects.filter(state=ReviewState.SUBMITTED).exclude(filed_by=user_id)
    grades = Appraisal.objects.filter(state=AppraisalState.SUBMITTED).exclude(proposed_by=user_id)
    return [
        *_waiting("审核组织生活会", Flow.REVIEW, _years(reviews, scope, on)),
        *_waiting("审定民主评议等次", Flow.APPRAISAL, _years(grades, scope, on)),
    ]


def _years(rows: ScopedQuerySet[Any], scope: Scope, on: date) -> Counter[int]:
    """How many wait in each year for those who decide; two queries at most."""
    found: Counter[int] = Counter()
    mine = rows.within(*scope.units_as(Role.COMMITTEE_STAFF))
    alone = rows.within(*scope.units_as(Role.DISTRICT_STAFF)).filter(
        Q(unit__committee=None) | Q(unit__committee=F("unit"))
    )
    for some in (mine, alone):
        counted = some.filter(year__gte=on.year - 1).order_by().values("year")
        for row in counted.annotate(number=Count("pk")):
            found[row["year"]] += row["number"]
    return found


def _waiting(title: str, flow: Flow, years: Counter[int]) -> list[Ask]:
    """One line for each year in which something waits."""
    where = reverse("meetings:life_standing")
    return [
        Ask(
            title,
            f"{where}?year={year}&flow={flow.value}&state={Standing.WAITING.value}",
            note=f"{year}年度",
            count=count,
            icon="scale",
        )
        for year, count in sorted(years.items())
    ]
