"""阵地与联系 for tests, made through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from branches.enums import Field, UnitKind
from branches.models import Unit
from support import services
from support.models import (
    ContactLink,
    ContactVisit,
    JointCommittee,
    JointProject,
    Venue,
    VenueCheck,
    VenueItem,
)
from tests.factories.branches import make_committee

DAY = date(2026, 7, 14)


def make_venue(unit: Unit, *, by: User | None = None, on: date = DAY, **facts: Any) -> Venue:
    """The venue of a branch."""
    given: dict[str, Any] = {"name": "党群服务中心二楼", "address": "滨河路 8 号"} | facts
    return services.save_venue(unit=unit, by=by, on=on, **given)


def answers(*missing: str) -> dict[int, tuple[bool, str]]:
    """Answers to the whole list, those of the codes ``missing`` with 没有."""
    return {
        item.pk: (item.code not in missing, "") for item in VenueItem.objects.filter(is_active=True)
    }


def make_check(venue: Venue, *missing: str, by: User | None = None, on: date = DAY) -> VenueCheck:
    """A check that waits for the committee."""
    return services.submit_check(venue=venue, by=by, answers=answers(*missing), on=on)


def make_link(
    unit: Unit,
    *,
    home: Unit | None = None,
    user: User | None = None,
    since: date = date(2026, 1, 5),
    on: date = DAY,
    name: str = "秦国安",
) -> ContactLink:
    """A leader of ``home`` (else the unit's district) and his contact point."""
    leader = services.register_leader(
        unit=home or unit.district or unit, name=name, position="区委常委", level="district",
        user=user,
    )  # fmt: skip
    return services.link(leader=leader, unit=unit, by=None, since=since, on=on)


def make_visit(
    link: ContactLink,
    problem: str = "",
    *,
    day: date = DAY,
    on: date = DAY,
    found: str = "看了台账",
) -> ContactVisit:
    """A visit, with a problem when there are words for one."""
    return services.record_visit(link=link, by=None, day=day, found=found, problem=problem, on=on)


def make_community(street: Unit, **facts: Any) -> Unit:
    """A community's Party organisation below a street."""
    given: dict[str, Any] = {"kind": UnitKind.COMMITTEE, "field": Field.COMMUNITY}
    return make_committee(street, **given | facts)


def make_joint(unit: Unit, *, on: date = DAY, name: str = "滨河社区“大党委”") -> JointCommittee:
    """A joint committee with one member, one resource, one need."""
    joint = services.found(unit=unit, by=None, name=name, founded_on=date(2026, 3, 1), on=on)
    member = services.add_member(
        joint=joint, name="区供电公司", contact_post="办公室主任", since=date(2026, 3, 1), on=on
    )
    services.add_entry(joint=joint, kind="resource", title="周末开放停车位", member=member)
    services.add_entry(joint=joint, kind="need", title="小区停车难")
    return joint


def make_joint_project(
    joint: JointCommittee, *, due_on: date = date(2026, 9, 30), on: date = DAY, **facts: Any
) -> JointProject:
    """A project that matches the two."""
    given: dict[str, Any] = {
        "title": "共享停车", "owner": "区供电公司",
        "resource": joint.entries.get(kind="resource"), "need": joint.entries.get(kind="need"),
    } | facts  # fmt: skip
    return services.match(joint=joint, by=None, due_on=due_on, on=on, **given)


def one_of_everything(branch: Unit, *, by: User) -> None:
    """One row of each table in the data administration."""
    make_check(make_venue(branch, by=by), "sign", by=by)
    make_visit(make_link(branch), "门牌不规范")
    street = branch.committee or branch
    make_joint_project(make_joint(make_community(street)))
