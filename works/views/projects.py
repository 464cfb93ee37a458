"""项目化管理: one's own, the board by tag and state, the list, one project, its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.deeds import offered
from branches.enums import Role
from branches.views.parts import DeskRequest, sheet
from core import attachments
from core.downloads import file_download
from core.htmx import page
from core.pages import Page, page_of
from core.papers import DOCX_TYPE
from works.agenda import WORK_TONES, project_lines, with_milestones
from works.enums import WorkState
from works.facts import project_facts
from works.forms.pledges import FilterForm
from works.models import Project, ProjectFile
from works.overview import project_board
from works.papers import project_paper
from works.sheets import PROJECT_HEAD, project_rows
from works.views.deeds import OF_MILESTONE, OF_PROJECT, project_of
from works.views.parts import asked, tabs
from works.views.pledges import begin

STATES = [("", "全部"), ("overdue", "逾期（项目或节点）"),
          *((state.name.lower(), str(state.label)) for state in WorkState)]  # fmt: skip
_SHOWN = 50


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The secretary's page: the next step of each project."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    rows = with_milestones(Project.objects.within(*roots), on=on).order_by("state", "due_on", "pk")
    context = {
        "lines": project_lines(rows[:_SHOWN], on=on), "begin": begin(request, "project"),
        "today": on, "tabs": tabs(request, "project_mine", "project"),
    }  # fmt: skip
    return page(request, "works/project_mine.html", context)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The board by state, of one tag or all, and the tags beside each other."""
    want = asked(request, (), tagged=True)
    context = {
        "board": project_board(units=want.units, tag=want.tag, on=timezone.localdate()),
        "form": want.form, "begin": begin(request, "project"),
        "tabs": tabs(request, "project_board", "project"),
    }  # fmt: skip
    return page(request, "works/project_board.html", context)


def _narrowed(request: DeskRequest) -> tuple[Any, FilterForm]:
    want, on = asked(request, STATES, tagged=True), timezone.localdate()
    rows = Project.objects.within(*want.units)
    if want.state == "overdue":
        rows = rows.overdue(on=on)
    elif want.state:
        rows = rows.filter(state=WorkState[want.state.upper()])
    if want.tag:
        rows = rows.filter(tag__code=want.tag)
    return with_milestones(rows, on=on).order_by("state", "due_on", "pk"), want.form


@login_required
@require_GET
def project_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about projects."""
    rows, form = _narrowed(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "query": request.GET.urlencode(),
        "lines": project_lines(shown, on=timezone.localdate()),
        "begin": begin(request, "project"), "tabs": tabs(request, "project_list", "project"),
    }  # fmt: skip
    return page(request, "works/project_list.html", context)


@login_required
@require_GET
def project_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook."""
    rows, _ = _narrowed(request)
    return sheet(request, "项目清单", PROJECT_HEAD, project_rows(rows))


@login_required
@require_GET
def project_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One project: goal, milestones with evidence, its way so far."""
    row, on = project_of(request, uuid), timezone.localdate()
    facts = project_facts(row, on=on)
    context = {
        "row": row, "facts": facts, "tone": WORK_TONES[WorkState(row.state)],
        "is_late": row.is_late(on), "buttons": offered(request, "works", OF_PROJECT, row),
        "milestones": [
            (line, offered(request, "works", OF_MILESTONE, line.milestone)) for line in facts.lines
        ],
        "tabs": tabs(request, "", "project"),
    }  # fmt: skip
    return page(request, "works/project_detail.html", context)


@login_required
@require_GET
def project_word(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The project sheet as a Word file."""
    row = project_of(request, uuid)
    return file_download(project_paper(row), f"项目{row.title[:30]}.docx", DOCX_TYPE)


def _file_of(request: DeskRequest, uuid: UUID) -> ProjectFile:
    found: ProjectFile = get_object_or_404(
        ProjectFile.objects.within(*request.scope.units), uuid=uuid
    )
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One piece of evidence, sent only to who may read its project (S5)."""
    return attachments.serve(request, _file_of(request, uuid))


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    return attachments.serve_small(request, _file_of(request, uuid))
