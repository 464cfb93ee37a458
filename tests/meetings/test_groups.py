"""What groups are told by their robots, and who is told that a record came back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from branches import services as branches
from branches.enums import Role
from branches.models import Robot, Unit
from core import outbox
from core.models import Delivery, Notice, Preference
from meetings import notices, services
from meetings.enums import Kind
from meetings.models import Meeting
from meetings.services.calendar import decide_move, propose_move
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import Street

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def robot_of(unit: Unit, *topics: str, token: str = "a" * 40) -> Robot:
    return branches.set_up_robot(
        unit=unit,
        name="书记群",
        address=f"https://oapi.dingtalk.com/robot/send?access_token={token}",
        topics=topics,
        by=make_user(Role.COMMITTEE_STAFF, unit),
    )


def heard(robot: Robot) -> list[tuple[str, str]]:
    """Title and words of what a group was told."""
    rows = Delivery.objects.filter(address=str(robot.uuid)).order_by("pk").select_related("notice")
    return [(row.notice.title, outbox.text_of(row.notice)) for row in rows]


def test_the_group_hears_which_branches_have_no_record_of_the_fixed_day(street: Street) -> None:
    robot = robot_of(street.street, "behind")
    make_meeting(street.neighbour, Kind.FIXED_DAY, date(2026, 7, 7))
    third = make_branch(street.street, name="第三党支部")
    for hour in (9, 10):
        notices.owed(at(f"2026-07-08 {hour:02}:05"))
    assert heard(robot) == [
        (
            "7月7日固定组织生活日未记录：2个支部",
            "中共安宁街道工作委员会：7月7日的固定组织生活日，还有 2 个支部没有记录。打开名单，"
            f"可以逐个催报，也可以一并催报。\n{street.branch.name}、{third.name}。",
        )
    ]
    assert Notice.objects.filter(recipient=None).get().link.startswith("/behind/?month=2026-07")


def test_the_staff_of_the_committee_hear_it_as_before(street: Street) -> None:
    robot_of(street.street, "behind")
    notices.owed(at("2026-07-08 09:05"))
    notice = Notice.objects.get(recipient=street.reviewer)
    assert notice.key == f"fixed_day_behind:{street.reviewer.pk}:{street.street.pk}:2026-07-07"
    assert outbox.text_of(notice).endswith("可以一并催报。")


def test_a_group_that_does_not_listen_hears_nothing(street: Street) -> None:
    robot = robot_of(street.street, "ranking")
    silent = robot_of(street.street, "behind", "fixed_day", token="b" * 40)
    Robot.unscoped.filter(pk=silent.pk).update(is_active=False)
    notices.owed(at("2026-07-07 09:05"))
    notices.owed(at("2026-07-08 09:05"))
    assert (heard(robot), heard(silent)) == ([], [])


def test_a_group_elsewhere_hears_of_its_own_branches_alone(street: Street) -> None:
    other = make_committee(street.district)
    robot = robot_of(other, "behind")
    notices.owed(at("2026-07-08 09:05"))
    assert heard(robot) == []


def test_the_group_hears_of_the_fixed_day_before_and_on_it_once_each(street: Street) -> None:
    robot = robot_of(street.street, "fixed_day")
    for moment in ("07-01 09:05", "07-02 09:05", "07-03 09:05", "07-07 09:05", "07-07 10:05"):
        notices.owed(at(f"2026-{moment}"))
    assert [title for title, _ in heard(robot)] == [
        "固定组织生活日：7月7日（星期二）",
        "固定组织生活日：就是今天",
    ]
    assert heard(robot)[1][1] == (
        "中共安宁街道工作委员会各支部：固定组织生活日就是今天。请按时召开，开过后在工作台记录。"
    )


@time_machine.travel("2026-07-14 10:00+08:00", tick=False)
def test_the_group_hears_of_an_approved_move_without_its_reason(street: Street) -> None:
    robot, elsewhere = robot_of(street.street, "move"), robot_of(make_committee(), "move")
    on = date(2026, 7, 14)
    move = propose_move(
        district=street.district, day=date(2026, 8, 12), reason="张三请求", by=street.chief, on=on
    )
    assert heard(robot) == []
    other = make_user(Role.DISTRICT_STAFF, street.district, name="李四")
    decide_move(move=move, approve=True, by=other, on=on)
    assert heard(robot) == [
        (
            "2026年8月固定组织生活日改为8月12日",
            f"{street.district.name}：2026年8月的固定组织生活日由8月4日调整到8月12日（星期三），"
            "请各支部按新的日子召开。",
        )
    ]
    assert heard(elsewhere) == []


@time_machine.travel("2026-07-07 09:05+08:00", tick=False)
def test_the_day_itself_does_not_wait_for_a_digest(street: Street) -> None:
    street.secretary.email = "s@example.cn"
    street.secretary.save()
    Preference.objects.create(user=street.secretary, digest="weekly")
    notices.owed(at("2026-07-07 09:05"))
    rows = Delivery.objects.filter(notice__recipient=street.secretary)
    due = rows.get(notice__key__startswith="fixed_day_today").next_try_at
    assert due == at("2026-07-07 09:05")


# --- A record that came back -----------------------------------------------------------------


def returned(street: Street) -> Meeting:
    day = date(2026, 7, 8)
    meeting = make_meeting(
        street.branch, Kind.MEMBERS, day, attendance=(4, 5), by=street.people["author"]
    )
    return services.return_(meeting=meeting, by=street.reviewer, reason="请补充决议")


@pytest.fixture
def authored(street: Street) -> Street:
    street.people["author"] = make_user(Role.GROUP_LEADER, street.group)
    return street


@time_machine.travel("2026-07-14 10:00+08:00", tick=False)
def test_secretary_and_author_are_told_that_a_record_came_back(authored: Street) -> None:
    meeting = returned(authored)
    rows = Notice.objects.order_by("recipient_id")
    people = {authored.secretary.pk, authored.people["author"].pk}
    assert set(rows.values_list("recipient_id", flat=True)) == people
    notice = rows[0]
    assert (notice.title, notice.link) == ("7月8日的会议记录被退回", f"/meetings/{meeting.uuid}/")
    assert "请补充决议" not in outbox.text_of(notice)


@time_machine.travel("2026-07-14 10:00+08:00", tick=False)
def test_each_return_is_told_and_many_at_once_by_one_statement(authored: Street) -> None:
    meeting = returned(authored)
    services.submit(meeting=meeting, by=authored.secretary, on=date(2026, 7, 14))
    other = make_meeting(authored.branch, Kind.COMMITTEE, date(2026, 7, 9))
    outcome = services.return_many(
        records=Meeting.objects.within(authored.street),
        uuids=[meeting.uuid, other.uuid],
        by=authored.reviewer,
        reason="请补充",
    )
    assert outcome.done == 2
    assert Notice.objects.filter(recipient=authored.secretary).count() == 3
