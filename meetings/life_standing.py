"""Where the three flows of a branch's year stand, counted by the database for a whole subtree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse

from branches.enums import BRANCH_KINDS, PRESENT_STATES, MemberState
from branches.models import Unit
from core.pages import Page, Plot, Series
from meetings.duty_sql import ranges
from meetings.enums.life import (
    BOARD_POSTS,
    AppraisalState,
    Flow,
    ReviewState,
    Standing,
)
from meetings.kept import kept
from meetings.life_people import reckoned_on

SIZE = 50
_MOST_BARS = 30

# One row for each branch that stands on the day: its flows of the year, and its talks against the
# rule (meetings.rules.life.coverage, in SQL).
STAND = """
asked AS (
    SELECT a.id, a.code, a.name, a.path, a.committee_id FROM branches_unit a
    JOIN unnest(%(lows)s::text[], %(highs)s::text[]) AS g (low, high)
      ON a.path >= g.low AND a.path < g.high
    WHERE a.kind = ANY(%(kinds)s)
      AND (a.founded_on IS NULL OR a.founded_on <= %(reckoned)s)
      AND (a.dissolved_on IS NULL OR a.dissolved_on >= %(reckoned)s)
), board AS (
    SELECT DISTINCT p.unit_id, p.member_id FROM branches_post p JOIN asked ON asked.id = p.unit_id
    WHERE p.kind = ANY(%(posts)s) AND p.since <= %(reckoned)s
      AND (p.until IS NULL OR p.until >= %(reckoned)s)
), person AS (
    SELECT m.unit_id, m.id, b.member_id IS NOT NULL AS seat
    FROM branches_member m JOIN asked ON asked.id = m.unit_id
    LEFT JOIN board b ON b.unit_id = m.unit_id AND b.member_id = m.id
    WHERE (m.state = ANY(%(present)s) OR (m.state = %(gone)s AND m.left_on > %(reckoned)s))
      AND (m.arrived_on IS NULL OR m.arrived_on <= %(reckoned)s)
), size AS (
    SELECT unit_id, count(*) FILTER (WHERE seat) AS seats,
           count(*) FILTER (WHERE NOT seat) AS others
    FROM person GROUP BY unit_id
), pairs AS (
    SELECT DISTINCT t.unit_id, t.first_id, t.second_id
    FROM meetings_talk t JOIN asked ON asked.id = t.unit_id
    WHERE t.day BETWEEN %(first)s AND %(last)s
), talked AS (
    SELECT pairs.unit_id,
           count(*) FILTER (WHERE one.seat AND other.seat) AS seats,
           count(DISTINCT CASE WHEN one.seat AND NOT other.seat THEN other.id
                               WHEN other.seat AND NOT one.seat THEN one.id END) AS others
    FROM pairs
    JOIN person one ON one.unit_id = pairs.unit_id AND one.id = pairs.first_id
    JOIN person other ON other.unit_id = pairs.unit_id AND other.id = pairs.second_id
    GROUP BY pairs.unit_id
), counted AS (
    SELECT asked.*, r.uuid AS review_uuid, r.state AS review_state,
           p.uuid AS appraisal_uuid, p.state AS appraisal_state,
           CASE WHEN s.seats > 0 THEN s.seats * (s.seats - 1) / 2 + s.others ELSE 0 END AS needed,
           CASE WHEN s.seats > 0 THEN COALESCE(t.seats, 0) + COALESCE(t.others, 0) ELSE 0 END
               AS talked
    FROM asked
    LEFT JOIN meetings_lifereview r ON r.unit_id = asked.id AND r.year = %(year)s
    LEFT JOIN meetings_appraisal p ON p.unit_id = asked.id AND p.year = %(year)s
    LEFT JOIN size s ON s.unit_id = asked.id
    LEFT JOIN talked t ON t.unit_id = asked.id
), stand AS (
    SELECT counted.*, COALESCE(NULLIF(c.short_name, ''), c.name, '') AS committee_name,
           CASE WHEN review_state IS NULL THEN 'none' WHEN review_state = %(closed)s THEN 'done'
                WHEN review_state = %(filed)s THEN 'waiting' ELSE 'open' END AS review,
           CASE WHEN appraisal_state IS NULL THEN 'none'
                WHEN appraisal_state = %(approved)s THEN 'done'
                WHEN appraisal_state = %(proposed)s THEN 'waiting' ELSE 'open' END AS appraisal,
           CASE WHEN talked = 0 THEN 'none' WHEN talked >= needed THEN 'done' ELSE 'open' END
               AS talks
    FROM counted LEFT JOIN branches_unit c ON c.id = counted.committee_id
)
"""

MATCH = """
(%(flow)s = '' AND (NOT %(behind)s OR 'done' <> ANY(ARRAY[review, appraisal, talks]))
 OR %(flow)s = 'review' AND review = ANY(%(states)s)
 OR %(flow)s = 'appraisal' AND appraisal = ANY(%(states)s)
 OR %(flow)s = 'talks' AND talks = ANY(%(states)s))
