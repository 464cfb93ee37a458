"""What the hourly reminders cost on a day whose reminders were sent, as a ratio to the bare scan.

``python -m bench.sweep [--units 300000 --records 6000000 --runs 5]`` fills an EMPTY database
(``DATABASE_URL``), gives every branch a secretary and every committee its staff, and sweeps
25 December 2026, the month's end. Then in one session, in turn:

* F, as in :mod:`bench.ranking`;
* the whole question, as at the day's first hour, its notices already written;
* a later hour without a change;
* a later hour after one branch in a thousand had a record returned.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

import django

django.setup()

# The models can be imported once the applications are there.
from django.db import connection  # noqa: E402

from bench import world  # noqa: E402
from bench.ranking import floor, timed  # noqa: E402
from branches.models import Unit  # noqa: E402
from meetings import notices  # noqa: E402
from meetings.models import Sweep  # noqa: E402

NOW = datetime(2026, 12, 25, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))

_USERS = """
INSERT INTO accounts_user (id, password, is_superuser, username, email,
    is_staff, is_active, date_joined, name, must_change_password)
SELECT u.id, '!', false, 'bench' || u.id, 'u' || u.id || '@example.cn', false, true, now(),
       '张' || u.id, false
FROM branches_unit u WHERE u.depth IN (2, 3)
"""
_GRANTS = """
INSERT INTO branches_grant (user_id, role, unit_id, since)
SELECT u.id, CASE u.depth WHEN 2 THEN 'committee_staff' ELSE 'secretary' END, u.id, '2020-01-01'
FROM branches_unit u WHERE u.depth IN (2, 3)
"""
# Of December, by turns of another thousandth.
_RETURNED = """
UPDATE meetings_meeting SET status = 3
WHERE status = 1 AND held_on >= '2026-12-01' AND unit_id %% 1000 = %s
"""


def people() -> None:
    """A secretary for every branch, somebody for every committee; nobody was told anything."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_notice, core_delivery, branches_grant RESTART IDENTITY")
        # Neither keys nor history of half a million invented accounts are worth the time.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM accounts_user WHERE username LIKE 'bench%'")
        cursor.execute(_USERS)
        cursor.execute(_GRANTS)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE) accounts_user, branches_grant")


def sweep() -> int:
    """An hour; how many notices it wrote."""
    return sum(notices.owed(NOW).values())


def whole() -> int:
    """An hour that has forgotten what was asked before."""
    Sweep.objects.all().delete()
    return sweep()


def main() -> None:
    """Build, sweep once, then interleave and print."""
    parser = argparse.ArgumentParser(description="已发过提醒的日子里，每小时巡查的耗时")
    parser.add_argument("--units", type=int, default=300_000)
    parser.add_argument("--records", type=int, default=6_000_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    if Unit.unscoped.exists() and Unit.unscoped.filter(code="D").first() is None:
        sys.exit("这个数据库里已有数据：请给一个只做过 migrate 的空库。")
    world.build(units=given.units, records=given.records)
    people()
    first, written = timed(sweep)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) core_notice, core_delivery")
    sys.stdout.write(
        f"{given.units:,} 个支部；当天第一次巡查 {first:.2f} s，写入 {written:,} 条提醒\n"
    )
    floor()
    scans, wholes, idles, changes, told = [], [], [], [], 0
    for turn in range(given.runs):
        scans.append(timed(floor)[0])
        wholes.append(timed(whole)[0])
        idles.append(timed(sweep)[0])
        with connection.cursor() as cursor:
            cursor.execute(_RETURNED, [turn])
        seconds, rows = timed(sweep)
        changes.append(seconds)
        told += rows
    one = median(scans)
    sys.stdout.write(f"F {one:.3f} s（各 {given.runs} 次取中位数，交替进行）\n")
    for name, times in (
        ("全量巡查（当天首次，提醒已在库）", wholes),
        ("同日再次巡查，无变化", idles),
        (f"同日再次巡查，千分之一的支部有记录被退回（共新发 {told} 条）", changes),
    ):
        cost = median(times)
        sys.stdout.write(f"{name} {cost * 1000:,.1f} ms = {cost / one:.3f} × F\n")


if __name__ == "__main__":
    main()
