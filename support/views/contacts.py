"""联系点: one's own, the list, one link with its visits, leaders, visits and their problems."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.deeds import offered
from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.views.parts import DeskRequest, demand, sheet
from core.downloads import file_download
from core.htmx import page
from core.pages import Page, page_of
from core.papers import DOCX_TYPE
from support.agenda import links
from support.enums import IssueState
from support.forms.contacts import FilterForm
from support.limits import visits_per_quarter
from support.models import ContactLeader, ContactVisit, FollowUp
from support.papers import visit_paper
from support.sheets import LINK_HEAD, VISIT_HEAD, link_rows, visit_rows
from support.views.deeds import OF_LEADER, OF_LINK, OF_UNIT, OF_VISIT, link_of
from support.views.parts import asked, tabs, through

LOOKERS = (*STAFF, Role.LEADER)
LINK_STATES = [("", "全部"), ("owed", "本季度还没有走访"), ("visited", "本季度已走访"),
               ("open", "有问题在跟进")]  # fmt: skip
VISIT_STATES = [("", "全部"), ("open", "跟进中"), ("solved", "已解决"), ("none", "没有问题")]
TONES = {IssueState.NONE: "exempt", IssueState.OPEN: "late", IssueState.SOLVED: "ok"}
_SHOWN = 100


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """A leader's own contact points, a secretary's leaders: what is asked of them now."""
    on, wanted = timezone.localdate(), visits_per_quarter(timezone.localdate())
    own = links(request.scope.units_as(Role.LEADER), on=on).filter(leader__user=request.user.pk)
    ours = links(request.scope.units_as(Role.SECRETARY), on=on)
    problems = ContactVisit.objects.within(*request.scope.units_as(Role.SECRETARY)).open()
    context = {
        "own": [(row, offered(request, "support", OF_LINK, row, "visit")) for row in own[:_SHOWN]],
        "ours": ours[:_SHOWN], "wanted": wanted,
        "problems": [
            (row, offered(request, "support", OF_VISIT, row, "follow"))
            for row in problems.select_related("link__leader", "link__unit")[:_SHOWN]
        ],
        "tabs": tabs(request, "contact_mine", "contact"),
    }  # fmt: skip
    return page(request, "support/contact_mine.html", context)


def _links(request: DeskRequest) -> tuple[Any, FilterForm]:
    want, on = asked(request, LINK_STATES), timezone.localdate()
    rows, wanted = links(want.units, on=on), visits_per_quarter(on)
    narrow = {
        "owed": Q(visited__lt=wanted), "visited": Q(visited__gte=wanted),
        "open": Q(open_count__gt=0),
    }  # fmt: skip
    return rows.filter(narrow.get(want.state, Q())), want.form


@login_required
@require_GET
def contact_list(request: DeskRequest) -> HttpResponse:
    """Who is linked to which organisation, and who has not been there this quarter."""
    rows, form = _links(request)
    context = {
        "page": page_of(rows, request.GET), "form": form, "query": request.GET.urlencode(),
        "wanted": visits_per_quarter(timezone.localdate()),
        "may_load": bool(request.scope.units_as(*STAFF)),
        "tabs": tabs(request, "contact_list", "contact"),
    }  # fmt: skip
    return page(request, "support/contact_list.html", context)


@login_required
@require_GET
def contact_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook."""
    rows, _ = _links(request)
    return sheet(request, "联系点", LINK_HEAD, link_rows(rows))


@login_required
@require_GET
def contact_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One contact point: its visits, and each problem with what was done about it."""
    link = link_of(request, uuid)
    visits = list(link.visits.select_related("by", "link__leader", "link__unit")[:_SHOWN])
    steps: dict[int, list[FollowUp]] = {}
    for step in FollowUp.unscoped.filter(visit__in=visits).select_related("by"):
        steps.setdefault(step.visit_id, []).append(step)
    lines = [
        {"visit": visit, "tone": TONES[IssueState(visit.state)], "steps": steps.get(visit.pk, []),
         "buttons": offered(request, "support", OF_VISIT, visit)}
        for visit in visits
    ]  # fmt: skip
    context = {
        "link": link,
        "lines": lines,
        "buttons": offered(request, "support", OF_LINK, link),
        "tabs": tabs(request, "", "contact"),
    }
    return page(request, "support/contact_detail.html", context)


def _visits(request: DeskRequest) -> tuple[Any, FilterForm]:
    want = asked(request, VISIT_STATES)
    rows = ContactVisit.objects.within(*want.units)
    if want.state:
        rows = rows.filter(state=IssueState[want.state.upper()])
    found = rows.select_related("link__leader", "link__unit").order_by("-day", "-pk")
    return found, want.form


@login_required
@require_GET
def visit_list(request: DeskRequest) -> HttpResponse:
    """Visits of all contact points in reach, with what became of their problems."""
    rows, form = _visits(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "query": request.GET.urlencode(),
        "lines": [(visit, TONES[IssueState(visit.state)]) for visit in shown],
        "tabs": tabs(request, "visit_list", "contact"),
    }  # fmt: skip
    return page(request, "support/visit_list.html", context)


@login_required
@require_GET
def visit_export(request: DeskRequest) -> StreamingHttpResponse:
    """Visits as a workbook."""
    rows, _ = _visits(request)
    return sheet(request, "联系点走访", VISIT_HEAD, visit_rows(rows))


@login_required
@require_GET
def visit_word(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One visit as a Word file."""
    visit = through(request, ContactVisit, uuid, "link__leader", "link__unit")
    return file_download(visit_paper(visit), f"联系点走访记录{visit.day:%Y%m%d}.docx", DOCX_TYPE)


@login_required
@require_GET
def leader_list(request: DeskRequest) -> HttpResponse:
    """The leaders of the organisations in reach, and how many contact points each has."""
    on, roots = timezone.localdate(), request.scope.units_as(*STAFF)
    demand(bool(roots))
    running = Q(links__since__lte=on) & (Q(links__until=None) | Q(links__until__gte=on))
    rows = (
        ContactLeader.objects.within(*roots).select_related("unit", "user")
        .annotate(link_count=Count("links", filter=running))
        .order_by("-is_active", "unit__path", "pk")
    )  # fmt: skip
    shown: Page[Any] = page_of(rows, request.GET)
    homes = Unit.objects.within(*roots).filter(pk__in=[unit.pk for unit in roots])
    context = {
        "page": shown,
        "lines": [(row, offered(request, "support", OF_LEADER, row)) for row in shown],
        "buttons": [
            button for unit in homes
            for button in offered(request, "support", OF_UNIT, unit, "leader")
        ],
        "tabs": tabs(request, "leader_list", "contact"),
    }  # fmt: skip
    return page(request, "support/leader_list.html", context)
