"""An appeal from the phone of a branch to the next version of the quarter, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.enums import AppealState
from assessment.models import Appeal, Run, RunRow
from assessment.services import compute, publish, start_run
from branches.enums import PostKind, Role
from branches.models import Unit
from core.dates import Period
from meetings.enums import Kind
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_post,
    make_user,
)
from tests.factories.meetings import make_meeting
from tests.journeys.conftest import PHONE, SignIn

QUARTER = Period.containing(timezone.localdate(), "quarter").previous()


@pytest.fixture
def published(transactional_db: None) -> tuple[Unit, Run]:
    """Last quarter, published just now; the branch's members' meeting was noted late."""
    district = make_district(name="中共云泉区委员会")
    street = make_committee(district, name="中共城关街道工作委员会")
    branch = make_branch(street, name="滨河社区党支部")
    members = make_members(branch, 3)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="钱伟", password=PASSWORD)
    staff = make_user(
        Role.DISTRICT_STAFF, district, username="zuzhibu", name="孙丽", password=PASSWORD
    )
    held = QUARTER.start + timedelta(days=20)
    make_meeting(
        branch, Kind.MEMBERS, held, submitted_on=held + timedelta(days=30), attendance=(3, 3)
    )
    run, _ = start_run(unit=district, period=QUARTER, by=staff)
    return branch, publish(run=compute(run=run), by=staff)


def test_an_appeal_is_filed_on_the_phone_answered_at_the_desk_and_seen_in_the_next_version(
    published: tuple[Unit, Run], sign_in: SignIn
) -> None:
    branch, run = published
    phone = sign_in("shuji", size=PHONE)
    home = phone.url
    phone.goto(f"{home}runs/{run.uuid}/units/{branch.code}/")
    line = phone.locator("tr", has_text="支部党员大会")
    line.get_by_role("link", name="申诉").tap()
    phone.fill("#id_reason", "会议按时召开，当时系统维护，记录晚交。")
    phone.get_by_role("button", name="提出申诉").tap()
    phone.wait_for_selector("text=已提出申诉")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    committee = sign_in("jiedao")
    committee.get_by_role("link", name="对支部的考核申诉提出意见").click()
    committee.get_by_role("link", name="支部党员大会").click()
    committee.fill("#id_opinion", "已核实，会议当日召开。")
    committee.get_by_role("button", name="提交意见").click()
    committee.wait_for_selector("text=意见已交给区委组织部")

    desk = sign_in("zuzhibu")
    desk.get_by_role("link", name="答复支部的考核申诉").click()
    desk.get_by_role("link", name="支部党员大会").click()
    desk.get_by_role("button", name="受理").click()
    desk.get_by_role("radio", name="申诉成立", exact=True).check()
    desk.select_option("#id_remedy", "on_time")
    desk.fill("#id_answer", "经查签到表，会议按时召开。")
    desk.get_by_role("button", name="答复支部").click()
    desk.wait_for_selector("text=已答复，支部会收到消息")

    appeal = Appeal.unscoped.get()
    assert (appeal.state, appeal.opinion) == (AppealState.UPHELD, "已核实，会议当日召开。")
    again, _ = start_run(unit=run.unit, period=QUARTER)
    new = publish(run=compute(run=again), by=appeal.decided_by)
    before, after = (RunRow.unscoped.get(run=one, unit_id=branch.pk).score for one in (run, new))
    assert before is not None
    assert after is not None
    assert after > before
    desk.goto(f"{home}runs/{new.uuid}/differences/")
    assert desk.get_by_role("link", name="申诉成立：").is_visible()
    phone.goto(f"{home}runs/{new.uuid}/units/{branch.code}/")
    assert "完成（申诉认定）" in phone.content()
    phone.goto(f"{home}notices/")
    assert "申诉成立" in phone.content()
