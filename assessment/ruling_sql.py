"""What the district ruled on appeals, laid over the facts of a ranking.

Only a district with rulings in the quarter is ranked through this; its other units pass unchanged.
A ruling is the least credit of a duty that applies (ten-thousandths, a record that earns more still
does), or -1: it does not apply. Why here: docs/decisions/0013-appeals-change-the-next-version.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from branches.enums import DutyKind
from core.dates import Period
from meetings.rules import Slot

# Columns of the facts that no ruling touches.
_PLAIN = (
    "unit_id", "path", "code", "name", "field", "committee_id", "present", "eligible", "checks",
    "points",
)  # fmt: skip
_NOT_APPLICABLE = -1


def slot_key(kind: str, cause: str, label: str) -> str:
    """The key of a duty that all branches have alike."""
    return f"{kind}:{cause}:{label}"


def group_key(group_id: int, label: str) -> str:
    """The key of a 党小组's duty of a period."""
    return f"group:{group_id}:{label}"


def event_key(event_id: int) -> str:
    """The key of a registered event's duty."""
    return f"event:{event_id}"


def _ruled(credit: str, ruling: str) -> str:
    return (
        f"CASE WHEN {ruling} IS NULL OR {credit} IS NULL THEN {credit} "
        f"WHEN {ruling} < 0 THEN NULL ELSE GREATEST({credit}, {ruling}) END"
    )


def _kept(record: str, ruling: str) -> str:
    return f"CASE WHEN {ruling} < 0 THEN NULL ELSE {record} END"


def _of_slots(slots: Sequence[Slot]) -> tuple[str, str]:
    """The arrays of credits and of records."""
    credits, records = [], []
    for at, slot in enumerate(slots, start=1):
        key = slot_key(slot.kind.value, str(slot.cause), slot.label)
        ruling = f"(r.given->>'{key}')::int"
        credits.append(_ruled(f"f.credits[{at}]::int", ruling))
        records.append(_kept(f"f.records[{at}]", ruling))
    return f"ARRAY[{', '.join(credits)}]::smallint[]", f"ARRAY[{', '.join(records)}]::bigint[]"


def _of_groups(periods: Sequence[Period]) -> str:
    """The periods of the groups, each looked up by group and period."""
    labels = ", ".join(f"'{one.label}'" for one in periods)
    ruling = f"(r.given->>('group:' || (g.v->>0) || ':' || (ARRAY[{labels}]::text[])[c.n]))::int"
    return f"""(
        SELECT jsonb_agg(jsonb_build_array(g.v->0, g.v->1, g.v->2,
            (SELECT jsonb_agg({_ruled("c.v::int", ruling)} ORDER BY c.n)
             FROM jsonb_array_elements_text(g.v->3) WITH ORDINALITY c(v, n)),
            (SELECT jsonb_agg({_kept("c.v::bigint", ruling)} ORDER BY c.n)
             FROM jsonb_array_elements_text(g.v->4) WITH ORDINALITY c(v, n))) ORDER BY g.n)
        FROM jsonb_array_elements(f.groups) WITH ORDINALITY g(v, n))"""  # noqa: S608


def _of_events() -> str:
    ruling = "(r.given->>('event:' || (e.v->>0)))::int"
    credit = _ruled("(e.v->>5)::int", ruling)
    record = _kept("(e.v->>6)::bigint", ruling)
    return f"""(
        SELECT jsonb_agg(jsonb_build_array(e.v->0, e.v->1, e.v->2, e.v->3, e.v->4,
                                           {credit}, {record}) ORDER BY e.n)
        FROM jsonb_array_elements(f.events) WITH ORDINALITY e(v, n))"""  # noqa: S608


_EXTRA = {
    DutyKind.GROUP: "(SELECT {what} FROM jsonb_array_elements(f.groups) g, "
    "jsonb_array_elements(g->3) c WHERE c <> 'null'::jsonb)",
    DutyKind.MUST_HOLD: "(SELECT {what} FROM jsonb_array_elements(f.events) e, "
    "LATERAL (SELECT e->5 AS c) x WHERE c <> 'null'::jsonb)",
}


def _counted(slots: Sequence[Slot]) -> str:
    """For each kind the number of duties and the sum of credits, anew where there was a ruling."""
    columns = []
    for kind in DutyKind:
        places = [at for at, slot in enumerate(slots, start=1) if slot.kind == kind]
        counts = [f"(f.credits[{at}] IS NOT NULL)::int" for at in places]
        sums = [f"COALESCE(f.credits[{at}], 0)" for at in places]
        extra = _EXTRA.get(kind)
        if extra:
            counts.append(extra.format(what="count(*)"))
            sums.append(extra.format(what="COALESCE(sum(c::int), 0)"))
        for letter, terms in (("n", counts), ("s", sums)):
            name = f"{letter}_{kind.value}"
            columns.append(
                f"CASE WHEN f.rulings IS NULL THEN f.{name} "
                f"ELSE ({' + '.join(terms) or '0'})::bigint END AS {name}"
            )
    return ", ".join(columns)


def with_rulings(
    facts: str, slots: Sequence[Slot], periods: Sequence[Period], quarter: Period
) -> str:
    """The facts of a quarter (:func:`meetings.scores.facts_sql`) with the rulings in them.

    ``periods`` are those of the groups' duties.

    One column more: ``rulings`` jsonb [[duty, credit, appeal id]], null for units without any.
    """
    credits, records = _of_slots(slots)
    plain = ", ".join(f"f.{name}" for name in _PLAIN)
    sums = ", ".join(f"f.n_{kind.value}, f.s_{kind.value}" for kind in DutyKind)

    def changed(name: str, anew: str) -> str:
        return f"CASE WHEN r.unit_id IS NULL THEN f.{name} ELSE {anew} END AS {name}"

    return f"""
SELECT {plain}, f.credits, f.records, f.groups, f.events, f.rulings, {_counted(slots)}
FROM (
    SELECT {plain}, {sums}, {changed("credits", credits)}, {changed("records", records)},
           {changed("groups", _of_groups(periods))}, {changed("events", _of_events())},
           r.told AS rulings
    FROM ({facts}) f
    LEFT JOIN (
        SELECT unit_id, jsonb_object_agg(duty, COALESCE(credit, {_NOT_APPLICABLE})) AS given,
               jsonb_agg(jsonb_build_array(duty, credit, appeal_id) ORDER BY duty) AS told
        FROM assessment_ruling
        WHERE quarter = '{quarter.label}' AND is_current
        GROUP BY unit_id
    ) r ON r.unit_id = f.unit_id
    OFFSET 0
) f"""  # noqa: S608
