"""网上党支部: a branch's own page and its 公开栏, put together from all programmes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.views.parts import DeskRequest, attempt_form, demand, unit_of
from config.panels import panels
from core.downloads import file_download
from core.htmx import form_page, go, page
from core.papers import DOCX_TYPE
from portal import permissions
from portal.forms.page import BoardForm
from portal.pages import BoardView, board, inside
from portal.papers import board_paper
from portal.services.pages import write_page

_SIZES = ("a3", "a4")


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """One's own branch or group; a choice for whoever keeps several."""
    own = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    if len(own) == 1 and (own[0].kind in BRANCH_KINDS or own[0].is_group):
        return go(request, "branch_page", own[0].code)
    rows = Unit.objects.within(*(own or request.scope.units)).branches()
    units = rows.standing(on=timezone.localdate()).select_related("committee").order_by("path")
    return page(request, "config/branch_choice.html", {"units": units[:200]})


@login_required
@require_GET
def show(request: DeskRequest, code: str) -> HttpResponse:
    """The page inside: people, notices, plan, month, records; a section for each 党小组."""
    unit, on = _unit(request, code), timezone.localdate()
    context = {
        "unit": unit,
        "view": inside(panels(unit, on, request.scope)),
        "today": on,
        "may_edit": permissions.may_edit_page(request.scope, unit.path),
    }
    return page(request, "config/branch_page.html", context)


@login_required
@require_GET
def wall(request: DeskRequest, code: str) -> HttpResponse:
    """公开栏 as it is printed; ``?size=a3`` for the big sheet."""
    unit = _branch(request, code)
    size = request.GET.get("size", "")
    context = {
        "unit": unit,
        "board": _board(request, unit),
        "size": size if size in _SIZES else "a4",
        "today": timezone.localdate(),
        "may_edit": permissions.may_edit_page(request.scope, unit.path),
    }
    return page(request, "config/branch_board.html", context)


@login_required
@require_GET
def paper(request: DeskRequest, code: str) -> HttpResponse:
    """公开栏 as a Word file."""
    unit = _branch(request, code)
    data = board_paper(unit, _board(request, unit), timezone.localdate())
    return file_download(data, f"{unit}公开栏.docx", DOCX_TYPE)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, code: str) -> HttpResponse:
    """What is public: a few words, and which panels."""
    unit = _branch(request, code)
    demand(permissions.may_edit_page(request.scope, unit.path))
    found = _board(request, unit)
    posted = request.POST if request.method == "POST" else None
    first = {"introduction": found.introduction, "panels": list(found.chosen)}
    form = BoardForm(posted, choices=found.choices, initial=first)
    if form.is_valid() and _written(request, unit, form, found):
        messages.success(request, "公开栏已保存。")
        return go(request, "branch_board", unit.code)
    return form_page(request, "config/branch_edit.html", {"form": form, "unit": unit})


def _written(request: DeskRequest, unit: Unit, form: BoardForm, found: BoardView) -> bool:
    known = [key for key, _ in found.choices]
    made = attempt_form(
        form,
        lambda: write_page(unit=unit, by=request.user, known=known, **form.cleaned_data),
    )
    return made is not None


def _board(request: DeskRequest, unit: Unit) -> BoardView:
    return board(unit, panels(unit, timezone.localdate(), request.scope))


def _unit(request: DeskRequest, code: str) -> Unit:
    """A 党支部 or 党小组 in reach, else 404."""
    unit = unit_of(request, code)
    if unit.kind not in BRANCH_KINDS and not unit.is_group:
        raise Http404
    return unit


def _branch(request: DeskRequest, code: str) -> Unit:
    """A 党支部 in reach, else 404."""
    unit = _unit(request, code)
    if unit.is_group:
        raise Http404
    return unit
