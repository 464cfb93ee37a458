"""What the pages people open most cost, as ratios to empty pages of the same stack.

``python -m bench.pages [--units 300000 --records 6000000 --runs 9]`` fills an EMPTY database
(``DATABASE_URL``), signs in as district staff and asks, by the whole stack of middleware in one
process, in turn:

* the list pages (50 rows) and the district desk, against an empty page for the same person;
* fifty rows of the API, against the same rows made into JSON by the database and sent by an empty
  view under the same credential;
* the change lists of the data administration, against its empty page.

Each page is opened twice before it is measured; the desk's first view is shown by itself.
"""

from __future__ import annotations

import argparse
import base64
import sys
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

import django

django.setup()

# The models can be imported once the applications are there.
from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from accounts.models import User  # noqa: E402
from bench import world  # noqa: E402
from branches import services  # noqa: E402
from branches.enums import Role  # noqa: E402
from branches.models import Unit  # noqa: E402
from branches.services import NewMember, clients, roster  # noqa: E402

STAFF = "benchstaff"


@dataclass
class Page:
    """An address that is measured, against another, with the goal for the ratio."""

    name: str
    url: str
    against: str
    goal: float
    times: list[float] = field(default_factory=list)
    queries: int = 0


EMPTY, ADMIN = "/bench/empty/", "/bench/admin/"
PAGES = [
    Page("党组织列表", "/units/", EMPTY, 2.5),
    Page("党员列表", "/members/", EMPTY, 2.5),
    Page("会议记录列表", "/meetings/", EMPTY, 2.5),
    Page("区级工作台（首次之后）", "/", EMPTY, 4),
    Page("后台党组织", "/admin/branches/unit/", ADMIN, 3),
    Page("后台党员", "/admin/branches/member/", ADMIN, 3),
    Page("后台会议记录", "/admin/meetings/meeting/", ADMIN, 3),
    Page("接口党组织 50 行", "/api/v1/units/?page_size=50", "/api/v1/bench/units/", 2),
    Page("接口会议记录 50 行", "/api/v1/meetings/?page_size=50", "/api/v1/bench/meetings/", 2),
]


def people(units: int) -> User:
    """Three members for every tenth branch, with sealed numbers, and somebody of the district."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE branches_grant, branches_apiclient, branches_member CASCADE")
    User.objects.filter(username=STAFF).delete()
    user = User(username=STAFF, name="王小明", is_staff=True)
    user.set_unusable_password()
    user.save()
    services.give(
        user=user, role=Role.DISTRICT_STAFF, unit=Unit.unscoped.get(pk=1), since=date(2020, 1, 1)
    )
    standing = Unit.unscoped.filter(depth=3, dissolved_on__isnull=True).order_by("pk")
    branches = list(standing[: max(units // 10, 50)])
    rows = [
        NewMember(unit=branch, name=f"张{number}{turn}", phone=f"139{number * 4 + turn:08d}")
        for number, branch in enumerate(branches)
        for turn in range(3)
    ]
    for start in range(0, len(rows), 10_000):
        roster.add_many(rows[start : start + 10_000])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) branches_member, branches_grant")
    return user


def bearer(unit: Unit) -> str:
    """The Authorization header of a new credential that may read everything."""
    issued = clients.issue_client(
        title="bench", unit=unit, scopes=["read"], expires_on=localdate() + timedelta(days=30)
    )
    pair = base64.b64encode(f"{issued.client_id}:{issued.secret}".encode()).decode()
    reply = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials"},
        headers={"authorization": f"Basic {pair}"},
        secure=True,
    )
    return f"Bearer {reply.json()['access_token']}"


def opened(client: Client, url: str, token: str) -> float:
    """Seconds until the last byte of a page is there."""
    headers = {"authorization": token} if url.startswith("/api/") else {}
    start = time.perf_counter()
    reply = client.get(url, headers=headers, secure=True)
    size = len(reply.content)
    seconds = time.perf_counter() - start
    if reply.status_code != 200 or not size:
        sys.exit(f"{url}: {reply.status_code}")
    return seconds


def agree(client: Client, page: Page, token: str) -> None:
    """Both ways give the same rows with the same fields, or the comparison means nothing."""
    found = [
        client.get(url, headers={"authorization": token}, secure=True).json()["results"]
        for url in (page.url, page.against)
    ]
    shown = [[(row["uuid" if "uuid" in row else "code"], sorted(row)) for row in f] for f in found]
    if shown[0] != shown[1] or len(shown[0]) != 50:
        sys.exit(f"{page.url} 与 {page.against} 的内容不同")


def main() -> None:
    """Build, warm up, interleave and print."""
    parser = argparse.ArgumentParser(description="常用页面的耗时，与同一套软件的空页相比")
    parser.add_argument("--units", type=int, default=300_000)
    parser.add_argument("--records", type=int, default=6_000_000)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    if Unit.unscoped.exists() and Unit.unscoped.filter(code="D").first() is None:
        sys.exit("这个数据库里已有数据：请给一个只做过 migrate 的空库。")
    settings.ROOT_URLCONF = "bench.empty"
    settings.ALLOWED_HOSTS = ["testserver"]
    district = world.build(units=given.units, records=given.records)
    user = people(given.units)
    cache.clear()
    client = Client()
    client.force_login(user)
    token = bearer(district)
    first = opened(client, "/", token)
    bases = {page.against: Page("", page.against, "", 0) for page in PAGES}
    every = [*bases.values(), *PAGES]
    for page in every:
        opened(client, page.url, token)
        with CaptureQueriesContext(connection) as found:
            opened(client, page.url, token)
        page.queries = len(found)
    for page in PAGES:
        if page.url.startswith("/api/"):
            agree(client, page, token)
    for _ in range(given.runs):
        for page in every:
            page.times.append(opened(client, page.url, token))
    sys.stdout.write(
        f"{given.units:,} 个支部，{given.records:,} 条记录；各 {given.runs} 次取中位数，交替进行；"
        f"区级工作台首次打开 {first:.2f} s\n"
    )
    for base in bases.values():
        sys.stdout.write(
            f"基准 {base.url}  {median(base.times) * 1000:.1f} ms，{base.queries} 次查询\n"
        )
    for page in PAGES:
        ratio = median(page.times) / median(bases[page.against].times)
        verdict = "达到" if ratio <= page.goal else "未达到"
        sys.stdout.write(
            f"{page.name}  {median(page.times) * 1000:.1f} ms，{page.queries} 次查询，"
            f"{ratio:.2f} 倍（目标 ≤ {page.goal} 倍，{verdict}）\n"
        )


if __name__ == "__main__":
    main()
