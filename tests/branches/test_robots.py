"""群机器人: understood, kept secret, sent to the right place only, believed only what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from branches import robots, services
from branches.enums import RobotKind, RobotTopic, Role
from branches.models import Robot, Unit
from branches.robot_address import NoAddress, read_address, read_secret
from core import outbox
from core.errors import Refusal
from core.models import Delivery, Notice
from tests.factories.branches import make_branch, make_committee, make_district, make_user

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
HOSTS = {
    "wecom": "https://qyapi.weixin.qq.com",
    "dingtalk": "https://oapi.dingtalk.com",
    "feishu": "https://open.feishu.cn",
}
TOKEN = "0123456789abcdef0123456789abcdef"
PASTED = {
    "wecom": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
}
SECRET = "SEC" + "a1" * 16


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


# --- The pasted address ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", RobotKind)
def test_the_address_of_each_vendor_is_understood(kind: RobotKind) -> None:
    assert read_address(f"  {PASTED[kind]}\n", hosts=HOSTS) == (kind, TOKEN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "老张的群",
        TOKEN,
        "ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + TOKEN,
        "https://example.org/cgi-bin/webhook/send?key=" + TOKEN,
        "https://qyapi.weixin.qq.com.example.org/cgi-bin/webhook/send?key=" + TOKEN,
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=" + TOKEN,
        "https://user:pw@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + TOKEN,
        "https://example.org@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + TOKEN,
        "http://127.0.0.1:6379/robot/send?access_token=" + TOKEN,
        "http://[::1]/robot/send?access_token=" + TOKEN,
        "http://169.254.169.254/latest/meta-data/",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=" + TOKEN,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a/../../b",
        "https://oapi.dingtalk.com/robot/send?access_token=短",
        "https://oapi.dingtalk.com/robot/send?key=" + TOKEN,
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
        "https://open.feishu.cn/open-apis/bot/v2/hook/a?b#c",
        "https://open.feishu.cn/open-apis/bot/v2/hook/" + TOKEN + "/more",
        "https://[qyapi.weixin.qq.com/",
        "https://open.feishu.cn:99999/open-apis/bot/v2/hook/" + TOKEN,
    ],
)
def test_what_leads_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(NoAddress):
        read_address(text, hosts=HOSTS)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for tried in (text, PASTED["wecom"] + text, "https://" + text):
        try:
            read = read_address(tried, hosts=HOSTS)
        except NoAddress:
            continue
        assert read.token.isascii()


def test_a_signing_secret_is_for_dingtalk() -> None:
    assert read_secret(SECRET, kind=RobotKind.DINGTALK) == SECRET
    assert read_secret(" ", kind=RobotKind.WECOM) == ""
    for text, kind in ((SECRET, RobotKind.FEISHU), ("密钥", RobotKind.DINGTALK)):
        with pytest.raises(NoAddress):
            read_secret(text, kind=kind)


def test_a_long_message_is_cut_between_characters() -> None:
    cut = robots.fitted("催办" * 2000, 1900)
    assert len(cut.encode()) <= 1900
    assert cut.endswith("请打开工作台查看）")
    assert robots.fitted("短", 1900) == "短"


# --- Setting one up --------------------------------------------------------------------------


@dataclass
class Office:
    street: Unit
    staff: User
    robot: Robot


@pytest.fixture
def office(db: None) -> Office:
    street = make_committee(name="城关街道党工委")
    staff = make_user(Role.COMMITTEE_STAFF, street)
    return Office(street, staff, set_up(street, staff))


def set_up(unit: Unit, by: User, kind: str = "wecom", **more: Any) -> Robot:
    facts = {"name": "书记群", "address": PASTED[kind], "topics": ["behind", "move"]}
    return services.set_up_robot(unit=unit, by=by, **{**facts, **more})


def test_the_address_lies_sealed_and_is_shown_by_its_end(office: Office) -> None:
    robot = Robot.unscoped.get()
    assert robot.unseal("token") == TOKEN
    assert robot.masked_address == "企业微信 …cdef"
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM branches_robot r")
        assert TOKEN not in cursor.fetchone()[0]
        assert TOKEN.encode().hex() not in repr(robot.token)
        cursor.execute("SELECT string_agg(e::text, '') FROM branches_robotevent e")
        assert "token" not in cursor.fetchone()[0]


def test_the_same_robot_twice_is_one(office: Office) -> None:
    assert set_up(office.street, office.staff) == office.robot
    assert Robot.unscoped.count() == 1


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"address": "https://example.org/robot/send"}, "address"),
        ({"name": " "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"topics": []}, "topics"),
        ({"topics": ["behind", "secrets"]}, "topics"),
        ({"secret": SECRET}, "secret"),
    ],
)
def test_a_robot_that_cannot_be_is_refused(office: Office, facts: dict, where: str) -> None:
    with pytest.raises(Refusal) as caught:
        set_up(office.street, office.staff, **facts)
    assert caught.value.field == where


def test_a_branch_has_no_robot(office: Office) -> None:
    with pytest.raises(Refusal, match="党（工）委"):
        set_up(make_branch(office.street), office.staff)


def test_a_new_address_takes_the_place_of_the_old_one(office: Office) -> None:
    other = PASTED["dingtalk"][:-4] + "9999"
    robot = services.change_robot(
        robot=office.robot,
        name="新群",
        topics=["ranking"],
        is_active=False,
        address=other,
        secret=SECRET,
    )
    robot.refresh_from_db()
    assert (robot.kind, robot.masked_address) == ("dingtalk", "钉钉 …9999")
    assert (robot.unseal("secret"), robot.topics, robot.is_active) == (SECRET, ["ranking"], False)
    kept = services.change_robot(robot=robot, name="群", topics=["move"], is_active=True)
    assert kept.unseal("secret") == SECRET


# --- Sending ---------------------------------------------------------------------------------


@dataclass
class Vendor:
    """A server of a vendor: what it was asked, and what it answers."""

    status: int = 200
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    location: str = ""
    asked: list[tuple[str, Any]] = field(default_factory=list)


@pytest.fixture
def vendor(settings: Any) -> Iterator[Vendor]:
    told = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, None))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((self.path, json.loads(body)))
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            answer = told.answer
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.ROBOT_HOSTS = dict.fromkeys(HOSTS, f"http://127.0.0.1:{server.server_port}")
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def tried(robot: Robot, by: User) -> Delivery:
    """A test message and what became of it."""
    services.try_robot(robot=robot, by=by)
    outbox.deliver(now=NOW + timedelta(minutes=1))
    return Delivery.objects.get(address=str(robot.uuid))


@pytest.mark.parametrize(
    ("kind", "answer", "path"),
    [
        ("wecom", {"errcode": 0, "errmsg": "ok"}, "/cgi-bin/webhook/send?key=" + TOKEN),
        ("dingtalk", {"errcode": 0, "errmsg": "ok"}, "/robot/send?access_token=" + TOKEN),
        ("feishu", {"code": 0, "msg": "success"}, "/open-apis/bot/v2/hook/" + TOKEN),
    ],
)
def test_each_vendor_gets_its_message_and_the_receipt_is_kept(
    office: Office, vendor: Vendor, kind: str, answer: dict, path: str
) -> None:
    vendor.answer = answer
    robot = set_up(office.street, office.staff, kind)
    delivery = tried(robot, office.staff)
    assert (delivery.state, delivery.receipt) == ("sent", f"{robot.get_kind_display()}已收下")
    ((asked, body),) = vendor.asked
    assert asked == path
    words = body["content"]["text"] if kind == "feishu" else body["text"]["content"]
    assert words.startswith("【提醒】测试消息\n城关街道党工委：这是“书记群”的测试消息，09:00 从")
    assert "http://127.0.0.1:8000/channels/" in words


def test_a_signed_robot_is_signed(office: Office, vendor: Vendor) -> None:
    robot = set_up(office.street, office.staff, "dingtalk", secret=SECRET)
    assert tried(robot, office.staff).state == "sent"
    asked = parse_qs(urlsplit(vendor.asked[0][0]).query)
    assert asked.keys() == {"access_token", "timestamp", "sign"}


@pytest.mark.parametrize(
    ("status", "answer", "state", "error"),
    [
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "failed", "已失效"),
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, "waiting", "应答 45009"),
        (200, b"<html>", "waiting", "应答 200"),
        (200, b"[]", "waiting", "应答 200"),
        (200, {}, "waiting", "应答 200"),
        (500, {}, "waiting", "应答 500"),
    ],
)
def test_a_refusal_inside_a_200_is_no_receipt(
    office: Office, vendor: Vendor, status: int, answer: Any, state: str, error: str
) -> None:
    vendor.status, vendor.answer = status, answer
    delivery = tried(office.robot, office.staff)
    assert (delivery.state, delivery.receipt) == (state, "")
    assert error in delivery.error


def test_a_redirect_is_not_followed(office: Office, vendor: Vendor) -> None:
    vendor.status, vendor.location = 302, "/elsewhere"
    assert tried(office.robot, office.staff).state == "waiting"
    assert len(vendor.asked) == 1


def test_a_host_that_is_not_listed_is_not_asked(
    office: Office, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = robots._plugin

    def aimed_elsewhere(robot: Robot) -> Any:
        made = plugin(robot)
        made.api_url = made.api_url.replace("127.0.0.1", "localhost")
        return made

    monkeypatch.setattr(robots, "_plugin", aimed_elsewhere)
    delivery = tried(office.robot, office.staff)
    assert (delivery.state, vendor.asked) == ("waiting", [])
    assert "没有送出" in delivery.error


def test_the_environments_proxy_is_not_looked_at(
    office: Office, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert tried(office.robot, office.staff).state == "sent"


def test_the_districts_own_proxy_is_the_way_out(
    office: Office, vendor: Vendor, settings: Any
) -> None:
    settings.ROBOT_PROXY = settings.ROBOT_HOSTS["wecom"]
    settings.ROBOT_HOSTS = {**settings.ROBOT_HOSTS, "wecom": "http://qyapi.test"}
    assert tried(office.robot, office.staff).state == "sent"
    assert vendor.asked[0][0].startswith("http://qyapi.test/cgi-bin/webhook/send")


def test_a_dead_vendor_makes_it_wait_and_the_error_holds_no_token(
    office: Office, settings: Any
) -> None:
    settings.ROBOT_HOSTS = dict.fromkeys(HOSTS, "http://127.0.0.1:1")
    delivery = tried(office.robot, office.staff)
    assert (delivery.state, delivery.error) == ("waiting", "连不上对方的服务器，稍后再试")


def test_a_robot_switched_off_sends_nothing(office: Office, vendor: Vendor) -> None:
    services.try_robot(robot=office.robot, by=office.staff)
    Robot.unscoped.update(is_active=False)
    outbox.deliver(now=NOW + timedelta(minutes=1))
    assert (Delivery.objects.get().state, vendor.asked) == ("failed", [])
    office.robot.refresh_from_db()
    with pytest.raises(Refusal, match="先启用"):
        services.try_robot(robot=office.robot, by=office.staff)


def test_a_test_pressed_twice_is_one(office: Office, vendor: Vendor) -> None:
    assert services.try_robot(robot=office.robot, by=office.staff) == 1
    assert services.try_robot(robot=office.robot, by=office.staff) == 0


@time_machine.travel("2026-07-01 23:00+08:00", tick=False)
def test_a_test_goes_at_once_a_notice_waits_for_the_morning(office: Office) -> None:
    services.try_robot(robot=office.robot, by=office.staff)
    announced(office.street)
    late = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
    times = {row.notice.title: row.next_try_at for row in Delivery.objects.all()}
    assert times == {"测试消息": late, "8月改期": datetime(2026, 7, 2, 0, 0, tzinfo=UTC)}


# --- Telling ---------------------------------------------------------------------------------


def announced(below: Unit, topic: RobotTopic = RobotTopic.MOVE) -> int:
    return services.announce(
        below=below,
        topic=topic,
        key="move:1",
        template="meetings/notices/move_refused",
        payload={"month": "8月", "day": "8月12日", "before": "8月4日"},
        title="8月改期",
    )


def test_the_groups_below_that_listen_are_told_once(office: Office) -> None:
    assert office.street.district is not None
    quiet = make_committee(office.street.district)
    set_up(quiet, office.staff, topics=["ranking"])
    elsewhere = make_committee(make_district())
    set_up(elsewhere, office.staff, topics=["move"])
    assert announced(office.street.district) == 1
    assert announced(office.street.district) == 0
    assert Delivery.objects.get().address == str(office.robot.uuid)
    assert Notice.objects.get().recipient_id is None


def test_what_waits_for_a_group_is_one_message(office: Office, vendor: Vendor) -> None:
    announced(office.street)
    services.try_robot(robot=office.robot, by=office.staff)
    assert outbox.deliver(now=NOW + timedelta(minutes=1)).sent == 2
    assert len(vendor.asked) == 1


# --- The pages -------------------------------------------------------------------------------


@pytest.fixture
def staff(client: Client, office: Office) -> User:
    client.force_login(office.staff)
    return office.staff


def test_the_page_shows_the_robot_and_never_its_address(
    client: Client, staff: User, office: Office, vendor: Vendor
) -> None:
    tried(office.robot, staff)
    for url in ("/channels/", f"/channels/{office.robot.uuid}/"):
        text = client.get(url).content.decode()
        assert "…cdef" in text
        assert TOKEN not in text
    assert "企业微信已收下" in client.get("/channels/").content.decode()


def test_a_robot_is_set_up_tried_and_changed_on_the_page(
    client: Client, staff: User, office: Office, vendor: Vendor
) -> None:
    given = {"name": "钉钉群", "address": PASTED["dingtalk"], "topics": ["behind"]}
    answer = client.post("/channels/new/", {**given, "unit": office.street.pk})
    assert answer["Location"] == "/channels/"
    robot = Robot.unscoped.get(kind="dingtalk")
    assert robot.created_by == staff
    client.post(f"/channels/{robot.uuid}/test/")
    state = client.get(f"/channels/{robot.uuid}/state/").content.decode()
    assert "待发送" in state
    assert 'hx-trigger="every 4s"' in state
    answer = client.post(
        f"/channels/{robot.uuid}/", {"name": "改名", "address": "", "topics": ["move"]}
    )
    assert answer["Location"] == "/channels/"
    robot.refresh_from_db()
    assert (robot.name, robot.is_active, robot.unseal("token")) == ("改名", False, TOKEN)


def test_an_address_elsewhere_is_told_at_its_field(
    client: Client, staff: User, office: Office
) -> None:
    given = {"name": "群", "address": "http://169.254.169.254/", "topics": ["behind"]}
    answer = client.post("/channels/new/", {**given, "unit": office.street.pk})
    assert answer.status_code == 422
    assert "不在允许之列" in answer.content.decode()
    assert Robot.unscoped.count() == 1


def test_a_foreign_robot_is_not_there(client: Client, staff: User) -> None:
    foreign = set_up(make_committee(), staff)
    for url in (f"/channels/{foreign.uuid}/", f"/channels/{foreign.uuid}/state/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/channels/{foreign.uuid}/test/").status_code == 404
    given = {"name": "群", "address": PASTED["feishu"], "topics": ["behind"]}
    assert client.post("/channels/new/", {**given, "unit": foreign.unit_id}).status_code == 422


def test_a_secretary_has_no_channels(client: Client, office: Office) -> None:
    client.force_login(make_user(Role.SECRETARY, make_branch(office.street)))
    for url in ("/channels/", "/channels/new/", "/deliveries/"):
        assert client.get(url).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, staff: User, office: Office
) -> None:
    client.get("/channels/")
    with CaptureQueriesContext(connection) as one:
        client.get("/channels/")
    for kind in ("dingtalk", "feishu"):
        set_up(office.street, staff, kind)
    with CaptureQueriesContext(connection) as three:
        client.get("/channels/")
    assert len(one) == len(three)
