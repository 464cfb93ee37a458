"""A real browser on a running desk. Any complaint of the browser fails the journey."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.factories.accounts import PASSWORD

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = (390, 844), (1440, 900)

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs a Chromium; without one it is skipped, and says so."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).is_file():
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture
def sign_in(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """``sign_in("name", size=DESK)``: a page of its own, signed in by the form.

    The browser must not complain about anything but what ``may_say`` names.
    """
    # The browser's own loop runs in this thread until it is closed; factories work beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield from _doors(chromium, live_server.url)
        chromium.close()
        # Beside a running loop Django keeps another connection; nobody else would close it.
        connections.close_all()


def _doors(chromium: Browser, url: str) -> Iterator[SignIn]:
    complaints: list[str] = []

    def enter(
        username: str, *, size: tuple[int, int] = DESK, may_say: tuple[str, ...] = ()
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size[0] < 500,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            # A form that comes back with its errors is a 422, which the browser notes as well.
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type == "error"
                and "422" not in line.text
                and not any(word in line.text for word in may_say)
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{url}/")
        return page

    yield enter
    assert complaints == []
