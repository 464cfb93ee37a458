"""Two districts full of canaries, and the people and programs who look at them.

Every text that belongs to a unit holds a canary of that unit. Five kinds:

``zuKEYz``  in the name of the unit and of the people who work there: seen in the unit, above it,
            and below it (whoever stands below knows the names of what stands above);
``zoKEYz``  in everything else that hangs on the unit: seen in the unit and above it only;
``zsDz``    in what is shared with everybody in district D;
``zpUSERz`` in what is addressed to one person: seen by nobody else;
``zcKEYz``  in 干部工作: seen by the cadre officers above the unit, by no superuser.

Keys: ``1`` is a district, ``1a`` a committee in it, ``1a1`` a branch, ``1a1g`` a group. Numbers of
identity and phone are canaries of their own (:attr:`World.numbers`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessment.enums import RunState
from assessment.models import Run, RunRow, Scheme
from assessment.rules import SchemeParameters
from branches.enums import ClientScope, Field, PostKind, Role
from branches.models import Grant, Unit, UnitChange
from branches.services.clients import Issued, issue_client
from core.jobs import start
from core.models import Notice
from meetings.enums import Kind, MoveState, Status
from meetings.models import FixedDayMove, MeetingFile, MinutesTemplate, Vote
from tests.access import (
    world_cadres,
    world_checks,
    world_dues,
    world_elections,
    world_membership,
    world_portal,
    world_programme,
    world_rectification,
    world_starrating,
    world_study,
    world_support,
    world_works,
)
from tests.access.world_appeals import add_appeals
from tests.access.world_brands import add_brands
from tests.access.world_channels import build_channels
from tests.access.world_life import add_life
from tests.factories.accounts import make_account
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_exemption,
    make_group,
    make_id_number,
    make_member,
    make_post,
    make_term,
    make_user,
)
from tests.factories.meetings import make_correction, make_event, make_meeting, make_spot_check

PERIOD = "2026Q3"
# Looks like a password to the door; no password opens it.
_USABLE = "scrypt$16384$canary$8$1$x"
_DATA_AT = timezone.make_aware(datetime(2026, 10, 5))
BRANCHES = ("1a1", "1a2", "1b1", "2a1")
# The newer programmes, each with one of everything in each branch.
PARTS = (
    world_starrating,
    world_dues,
    world_elections,
    world_membership,
    world_support,
    world_works,
    world_portal,
    world_cadres,
)


@dataclass
class World:
    """What was built, by kind and key: ``objects["meeting"]["1a1"]``."""

    units: dict[str, Unit] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Issued] = field(default_factory=dict)
    # Plain identity and phone numbers: number → key of the branch.
    numbers: dict[str, str] = field(default_factory=dict)
    # What the session of a persona holds beyond its sign-in.
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def kept_from(self, persona: str) -> set[str]:
        """The canaries that the walls of 干部工作 keep from a persona, whatever else he is."""
        cadres = {f"zc{key}z" for key in self.units}
        if persona not in OFFICERS:
            return cadres
        mine = self.below(PEOPLE[persona][1])
        return {f"zo{key}z" for key in self.units} | {f"zc{key}z" for key in set(self.units) - mine}

    def below(self, key: str) -> set[str]:
        """The keys of a unit and of all below it."""
        return {one for one in self.units if one.startswith(key)}

    def above(self, key: str) -> set[str]:
        """The keys of all units above one."""
        return {one for one in self.units if key.startswith(one) and one != key}

    def strangers(self, *roots: str) -> set[str]:
        """The canaries that somebody who works below ``roots`` must never see."""
        mine = set().union(*(self.below(root) for root in roots)) if roots else set()
        known = mine.union(*(self.above(root) for root in roots)) if roots else set()
        shared = {f"zs{one}z" for one in "12" if not any(root[0] == one for root in roots)}
        return (
            {f"zu{key}z" for key in set(self.units) - known}
            | shared
            | {f"zo{key}z" for key in set(self.units) - mine}
        )

    def own(self, *roots: str) -> set[str]:
        """The canaries that belong to somebody who works below ``roots``."""
        mine = set().union(*(self.below(root) for root in roots)) if roots else set()
        return {f"zu{key}z" for key in mine} | {f"zo{key}z" for key in mine}


def build() -> World:
    """Two districts, three committees, four branches, everything on them, and everybody."""
    world = World()
    for number in ("1", "2"):
        district = make_district(
            code=f"88{number}", name=f"县委zu{number}z", address=f"街道zo{number}z"
        )
        world.units[number] = district
        _district_things(world, number, district)
        for letter in ("a", "b") if number == "1" else ("a",):
            key = number + letter
            committee = make_committee(
                district, code=f"88{number}00{_digit(letter)}", **_named(key)
            )
            world.units[key] = committee
            _hang(world, key, committee)
            for place in ("1", "2") if key == "1a" else ("1",):
                _branch(world, f"{key}{place}", committee)
    _runs(world)
    world_study.build(world, BRANCHES)
    world_rectification.build(world, BRANCHES)
    _people(world)
    world_checks.hang(world)
    add_appeals(world)
    build_channels(world)
    world_programme.build(world, BRANCHES)
    add_brands(world)
    for part in PARTS:
        part.build(world, BRANCHES)
    return world


def _digit(letter: str) -> str:
    return str("ab".index(letter) + 1)


def _named(key: str) -> dict[str, Any]:
    return {
        "name": f"组织zu{key}z",
        "short_name": f"简称zu{key}z",
        "territory": f"属地zo{key}z",
        "contact": f"联系zo{key}z",
        "address": f"地址zo{key}z",
    }


def _branch(world: World, key: str, committee: Unit) -> None:
    branch = make_branch(
        committee, code=f"{committee.code}0{key[-1]}", field=Field.STREET, **_named(key)
    )
    world.units[key] = branch
    _hang(world, key, branch)
    group = make_group(branch, code=f"{branch.code}9", **_named(f"{key}g"))
    world.units[f"{key}g"] = group
    things = world.objects
    things["group"][key] = group
    things["exemption"][key] = make_exemption(
        branch,
        kind="lecture",
        since=date(2026, 1, 1),
        until=date(2026, 3, 1),
        reason=f"理由zo{key}z",
        approved=False,
    )
    members = []
    for number in range(3):
        home = f"{key}g" if number else key
        identity, phone = make_id_number(), f"1397{len(world.numbers):07d}"
        world.numbers |= {identity: key, phone: key}
        members.append(
            make_member(
                branch,
                name=f"党员zo{home}z{number}",
                id_number=identity,
                phone=phone,
                group=group if number else None,
                residence=f"住址zo{home}z",
                job=f"岗位zo{home}z",
            )
        )
    things["member"][key] = members[0]
    things["post"][key] = make_post(branch, PostKind.SECRETARY, member=members[0])
    author = make_account(username=f"author-zu{key}z", name=f"录入zu{key}z")
    things["author"][key] = author
    for status in Status:
        meeting = make_meeting(
            branch,
            (Kind.MEMBERS, Kind.FIXED_DAY),
            date(2026, 7, 7) + timedelta(days=int(status)),
            status=status,
            attendance=[(members[0], ""), (members[1], ""), (members[2], "sick")],
            topic=f"主题zo{key}z",
            by=author,
            minutes=f"内容zo{key}z",
            resolution=f"决议zo{key}z",
            place=f"地点zo{key}z",
            chair=f"主持zo{key}z",
        )
        things[f"meeting_{status.name.lower()}"][key] = meeting
    meeting = things["meeting_submitted"][key]
    things["meeting"][key] = meeting
    things["group_meeting"][key] = make_meeting(
        group, Kind.GROUP, date(2026, 7, 8), topic=f"小组zo{key}gz", by=author
    )
    things["vote"][key] = Vote.unscoped.create(
        meeting=meeting, subject=f"表决zo{key}z", eligible=3, present=2, yes=2
    )
    things["file"][key] = MeetingFile.unscoped.create(
        meeting=meeting,
        name=f"照片zo{key}z.jpg",
        path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg",
        content_type="image/jpeg",
        sha256=f"{len(things['file']):064d}",
        size=10,
        by=author,
    )
    things["correction"][key] = make_correction(
        things["meeting_accepted"][key], by=author, reason=f"更正zo{key}z", topic=f"改为zo{key}z"
    )
    things["event"][key] = make_event(branch, date(2026, 7, 1), title=f"事项zo{key}z", by=author)
    things["check"][key] = make_spot_check(
        branch, date(2026, 7, 20), meeting=meeting, by=author, findings=f"问题zo{key}z"
    )
    add_life(things, key, branch, author)


def _hang(world: World, key: str, unit: Unit) -> None:
    """What any unit may have."""
    world.objects["unit"][key] = unit
    world.objects["minutes_template"][key] = MinutesTemplate.unscoped.create(
        unit=unit, kind=Kind.GROUP, text=f"模板zo{key}z"
    )
    change = UnitChange.unscoped.filter(unit=unit).first()
    if change is not None:
        world.objects["change"][key] = change
    world.objects["term"][key] = make_term(unit, started_on=date(2025, 1, 1))


def _district_things(world: World, key: str, district: Unit) -> None:
    world.objects["unit"][key] = district
    world.objects["district"][key] = district
    world.objects["move"][key] = FixedDayMove.unscoped.create(
        unit=district,
        month=date(2026, 8, 1),
        day=date(2026, 8, 12),
        reason=f"调整zu{key}z",
        state=MoveState.APPROVED,
    )


def _runs(world: World) -> None:
    scheme = Scheme.objects.order_by("version").first() or Scheme.objects.create(
        version=1,
        title="第一版",
        valid_from=date(2020, 1, 1),
        parameters=SchemeParameters().to_json(),
    )
    for number in ("1", "2"):
        for state, period in ((RunState.PUBLISHED, PERIOD), (RunState.COMPUTED, "2026Q2")):
            run = Run.unscoped.create(
                unit=world.units[number],
                period=period,
                period_start=date(2026, 7, 1) if period == PERIOD else date(2026, 4, 1),
                period_end=date(2026, 9, 30) if period == PERIOD else date(2026, 6, 30),
                scheme=scheme,
                state=RunState.COMPUTING,
            )
            name = "run" if state == RunState.PUBLISHED else "run_computed"
            world.objects[name][number] = run
            for place, key in enumerate(one for one in BRANCHES if one.startswith(number)):
                _row(world, run, key, place + 1, name)
            run.state, run.data_at, run.ranked = RunState.COMPUTED, _DATA_AT, 3
            run.save()
            if state == RunState.PUBLISHED:
                run.state, run.published_at = state, timezone.now()
                run.save()


def _row(world: World, run: Run, key: str, rank: int, name: str) -> None:
    unit = world.units[key]
    world.objects[f"{name}_row"][key] = RunRow.unscoped.create(
        run=run,
        unit_id=unit.pk,
        path=unit.path,
        code=unit.code,
        name=unit.name,
        committee_code=world.units[key[:2]].code,
        committee_name=world.units[key[:2]].name,
        field=unit.field,
        score=Decimal("98.50"),
        duty_score=Decimal(1),
        rank_committee=1,
        rank_field=rank,
        rank_district=rank,
    )


PEOPLE = {
    "district_1": (Role.DISTRICT_STAFF, "1"),
    "district_2": (Role.DISTRICT_STAFF, "2"),
    "committee_a": (Role.COMMITTEE_STAFF, "1a"),
    "committee_b": (Role.COMMITTEE_STAFF, "1b"),
    "leader": (Role.LEADER, "1a"),
    "secretary_a": (Role.SECRETARY, "1a1"),
    "secretary_b": (Role.SECRETARY, "1b1"),
    "group_leader": (Role.GROUP_LEADER, "1a1g"),
    "cadre_officer_1": (Role.CADRE_OFFICER, "1"),
    "cadre_officer_2": (Role.CADRE_OFFICER, "2"),
}
# What only a cadre officer sees, and all that he sees: ``zcKEYz``, and the names of his units.
OFFICERS = frozenset({"cadre_officer_1", "cadre_officer_2"})
CLIENTS = {
    "client_district": ("1", [ClientScope.READ, ClientScope.MEMBERS, ClientScope.WRITE]),
    "client_branch": ("1a1", [ClientScope.READ, ClientScope.MEMBERS, ClientScope.WRITE]),
    "client_reader": ("1b", [ClientScope.READ]),
}


def _people(world: World) -> None:
    for name, (role, key) in PEOPLE.items():
        user = make_user(role, world.units[key], username=f"{name}-zu{key}z", name=f"同志zu{key}z")
        user.password = _USABLE
        user.save(update_fields=["password"])
        world.users[name] = user
        world.objects["user"][name] = user
        world.objects["grant"][name] = Grant.unscoped.get(user=user)
        world.objects["notice"][name] = Notice.objects.create(
            key=f"canary:{name}",
            recipient=user,
            template="meetings/notices/move_approved",
            payload={"text": f"内容zp{name}z", "body": f"内容zp{name}z"},
            title=f"消息zp{name}z",
            day=date(2026, 7, 1),
        )
        world.objects["job"][name] = start(
            task="core.nothing",
            title=f"任务zp{name}z",
            arguments={"text": f"zp{name}z"},
            initiator_id=user.pk,
        )
    nobody = make_account(username="ungranted", name="无授权", is_staff=True)
    nobody.password = _USABLE
    nobody.save(update_fields=["password"])
    world.users["ungranted"] = nobody
    for name, (key, scopes) in CLIENTS.items():
        world.clients[name] = issue_client(
            title=f"系统zo{key}z",
            unit=world.units[key],
            scopes=scopes,
            expires_on=timezone.localdate() + timedelta(days=30),
        )
        world.objects["client"][name] = world.clients[name].client
