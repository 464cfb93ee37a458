"""What the quarterly run costs, as a ratio to the bare scan of the same rows.

``python -m bench.ranking [--units 300000 --records 6000000 --runs 3]`` fills an EMPTY database
(``DATABASE_URL``), then in one session, in turn, at least three times each:

* F, ``SELECT unit_id, kind_mask, count(*) … GROUP BY 1, 2`` over the quarter's counting records, by
  hash over the table, which is how the figures define it;
* the same statement as the database likes it: where the index of the ranking is at hand and fresh
  it reads that in order, and is a good deal faster than F;
* the whole run: duties, credit, score, three ranks, explanations, written and committed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from math import log
from statistics import median

import django

django.setup()

# The models can be imported once the applications are there.
from django.db import connection, transaction  # noqa: E402

from assessment.models import Run  # noqa: E402
from assessment.services import compute, scheme_for  # noqa: E402
from bench import world  # noqa: E402
from branches.models import Unit  # noqa: E402
from meetings.enums import COUNTING  # noqa: E402
from meetings.models import Meeting  # noqa: E402

F = """
SELECT unit_id, kind_mask, count(*) FROM meetings_meeting
WHERE held_on BETWEEN %s AND %s AND status = ANY(%s) GROUP BY 1, 2
"""


HASHED = "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; \
SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"


def floor(*, hashed: bool = True) -> int:
    """F; fetched to the last row inside the database, so that the wire is not measured."""
    with transaction.atomic(), connection.cursor() as cursor:
        quarter = world.QUARTER
        if hashed:
            cursor.execute(HASHED)
        cursor.execute(
            f"SELECT count(*) FROM ({F}) f", [quarter.start, quarter.end, list(map(int, COUNTING))]
        )
        (rows,) = cursor.fetchone()
    return int(rows)


def ranking(district: Unit, version: int) -> int:
    """One run as staff start it, without the queue; returns the number of its units."""
    quarter = world.QUARTER
    run = Run.unscoped.create(
        unit=district,
        period=quarter.label,
        period_start=quarter.start,
        period_end=quarter.end,
        version=version,
        scheme=scheme_for(quarter),
    )
    run = compute(run=run)
    return run.ranked + run.unranked


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds, and what the work returned."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def measure(units: int, records: int, runs: int, *, kept: bool = False) -> tuple[float, float]:
    """Build, then interleave; prints a line and returns the medians of F and of the run."""
    district = Unit.unscoped.get(pk=1) if kept else world.build(units=units, records=records)
    _empty_runs()
    counted = Meeting.unscoped.count()
    floors, indexed, runnings, rows = [], [], [], 0
    floor()
    for version in range(1, runs + 1):
        floors.append(timed(floor)[0])
        indexed.append(timed(partial(floor, hashed=False))[0])
        seconds, rows = timed(partial(ranking, district, version))
        runnings.append(seconds)
    one, free, other = median(floors), median(indexed), median(runnings)
    sys.stdout.write(
        f"{units:>9,} 个支部 {counted:>11,} 条记录  F {one:8.3f} s  考核 {other:8.3f} s"
        f"  考核/F {other / one:5.2f}  （写入 {rows:,} 行，各 {runs} 次取中位数；"
        f"F 由数据库自选计划 {free:.3f} s，考核为其 {other / free:.2f} 倍）\n"
    )
    sys.stdout.flush()
    _empty_runs()
    return one, other


def _empty_runs() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE assessment_runrow, assessment_run CASCADE")


def main() -> None:
    """Read the sizes and measure them, the small one first."""
    parser = argparse.ArgumentParser(description="季度考核的耗时，与同一批记录的裸扫描相比")
    parser.add_argument("--units", type=int, default=300_000)
    parser.add_argument("--records", type=int, default=6_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--kept", action="store_true", help="用库里上次建好的同样大小的数据，不再建小的来比增长"
    )
    given = parser.parse_args()
    if given.kept:
        measure(given.units, given.records, max(given.runs, 3), kept=True)
        return
    if Unit.unscoped.exists() and Unit.unscoped.filter(code="D").first() is None:
        sys.exit("这个数据库里已有数据：请给一个只做过 migrate 的空库。")
    small = max(given.units // 100, 100)
    _, before = measure(small, given.records * small // given.units, max(given.runs, 3))
    _, after = measure(given.units, given.records, max(given.runs, 3))
    exponent = log(after / before) / log(given.units / small)
    sys.stdout.write(f"增长指数 n^{exponent:.3f}\n")


if __name__ == "__main__":
    main()
