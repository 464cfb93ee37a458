"""The ground on which duties are reckoned: holidays, and the rules in force. One query for both."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

from django.db import connection

from core.dates import Calendar
from core.scoring import DutyRules
from meetings.models import RuleVersion
from meetings.rules import Rulebook

# Both tables are small, and every list of duties needs both.
_BOTH = """
SELECT day, is_off, NULL::jsonb FROM core_holiday WHERE day BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT valid_from, NULL, parameters FROM meetings_ruleversion
ORDER BY 1
"""


class Ground(NamedTuple):
    """The holiday table as a value, and the rules by the day from which they hold."""

    calendar: Calendar
    book: Rulebook


def ground_around(*days: date) -> Ground:
    """The calendar of the years of these days and of those beside them, and all rules.

    Asked anew each time: what staff enter holds with the next click, in every process.
    """
    years = {day.year for day in days}
    span = {"first": date(min(years) - 1, 1, 1), "last": date(max(years) + 1, 12, 31)}
    with connection.cursor() as cursor:
        cursor.execute(_BOTH, span)
        rows = cursor.fetchall()
    off = [(day, is_off) for day, is_off, rules in rows if rules is None]
    book = tuple(
        (day, DutyRules.from_json(json.loads(rules))) for day, _, rules in rows if rules is not None
    )
    return Ground(Calendar.from_rows(off, {day.year for day, _ in off}), Rulebook(book))


def rulebook() -> Rulebook:
    """The rules alone, for pages that say of a record whether it was filed late; one query."""
    rows = RuleVersion.objects.order_by("valid_from").values_list("valid_from", "parameters")
    return Rulebook(tuple((day, DutyRules.from_json(rules)) for day, rules in rows))
