"""What loading a roster costs, as a ratio to the bare COPY of the same rows into the same table.

``python -m bench.roster [--rows 50000 --runs 5]`` fills an EMPTY database (``DATABASE_URL``), makes
a workbook of invented people, and in turn, each on an empty roster:

* COPY: the very rows that the import wrote (sealed numbers and all), from memory, with the table's
  indexes, constraints and history, committed;
* the import: reading the workbook in its own process, checking every row, sealing, writing,
  committed, through ``branches.imports.commit``.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from datetime import date, timedelta
from statistics import median

import django

django.setup()

# The models can be imported once the applications are there.
from django.db import connection, transaction  # noqa: E402

from bench import world  # noqa: E402
from branches import imports  # noqa: E402
from branches.models import Unit  # noqa: E402
from core.workbooks import write_rows  # noqa: E402

HEAD = (
    "姓名",
    "性别",
    "公民身份号码",
    "人员类别",
    "所在党支部",
    "手机号码",
    "入党日期",
    "是否流动",
)
TODAY = date(2026, 11, 23)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"
_BRANCHES = 2000


def number(place: int) -> str:
    """A valid invented 公民身份号码, another one for each place."""
    born = date(1925, 1, 1) + timedelta(days=place % 18_000)
    body = f"{620100 + place // 18_000:06d}{born:%Y%m%d}{place % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def workbook(rows: int) -> bytes:
    """The people of a district as their committees send them."""
    dice = random.Random(7)  # noqa: S311
    names = list(
        Unit.unscoped.filter(depth=3, dissolved_on__isnull=True).values_list("code", flat=True)
    )
    lines = []
    for place in range(rows):
        sealed = number(place)
        name = dice.choice(_SURNAMES) + dice.choice(_GIVEN) + dice.choice(_GIVEN)
        sex = "男" if int(sealed[16]) % 2 else "女"
        joined = f"{dice.randint(1995, 2024)}-07-01"
        phone = f"139{place:08d}"
        lines.append(
            (name, sex, sealed, "正式党员", names[place % len(names)], phone, joined, "否")
        )
    stream = io.BytesIO()
    write_rows(stream, HEAD, lines)
    return stream.getvalue()


def emptied() -> None:
    """The roster and its history without a row."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE branches_member, branches_memberevent CASCADE")


def load(book: bytes, rows: int) -> float:
    """Seconds of the import."""
    emptied()
    start = time.perf_counter()
    plan = imports.commit("members", book, rights=imports.Rights.of_machine(), today=TODAY)
    seconds = time.perf_counter() - start
    if plan.faults or len(plan.created) != rows:
        sys.exit(f"导入有误：{[fault.message for fault in plan.faults[:3]]}")
    return seconds


def taken() -> io.StringIO:
    """The rows as the import left them."""
    stream = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY branches_member TO STDOUT", stream)
    return stream


def copied(stream: io.StringIO) -> float:
    """Seconds of putting them back."""
    emptied()
    stream.seek(0)
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert("COPY branches_member FROM STDIN", stream)
    return time.perf_counter() - start


def main() -> None:
    """Build, interleave and print."""
    parser = argparse.ArgumentParser(description="名册导入的耗时，与同样各行的裸 COPY 相比")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    if Unit.unscoped.exists() and Unit.unscoped.filter(code="D").first() is None:
        sys.exit("这个数据库里已有数据：请给一个只做过 migrate 的空库。")
    world.build(units=_BRANCHES, records=_BRANCHES)
    book = workbook(given.rows)
    load(book, given.rows)
    rows = taken()
    loads, copies = [], []
    for _ in range(given.runs):
        copies.append(copied(rows))
        loads.append(load(book, given.rows))
    one, other = median(copies), median(loads)
    ratio, goal = other / one, 8
    sys.stdout.write(
        f"{given.rows:,} 行名册  COPY {one:.2f} s  导入 {other:.2f} s（读、核对、密封、写入）"
        f"  {ratio:.2f} 倍（目标 ≤ {goal} 倍，{'达到' if ratio <= goal else '未达到'}；"
        f"各 {given.runs} 次取中位数，交替进行）\n"
    )


if __name__ == "__main__":
    main()
