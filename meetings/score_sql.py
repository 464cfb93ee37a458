"""The facts of a ranking as one relation of SQL: a row for each ranked unit of a district.

The text is made for one quarter: its days, slots and factors stand in it as literals, so that the
database works them out once. They are dates and whole numbers only; nothing that anybody typed.

A unit's records are one range of the index ``meetings_scoring`` (unit, day), read once, in order,
without touching the table. For each slot one aggregate keeps the best record: credit, day and id
packed into one number, the highest of which is the best (credit, then earliest day, then smallest
id). Why so: docs/decisions/0009-ranking-in-one-pass.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from branches.enums import RANKED_KINDS, DutyKind, ExemptionState, UnitKind
from core.dates import Period
from core.scoring import CreditRules, DutyRules
from meetings.enums import COUNTING
from meetings.rules import DUTY_MASK, Slot, group_slots

# credit (14 bits) | 511 − days since the first day (9 bits) | 2⁴⁰ − 1 − id (40 bits)
CREDIT_SCALE = 10_000
_CREDIT_AT = 49
_DAY_AT = 40
_ID_TOP = (1 << _DAY_AT) - 1
# Slots that fit into the span of days one packed number can tell apart.
MAX_SPAN = 511
KINDS = tuple(DutyKind)


@dataclass(frozen=True)
class Plan:
    """What the text is made from. ``slots`` are alike for all branches; groups have their own."""

    district_id: int
    quarter: Period
    slots: Sequence[Slot]
    rules: DutyRules

    @property
    def group_slots(self) -> list[Slot]:
        """党小组会: three months, unless the rules ask for it more rarely."""
        return group_slots(self.quarter, rules=self.rules)

    @property
    def all_slots(self) -> list[Slot]:
        """Branch slots first, then those of groups: the order of the bits of a mask."""
        return [*self.slots, *self.group_slots]

    @property
    def first(self) -> date:
        """The first day of any slot."""
        return min(slot.first for slot in self.all_slots)

    @property
    def last(self) -> date:
        """The last day of any slot."""
        return max(slot.due for slot in self.all_slots)


def _day(day: date) -> str:
    return f"DATE '{day:%Y-%m-%d}'"


_STATUS = f"({', '.join(str(int(status)) for status in COUNTING)})"
_RANKED = f"({', '.join(repr(kind.value) for kind in RANKED_KINDS)})"


def _units(share: Decimal) -> int:
    """A credit in ten-thousandths; factors have at most two decimals, so this is exact."""
    whole = share * CREDIT_SCALE
    if whole != int(whole):
        raise ValueError(f"{share} has too many decimals for a credit")
    return int(whole)


def _packed(rules: CreditRules, since: str, fixed_day: date | None = None) -> str:
    """The worth of record ``m`` as one number; ``since`` is an SQL day not after the meeting."""

    def worth(share: Decimal) -> str:
        on_time, late = _units(share) << _CREDIT_AT, _units(share * rules.late) << _CREDIT_AT
        return (
            f"CASE WHEN m.first_submitted_on - m.held_on > {rules.late_days} "
            f"THEN {late} ELSE {on_time} END"
        )

    credit = worth(Decimal(1))
    if fixed_day is not None:
        credit = (
            f"CASE WHEN m.held_on = {_day(fixed_day)} THEN {credit} ELSE {worth(rules.off_day)} END"
        )
    tie = f"((({MAX_SPAN} - (m.held_on - {since}))::bigint << {_DAY_AT}) + ({_ID_TOP} - m.id))"
    return f"({credit})::bigint + {tie}"


def _best(plan: Plan, slot: Slot, name: str) -> str:
    """The best record of a slot among the records ``m`` of one unit.

    The mask is a smallint and so are its constants: every slot asks every record, and a cast each
    time would show in the whole.
    """
    condition = f"m.kind_mask & {int(DUTY_MASK[slot.kind])}::smallint <> 0::smallint"
    if (slot.first, slot.due) != (plan.first, plan.last):
        condition += f" AND m.held_on BETWEEN {_day(slot.first)} AND {_day(slot.due)}"
    packed = _packed(plan.rules.credit, _day(plan.first), slot.fixed_day)
    return f"max({packed}) FILTER (WHERE {condition}) AS {name}"


def _attendance(plan: Plan, column: str, name: str) -> str:
    held = f" FILTER (WHERE m.held_on >= {_day(plan.quarter.start)})"
    return f"sum(m.{column})" + (held if plan.first < plan.quarter.start else "") + f" AS {name}"


def _records(plan: Plan, slots: Sequence[Slot], prefix: str, owner: str, first: date) -> str:
    """One pass over the counted records of one unit: the best of each slot, and attendance."""
    columns = [_best(plan, slot, f"{prefix}{at}") for at, slot in enumerate(slots)]
    columns += [
        _attendance(plan, "present_count", "present"),
        _attendance(plan, "eligible_count", "eligible"),
    ]
    return f"""
        SELECT {", ".join(columns)}
        FROM meetings_meeting m
        WHERE m.unit_id = {owner} AND m.status IN {_STATUS}
          AND m.held_on BETWEEN {_day(first)} AND {_day(plan.last)}"""  # noqa: S608


def _standing(plan: Plan, unit: str) -> str:
    """The mask of the slots through which a unit exists."""
    slots = plan.all_slots
    first = min(slot.first for slot in slots)
    bits = " + ".join(
        f"CASE WHEN ({unit}.founded_on IS NULL OR {unit}.founded_on <= {_day(slot.first)}) AND "
        f"({unit}.dissolved_on IS NULL OR {unit}.dissolved_on >= {_day(slot.due)}) "
        f"THEN {1 << at} ELSE 0 END"
        for at, slot in enumerate(slots)
    )
    return (
        f"CASE WHEN {unit}.dissolved_on IS NULL AND ({unit}.founded_on IS NULL OR "
        f"{unit}.founded_on <= {_day(first)}) THEN {(1 << len(slots)) - 1} ELSE {bits} END"
    )


def _exempt(plan: Plan) -> str:
    """The mask of the slots whose due day an approved exemption covers, by unit."""
    bits = " | ".join(
        f"CASE WHEN x.kind IN ('', '{slot.kind.value}') AND "
        f"{_day(slot.due)} BETWEEN x.since AND x.until THEN {1 << at} ELSE 0 END"
        for at, slot in enumerate(plan.all_slots)
    )
    return f"""
        SELECT x.unit_id, bit_or({bits}) AS mask
        FROM branches_exemption x
        WHERE x.state = '{ExemptionState.APPROVED.value}'
          AND x.since <= {_day(plan.quarter.end)} AND x.until >= {_day(plan.quarter.start)}
        GROUP BY x.unit_id"""  # noqa: S608


def _terms(plan: Plan) -> str:
    """The mask of the periods on whose first day the branch has a committee."""
    slots = [(at, slot) for at, slot in enumerate(plan.slots) if slot.kind == DutyKind.COMMITTEE]
    bits = " | ".join(
        f"CASE WHEN t.started_on <= {_day(slot.first)} AND (t.ended_on IS NULL OR "
        f"t.ended_on >= {_day(slot.first)}) THEN {1 << at} ELSE 0 END"
        for at, slot in slots
    )
    return f"""
        SELECT t.unit_id, bit_or({bits or "0"}) AS mask
        FROM branches_committeeterm t
        WHERE t.with_committee AND t.started_on <= {_day(plan.last)}
        GROUP BY t.unit_id"""  # noqa: S608


def _credit(packed: str, applies: str) -> str:
    return f"CASE WHEN {applies} THEN COALESCE({packed} >> {_CREDIT_AT}, 0)::smallint END"


def _record(packed: str, applies: str) -> str:
    return f"CASE WHEN {applies} THEN {_ID_TOP} - ({packed} & {_ID_TOP}) END"


def _groups(plan: Plan) -> str:
    """党小组会 and the attendance of groups, by branch: one duty per group and period."""
    start = len(plan.slots)
    slots = plan.group_slots
    places = range(len(slots))
    worth = "".join(
        f", {_credit(f'o.g{at}', f'o.app & {1 << (start + at)} <> 0')} AS c{at}" for at in places
    )
    credits = ", ".join(f"o.c{at}" for at in places)
    records = ", ".join(_record(f"o.g{at}", f"o.app & {1 << (start + at)} <> 0") for at in places)
    first = min([plan.quarter.start, *(slot.first for slot in slots)])
    inner = _records(plan, slots, "g", "g.id", first)
    mask = ((1 << len(slots)) - 1) << start
    return f"""
        SELECT o.parent_id AS unit_id, sum(o.present) AS present, sum(o.eligible) AS eligible,
               sum({" + ".join(f"(o.c{at} IS NOT NULL)::int" for at in places) or "0"}) AS duties,
               sum({" + ".join(f"COALESCE(o.c{at}, 0)" for at in places) or "0"}) AS credit,
               jsonb_agg(jsonb_build_array(o.id, o.code, o.name,
                   to_jsonb(ARRAY[{credits}]::smallint[]), to_jsonb(ARRAY[{records}]::bigint[]))
                   ORDER BY o.code) FILTER (WHERE o.app <> 0) AS rows
        FROM (
            SELECT o.*{worth}
            FROM (
                SELECT g.id, g.parent_id, g.code, g.name, r.*,
                       ({_standing(plan, "g")}) & ({_standing(plan, "b")}) & {mask}
                       & ~COALESCE(gx.mask, 0) & ~COALESCE(bx.mask, 0) AS app
                FROM branches_unit g
                JOIN branches_unit b ON b.id = g.parent_id
                LEFT JOIN exempt gx ON gx.unit_id = g.id
                LEFT JOIN exempt bx ON bx.unit_id = b.id
                LEFT JOIN LATERAL ({inner}) r ON true
                WHERE g.district_id = {plan.district_id} AND g.kind = '{UnitKind.GROUP.value}'
                OFFSET 0
            ) o
            OFFSET 0
        ) o
        GROUP BY o.parent_id"""  # noqa: S608


def _events(plan: Plan) -> str:
    """The registered 四个必开 whose window ends in the quarter, by branch."""
    packed = _packed(plan.rules.credit, "e.day")
    kind = DutyKind.MUST_HOLD
    return f"""
        SELECT e.unit_id, count(*) AS duties, sum(COALESCE(b.best >> {_CREDIT_AT}, 0)) AS credit,
               jsonb_agg(jsonb_build_array(e.id, e.cause, e.title, e.day, e.window_end,
                   COALESCE(b.best >> {_CREDIT_AT}, 0), {_ID_TOP} - (b.best & {_ID_TOP}))
                   ORDER BY e.window_end, e.id) AS rows
        FROM meetings_event e
        JOIN branches_unit u ON u.id = e.unit_id
        CROSS JOIN LATERAL (
            SELECT max({packed}) AS best FROM meetings_meeting m
            WHERE m.unit_id = e.unit_id AND m.status IN {_STATUS}
              AND m.held_on BETWEEN e.day AND e.window_end
              AND m.kind_mask & {int(DUTY_MASK[kind])} <> 0
        ) b
        WHERE NOT e.is_withdrawn AND u.district_id = {plan.district_id} AND u.kind IN {_RANKED}
          AND e.window_end BETWEEN {_day(plan.quarter.start)} AND {_day(plan.quarter.end)}
          AND (u.founded_on IS NULL OR u.founded_on <= e.day)
          AND (u.dissolved_on IS NULL OR u.dissolved_on >= e.window_end)
          AND NOT EXISTS (
              SELECT 1 FROM branches_exemption x
              WHERE x.unit_id = e.unit_id AND x.state = '{ExemptionState.APPROVED.value}'
                AND x.kind IN ('', '{kind.value}') AND e.window_end BETWEEN x.since AND x.until)
        GROUP BY e.unit_id"""  # noqa: S608


def _checks(plan: Plan) -> str:
    """Spot checks dated in the quarter, by unit; the sum in hundredths of a point."""
    return f"""
        SELECT c.unit_id, count(*) AS checks, (sum(c.score) * 100)::bigint AS points
        FROM meetings_spotcheck c
        WHERE c.checked_on BETWEEN {_day(plan.quarter.start)} AND {_day(plan.quarter.end)}
        GROUP BY c.unit_id"""  # noqa: S608


def _sums(plan: Plan) -> str:
    """For each kind the number of applicable duties and the sum of their credits."""
    columns = []
    for kind in KINDS:
        mine = [f"c{at}" for at, slot in enumerate(plan.slots) if slot.kind == kind]
        counts = [f"(s.{name} IS NOT NULL)::int" for name in mine]
        credits = [f"COALESCE(s.{name}, 0)" for name in mine]
        extra = {DutyKind.GROUP: "g", DutyKind.MUST_HOLD: "e"}.get(kind)
        if extra:
            counts.append(f"COALESCE(s.{extra}_duties, 0)")
            credits.append(f"COALESCE(s.{extra}_credit, 0)")
        columns.append(f"({' + '.join(counts) or '0'})::bigint AS n_{kind.value}")
        columns.append(f"({' + '.join(credits) or '0'})::bigint AS s_{kind.value}")
    return ", ".join(columns)


def facts(plan: Plan) -> str:
    """SELECT of a row for each ranked unit of the district, those that owe nothing included.

    Columns: unit_id, path, code, name, field, committee_id · credits smallint[] and records
    bigint[] in the order of ``plan.slots`` · groups and events, jsonb or null · present, eligible ·
    checks, points (hundredths) · for each kind n_<kind> duties and s_<kind>, the sum of their
    credits in ten-thousandths.
    """
    slots = list(enumerate(plan.slots))
    committee = sum(1 << at for at, slot in slots if slot.kind == DutyKind.COMMITTEE)
    bits = (1 << len(slots)) - 1
    credits = ", ".join(
        f"{_credit(f'f.s{at}', f'f.app & {1 << at} <> 0')} AS c{at}" for at, _ in slots
    )
    records = ", ".join(_record(f"s.s{at}", f"s.app & {1 << at} <> 0") for at, _ in slots)
    inner = _records(plan, plan.slots, "s", "u.id", plan.first)
    return f"""
