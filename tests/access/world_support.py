"""阵地与联系 full of canaries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from support.enums import CheckState, IssueState
from support.models import (
    ContactLeader,
    ContactLink,
    ContactVisit,
    FollowUp,
    JointCommittee,
    JointEntry,
    JointMember,
    JointProgress,
    JointProject,
    Venue,
    VenueAnswer,
    VenueCheck,
    VenueFile,
    VenueItem,
)

_DAY = date(2026, 7, 1)


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
    for key in branches:
        _venue(world, key)
        _contact(world, key)
        _joint(world, key)


def _venue(world: Any, key: str) -> None:
    things, author = world.objects, world.objects["author"][key]
    venue = Venue.unscoped.create(
        unit=world.units[key], name=f"阵地zo{key}z", address=f"地址zo{key}z", by=author
    )
    things["venue"][key] = venue
    check = VenueCheck.unscoped.create(
        venue=venue, year=timezone.localdate().year, submitted_on=_DAY, submitted_by=author,
        note=f"说明zo{key}z", state=CheckState.SUBMITTED,
    )  # fmt: skip
    things["venue_check"][key] = check
    item = VenueItem.objects.order_by("pk")[0]
    VenueAnswer.unscoped.create(check_of=check, item=item, is_there=False, note=f"缺zo{key}z")
    things["venue_file"][key] = VenueFile.unscoped.create(
        venue=venue, item=item, name=f"照片zo{key}z.jpg", path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg", content_type="image/jpeg", sha256="0" * 64, size=10,
        by=author,
    )  # fmt: skip


def _contact(world: Any, key: str) -> None:
    things, author = world.objects, world.objects["author"][key]
    leader = ContactLeader.unscoped.create(
        unit=world.units[key], name=f"领导zo{key}z", position=f"职务zo{key}z", level="community"
    )
    link = ContactLink.unscoped.create(
        leader=leader, unit=world.units[key], since=date(2026, 1, 5), by=author
    )
    visit = ContactVisit.unscoped.create(
        link=link, day=_DAY, found=f"情况zo{key}z", problem=f"问题zo{key}z",
        state=IssueState.OPEN, by=author,
    )  # fmt: skip
    FollowUp.unscoped.create(visit=visit, day=_DAY, what=f"跟进zo{key}z", by=author)
    things["contact_leader"][key] = leader
    things["contact_link"][key] = link
    things["contact_visit"][key] = visit


def _joint(world: Any, key: str) -> None:
    """Whoever stands below knows the joint committee above him, as he knows its name."""
    things, author = world.objects, world.objects["author"][key]
    joint = JointCommittee.unscoped.create(
        unit=world.units[key], name=f"大党委zu{key}z", founded_on=_DAY, duties=f"机制zu{key}z",
        by=author,
    )  # fmt: skip
    member = JointMember.unscoped.create(
        joint=joint, name=f"单位zu{key}z", contact_post=f"岗位zu{key}z", since=_DAY
    )
    entry = JointEntry.unscoped.create(
        joint=joint, kind="resource", member=member, title=f"资源zu{key}z"
    )
    project = JointProject.unscoped.create(
        joint=joint, title=f"共建zu{key}z", resource=entry, owner=f"责任zu{key}z", due_on=_DAY,
        by=author,
    )  # fmt: skip
    JointProgress.unscoped.create(
        project=project, day=_DAY, percent=10, what=f"进展zu{key}z", by=author
    )
    things["joint"][key] = joint
    things["joint_member"][key] = member
    things["joint_entry"][key] = entry
    things["joint_project"][key] = project
