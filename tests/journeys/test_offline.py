"""The phone without a connection: nothing typed is lost, and nothing goes up twice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Error, Page, Route

from branches.enums import PostKind, Role
from branches.models import Unit
from meetings import services, versions
from meetings.enums import Kind, Status
from meetings.models import Meeting, MeetingFile
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

# What the browser says when there is no connection, which is the point of these journeys.
BROKEN = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource", "Failed to fetch")


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    committee = make_committee(make_district(), name="中共城关街道工作委员会")
    branch = make_branch(committee, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    members = make_members(branch, 5)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.SECRETARY, branch, username="fushuji", name="孙强", password=PASSWORD)
    return branch


def photo(path: Path, *, size: tuple[int, int] = (3000, 2000)) -> Path:
    """A picture as a phone takes it: large, with the place in it."""
    picture = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}
    picture.save(path, "JPEG", quality=90, exif=exif)
    return path


def fill(page: Page, branch: Unit, topic: str) -> None:
    page.goto(f"{page.url.split('/meetings')[0].rstrip('/')}/meetings/new/?kind=members")
    page.wait_for_selector("form[data-send]")
    page.fill("#id_topic", topic)


def test_a_meeting_written_without_a_connection_goes_up_by_itself_with_its_photo(
    branch: Unit, sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    fill(page, branch, "断网时写的会议")
    page.context.set_offline(True)
    page.set_input_files("#id_photos", str(photo(tmp_path / "现场.jpg")))
    page.wait_for_selector("[data-picked-list] img")
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("#kept:not([hidden])")
    assert "已存在这部手机上" in page.locator("#kept").inner_text()
    assert "1 条会议记录存在这部手机上" in page.locator("#waiting").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Meeting.unscoped.filter(topic="断网时写的会议").exists()

    page.context.set_offline(False)
    page.wait_for_selector("text=已提交，等上级审核")
    meeting = Meeting.unscoped.get(topic="断网时写的会议")
    assert (meeting.status, meeting.present_count) == (Status.SUBMITTED, 5)
    kept = MeetingFile.unscoped.get(meeting=meeting)
    with Image.open(Path(settings.PRIVATE_ROOT) / kept.path) as stored:
        assert max(stored.size) <= 1600
        assert not stored.getexif()
    assert page.locator("#waiting").is_hidden()


def test_an_answer_that_got_lost_makes_no_second_record(branch: Unit, sign_in: SignIn) -> None:
    page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    fill(page, branch, "回执丢了的会议")

    def swallow(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        # A try that is on its way when the connection is mended has been answered already.
        with suppress(Error):
            route.fetch(max_redirects=0)
            route.abort()

    page.route("**/meetings/new/**", swallow)
    page.get_by_role("button", name="提交").tap()
    # The browser itself may have sent it again from behind before one could look.
    page.wait_for_selector("#kept:not([hidden]), main .done-title:has-text('已提交')")
    assert Meeting.unscoped.filter(topic="回执丢了的会议").count() == 1
    page.unroute("**/meetings/new/**")
    # The next try comes by itself within seconds.
    page.wait_for_selector("text=已提交，等上级审核")
    assert Meeting.unscoped.filter(topic="回执丢了的会议").count() == 1


def test_closed_and_opened_again_elsewhere_it_still_goes_up(branch: Unit, sign_in: SignIn) -> None:
    page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    fill(page, branch, "关了页面再交的会议")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("#kept:not([hidden])")
    page.get_by_role("link", name="回首页").tap()
    page.wait_for_selector("text=现在没有网络")
    page.wait_for_selector("text=存着 1 条没有交上去的记录")
    page.context.set_offline(False)
    page.wait_for_selector("text=已自动提交")
    assert Meeting.unscoped.filter(topic="关了页面再交的会议").count() == 1


def test_what_another_wrote_meanwhile_is_shown_beside_ones_own(
    branch: Unit, sign_in: SignIn
) -> None:
    meeting = make_meeting(
        branch,
        Kind.COMMITTEE,
        timezone.localdate(),
        status=Status.DRAFT,
        topic="原来的主题",
        place="二楼",
    )
    page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    page.goto(f"{page.url}meetings/{meeting.uuid}/edit/")
    page.fill("#id_topic", "我写的主题")
    page.context.set_offline(True)
    now = versions.of_record(meeting)
    services.save(
        unit=branch,
        by=None,
        form_key=None,
        content=replace(versions.content_of(now), topic="同事写的主题", place="三楼"),
        attendance=versions.people_of(now),
        expected_revision=1,
        meeting=meeting,
    )
    page.get_by_role("button", name="存草稿").tap()
    page.wait_for_selector("#kept:not([hidden])")
    page.context.set_offline(False)
    # Sent from behind, it does not fit: he is asked, not overruled.
    page.wait_for_selector("#waiting >> text=没有交上去")
    page.get_by_role("button", name="打开修改").tap()
    page.wait_for_selector("form[data-send]")
    page.wait_for_function("document.querySelector('#id_topic').value === '我写的主题'")
    page.get_by_role("button", name="存草稿").tap()
    page.wait_for_selector(".clash")
    side = page.locator(".clash tbody tr").all_inner_texts()
    assert any("同事写的主题" in line and "我写的主题" in line for line in side)
    page.locator(".clash tr", has_text="地点").get_by_role("button", name="采用").tap()
    page.get_by_role("button", name="存草稿").tap()
    page.wait_for_selector("text=草稿已保存")
    meeting.refresh_from_db()
    assert (meeting.topic, meeting.place) == ("我写的主题", "三楼")


def test_signing_out_takes_everything_off_the_phone(branch: Unit, sign_in: SignIn) -> None:
    page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    fill(page, branch, "不该留下的会议")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("#kept:not([hidden])")
    # What lies there cannot be read without the key of whoever wrote it.
    words = page.evaluate(_ALL_OF_IT)
    assert "不该留下的会议" not in words
    # The server is away until he has signed out.
    page.route("**/session/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(page.url.split("/meetings")[0] + "/")
    page.locator("[data-dialog-open=drawer]").first.tap()
    page.get_by_role("button", name="退出登录").tap()
    page.wait_for_url("**/accounts/**")
    assert page.evaluate(_COUNT) == 0
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft:'))") == []
    assert not Meeting.unscoped.filter(topic="不该留下的会议").exists()


_OPEN = """
const box = await new Promise((resolve) => {
  const ask = indexedDB.open("desk", 1);
  ask.onsuccess = () => resolve(ask.result);
});
const rows = await new Promise((resolve) => {
  const ask = box.transaction("parcels").objectStore("parcels").getAll();
  ask.onsuccess = () => resolve(ask.result);
});
box.close();
"""
_COUNT = f"(async () => {{ {_OPEN} return rows.length; }})()"
_ALL_OF_IT = f"""(async () => {{ {_OPEN}
  return rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.box.sealed)).join("");
}})()"""