"""

_ROWS = f"""WITH {STAND}
SELECT id, code, name, path, committee_id, committee_name, review_uuid, review_state,
       appraisal_uuid, appraisal_state, needed, talked, review, appraisal, talks
FROM stand WHERE {MATCH} ORDER BY path LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 — joined from constants

_SUMS = f"""WITH {STAND}
SELECT committee_id, committee_name, review, appraisal, talks, count(*)
FROM stand GROUP BY 1, 2, 3, 4, 5 ORDER BY 2
"""  # noqa: S608 — joined from constants


@dataclass(frozen=True)
class Question:
    """Which branches: below ``units``, in a year, as of a day; by one flow's state, or all.

    Without ``flow``, ``behind`` leaves out branches with all three done.
    """

    units: tuple[Unit, ...]
    year: int
    on: date
    flow: str = ""
    states: tuple[str, ...] = tuple(Standing.values)
    behind: bool = False


@dataclass(frozen=True)
class BranchLife:
    """One branch: its three flows (values of ``Standing``) and its talks; no member."""

    unit_id: int
    code: str
    name: str
    path: str
    committee_id: int | None
    committee_name: str
    review_uuid: UUID | None
    review_state: str | None
    appraisal_uuid: UUID | None
    appraisal_state: str | None
    needed: int
    talked: int
    review: str
    appraisal: str
    talks: str

    @property
    def is_behind(self) -> bool:
        """Whether something is left for the branch to do."""
        own = (Standing.NONE, Standing.OPEN)
        return any(one in own for one in (self.review, self.appraisal, self.talks))

    @property
    def review_label(self) -> str:
        """The step of the 组织生活会, or 未开始."""
        state = self.review_state
        return str(ReviewState(state).label if state else Standing.NONE.label)

    @property
    def appraisal_label(self) -> str:
        """The step of the 民主评议, or 未开始."""
        state = self.appraisal_state
        return str(AppraisalState(state).label if state else Standing.NONE.label)


@dataclass(frozen=True)
class FlowLine:
    """One flow in numbers; ``hrefs`` open the rows behind each, by state."""

    flow: Flow
    counts: dict[Standing, int]
    hrefs: dict[Standing, str]
    total: int

    @property
    def done(self) -> int:
        """Branches that are through."""
        return self.counts[Standing.DONE]

    @property
    def parts(self) -> list[tuple[Standing, int, str]]:
        """Every state with its number and the rows behind it."""
        return [(state, self.counts[state], self.hrefs[state]) for state in Standing]


@dataclass(frozen=True)
class Figures:
    """What the staff page shows above its list."""

    total: int
    flows: list[FlowLine]
    plot: Plot


