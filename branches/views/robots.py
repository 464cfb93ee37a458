"""通知渠道: the robots of committees' groups; and 送达记录, whether notices arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches import deliveries, permissions
from branches.forms_channels import DeliveryFilterForm, RobotForm
from branches.models import Robot, Unit
from branches.permissions import STAFF
from branches.services import robots
from branches.views.parts import DeskRequest, attempt, attempt_form, demand
from core import outbox
from core.htmx import go, page
from core.pages import keyset_page


def _reach(request: DeskRequest) -> tuple[Unit, ...]:
    """Where the asker works for a committee or the district; 403 when nowhere."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    return roots


def _robot_of(request: DeskRequest, uuid: UUID) -> Robot:
    found: Robot = get_object_or_404(
        Robot.objects.within(*_reach(request)).select_related("unit"), uuid=uuid
    )
    demand(permissions.may_keep_robots(request.scope, found.unit.path))
    return found


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The robots in reach, each with what became of its last message."""
    rows = list(Robot.objects.within(*_reach(request)).select_related("unit").order_by("pk")[:200])
    last = deliveries.latest_of(rows)
    context = {"rows": [{"robot": row, "last": last.get(row.pk)} for row in rows]}
    return page(request, "branches/robot_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest) -> HttpResponse:
    """Register a robot."""
    units = Unit.objects.within(*_reach(request)).filter(kind__in=robots.ROBOT_UNITS)
    form = RobotForm(request.POST or None, units=units.order_by("path"), initial=_first(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt_form(form, lambda: robots.set_up_robot(by=request.user, **given)):
            messages.success(request, "已登记。发一条测试消息，看群里收不收得到。")
            return go(request, "branches:robot_list")
    return _form(request, form, "添加群机器人")


def _first(request: DeskRequest) -> dict[str, Any]:
    return {"unit": _reach(request)[0].pk}


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Change what a robot tells, its address, or switch it off."""
    robot = _robot_of(request, uuid)
    initial = {"name": robot.name, "topics": robot.topics, "is_active": robot.is_active}
    form = RobotForm(request.POST or None, initial=initial, masked=robot.masked_address)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt_form(form, lambda: robots.change_robot(robot=robot, **given)):
            messages.success(request, "已保存。")
            return go(request, "branches:robot_list")
    return _form(request, form, f"修改“{robot.name}”")


def _form(request: DeskRequest, form: RobotForm, title: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": title}
    return page(request, "branches/robot_form.html", context, status=status)


@login_required
@require_POST
def test(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Send a test message; it goes through the outbox like everything else."""
    robot = _robot_of(request, uuid)
    attempt(
        request,
        lambda: robots.try_robot(robot=robot, by=request.user),
        "测试消息已交给发送程序，一分钟内送出，结果显示在机器人下面。",
    )
    return go(request, "branches:robot_list")


@login_required
@require_GET
def state(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What became of the last message, asked again while it is on its way."""
    robot = _robot_of(request, uuid)
    context = {"robot": robot, "last": deliveries.latest_of([robot]).get(robot.pk)}
    return page(request, "branches/_robot_state.html", context)


@login_required
@require_GET
def log(request: DeskRequest) -> HttpResponse:
    """送达记录 of those the asker looks after, the latest first."""
    units, form = _reach(request), DeliveryFilterForm(request.GET)
    rows = deliveries.chosen(deliveries.within(units), **form.chosen())
    shown = keyset_page(rows.select_related("notice"), request.GET, key="pk")
    context = {
        "form": form,
        "page": shown,
        "lines": deliveries.lines(shown, units=units),
    }
    return page(request, "branches/delivery_list.html", context)


@login_required
@require_POST
def retry(request: DeskRequest, pk: int) -> HttpResponse:
    """Try a delivery again that was given up."""
    found = get_object_or_404(deliveries.within(_reach(request)), pk=pk)
    if outbox.retry(delivery_ids=[found.pk]):
        messages.success(request, "已重新排队，一分钟内再发一次。")
    else:
        messages.info(request, "这一条已经不是“发送失败”，不用重发。")
    return go(request, "branches:delivery_list")
