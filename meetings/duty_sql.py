"""The duties as one relation of SQL, and the spans of days that its rows are made from.

Everything that varies comes in as a parameter; the text below is constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from branches.enums import BRANCH_KINDS, RANKED_KINDS, DutyKind, ExemptionState, UnitKind
from branches.querysets import minimal_prefixes
from core.dates import Calendar, Period, fixed_day
from meetings.enums import COUNTING, DutyState, MoveState
from meetings.rules import DUTY_MASK, Rulebook, Slot, group_slots, quarter_slots

if TYPE_CHECKING:
    from branches.models import Unit

# The place of a kind in lists and keys.
KIND_NUMBER: dict[DutyKind, int] = {kind: number for number, kind in enumerate(DutyKind, 1)}
# Sorts after every character of a path: the end of a subtree's range in byte order.
_BEYOND = "["

# Whose duties: the branches of a list of subtrees. A reminder puts its own question here.
BELOW = """
asked AS (
    SELECT a.id FROM branches_unit a
    JOIN unnest(%(lows)s::text[], %(highs)s::text[]) AS r (low, high)
      ON a.path >= r.low AND a.path < r.high
)
"""

# One row for each duty that applies to the units ``asked`` for, with the best record behind it
# (all null without one) and its state. A unit's duties are found by its own rows only (LATERAL),
# so that a page of fifty costs fifty whatever stands behind it. scoring.md: Duties, Credit.
OWED = """
slot AS (
    SELECT * FROM unnest(
        %(slot_kind)s::text[], %(slot_number)s::int[], %(slot_mask)s::int[], %(slot_cause)s::text[],
        %(slot_label)s::text[], %(slot_first)s::date[], %(slot_due)s::date[],
        %(slot_fixed_day)s::date[]
    ) AS s (kind, number, mask, cause, label, first, due, fixed_day)
), rule AS (
    SELECT * FROM unnest(
        %(rule_first)s::date[], %(rule_last)s::date[], %(rule_late_days)s::int[],
        %(rule_late)s::numeric[], %(rule_off_day)s::numeric[]
    ) AS r (first, last, late_days, late_credit, off_day_credit)
), owed AS (
    SELECT u.id AS unit_id, u.code AS unit_code, u.name AS unit_name, u.path AS unit_path,
           u.district_id, u.committee_id, c.code AS committee_code,
           COALESCE(c.name, '') AS committee_name,
           d.group_id, COALESCE(d.group_code, '') AS group_code,
           COALESCE(d.group_name, '') AS group_name,
           d.kind, d.number, d.cause, d.label, d.first, d.due, d.fixed_day,
           d.event_id, COALESCE(d.event_title, '') AS event_title,
           best.credit, best.id AS record_id, best.uuid AS record_uuid, best.held_on,
           best.first_submitted_on, best.status AS record_status, rule.late_days,
           CASE WHEN best.id IS NULL AND d.due >= %(on)s THEN %(open)s
                WHEN best.id IS NULL THEN %(unmet)s
                WHEN best.late THEN %(late)s
                WHEN best.off_day THEN %(off_day)s
                ELSE %(met)s END AS state
    FROM asked
    JOIN branches_unit u ON u.id = asked.id
    LEFT JOIN branches_unit c ON c.id = u.committee_id
    CROSS JOIN LATERAL (
        SELECT s.kind, s.number, s.mask, s.cause, s.label, s.first, s.due,
               COALESCE(mv.day, s.fixed_day) AS fixed_day,
               NULL::bigint AS group_id, NULL::text AS group_code, NULL::text AS group_name,
               NULL::bigint AS event_id, NULL::text AS event_title
        FROM slot s
        LEFT JOIN meetings_fixeddaymove mv
          ON s.kind = %(kind_fixed_day)s AND mv.unit_id = u.district_id AND mv.month = s.first
         AND mv.state = %(move_approved)s
        WHERE s.kind <> %(kind_group)s
          AND (s.kind <> %(kind_committee)s OR EXISTS (
              SELECT 1 FROM branches_committeeterm t
              WHERE t.unit_id = u.id AND t.with_committee AND t.started_on <= s.first
                AND (t.ended_on IS NULL OR t.ended_on >= s.first)))
        UNION ALL
        SELECT s.kind, s.number, s.mask, s.cause, s.label, s.first, s.due, NULL::date,
               g.id, g.code::text, g.name::text, NULL::bigint, NULL::text
        FROM branches_unit g CROSS JOIN slot s
        WHERE g.parent_id = u.id AND g.kind = %(unit_group)s AND s.kind = %(kind_group)s
          AND (g.founded_on IS NULL OR g.founded_on <= s.first)
          AND (g.dissolved_on IS NULL OR g.dissolved_on >= s.due)
          AND NOT EXISTS (
              SELECT 1 FROM branches_exemption x
              WHERE x.unit_id = g.id AND x.state = %(exemption_approved)s
                AND s.due BETWEEN x.since AND x.until AND x.kind IN ('', s.kind))
        UNION ALL
        SELECT %(kind_must_hold)s, %(must_hold_number)s, %(must_hold_mask)s, e.cause::text,
               to_char(e.window_end, 'YYYY-MM-DD'), e.day, e.window_end, NULL::date,
               NULL::bigint, NULL::text, NULL::text, e.id, e.title::text
        FROM meetings_event e
        WHERE %(with_events)s AND e.unit_id = u.id AND NOT e.is_withdrawn
          AND e.window_end BETWEEN %(first)s AND %(last)s
    ) AS d
    JOIN rule ON d.due BETWEEN rule.first AND rule.last
    LEFT JOIN LATERAL (
        SELECT m.id, m.uuid, m.held_on, m.first_submitted_on, m.status, f.late, f.off_day,
               CASE WHEN f.off_day THEN rule.off_day_credit ELSE 1 END
               * CASE WHEN f.late THEN rule.late_credit ELSE 1 END AS credit
        FROM meetings_meeting m
        CROSS JOIN LATERAL (
            SELECT m.first_submitted_on - m.held_on > rule.late_days AS late,
                   d.kind = %(kind_fixed_day)s AND m.held_on IS DISTINCT FROM d.fixed_day
                       AS off_day
        ) AS f
        WHERE m.unit_id = COALESCE(d.group_id, u.id) AND m.held_on BETWEEN d.first AND d.due
          AND m.status = ANY(%(counting)s) AND m.kind_mask & d.mask <> 0
        ORDER BY credit DESC, m.held_on, m.id
        LIMIT 1
    ) AS best ON TRUE
    WHERE u.kind = ANY(%(unit_kinds)s)
      AND (u.founded_on IS NULL OR u.founded_on <= d.first)
      AND (u.dissolved_on IS NULL OR u.dissolved_on >= d.due)
      AND NOT EXISTS (
          SELECT 1 FROM branches_exemption x
          WHERE x.unit_id = u.id AND x.state = %(exemption_approved)s
            AND d.due BETWEEN x.since AND x.until AND x.kind IN ('', d.kind))
)
"""

# Compiling a plan of many short steps takes longer than running it.
QUICK = "SELECT set_config('jit', 'off', true); "
DUTIES = f"{QUICK} WITH {BELOW}, {OWED}"
# The same for units named by their keys.
DUTIES_OF = f"{QUICK} WITH asked AS (SELECT unnest(%(ids)s::bigint[]) AS id), {OWED}"


def slots_due(*, first: date, last: date, calendar: Calendar, book: Rulebook) -> list[Slot]:
    """The duties alike for every branch or group whose due day lies in ``[first, last]``.

    How often each is asked stands in the ``book``. Their fixed days are the computed ones;
    a district's approved moves are joined in by the SQL.
    """
    found: list[Slot] = []
    quarter = Period.containing(first, "quarter")
    while quarter.start <= last:
        days = {
            month.start: fixed_day(month.year, month.number, holidays=calendar).day
            for month in quarter.months()
        }
        rules = book.at(quarter.end)
        found += quarter_slots(quarter, fixed_days=days, rules=rules)
        found += group_slots(quarter, rules=rules)
        quarter = quarter.next()
    return [slot for slot in found if first <= slot.due <= last]


def ranges(units: Iterable[Unit]) -> dict[str, list[str]]:
    """The subtrees as disjoint ranges of paths, for ``path >= low AND path < high``."""
    lows = minimal_prefixes(unit.path for unit in units)
    return {"lows": lows, "highs": [path + _BEYOND for path in lows]}


def parameters(
    *,
    slots: Sequence[Slot],
    first: date,
    last: date,
    on: date,
    book: Rulebook,
    kinds: Iterable[str] | None = None,
    ranked_only: bool = False,
) -> dict[str, Any]:
    """What :data:`DUTIES`, or :data:`OWED` alone, is filled with."""
    spans = book.spans()
    credits = [rules.credit for _, _, rules in spans]
    wanted = set(DutyKind) if kinds is None else {DutyKind(kind) for kind in kinds}
    slots = [slot for slot in slots if slot.kind in wanted]
    return {
        "slot_kind": [slot.kind.value for slot in slots],
        "slot_number": [KIND_NUMBER[slot.kind] for slot in slots],
        "slot_mask": [DUTY_MASK[slot.kind].value for slot in slots],
        "slot_cause": [str(slot.cause) for slot in slots],
        "slot_label": [slot.label for slot in slots],
        "slot_first": [slot.first for slot in slots],
        "slot_due": [slot.due for slot in slots],
        "slot_fixed_day": [slot.fixed_day for slot in slots],
        "unit_kinds": [kind.value for kind in (RANKED_KINDS if ranked_only else BRANCH_KINDS)],
        "unit_group": UnitKind.GROUP.value,
        "kind_fixed_day": DutyKind.FIXED_DAY.value,
        "kind_group": DutyKind.GROUP.value,
        "kind_committee": DutyKind.COMMITTEE.value,
        "kind_must_hold": DutyKind.MUST_HOLD.value,
        "must_hold_number": KIND_NUMBER[DutyKind.MUST_HOLD],
        "must_hold_mask": DUTY_MASK[DutyKind.MUST_HOLD].value,
        "with_events": DutyKind.MUST_HOLD in wanted,
        "move_approved": MoveState.APPROVED.value,
        "exemption_approved": ExemptionState.APPROVED.value,
        "counting": [status.value for status in COUNTING],
        "first": first,
        "last": last,
        "on": on,
        "rule_first": [since for since, _, _ in spans],
        "rule_last": [until for _, until, _ in spans],
        "rule_late_days": [credit.late_days for credit in credits],
        "rule_late": [credit.late for credit in credits],
        "rule_off_day": [credit.off_day for credit in credits],
        "open": DutyState.OPEN.value,
        "unmet": DutyState.UNMET.value,
        "late": DutyState.LATE.value,
        "off_day": DutyState.OFF_DAY.value,
        "met": DutyState.MET.value,
    }