WITH exempt AS ({_exempt(plan)})
SELECT s.unit_id, s.path, s.code, s.name, s.field, s.committee_id,
       ARRAY[{", ".join(f"s.c{at}" for at, _ in slots)}] AS credits,
       ARRAY[{records}] AS records,
       s.g_rows AS groups, s.e_rows AS events,
       (COALESCE(s.present, 0) + COALESCE(s.g_present, 0))::bigint AS present,
       (COALESCE(s.eligible, 0) + COALESCE(s.g_eligible, 0))::bigint AS eligible,
       COALESCE(s.checks, 0) AS checks, COALESCE(s.points, 0) AS points,
       {_sums(plan)}
FROM (
    SELECT f.*, {credits}
    FROM (
        SELECT u.id AS unit_id, u.path, u.code, u.name, u.field, u.committee_id, r.*,
               ({_standing(plan, "u")}) & {bits} & ~COALESCE(x.mask, 0)
               & (COALESCE(t.mask, 0) | {bits & ~committee}) AS app,
               g.present AS g_present, g.eligible AS g_eligible, g.duties AS g_duties,
               g.credit AS g_credit, g.rows AS g_rows,
               e.duties AS e_duties, e.credit AS e_credit, e.rows AS e_rows,
               k.checks, k.points
        FROM branches_unit u
        LEFT JOIN ({_terms(plan)}) t ON t.unit_id = u.id
        LEFT JOIN exempt x ON x.unit_id = u.id
        LEFT JOIN ({_groups(plan)}) g ON g.unit_id = u.id
        LEFT JOIN ({_events(plan)}) e ON e.unit_id = u.id
        LEFT JOIN ({_checks(plan)}) k ON k.unit_id = u.id
        LEFT JOIN LATERAL ({inner}) r ON true
        WHERE u.district_id = {plan.district_id} AND u.kind IN {_RANKED}
        OFFSET 0
    ) f
    OFFSET 0
) s"""  # noqa: S608


def span_fits(slots: Sequence[Slot]) -> bool:
    """Whether the days of all slots can be told apart in a packed number."""
    days = max(slot.due for slot in slots) - min(slot.first for slot in slots)
    return days < timedelta(days=MAX_SPAN)
