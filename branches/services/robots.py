"""群机器人: set up, changed, tried, and told things for a whole subtree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import COMMITTEE_KINDS, RobotKind, RobotTopic, UnitKind
from branches.models import Robot, Unit
from branches.robot_address import Address, NoAddress, read_address, read_secret
from core import outbox
from core.errors import Refusal
from core.outbox import GroupNotice

# Who has a group of its own to tell: what looks after others.
ROBOT_UNITS = (UnitKind.DISTRICT, *COMMITTEE_KINDS)


@transaction.atomic
def set_up_robot(
    *, unit: Unit, name: str, address: str, topics: Sequence[str], secret: str = "", by: User
) -> Robot:
    """Register a robot of a committee's group by its pasted address.

    The same address for the same unit again is the robot that is there.

    Raises:
        Refusal: no committee, no name, no topic, or an address that is no vendor's.
    """
    if unit.kind not in ROBOT_UNITS:
        raise Refusal("群机器人登记在区委、党（工）委或党总支名下，请另选党组织。", field="unit")
    read = _address(address)
    robot = Robot(
        unit=unit, name=_name(name), kind=read.kind, topics=_topics(topics), created_by=by
    )
    robot.seal("token", read.token)
    robot.seal("secret", _secret(secret, read))
    try:
        with transaction.atomic():
            robot.save(force_insert=True)
    except IntegrityError:
        return Robot.unscoped.get(
            unit=unit, **Robot.sealed_lookup("token", read.token), kind=read.kind
        )
    return robot


@transaction.atomic
def change_robot(
    *,
    robot: Robot,
    name: str,
    topics: Sequence[str],
    is_active: bool,
    address: str = "",
    secret: str = "",
) -> Robot:
    """Change what it tells, switch it off or on; a new address takes the place of the old one.

    Raises:
        Refusal: as :func:`set_up_robot`, or the new address is registered already.
    """
    row = Robot.unscoped.select_for_update().get(pk=robot.pk)
    row.name, row.topics, row.is_active = _name(name), _topics(topics), is_active
    if address.strip():
        read = _address(address)
        row.kind = read.kind
        row.seal("token", read.token)
        row.seal("secret", _secret(secret, read))
    elif secret.strip():
        row.seal("secret", _secret(secret, Address(RobotKind(row.kind), "")))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal("这个机器人在这个党组织已经登记过。", field="address") from error
    return row


@transaction.atomic
def try_robot(*, robot: Robot, by: User) -> int:
    """Send a test message through the outbox, at most one a minute; 1 when it was written.

    Raises:
        Refusal: it is switched off.
    """
    if not robot.is_active:
        raise Refusal("这个机器人已停用，请先启用再测试。", code="conflict")
    now = timezone.localtime()
    notice = _told(
        robot,
        key=f"robot_test:{now:%Y%m%d%H%M}",
        template="branches/notices/robot_test",
        payload={"unit": robot.unit.name, "robot": robot.name, "time": f"{now:%H:%M}"},
        title="测试消息",
        link=reverse("branches:robot_list"),
    )
    return outbox.tell_groups([notice], at_once=True)


def announce(
    *,
    below: Unit,
    topic: RobotTopic,
    key: str,
    template: str,
    payload: Mapping[str, Any],
    title: str,
    link: str = "",
    day: date | None = None,
) -> int:
    """Tell the groups in a subtree one thing, each once per key; the number that were new.

    Call it in the transaction that writes what is told. No name of a person belongs in it.
    """
    told = {"template": template, "payload": payload, "title": title, "link": link}
    rows = [_told(robot, key=key, **told) for robot in listening(topic, below=below)]
    return outbox.tell_groups(rows, day=day) if rows else 0


def listening(topic: RobotTopic, *, below: Unit | None = None) -> list[Robot]:
    """The robots that are on and tell this, with their units; of a subtree, or of all."""
    rows = Robot.unscoped.filter(is_active=True, topics__contains=[topic]).select_related("unit")
    if below is not None:
        rows = rows.filter(unit__path__startswith=below.path)
    return list(rows.order_by("pk"))


def _told(robot: Robot, *, key: str, **told: Any) -> GroupNotice:
    return GroupNotice(
        key=f"{key}:robot{robot.pk}", channel=robot.kind, address=str(robot.uuid), **told
    )


def _name(text: str) -> str:
    name = text.replace("\x00", "").strip()
    if not name:
        raise Refusal("请给机器人起个名字，例如“街道书记群”。", field="name")
    if len(name) > 40:
        raise Refusal("名称请控制在 40 字以内。", field="name")
    return name


def _topics(topics: Sequence[str]) -> list[str]:
    chosen = [topic.value for topic in RobotTopic if topic in topics]
    if not chosen or len(chosen) != len(set(topics)):
        raise Refusal("请至少选一类要发到群里的消息。", field="topics")
    return chosen


def _address(text: str) -> Address:
    try:
        return read_address(text, hosts=settings.ROBOT_HOSTS)
    except NoAddress as wrong:
        raise Refusal(str(wrong), field="address") from wrong


def _secret(text: str, address: Address) -> str | None:
    try:
        return read_secret(text, kind=address.kind) or None
    except NoAddress as wrong:
        raise Refusal(str(wrong), field="secret") from wrong
