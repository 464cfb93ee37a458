"""“大党委”: the list, and the one page with members, lists, projects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.deeds import offered
from branches.models import Unit
from branches.naming import unit_named
from branches.permissions import WRITERS
from branches.views.parts import DeskRequest, attempt_form, demand, sheet
from core.deed_forms import DeedForm, line_field
from core.htmx import go, page
from core.pages import Page, page_of
from support.enums import RUNNING, JointState
from support.facts import joint_facts
from support.models import JointProject
from support.views.deeds import OF_ENTRY, OF_JOINT, OF_MEMBER, OF_PROJECT
from support.views.parts import joints, tabs

TONES = {
    JointState.MATCHED: "info", JointState.UNDERWAY: "wait", JointState.DONE: "ok",
    JointState.ENDED: "exempt",
}  # fmt: skip
HEAD = (
    "大党委",
    "社区党组织",
    "项目",
    "资源",
    "需求",
    "责任单位",
    "完成期限",
    "进度（%）",
    "状态",
    "成效",
)
_MOST = 5000


class WhichForm(DeedForm):
    """Which community."""

    unit = line_field("哪个社区（村）的党组织", 120, help_text="写全称、简称或代码。")


@login_required
@require_GET
def joint_list(request: DeskRequest) -> HttpResponse:
    """The joint committees in reach, and how their projects stand."""
    on = timezone.localdate()
    running = Q(projects__state__in=RUNNING)
    rows = joints(request).annotate(
        member_count=Count("members", filter=Q(members__until=None), distinct=True),
        running_count=Count("projects", filter=running, distinct=True),
        late_count=Count("projects", filter=running & Q(projects__due_on__lt=on), distinct=True),
        done_count=Count("projects", filter=Q(projects__state=JointState.DONE), distinct=True),
    )
    shown: Page[Any] = page_of(rows.order_by("unit__path"), request.GET)
    # Below a community that has one, a branch founds none of its own.
    free = request.scope.is_staff or not shown.rows
    context = {
        "page": shown,
        "may_found": free and bool(request.scope.units_as(*WRITERS)),
        "tabs": tabs(request, "joint_list", "venue"),
    }
    return page(request, "support/joint_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def joint_new(request: DeskRequest) -> HttpResponse:
    """Find the community; its own form follows."""
    roots = request.scope.units_as(*WRITERS)
    demand(bool(roots))
    posted = request.POST if request.method == "POST" else None
    form = WhichForm(posted, thing=None, on=timezone.localdate())
    if posted is not None and form.is_valid():
        reach, text = Unit.objects.within(*roots), form.cleaned_data["unit"]
        unit = attempt_form(form, lambda: unit_named(reach, text, field="unit"))
        if unit is not None:
            return go(request, "support:units_joint", unit.code)
    status = 200 if posted is None else 422
    return page(request, "support/joint_new.html", {"form": form}, status=status)


@login_required
@require_GET
def joint_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Members, resources, needs, projects with progress: one page."""
    joint, on = get_object_or_404(joints(request), uuid=uuid), timezone.localdate()
    facts = joint_facts(joint)

    def lines(rows: list[Any], about: Any) -> list[Any]:
        for row in rows:
            row.joint = joint
        return [(row, offered(request, "support", about, row)) for row in rows]

    projects = [
        {"project": row, "tone": TONES[JointState(row.state)], "is_late": row.is_late(on),
         "steps": facts.steps.get(row.pk, []), "buttons": buttons}
        for row, buttons in lines(facts.projects, OF_PROJECT)
    ]  # fmt: skip
    context = {
        "joint": joint, "projects": projects, "members": lines(facts.members, OF_MEMBER),
        "lists": [
            ("资源清单", "resource", lines(facts.resources, OF_ENTRY)),
            ("需求清单", "need", lines(facts.needs, OF_ENTRY)),
        ],
        "buttons": offered(request, "support", OF_JOINT, joint),
        "tabs": tabs(request, "", "venue"),
    }  # fmt: skip
    return page(request, "support/joint_detail.html", context)


@login_required
@require_GET
def joint_export(request: DeskRequest) -> StreamingHttpResponse:
    """All projects of the joint committees in reach as a workbook."""
    rows = JointProject.objects.within(*request.scope.units).select_related(
        "joint__unit", "resource", "need"
    )
    lines = (
        (
            row.joint.name, row.joint.unit.name, row.title, str(row.resource or ""),
            str(row.need or ""), row.owner, row.due_on, row.percent, row.get_state_display(),
            row.result,
        )
        for row in rows[:_MOST]
    )  # fmt: skip
    return sheet(request, "大党委项目", HEAD, lines)
