"""承诺: the secretary's page, the board, the list, one pledge, its files; and 示范岗."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.deeds import Button, offered
from branches.enums import Role
from branches.permissions import STAFF
from branches.views.parts import DeskRequest, demand, sheet
from core import attachments
from core.downloads import file_download
from core.htmx import page
from core.pages import Page, page_of
from core.papers import DOCX_TYPE
from works.agenda import (
    PLEDGE_TONES,
    arrivals,
    pledges_above,
    pledges_to_do,
    posts,
    posts_to_confirm,
)
from works.enums import PledgeState
from works.forms.pledges import FilterForm
from works.models import ModelPost, Pledge, PledgeFile, Project
from works.overview import board
from works.papers import pledge_paper
from works.permissions import sees_names
from works.sheets import PLEDGE_HEAD, POST_HEAD, pledge_rows, post_rows
from works.views.deeds import OF_PLEDGE, OF_POST, OF_UNIT, beginnings, pledge_of
from works.views.parts import LOOKERS, asked, people, tabs

STATES = [("", "全部"), ("overdue", "过了期限"),
          *((state.name.lower(), str(state.label)) for state in PledgeState)]  # fmt: skip
POST_STATES = [("", "在岗"), ("open", "今年没有确认"), ("ended", "已撤岗")]
_SHOWN = 50
_MOST = 200


def begin(request: DeskRequest, *names: str) -> list[Button]:
    """Buttons for what begins in one's own organisations; each says where if there are several."""
    found = []
    for name in names:
        units = beginnings(request, name)[:5]
        for unit in units:
            for button in offered(request, "works", OF_UNIT, unit, name):
                title = f"{unit}：{button.title}" if len(units) > 1 else button.title
                found.append(Button(title, button.url, button.icon))
    return found


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The secretary's page: pledges that are due, those he confirms, who comes to the community."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    placements, done = arrivals(roots)
    context = {
        "lines": [
            {"row": row, "is_late": row.is_late(on), "tone": PLEDGE_TONES[PledgeState(row.state)],
             "buttons": offered(request, "works", OF_PLEDGE, row, "report", "confirm", "return")}
            for row in pledges_to_do(roots)[:_SHOWN]
        ],
        "placements": placements[:_SHOWN], "services": done[:_SHOWN], "today": on,
        "begin": begin(request, "pledge", "post", "place"), "tabs": tabs(request, "mine", "pledge"),
    }  # fmt: skip
    return page(request, "works/mine.html", context)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """How the organisations keep their pledges; persons are not counted."""
    demand(bool(request.scope.units_as(*LOOKERS)))
    context = {
        "board": board(units=request.scope.units, on=timezone.localdate()),
        "tabs": tabs(request, "board", "pledge"),
    }
    return page(request, "works/board.html", context)


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for the committee: pledges and posts to confirm, members to take in, late work."""
    on, roots = timezone.localdate(), request.scope.units_as(*STAFF)
    demand(bool(roots))
    placements, done = arrivals(roots)
    context = {
        "pledges": pledges_above(roots)[:_MOST], "posts": posts_to_confirm(roots, on=on)[:_MOST],
        "placements": placements[:_MOST], "services": done[:_MOST],
        "projects": Project.objects.within(*roots).overdue(on=on).select_related("unit")
        .order_by("due_on", "pk")[:_MOST],
        "overdue": Pledge.objects.within(*roots).overdue(on=on).select_related("unit", "member")
        .order_by("due_on", "pk")[:_MOST],
        "tabs": tabs(request, "queue", "pledge"),
    }  # fmt: skip
    return page(request, "works/queue.html", context)


def _narrowed(request: DeskRequest) -> tuple[Any, FilterForm]:
    want = asked(request, STATES)
    rows = Pledge.objects.within(*want.units).standing(want.state, on=timezone.localdate())
    return rows.select_related("unit", "member").order_by("state", "due_on", "pk"), want.form


@login_required
@require_GET
def pledge_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about pledges; who looks on reads no names of members."""
    (rows, form), on = _narrowed(request), timezone.localdate()
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "query": request.GET.urlencode(),
        "lines": [
            {"row": row, "is_late": row.is_late(on), "tone": PLEDGE_TONES[PledgeState(row.state)],
             "opens": sees_names(request.scope, row.unit.path)}
            for row in shown
        ],
        "begin": begin(request, "pledge"), "tabs": tabs(request, "pledge_list", "pledge"),
    }  # fmt: skip
    return page(request, "works/pledge_list.html", context)


@login_required
@require_GET
def pledge_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook; names only for those who may read them."""
    rows, _ = _narrowed(request)
    return sheet(request, "承诺践诺", PLEDGE_HEAD, pledge_rows(rows, scope=request.scope))


@login_required
@require_GET
def pledge_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One pledge: what was promised, what was done, the evidence, who confirmed it."""
    row, on = pledge_of(request, uuid), timezone.localdate()
    context = {
        "row": row, "is_late": row.is_late(on), "tone": PLEDGE_TONES[PledgeState(row.state)],
        "files": list(row.files.all()), "buttons": offered(request, "works", OF_PLEDGE, row),
        "tabs": tabs(request, "", "pledge"),
    }  # fmt: skip
    return page(request, "works/pledge_detail.html", context)


@login_required
@require_GET
def pledge_word(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """承诺书 as a Word file."""
    row = pledge_of(request, uuid)
    return file_download(pledge_paper(row), f"承诺书{row.pledged_on:%Y%m%d}.docx", DOCX_TYPE)


def _file_of(request: DeskRequest, uuid: UUID) -> PledgeFile:
    found: PledgeFile = get_object_or_404(people(request, PledgeFile), uuid=uuid)
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One piece of evidence, sent only to who may read its pledge (S5)."""
    return attachments.serve(request, _file_of(request, uuid))


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    return attachments.serve_small(request, _file_of(request, uuid))


def _posts(request: DeskRequest) -> tuple[Any, FilterForm]:
    want, on = asked(request, POST_STATES), timezone.localdate()
    rows = posts(people(request, ModelPost), on=on)
    if want.form.value("unit"):
        rows = rows.filter(unit__path__startswith=want.units[0].path)
    rows = rows.filter(until__lt=on) if want.state == "ended" else rows.current(on=on)
    if want.state == "open":
        rows = rows.filter(confirmed=False)
    return rows.order_by("unit__path", "pk"), want.form


@login_required
@require_GET
def post_list(request: DeskRequest) -> HttpResponse:
    """示范岗 of the organisations in reach, and whether they were confirmed this year."""
    rows, form = _posts(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "year": timezone.localdate().year,
        "lines": [(row, offered(request, "works", OF_POST, row)) for row in shown],
        "query": request.GET.urlencode(), "begin": begin(request, "post"),
        "tabs": tabs(request, "post_list", "pledge"),
    }  # fmt: skip
    return page(request, "works/post_list.html", context)


@login_required
@require_GET
def post_export(request: DeskRequest) -> StreamingHttpResponse:
    """示范岗 as a workbook."""
    rows, _ = _posts(request)
    return sheet(request, "党员示范岗", POST_HEAD, post_rows(rows))
