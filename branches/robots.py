"""群机器人: sending to a group's robot by the plugins of ``apprise``, and believing its answer.

apprise builds what each vendor wants (and signs it, for 钉钉), but takes every 200 for success,
follows redirects and looks at the environment's proxies. The vendors put their refusals into a 200.
So its plugins post through :class:`_Door`, which goes to the allow-listed hosts only, straight, and
keeps the answer (docs/decisions/0012).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from apprise.plugins import dingtalk, feishu, wecombot
from django.conf import settings

from branches.enums import RobotKind
from branches.models import Robot
from core.channels import ChannelDown, Outcome, Parcel

_MOST_ANSWER = 64 * 1024
# What the vendors take as one message, in bytes of UTF-8, with room for what is around it.
_MOST_BYTES = {RobotKind.WECOM: 1900, RobotKind.DINGTALK: 18000, RobotKind.FEISHU: 18000}
_CUT = "\n……（内容较多，请打开工作台查看）"

_GONE = "机器人地址已失效：请在群里重新添加机器人，再到“通知渠道”换上新地址"
_KEYWORD = "机器人的安全设置不符：请把关键词设为“提醒”，或核对加签密钥、IP 白名单"
# Answers after which trying again is pointless; whatever else they say passes, and waits.
_FINAL: Mapping[tuple[str, int], str] = {
    (RobotKind.WECOM, 93000): _GONE,
    (RobotKind.DINGTALK, 300001): _GONE,
    (RobotKind.DINGTALK, 310000): _KEYWORD,
    (RobotKind.FEISHU, 19001): _GONE,
    (RobotKind.FEISHU, 19021): "飞书机器人开了签名校验：请在安全设置里改用关键词“提醒”或 IP 白名单",
    (RobotKind.FEISHU, 19022): _KEYWORD,
    (RobotKind.FEISHU, 19024): _KEYWORD,
}


class Answer(NamedTuple):
    """What came back; ``code`` is the vendor's own number, None when there was none."""

    status: int
    code: int | None


_answer: ContextVar[Answer | None] = ContextVar("robot_answer", default=None)


class _Door:
    """What the plugins take for the module ``requests``."""

    codes = requests.codes
    RequestException = requests.RequestException

    @staticmethod
    def post(
        url: str,
        *,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        **_: Any,
    ) -> requests.Response:
        """One request to an allow-listed host: no redirect, no proxy but our own, in good time."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" not in settings.ROBOT_HOSTS.values():
            raise requests.exceptions.InvalidURL("host is not allow-listed")
        with requests.Session() as session:
            session.trust_env = False
            if settings.ROBOT_PROXY:
                session.proxies = dict.fromkeys(("http", "https"), settings.ROBOT_PROXY)
            try:
                answer = session.post(
                    url,
                    data=data,
                    headers=headers,
                    params=params,
                    timeout=settings.ROBOT_TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                )
                body = answer.raw.read(_MOST_ANSWER, decode_content=True)
            except (requests.ConnectionError, requests.Timeout) as error:
                raise ChannelDown(_why(error)) from error
        _answer.set(Answer(answer.status_code, _code(body)))
        return answer


def _why(error: requests.RequestException) -> str:
    """In words that hold no address: the library's own would print the token."""
    if isinstance(error, requests.Timeout):
        return "对方没有及时应答，稍后再试"
    return "连不上对方的服务器，稍后再试"


def _code(body: bytes) -> int | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    found = next((told[name] for name in ("errcode", "code", "StatusCode") if name in told), None)
    return found if isinstance(found, int) else None


for _module in (dingtalk, feishu, wecombot):
    vars(_module)["requests"] = _Door


# Their signatures have no types.
_wecom: Callable[..., Any] = wecombot.NotifyWeComBot
_dingtalk: Callable[..., Any] = dingtalk.NotifyDingTalk
_feishu: Callable[..., Any] = feishu.NotifyFeishu


def _plugin(robot: Robot) -> Any:
    """The vendor's plugin, aimed at the host that the settings name."""
    host, token = settings.ROBOT_HOSTS[robot.kind], robot.unseal("token")
    if robot.kind == RobotKind.WECOM:
        made = _wecom(key=token)
        made.api_url = f"{host}/cgi-bin/webhook/send?key={token}"
    elif robot.kind == RobotKind.DINGTALK:
        made = _dingtalk(token=token, secret=robot.unseal("secret") or None)
        made.notify_url = host + "/robot/send?access_token={token}"
    else:
        made = _feishu(token=token)
        made.notify_url = host + "/open-apis/bot/v2/hook/{token}"
    # The outbox takes what waits for one robot as one message: nothing to slow down.
    made.request_rate_per_sec = 0
    return made


def send(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
    """Parcels whose address is a robot's ``uuid``, one after the other.

    Raises:
        ChannelDown: the vendor's server does not answer.
    """
    found = Robot.objects.everywhere("the worker sends for all districts").filter(
        uuid__in=[parcel.address for parcel in parcels]
    )
    robots = {str(robot.uuid): robot for robot in found}
    for parcel in parcels:
        robot = robots.get(parcel.address)
        if robot is None or not robot.is_active:
            yield Outcome(parcel.delivery_id, error="机器人已停用，没有发送", final=True)
        else:
            yield _sent(robot, parcel)


def _sent(robot: Robot, parcel: Parcel) -> Outcome:
    _answer.set(None)
    text = fitted(f"【提醒】{parcel.title}\n{parcel.text}", _MOST_BYTES[RobotKind(robot.kind)])
    _plugin(robot).send(body=text, title="")
    answer = _answer.get()
    if answer is None:
        return Outcome(parcel.delivery_id, error="没有送出，请检查机器人地址的设置")
    if answer.status == requests.codes.ok and answer.code == 0:
        return Outcome(parcel.delivery_id, receipt=f"{robot.get_kind_display()}已收下")
    if answer.code is not None and (robot.kind, answer.code) in _FINAL:
        why = _FINAL[(robot.kind, answer.code)]
        return Outcome(parcel.delivery_id, error=f"{why}（{answer.code}）", final=True)
    told = answer.status if answer.code is None else answer.code
    return Outcome(parcel.delivery_id, error=f"对方没有收下，稍后再试（应答 {told}）")


def fitted(text: str, most: int) -> str:
    """A text of at most so many bytes of UTF-8, cut between characters and saying so."""
    if len(text.encode()) <= most:
        return text
    room = most - len(_CUT.encode())
    return text.encode()[:room].decode(errors="ignore") + _CUT
