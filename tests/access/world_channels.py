"""Canaries of how people are told: robots, deliveries, preferences, urges, subscriptions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from branches import services
from core.models import Delivery, Notice, Preference
from meetings.models import Urge, Urged
from meetings.services.feeds import open_feed

if TYPE_CHECKING:
    from tests.access.world import World

# Whose notice was sent, by the unit he works for.
_READERS = {"secretary_a": "1a1", "secretary_b": "1b1", "group_leader": "1a1g"}


def build_channels(world: World) -> None:
    """One of each for every committee and branch."""
    staff = {"1": "district_1", "1a": "committee_a", "1b": "committee_b", "2": "district_2"}
    for key in ("1", "1a", "1b", "2a"):
        _robot(world, key, staff.get(key, "district_2"))
    for name, key in _READERS.items():
        notice = Notice.objects.create(
            key=f"sent:{name}",
            recipient=world.users[name],
            template="meetings/notices/urged",
            payload={"unit": f"组织zo{key}z", "who": "某人", "missing": [f"缺zo{key}z"]},
            title=f"消息zp{name}z",
            day=date(2026, 7, 1),
        )
        row = Delivery.objects.create(
            notice=notice, channel="email", address=f"zp{name}z@example.cn", state="failed"
        )
        world.objects["delivery"][key] = row
        world.objects["own_delivery"][name] = row
        world.objects["preference"][name] = Preference.objects.create(user=world.users[name])
        if key in ("1a1", "1b1"):
            _urge(world, key, notice, staff[key[:2]])
    for key, name in (("1a1", "secretary_a"), ("1b1", "secretary_b"), ("2a", "district_2")):
        world.objects["feed"][key] = open_feed(unit=world.units[key], by=world.users[name]).feed


def _robot(world: World, key: str, by: str) -> None:
    world.objects["robot"][key] = services.set_up_robot(
        unit=world.units[key],
        name=f"群zo{key}z",
        address=f"https://oapi.dingtalk.com/robot/send?access_token={key:x<40}",
        topics=["behind", "move"],
        by=world.users[by],
    )


def _urge(world: World, key: str, notice: Notice, by: str) -> None:
    committee = world.units[key[:2]]
    press = Urge.unscoped.create(unit=committee, by=world.users[by], month=date(2026, 7, 1), told=1)
    Urged.unscoped.create(urge=press, unit=world.units[key], notice=notice)
    world.objects["urge"][key[:2]] = press
