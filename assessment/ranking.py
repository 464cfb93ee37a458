"""The ranking of a whole district as one statement: score, three ranks, and the frozen rows.

The arithmetic is that of ``assessment.rules`` in whole numbers: every mean is kept as numerator
and denominator, and the one division at the end is the one rounding (half-up, scoring.md).
"""

from __future__ import annotations

from assessment.rules import CREDIT_SCALE, SchemeParameters
from branches.enums import DutyKind

# Below this bound a score is worked out in bigint, above it in numeric: both are exact.
_SAFE = 9 * 10**18
EXTRAS_GROUPS, EXTRAS_EVENTS, EXTRAS_RULINGS = "groups", "events", "rulings"


def _duties(scheme: SchemeParameters) -> tuple[str, str]:
    """Numerator and sum of weights of the part Duties, over the common denominator ``z``.

    ``z`` = 6 × groups' duties × must-hold duties is a multiple of every kind's count, since the
    other kinds have one duty or three at most.
    """
    weights = {kind: weight for kind, weight in scheme.duty_integers().items() if weight}
    top = " + ".join(
        f"{weight} * f.s_{kind.value} * (f.z / GREATEST(f.n_{kind.value}, 1))"
        for kind, weight in weights.items()
    )
    used = " + ".join(
        f"CASE WHEN f.n_{kind.value} > 0 THEN {weight} ELSE 0 END"
        for kind, weight in weights.items()
    )
    return top, used


def scored(facts: str, scheme: SchemeParameters) -> str:
    """SELECT of the facts of each unit with ``score`` (hundredths, null: 不参评).

    ``top`` / ``bottom`` is the part Duties. With a = present/eligible and q = points of spot
    checks, the score is 10000 × weighted mean, rounded half-up: (2·n + d) div 2·d.
    """
    top, used = _duties(scheme)
    parts = scheme.part_integers()
    duties, attendance, quality = parts["duties"], parts["attendance"], parts["quality"]

    def hundredths(kind: str) -> str:
        checks = f"(f.checks::{kind} * 10000)"
        over = f"GREATEST(f.eligible, 1)::{kind}"
        tests = f"(CASE WHEN f.checks > 0 THEN {checks} ELSE 1 END)"
        upper = (
            f"({duties} * f.top::{kind} * {over} * {tests}"
            f" + {attendance} * f.present::{kind} * f.bottom * {tests}"
            f" + {quality} * f.points::{kind} * f.bottom * {over})"
        )
        weight = (
            f"({duties} + CASE WHEN f.eligible > 0 THEN {attendance} ELSE 0 END"
            f" + CASE WHEN f.checks > 0 THEN {quality} ELSE 0 END)"
        )
        lower = f"({weight} * f.bottom::{kind} * {over} * {tests})"
        return (
            f"div(20000 * {upper} + {lower}, 2 * {lower})"
            if kind == "numeric"
            else (f"(20000 * {upper} + {lower}) / (2 * {lower})")
        )

    limit = _SAFE // (40000 * sum(parts.values()))
    return f"""
SELECT f.*, CASE
         WHEN f.used = 0 THEN NULL
         WHEN f.checks = 0 AND f.bottom < {limit} / GREATEST(f.eligible, 1)
         THEN {hundredths("bigint")}
         ELSE {hundredths("numeric")}
       END::int AS score
FROM (
    SELECT f.*, f.used * f.z * {CREDIT_SCALE} AS bottom
    FROM (
        SELECT f.*, ({top})::bigint AS top, ({used})::bigint AS used
        FROM (
            SELECT f.*, 6 * GREATEST(f.n_{DutyKind.GROUP.value}, 1)
                   * GREATEST(f.n_{DutyKind.MUST_HOLD.value}, 1) AS z
            FROM ({facts}) f
            OFFSET 0
        ) f
        OFFSET 0
    ) f
    OFFSET 0
) f"""  # noqa: S608


# The order of the columns below.
COLUMNS = (
    "run_id, unit_id, path, code, name, committee_code, committee_name, field, score, duty_score, "
    "present, eligible, quality, checks, rank_committee, rank_field, rank_district, credits, "
    "records, extras"
)


