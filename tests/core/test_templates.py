"""The face: parts of a page, the pages for what went wrong, and what no page may contain."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import constants, get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from redis.exceptions import ConnectionError as RedisDown

from config import nav
from config.errors import server_error
from core.htmx import go, is_fragment, page
from core.pages import Cell, KeysetPage, Plot, Series, figure, keyset_page, page_of
from core.styleguide import SampleForm, context, plots
from core.templatetags.shell import nav_items
from core.templatetags.ui import NOTICE_ICONS, STATES, TONES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons/sprite.svg").read_text()))


def render(source: str, **values: object) -> str:
    """Render a snippet with the tags of the house; a request is always there."""
    values.setdefault("request", RequestFactory().get("/somewhere/?q=%E5%BC%A0&page=2&o=name"))
    return Template("{% load ui fields shell %}" + source).render(Context(values))


# ------------------------------------------------------------- what no page may contain


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|js:", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if " src=" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_icon_named_in_a_template_is_in_the_sprite(path: Path) -> None:
    names = re.findall(r'(?:{% icon |icon_name=)"([^"]+)"', path.read_text())
    assert [name for name in names if name not in SPRITE] == []


def test_every_icon_named_in_python_is_in_the_sprite() -> None:
    menu = {entry[2] for entry in (*nav._SECRETARY, *nav._STAFF)}
    assert (set(TONES.values()) | set(NOTICE_ICONS.values()) | menu) - SPRITE == set()


def test_every_state_has_a_known_tone() -> None:
    assert set(STATES.values()) - set(TONES) == set()


def test_no_sheet_calls_home_and_none_needs_a_young_browser() -> None:
    for path in (ROOT / "static/css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert re.findall(r"https?://|@import|light-dark|color-mix|oklch", text) == [], path.name


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"), ("ink-2", "paper"), ("ink-3", "paper"), ("ink-3", "surface"),
        ("surface", "red"), ("surface", "red-dark"), ("red-dark", "red-soft"),
        ("gold-ink", "gold-soft"), ("ok", "ok-soft"), ("late", "late-soft"), ("bad", "bad-soft"),
        ("exempt", "exempt-soft"), ("info", "info-soft"), ("wait", "wait-soft"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(ink: str, ground: str) -> None:
    sheet = (ROOT / "static/css/tokens.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet)) | {"surface": "#ffffff"}
    assert _contrast(colours[ink], colours[ground]) >= 4.5


# ------------------------------------------------------------- parts


def test_status_shows_icon_and_word_and_escapes_it() -> None:
    html = render("{% status code word %}", code="late", word="<补录>")
    assert 'class="state state-late"' in html
    assert "#clock-exclamation" in html
    assert "&lt;补录&gt;" in html


def test_an_unknown_state_is_shown_plainly() -> None:
    assert 'class="state state-info"' in render("{% status code word %}", code="new", word="新")


def test_breadcrumb_ends_with_the_page_itself() -> None:
    html = render('{% crumbs "首页" "/" "会议记录" %}')
    assert re.findall(r"<li>(.*?)</li>", html) == [
        '<a href="/">首页</a>',
        '<span aria-current="page">会议记录</span>',
    ]


def test_sorting_a_column_again_turns_it_round_and_keeps_the_filters() -> None:
    html = render('{% sort_head "名称" "name" %}{% sort_head "得分" "score" %}')
    assert re.findall(r'aria-sort="(\w+)"', html) == ["ascending", "none"]
    assert re.findall(r'href="(\?[^"]+)"', html) == [
        "?q=%E5%BC%A0&amp;o=-name",
        "?q=%E5%BC%A0&amp;o=score",
    ]


def test_pager_keeps_the_filters_and_knows_its_neighbours() -> None:
    html = render("{% pagination page %}", page=page_of(list(range(250)), {"page": "2"}, size=100))
    assert re.findall(r'href="(\?[^"]+)"', html) == [
        "?q=%E5%BC%A0&amp;page=1&amp;o=name",
        "?q=%E5%BC%A0&amp;page=3&amp;o=name",
    ]
    assert "第 2 页" in html


def test_pager_is_silent_when_everything_fits_on_one_page() -> None:
    assert render("{% pagination page %}", page=page_of([1, 2], {})) == ""
    assert render("{% pagination page %}", page=Paginator([1, 2], 5).page(1)) == ""


def test_pager_of_a_long_list_goes_by_key() -> None:
    html = render("{% pagination page %}", page=KeysetPage(rows=[3, 2], next="2", previous="3"))
    assert re.findall(r'href="(\?[^"]+)"', html) == [
        "?q=%E5%BC%A0&amp;o=name&amp;before=3",
        "?q=%E5%BC%A0&amp;o=name&amp;after=2",
    ]


@pytest.mark.parametrize(("share", "tone"), [(90, "ok"), (89, "late"), (60, "late"), (59, "bad")])
def test_meter_takes_its_tone_from_the_share(share: int, tone: str) -> None:
    assert f'class="meter meter-{tone}"' in render("{% meter share %}", share=share)


def test_meter_of_nothing_is_a_dash() -> None:
    assert "—" in render("{% meter 3 0 %}")
    assert "—" in render("{% meter value %}", value=None)


def test_ticklist_asks_a_reason_only_of_the_absent() -> None:
    rows = [{"id": 4, "name": "王"}, {"id": 9, "name": "李", "present": False, "reason": "sick"}]
    html = render("{% ticklist rows reasons %}", rows=rows, reasons=[("sick", "病假")])
    assert re.findall(r'name="eligible"\s+value="(\d+)"', html) == ["4", "9"]
    boxes = re.findall(r'name="present"\s+value="(\d+)"\s*(checked)?', html)
    assert boxes == [("4", "checked"), ("9", "")]
    chips = re.findall(r'name="reason_(\d+)"\s+value="sick"\s*(checked)?', html)
    assert chips == [("4", ""), ("9", "checked")]
    assert re.findall(r"<b[^>]*>(\d+)</b>", html) == ["2", "1", "1"]


def test_a_running_job_asks_again_and_a_finished_one_does_not() -> None:
    values = context()
    running = render("{% job_progress job '/jobs/1' %}", job=values["job"])
    finished = render("{% job_progress job '/jobs/1' result_url='/r' %}", job=values["finished"])
    assert ('hx-get="/jobs/1"' in running, "查看结果" in running) == (True, False)
    assert ('hx-get="/jobs/1"' in finished, "查看结果" in finished) == (False, True)


# ------------------------------------------------------------- plots


def test_every_plot_is_also_a_table_with_the_same_links() -> None:
    table = Plot(
        kind="bar",
        title="完成",
        labels=["7月", "8月"],
        unit="项",
        series=[Series("按时", [3, None], "ok", ["/a", "/b"]), Series("补录", [1.25])],
    ).table()
    assert table == {
        "head": ["", "按时", "补录"],
        "rows": [
            {
                "name": "7月",
                "cells": [{"text": "3项", "href": "/a"}, {"text": "1.2项", "href": ""}],
            },
            {"name": "8月", "cells": [{"text": "—", "href": "/b"}, {"text": "—", "href": ""}]},
        ],
    }


def test_a_heat_map_with_a_hole_shows_a_dash_there() -> None:
    table = Plot(
        kind="heat",
        title="按时率",
        labels=["7月", "8月"],
        rows=["东"],
        cells=[Cell(1, 0, 9.0, "/x")],
    ).table()
    assert table["rows"] == [
        {"name": "东", "cells": [{"text": "—", "href": ""}, {"text": "9", "href": "/x"}]}
    ]


def test_a_donut_names_its_slices() -> None:
    table = plots()["donut"].table()
    assert [row["name"] for row in table["rows"]] == ["按时", "补录", "未完成", "免"]


def test_plot_data_cannot_close_its_script() -> None:
    html = render(
        "{% plot figure id='p' %}",
        figure=Plot(kind="donut", title="x", labels=["</script><b>"], cells=[Cell(0, 0, 1)]),
    )
    found = re.search(r'<script id="p-data" type="application/json">(.*?)</script>', html)
    assert found is not None
    assert json.loads(found[1])["labels"] == ["</script><b>"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (12, "12%"), (12.0, "12%"), (12.34, "12.3%"), (120, "120%")]
)
def test_figures_carry_no_needless_decimals(value: float | None, text: str) -> None:
    assert figure(value, "%") == text


# ------------------------------------------------------------- forms


def test_a_wrong_number_stays_in_its_box_with_the_error_beside_it() -> None:
    form = SampleForm({"fee": "十二元"})
    html = render("{% field form.fee unit='元' %}", form=form)
    assert 'value="十二元"' in html
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_fee_error"' in html
    assert 'id="id_fee_helptext"' in html


def test_a_date_uses_the_picker_of_the_phone() -> None:
    form = SampleForm({"held_on": "2026-11-03"})
    html = render("{% field form.held_on %}", form=form)
    assert re.findall(r'type="date"|value="2026-11-03"', html) == [
        'type="date"',
        'value="2026-11-03"',
    ]


def test_a_wrong_date_stays_readable() -> None:
    html = render("{% field form.held_on %}", form=SampleForm({"held_on": "十一月三日"}))
    assert re.findall(r'type="(\w+)"|value="([^"]+)"', html) == [("text", ""), ("", "十一月三日")]


def test_choices_can_be_pills_in_a_named_group() -> None:
    html = render("{% field form.kind chips=True %}", form=SampleForm({"kind": "lecture"}))
    assert html.count('class="chip"') == 3
    assert '<legend class="field-label">会议种类</legend>' in html
    assert re.findall(r'value="(\w+)"[^>]*checked', html) == ["lecture"]


def test_extra_words_of_field_become_attributes() -> None:
    html = render("{% field form.topic hx_get='/x' label='题目' %}", form=SampleForm())
    assert 'hx-get="/x"' in html
    assert "题目" in html


def test_a_password_can_be_looked_at() -> None:
    class Door(forms.Form):
        key = forms.CharField(label="密码", widget=forms.PasswordInput)

    assert 'data-reveal="id_key"' in render("{% field form.key %}", form=Door())


def test_a_form_prints_its_summary_and_every_field_once() -> None:
    html = render("{{ form }}", form=SampleForm({"kind": "branch"}))
    assert re.findall(r'<a href="#(\w+)">', html) == [
        "id_held_on",
        "id_place",
        "id_fee",
        "id_chair",
        "id_topic",
    ]
    assert "有 5 处需要改一下" in html
    assert html.count('name="topic"') == 1


def test_the_summary_is_silent_before_anything_was_sent() -> None:
    assert render("{% form_errors form %}", form=SampleForm()) == ""
    assert render("{% form_errors form %}", form=None) == ""


def test_the_filter_bar_counts_what_is_set_and_offers_to_clear_it() -> None:
    class Filter(forms.Form):
        q = forms.CharField(required=False)
        kind = forms.ChoiceField(choices=[("", "全部"), ("a", "甲")], required=False)
        # A box that is not ticked narrows nothing.
        late = forms.BooleanField(required=False)

    used = render(
        "{% filterbar form=form %}{% endfilterbar %}", form=Filter({"q": "x", "kind": "a"})
    )
    idle = render(
        "{% filterbar form=form %}{% endfilterbar %}", form=Filter({"q": "x", "kind": ""})
    )
    assert ('<b class="count">1</b>' in used, "清除" in used) == (True, True)
    assert ("count" in idle, "清除" in idle) == (False, False)


# ------------------------------------------------------------- navigation


def test_five_entries_fit_the_foot_of_a_phone_and_a_sixth_opens_more() -> None:
    entries = [{"label": str(i), "url": f"/{i}"} for i in range(6)]
    five = nav_items(Context({"nav": entries[:5]}))
    six = nav_items(Context({"nav": entries}))
    assert (len(five.phone), five.more) == (5, False)
    assert (len(six.phone), six.more) == (4, True)


def test_a_group_is_named_once() -> None:
    groups = ["", "甲", "甲", "乙"]
    found = nav_items(Context({"nav": [{"label": "x", "url": "/", "group": g} for g in groups]}))
    assert [item.heading for item in found] == ["", "甲", "", "乙"]


def test_a_large_count_is_capped() -> None:
    found = nav_items(Context({"nav": [{"label": "x", "url": "/", "count": 140}]}))
    assert found[0].count_text == "99+"


# ------------------------------------------------------------- pages of lists


def test_page_of_reads_one_row_more_than_it_shows() -> None:
    first = page_of(list(range(5)), {}, size=2)
    last = page_of(list(range(5)), {"page": "3"}, size=2)
    assert (first.rows, first.has_previous(), first.has_next()) == ([0, 1], False, True)
    assert (last.rows, last.has_previous(), last.has_next()) == ([4], True, False)


@pytest.mark.parametrize("text", ["", "0", "-1", "abc", "１", "9" * 30, "1.5"])
def test_nonsense_for_a_page_number_means_the_first_page(text: str) -> None:
    assert page_of(list(range(5)), {"page": text}, size=2).number == 1


@pytest.mark.django_db
def test_keyset_pages_walk_there_and_back_without_a_gap() -> None:
    from datetime import date

    from core.models import Holiday

    Holiday.objects.all().delete()
    Holiday.objects.bulk_create(
        [Holiday(day=date(2030, 1, i), is_off=True, name=str(i)) for i in range(1, 8)]
    )
    seen, at = [], keyset_page(Holiday.objects.all(), {}, size=3)
    assert at.previous == ""
    pages = [at]
    while at.next:
        at = keyset_page(Holiday.objects.all(), {"after": at.next}, size=3)
        pages.append(at)
    seen = [row.name for one in pages for row in one]
    assert seen == ["7", "6", "5", "4", "3", "2", "1"]
    for earlier, later in pairwise(pages):
        back = keyset_page(Holiday.objects.all(), {"before": later.previous}, size=3)
        assert [row.pk for row in back] == [row.pk for row in earlier]
    assert keyset_page(Holiday.objects.all(), {"after": "x"}, size=3).rows == pages[0].rows


# ------------------------------------------------------------- htmx


class _Htmx:
    boosted = False
    history_restore_request = False


def _request(*, htmx: bool) -> HttpRequest:
    request = RequestFactory().get("/x")
    request.session = {}  # type: ignore[assignment]
    request.htmx = _Htmx() if htmx else None  # type: ignore[attr-defined]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def test_htmx_gets_the_fragment_with_the_waiting_messages() -> None:
    request = _request(htmx=True)
    get_messages(request).add(constants.SUCCESS, "已保存")
    response = page(
        request, "core/no_scope.html", context(), fragment="core/_styleguide_job.html", status=422
    )
    html = response.content.decode()
    assert (response.status_code, response["Vary"]) == (422, "HX-Request")
    assert ("<html" in html, "导入党员名册" in html, "已保存" in html) == (False, True, True)
    assert 'hx-swap-oob="true"' in html


def test_a_redirect_works_for_both_kinds_of_request() -> None:
    assert go(_request(htmx=False), "/to").headers["Location"] == "/to"
    assert go(_request(htmx=True), "/to").headers["HX-Redirect"] == "/to"
    assert is_fragment(_request(htmx=False)) is False


# ------------------------------------------------------------- whole pages


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503", "csrf"])
def test_trouble_pages_need_nothing_and_speak_chinese_only(name: str) -> None:
    html = render_to_string(f"errors/{name}.html")
    words = re.sub(r"<[^>]+>", " ", html)
    assert re.findall(r"[A-Za-z]{2,}", words) == []
    assert 'href="/"' in html


def test_the_style_guide_is_there_only_for_those_who_build(client: Client, settings) -> None:
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    response = client.get("/styleguide/")
    assert response.status_code == 200
    assert "Content-Security-Policy" in response.headers


def test_the_process_says_that_it_lives(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_means_that_database_and_cache_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": "ok", "cache": "ok"},
    )


@pytest.mark.django_db
def test_not_ready_says_which_part_is_down(client: Client, monkeypatch) -> None:
    def down(key: str) -> None:
        raise RedisDown

    monkeypatch.setattr(cache, "get", down)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unready", "database": "ok", "cache": "down"},
    )


@pytest.mark.django_db
def test_the_sign_in_page_speaks_chinese_only(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.S)
    assert re.findall(r"[A-Za-z]{2,}", words) == []


@pytest.mark.django_db
def test_the_admin_has_no_door_of_its_own(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/core/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=%2Fadmin%2Fcore%2F",
    )


@pytest.mark.django_db
def test_a_switched_off_account_is_told_so(client: Client) -> None:
    from accounts.models import User

    user = User.objects.create_user("off", password="Right-pass-2026", name="停", is_active=False)
    response = client.post(
        "/accounts/login/", {"login": user.username, "password": "Right-pass-2026"}, follow=True
    )
    assert (response.status_code, "账号已停用" in response.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("trouble", "status"), [(OperationalError("gone"), 503), (ValueError("bug"), 500)]
)
def test_a_failing_page_is_answered_without_asking_the_database(
    trouble: Exception, status: int
) -> None:
    try:
        raise trouble
    except type(trouble):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("防汛演练", "防汛演练。"), ("防汛演练。", "防汛演练。"), (" 行吗？ ", "行吗？"), ("", "")],
)
def test_peoples_own_words_end_with_one_full_stop(said: str, sentence: str) -> None:
    assert render("{{ said|sentence }}", said=said) == sentence
