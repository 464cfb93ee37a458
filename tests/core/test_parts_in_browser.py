"""The parts in a real browser under the real content policy: they draw and answer, unblocked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright

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
PHONE, DESK = 390, 1440

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="no Chromium on this machine"),
]


def _signed_in(route: Route) -> None:
    """The page as a signed-in user gets it: drafts are kept per user."""
    response = route.fetch()
    route.fulfill(response=response, body=response.text().replace('data-user=""', 'data-user="7"'))


@pytest.fixture(params=[PHONE])
def guide(request, live_server, settings) -> Iterator[Page]:
    """The style guide at one width; any complaint of the browser fails the test."""
    settings.DEBUG = True
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        # A service worker would fetch the pages past the routes set below.
        page = browser.new_page(
            viewport={"width": request.param, "height": 844},
            locale="zh-CN",
            service_workers="block",
        )
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/styleguide/**", _signed_in)
        page.goto(f"{live_server.url}/styleguide/?clean=1")
        yield page
        browser.close()
    assert complaints == []


@pytest.mark.parametrize("guide", [PHONE, DESK], indirect=True)
def test_every_plot_draws_and_a_click_opens_its_rows(guide: Page) -> None:
    for name in ("bars", "stack", "trend", "heat", "donut", "gauge"):
        guide.locator(f'[data-source="p-{name}-data"]').scroll_into_view_if_needed()
        guide.wait_for_selector(f'[data-source="p-{name}-data"][data-ready]')
    assert guide.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    canvas = guide.locator('[data-source="p-bars-data"] canvas')
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": box["width"] * 0.5, "y": 40})
    guide.wait_for_url("**/styleguide/?clean=1#plots")


def test_everything_pressed_is_large_enough_for_a_thumb(guide: Page) -> None:
    small = guide.evaluate(
        """() => [...document.querySelectorAll(
            '.desk .btn:not(.btn-sm), .desk .form-control, .desk .form-select, .desk .check-row, '
            + '.tick-main, .bottomnav > *, .chip')]
            .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 40)
            .map((node) => node.className + ' ' + node.textContent.trim())"""
    )
    assert small == []


def test_unticking_counts_and_asks_why(guide: Page) -> None:
    row = guide.locator(".tick-row").first
    assert row.locator(".tick-why").is_hidden()
    row.locator(".tick-main").click()
    assert row.locator(".tick-why").is_visible()
    assert guide.locator("[data-tick-there]").inner_text() == "7"
    guide.locator("[data-tick-all]").click()
    assert guide.locator("[data-tick-there]").inner_text() == "10"
    assert guide.locator(".tick-why:visible").count() == 0


def test_what_cannot_be_taken_back_is_asked_first(guide: Page) -> None:
    guide.get_by_role("button", name="退回", exact=True).first.click()
    box = guide.locator("#confirm")
    assert box.locator("h2").inner_text() == "退回这条记录？"
    box.get_by_role("button", name="取消").click()
    assert box.is_hidden()


def test_a_lost_form_comes_back_with_a_notice(guide: Page) -> None:
    guide.locator("#id_topic").fill("学习党章第一章")
    guide.locator(".tick-main").first.click()
    guide.wait_for_function("document.querySelector('[data-draft-state]').textContent !== ''")
    guide.reload()
    assert guide.locator("#id_topic").input_value() == "学习党章第一章"
    assert guide.locator("[data-tick-there]").inner_text() == "7"
    assert "已恢复" in guide.locator("form[data-draft] .notice").inner_text()
    guide.get_by_role("button", name="不要了，重新填").click()
    guide.wait_for_function("document.querySelector('#id_topic').value === ''")
    assert guide.evaluate("Object.keys(localStorage)") == []


def test_the_keyboard_presses_the_main_action(guide: Page) -> None:
    guide.locator("h1").click()
    guide.keyboard.press("n")
    guide.wait_for_url("**/styleguide/?clean=1#form")


def test_what_arrived_is_no_longer_kept(guide: Page) -> None:
    guide.locator("#id_topic").fill("学习党章第一章")
    guide.evaluate("document.querySelector('form[data-draft]').noValidate = true")
    guide.locator("form[data-draft] button[type=submit]").first.click()
    guide.wait_for_url(re.compile("held_on="))
    assert guide.evaluate("Object.values(localStorage).map((kept) => JSON.parse(kept).sent)") == [
        True
    ]
    door = guide.url.split("styleguide")[0] + "accounts/login/"
    guide.goto(door)
    assert guide.evaluate("localStorage.length") == 1
    guide.route("**/accounts/login/", _signed_in)
    guide.goto(door)
    assert guide.evaluate("localStorage.length") == 0