def _extras(ruled: bool) -> str:
    """What differs from unit to unit: groups, events and, where the facts have them, rulings."""
    given = "f.groups IS NOT NULL OR f.events IS NOT NULL"
    lists = (
        f"jsonb_build_object('{EXTRAS_GROUPS}', COALESCE(f.groups, '[]'),"
        f" '{EXTRAS_EVENTS}', COALESCE(f.events, '[]'))"
    )
    if ruled:
        given += " OR f.rulings IS NOT NULL"
        lists += (
            " || CASE WHEN f.rulings IS NULL THEN '{}'::jsonb"
            f" ELSE jsonb_build_object('{EXTRAS_RULINGS}', f.rulings) END"
        )
    return f"CASE WHEN {given} THEN {lists} END"


def ranked(facts: str, scheme: SchemeParameters, *, run_id: int, ruled: bool = False) -> str:
    """SELECT of complete rows of the run, in the order of :data:`COLUMNS`.

    ``ruled`` says that the facts went through :func:`assessment.ruling_sql.with_rulings`.

    The rows are wide, with their arrays and lists; what is sorted for the three ranks is not. So
    they are kept once (``scored``), ranked by a copy of four numbers, and joined to their ranks.
    Whether two fields are the same does not depend on a language, hence the plain collation.
    """

    def rank(partition: str, name: str) -> str:
        window = f"PARTITION BY {partition} " if partition else ""
        return f"rank() OVER ({window}ORDER BY f.score DESC)::int AS {name}"

    return f"""
WITH scored AS MATERIALIZED (
    SELECT f.unit_id, f.path, f.code, f.name, f.field, f.committee_id, f.score,
           CASE WHEN f.used > 0 THEN round(100 * f.top::numeric / f.bottom, 6) END AS duty_score,
           f.present, f.eligible,
           CASE WHEN f.checks > 0 THEN round(f.points::numeric / (100 * f.checks), 6) END
               AS quality,
           f.checks, f.credits, f.records,
           {_extras(ruled)} AS extras
    FROM ({scored(facts, scheme)}) f
), ranks AS (
    SELECT f.unit_id, {rank("f.committee_id", "committee")},
           {rank('f.field COLLATE "C"', "field")}, {rank("", "district")}
    FROM scored f
    WHERE f.score IS NOT NULL
)
SELECT {run_id}, f.unit_id, f.path, f.code, f.name, COALESCE(c.code, ''), COALESCE(c.name, ''),
       f.field, f.score * 0.01, f.duty_score, f.present, f.eligible, f.quality, f.checks,
       r.committee, r.field, r.district, f.credits, f.records, f.extras
FROM scored f
LEFT JOIN ranks r ON r.unit_id = f.unit_id
LEFT JOIN branches_unit c ON c.id = f.committee_id"""  # noqa: S608


def insertion(facts: str, scheme: SchemeParameters, *, run_id: int, ruled: bool = False) -> str:
    """The one statement that writes a run's rows."""
    rows = ranked(facts, scheme, run_id=run_id, ruled=ruled)
    return f"INSERT INTO assessment_runrow ({COLUMNS}) {rows}"


def trial_insertion(
    facts: str, scheme: SchemeParameters, *, trial_id: int, run_id: int, ruled: bool = False
) -> str:
    """The one statement that writes a trial's rows beside what run ``run_id`` published."""
    rows = ranked(facts, scheme, run_id=trial_id, ruled=ruled)
    return f"""
INSERT INTO assessment_trialrow
    (trial_id, unit_id, path, code, name, committee_name, field, score, rank, old_score, old_rank)
SELECT {trial_id}, t.unit_id, t.path, t.code, t.name, t.committee_name, t.field, t.score,
       t.rank_district, o.score, o.rank_district
FROM ({rows}) t ({COLUMNS})
LEFT JOIN assessment_runrow o ON o.run_id = {run_id} AND o.unit_id = t.unit_id"""  # noqa: S608
