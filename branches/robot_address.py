"""What people paste from a robot's dialogue: the webhook address of its vendor, taken apart.

Only the token is kept. Where it is sent to is a setting, so nobody aims the desk at a host of his
own choice (S37).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from branches.enums import RobotKind

# The vendors' own hosts are understood also where the district sends through a host of its own.
_HOSTS = {
    RobotKind.WECOM: "qyapi.weixin.qq.com",
    RobotKind.DINGTALK: "oapi.dingtalk.com",
    RobotKind.FEISHU: "open.feishu.cn",
}
_PATHS = {
    RobotKind.WECOM: re.compile(r"/cgi-bin/webhook/send/?\Z"),
    RobotKind.DINGTALK: re.compile(r"/robot/send/?\Z"),
    RobotKind.FEISHU: re.compile(r"/open-apis/bot/v2/hook/([^/]+)/?\Z"),
}
_PARAMETERS = {RobotKind.WECOM: "key", RobotKind.DINGTALK: "access_token"}
_TOKENS = {
    RobotKind.WECOM: re.compile(r"[A-Za-z0-9_-]{8,100}\Z"),
    RobotKind.DINGTALK: re.compile(r"[A-Za-z0-9]{16,128}\Z"),
    RobotKind.FEISHU: re.compile(r"[A-Za-z0-9_-]{8,100}\Z"),
}
_SECRET = re.compile(r"[A-Za-z0-9]{8,128}\Z")


class NoAddress(ValueError):
    """It is no robot's address; the text says what to do."""


class Address(NamedTuple):
    """Whose robot, and its token."""

    kind: RobotKind
    token: str


def read_address(text: str, *, hosts: Mapping[str, str]) -> Address:
    """Take a pasted webhook address apart; ``hosts`` are the settings' (kind → origin).

    Raises NoAddress with a sentence for the person who pasted it.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NoAddress(_ASK) from None
    if parts.scheme not in ("https", "http") or not host:
        raise NoAddress(_ASK)
    for kind in RobotKind:
        known = {(_HOSTS[kind], None), _place(hosts[kind])}
        if (host, port) in known and not parts.username and not parts.password:
            return Address(kind, _token(kind, parts.path, parts.query))
    raise NoAddress(
        "只能填企业微信、钉钉、飞书群机器人的地址；这个地址的网站不在允许之列，没有保存。"
    )


_ASK = "请粘贴群机器人的完整地址：在群设置里打开机器人，点“复制地址”，以 https:// 开头。"


def _place(origin: str) -> tuple[str, int | None]:
    parts = urlsplit(origin)
    return (parts.hostname or "").lower(), parts.port


def _token(kind: RobotKind, path: str, query: str) -> str:
    found = _PATHS[kind].match(path)
    given = ""
    if found and kind == RobotKind.FEISHU:
        given = found[1]
    elif found:
        given = parse_qs(query).get(_PARAMETERS[kind], [""])[0]
    if not _TOKENS[kind].match(given):
        raise NoAddress(f"这个{kind.label}地址不完整，请回到群机器人页面重新复制。")
    return given


def read_secret(text: str, *, kind: RobotKind) -> str:
    """The 加签 secret of a 钉钉 robot, "" for none. Raises NoAddress."""
    text = text.strip()
    if not text:
        return ""
    if kind != RobotKind.DINGTALK:
        raise NoAddress(f"{kind.label}不用填加签密钥；安全设置请选关键词或 IP 白名单。")
    if not _SECRET.match(text):
        raise NoAddress("加签密钥不对，请重新复制：钉钉机器人安全设置里以 SEC 开头的一串。")
    return text
