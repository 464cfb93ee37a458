"""样例区的通知: a robot that is switched off, some wishes, presses of 催报, subscriptions.

Nothing leaves the house: the robot is off, and what the press would have mailed counts as sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from django.utils import timezone

from accounts.models import User
from branches import services
from branches.sample import SampleDistrict
from core.dates import Period
from core.enums import DeliveryState, Digest
from core.models import Delivery, Notice, Preference
from meetings.behind import Question
from meetings.models import CalendarFeed, Urge, Urged
from meetings.services.feeds import open_feed, revoke_feed
from meetings.services.urges import urge

_STREET = "990101001000"
# No robot of anybody's: the vendor knows no such token.
_ADDRESS = "https://oapi.dingtalk.com/robot/send?access_token=" + "0" * 60 + "5a3c"


def build(*, sample: SampleDistrict, users: Mapping[str, User]) -> None:
    """After the records are there: those behind are asked for."""
    street, staff, secretary = sample.units[_STREET], users["jiedao"], users["shuji"]
    robot = services.set_up_robot(
        unit=street,
        name="街道支部书记群",
        address=_ADDRESS,
        topics=["behind", "fixed_day", "move"],
        by=staff,
    )
    services.change_robot(robot=robot, name=robot.name, topics=robot.topics, is_active=False)
    Preference.objects.bulk_create(
        [
            Preference(user=secretary, digest=Digest.DAILY, digest_hour=9),
            Preference(user=staff, quiet_from=time(19), quiet_to=time(8, 30)),
            Preference(user=users["lingdao"], digest=Digest.WEEKLY, digest_hour=8),
        ]
    )
    _urged(sample, users)
    branch = sample.edge("three_groups")
    revoke_feed(feed=open_feed(unit=branch, by=secretary).feed, by=secretary)
    feed = open_feed(unit=branch, by=secretary).feed
    CalendarFeed.unscoped.filter(pk=feed.pk).update(read_at=timezone.now() - timedelta(hours=3))


def _urged(sample: SampleDistrict, users: Mapping[str, User]) -> None:
    """The day before, street and district pressed 催报; every third has not looked yet."""
    day = sample.today - timedelta(days=1)
    month = Period.containing(day, "month")
    for unit, by, asked in (
        (sample.units[_STREET], users["jiedao"], month),
        (sample.root, users["zuzhibu"], month.previous()),
    ):
        urge(question=Question((unit,), asked, day, everything=True), unit_ids=None, by=by)
    at = timezone.now() - timedelta(days=1)
    Urge.unscoped.update(at=at)
    told = list(Urged.unscoped.order_by("pk").values_list("notice_id", flat=True))
    Notice.objects.filter(pk__in=told).update(created_at=at)
    looked = [pk for number, pk in enumerate(told) if number % 3]
    Notice.objects.filter(pk__in=looked).update(read_at=at + timedelta(hours=2))
    sent = Delivery.objects.filter(notice__in=told)
    sent.update(state=DeliveryState.SENT, sent_at=at, receipt="样例", attempts=1)
    first = sent.order_by("pk").values("pk")[:1]
    Delivery.objects.filter(pk__in=first).update(
        state=DeliveryState.FAILED, sent_at=None, receipt="", error="对方没有这个邮箱（样例）"
    )