def filled(question: Question) -> dict[str, Any]:
    """The parameters of :data:`STAND` and :data:`MATCH`."""
    return {
        **ranges(question.units),
        "kinds": [kind.value for kind in BRANCH_KINDS],
        "posts": [kind.value for kind in BOARD_POSTS],
        "present": [state.value for state in PRESENT_STATES],
        "gone": MemberState.LEFT.value,
        "reckoned": reckoned_on(question.year, question.on),
        "year": question.year,
        "first": date(question.year, 1, 1),
        "last": date(question.year, 12, 31),
        "closed": ReviewState.CLOSED.value,
        "filed": ReviewState.SUBMITTED.value,
        "approved": AppraisalState.APPROVED.value,
        "proposed": AppraisalState.SUBMITTED.value,
        "flow": question.flow,
        "states": list(question.states),
        "behind": question.behind,
        "on": question.on,
    }


def _ask(question: Question, *, limit: int | None, offset: int) -> list[BranchLife]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**filled(question), "limit": limit, "offset": offset})
        return [BranchLife(*row) for row in cursor.fetchall()]


def listed(question: Question, *, number: int = 1) -> Page[BranchLife]:
    """One page of the branches in the order of the tree; one query."""
    number = max(1, number)
    rows = _ask(question, limit=SIZE + 1, offset=(number - 1) * SIZE)
    return Page(rows=rows[:SIZE], number=number, more=len(rows) > SIZE)


def everybody(question: Question) -> list[BranchLife]:
    """All branches of the question, for a file."""
    return _ask(question, limit=None, offset=0)


def of_branch(unit: Unit, year: int, on: date) -> BranchLife | None:
    """One branch; None when it did not stand in that year."""
    rows = _ask(Question((unit,), year, on), limit=1, offset=0)
    return rows[0] if rows else None


Sums = list[tuple[int | None, str, str, str, str, int]]


def sums(question: Question) -> Sums:
    """(committee, its name, state of each flow, branches); kept for a moment where it is large."""

    def count() -> Sums:
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, filled(question))
            return [tuple(row) for row in cursor.fetchall()]

    return kept(f"life:{question.year}:{question.on}", question.units, count)


def flow_counts(rows: Iterable[tuple[Any, ...]]) -> dict[Flow, dict[Standing, int]]:
    """The branches by flow and state."""
    counts = {flow: dict.fromkeys(Standing, 0) for flow in Flow}
    for _, _, review, appraisal, talks, number in rows:
        for flow, state in zip(Flow, (review, appraisal, talks), strict=True):
            counts[flow][Standing(state)] += number
    return counts


def figures(question: Question, *, chosen: Unit | None) -> Figures:
    """The numbers of the year; every one opens its rows."""
    rows = sums(question)

    def opens(flow: Flow, state: Standing, committee: int | None) -> str:
        query = {"year": question.year, "flow": flow.value, "state": state.value}
        place = committee or (chosen.pk if chosen else None)
        return f"{reverse('meetings:life_standing')}?" + urlencode(
            query | ({"unit": place} if place else {})
        )

    counts = flow_counts(rows)
    total = sum(row[-1] for row in rows)
    flows = [
        FlowLine(
            flow,
            counts[flow],
            {state: opens(flow, state, None) for state in Standing},
            total,
        )
        for flow in Flow
    ]
    return Figures(total, flows, _plot(rows, opens))


def _plot(rows: Sums, opens: Callable[[Flow, Standing, int | None], str]) -> Plot:
    """Done in a hundred, by committee and flow; the committees in the order of their names."""
    places = {row[0]: row[1] or "区直接管理" for row in rows}
    shown = list(places)[:_MOST_BARS]
    by_place = {place: [row for row in rows if row[0] == place] for place in shown}
    series = []
    for flow, tone in zip(Flow, ("ok", "gold", "info"), strict=True):
        values: list[float | None] = []
        for place in shown:
            counts = flow_counts(by_place[place])[flow]
            values.append(round(100 * counts[Standing.DONE] / sum(counts.values()), 1))
        hrefs = [opens(flow, Standing.DONE, place) for place in shown]
        series.append(Series(str(flow.label), values, tone=tone, hrefs=hrefs))
    return Plot(
        kind="bar",
        title="各党（工）委办完的支部占比",
        labels=[places[place] for place in shown],
        unit="%",
        top=100,
        lying=True,
        series=series,
    )
