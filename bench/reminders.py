"""Kill the scheduler and the sender, again and again, over simulated years (R10, R11).

    DATABASE_URL=… python -m bench.reminders [--crashes 10000] [--months 120]

Works in an empty scratch database that is migrated. A child process sweeps and sends, the parent
kills it with SIGKILL after a few random milliseconds; once a simulated day it is left alone. At the
end the notices are compared with those of a run without a crash, and the mails in the box with the
deliveries. Prints what was lost and what was doubled.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, connections  # noqa: E402

from branches import services  # noqa: E402
from branches.enums import Role, UnitKind  # noqa: E402
from core import channels, outbox  # noqa: E402
from core.channels import Outcome, Parcel  # noqa: E402
from core.dates import add_months  # noqa: E402
from core.enums import Channel, DeliveryState  # noqa: E402
from core.models import Delivery, Notice  # noqa: E402
from meetings import notices  # noqa: E402
from meetings.models import Meeting  # noqa: E402
from tests.factories.accounts import make_account  # noqa: E402

CHINA = ZoneInfo("Asia/Shanghai")
# After quiet hours, so that what is told in the morning is also sent.
BEGIN = datetime(2017, 1, 1, 8, 5, tzinfo=CHINA)
BOX = Path(mkdtemp()) / "mailbox"


def to_the_box(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
    """A mail server: what it has taken is on disk before it says so."""
    for parcel in parcels:
        box = os.open(BOX, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(box, f"{parcel.message_id} {parcel.address}\n".encode())
        os.fsync(box)
        os.close(box)
        yield Outcome(parcel.delivery_id, receipt=parcel.message_id)


def build(days: int) -> None:
    """A district of twelve branches that forget every third thing."""
    dice = random.Random(5)  # noqa: S311
    district = services.place(
        parent=None, kind=UnitKind.DISTRICT, code="D", name="区委", founded_on=BEGIN.date()
    )
    for c in range(2):
        street = services.place(
            parent=district,
            kind=UnitKind.WORKING_COMMITTEE,
            code=f"C{c}",
            name=f"第{c}党工委",
            founded_on=BEGIN.date(),
        )
        _give(Role.COMMITTEE_STAFF, street)
        for b in range(6):
            branch = services.place(
                parent=street,
                kind=UnitKind.BRANCH,
                code=f"B{c}{b}",
                name=f"第{c}{b}党支部",
                founded_on=BEGIN.date(),
            )
            _give(Role.SECRETARY, branch)
            day = BEGIN.date()
            while day < BEGIN.date() + timedelta(days=days):
                day += timedelta(days=dice.randint(10, 40))
                Meeting.unscoped.create(
                    unit=branch,
                    kind_mask=dice.choice((1, 8, 16, 17)),
                    held_on=day,
                    topic="学习",
                    status=2,
                    first_submitted_on=day,
                )


def _give(role: Role, unit: object) -> None:
    user = make_account(username=f"u{unit.code}", email=f"{unit.code}@example.cn")  # type: ignore[attr-defined]
    services.give(user=user, role=role, unit=unit, since=BEGIN.date())  # type: ignore[arg-type]


def work(now: datetime) -> None:
    """What worker and scheduler do in an hour."""
    notices.owed(now)
    outbox.deliver(now=now)


def killed(now: datetime, after: float) -> None:
    """The same in a child that dies soon."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work(now)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def told() -> set[str]:
    return set(Notice.objects.values_list("key", flat=True))


def main(crashes: int, months: int) -> int:
    """Run, compare, print; the number of faults."""
    if Notice.objects.exists() or Meeting.unscoped.exists():
        print("这个数据库里已有数据：请给一个只做过 migrate 的空库。")
        return 1
    channels.SENDERS = {Channel.EMAIL: to_the_box}
    days = (add_months(BEGIN.date(), months) - BEGIN.date()).days
    build(days)
    dice, done = random.Random(6), 0  # noqa: S311
    for day in range(days + 8):
        now = BEGIN + timedelta(days=day)
        while done < crashes * (day + 1) // days:
            now += timedelta(minutes=5)
            killed(now, dice.uniform(0.002, 0.06))
            done += 1
        work(BEGIN + timedelta(days=day, hours=12))
    outbox.deliver(now=BEGIN + timedelta(days=days + 30))
    with_crashes = told()
    mails = Counter(line.split()[0] for line in BOX.read_text().splitlines())
    unsent = Delivery.objects.exclude(state=DeliveryState.SENT).count()
    # What waited for one person went as one message, with one receipt.
    letters = Delivery.objects.values("receipt").distinct().count()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_notice, core_delivery CASCADE")
        cursor.execute("TRUNCATE meetings_sweep, meetings_touched")
    for day in range(days + 8):
        notices.owed(BEGIN + timedelta(days=day, hours=12))
    without = told()
    lost, extra = without - with_crashes, with_crashes - without
    print(f"{done} crashes in {months} months: {len(with_crashes)} notices")
    print(f"lost {len(lost)}, not owed {len(extra)}, unsent {unsent}")
    print(f"mailbox: {letters - len(mails)} missing, {len(mails) - letters} too many")
    print(
        f"sent again around a crash, under the same Message-ID: {sum(mails.values()) - len(mails)}"
    )
    return len(lost) + len(extra) + unsent + abs(letters - len(mails))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="提醒在反复中断下是否一条不少、一条不多")
    parser.add_argument("--crashes", type=int, default=1000)
    parser.add_argument("--months", type=int, default=120)
    given = parser.parse_args()
    sys.exit(min(main(given.crashes, given.months), 1))
