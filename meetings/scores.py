"""What assessment may ask of 三会一课: the facts behind every ranked unit's score of a quarter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from branches.enums import DutyKind
from core.dates import Period, fixed_day
from core.holidays import calendar_around
from core.scoring import DutyRules
from meetings.enums import MoveState, Status
from meetings.models import FixedDayMove, Meeting
from meetings.rules import group_slots, quarter_slots
from meetings.score_changes import CHANGED, RECORD_CHANGES
from meetings.score_sql import KINDS, Plan, facts, span_fits

if TYPE_CHECKING:
    from branches.models import Unit


@dataclass(frozen=True)
class UnitFacts:
    """One ranked unit: its duties with credit (ten-thousandths) and record, and what was counted.

    ``credits`` and ``records`` follow the plan's slots; ``groups`` [[id, code, name, credits,
    records]] and ``events`` [[id, cause, title, day, window_end, credit, record]] or None.
    ``points`` is the sum of the spot checks in hundredths. ``duties[kind]`` is the number of
    applicable duties and the sum of their credits.
    """

    unit_id: int
    path: str
    code: str
    name: str
    field: str
    committee_id: int | None
    credits: list[int | None]
    records: list[int | None]
    groups: list[list[Any]] | None
    events: list[list[Any]] | None
    present: int
    eligible: int
    checks: int
    points: int
    duties: dict[DutyKind, tuple[int, int]]


@dataclass(frozen=True)
class RecordFacts:
    """What a page tells of the record behind a duty."""

    id: int
    uuid: UUID
    topic: str
    held_on: date
    first_submitted_on: date | None
    status: str


def fixed_days(*, district: Unit, quarter: Period) -> dict[date, date]:
    """Each month's 固定组织生活日 of a district, by the month's first day; two queries.

    An approved move of the district comes before the first Tuesday off holidays.
    """
    months = quarter.months()
    moved = dict(
        FixedDayMove.unscoped.filter(
            unit=district, state=MoveState.APPROVED, month__in=[month.start for month in months]
        ).values_list("month", "day")
    )
    holidays = calendar_around(quarter.start, quarter.end)
    return {
        month.start: moved.get(month.start)
        or fixed_day(month.year, month.number, holidays=holidays).day
        for month in months
    }


def plan(*, district: Unit, quarter: Period, rules: DutyRules) -> Plan:
    """What a quarter of a district is scored by: its slots and the worth of a record.

    Raises:
        ValueError: the slots span more days than a ranking can tell apart.
    """
    slots = quarter_slots(
        quarter, fixed_days=fixed_days(district=district, quarter=quarter), rules=rules
    )
    made = Plan(district_id=district.pk, quarter=quarter, slots=slots, rules=rules)
    if not span_fits(made.all_slots):
        raise ValueError("the slots of a quarter span too many days")
    return made


def group_periods(quarter: Period, rules: DutyRules) -> list[Period]:
    """The periods of 党小组会 in a quarter, in the order of ``UnitFacts.groups``."""
    return [Period.parse(slot.label) for slot in group_slots(quarter, rules=rules)]


def facts_sql(made: Plan) -> str:
    """The facts as SQL (see :func:`meetings.score_sql.facts`), for one INSERT … SELECT."""
    return facts(made)


def score(*, district: Unit, quarter: Period, rules: DutyRules) -> list[UnitFacts]:
    """The facts of every ranked unit of a district, by code; one statement over the records."""
    text = facts(plan(district=district, quarter=quarter, rules=rules))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(f) FROM ({text}) f ORDER BY f.code")  # noqa: S608
        return [_read(row) for (row,) in cursor.fetchall()]


def _read(row: dict[str, Any]) -> UnitFacts:
    duties = {kind: (row.pop(f"n_{kind.value}"), row.pop(f"s_{kind.value}")) for kind in KINDS}
    return UnitFacts(**row, duties=duties)


def changed_since(
    *,
    district_id: int,
    paths: list[str],
    quarter: Period,
    span: tuple[date, date],
    moment: datetime,
) -> tuple[str, dict[str, Any], dict[str, str]]:
    """What happened after ``moment`` to what a quarter is scored by, in the subtrees of ``paths``.

    Returns SQL (at, what, unit_id, text, meeting uuid or null) with its parameters, and the names
    of the kinds ``what``. ``span`` is the first and last day of any of the quarter's slots.
    """
    given = {
        "moment": moment,
        "paths": paths,
        "first": span[0],
        "last": span[1],
        "start": quarter.start,
        "end": quarter.end,
        "district": district_id,
    }
    return CHANGED, given, dict(RECORD_CHANGES)


def records_behind(ids: Iterable[int]) -> dict[int, RecordFacts]:
    """The records that gave credit, by id, for a page that explains a row; one query.

    The caller has authorised the unit whose row names them.
    """
    wanted = [pk for pk in set(ids) if pk]
    rows = Meeting.unscoped.filter(pk__in=wanted).values_list(
        "id", "uuid", "topic", "held_on", "first_submitted_on", "status"
    )
    return {row[0]: RecordFacts(*row[:5], str(Status(row[5]).label)) for row in rows.iterator()}
