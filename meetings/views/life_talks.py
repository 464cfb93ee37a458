"""谈心谈话: who talked with whom, one tap to note it, one tap to make the record."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Unit
from core.errors import Refusal
from core.htmx import go, page
from meetings import permissions
from meetings.forms.life import keys
from meetings.life_people import coverage_of, days_of, people
from meetings.life_talked import talked_page
from meetings.models import Meeting, Talk
from meetings.services import life_talks as verbs
from meetings.views.life_parts import branch_of, branches_kept, kept_branch, year_of
from meetings.views.parts import DeskRequest, attempt, demand


def _branch(request: DeskRequest) -> Unit | None:
    """The branch asked for, or the only one the asker keeps; None when there is a choice."""
    text = request.GET.get("unit") or request.POST.get("unit", "")
    if not text:
        units = list(branches_kept(request).order_by("path")[:2])
        return units[0] if len(units) == 1 else None
    unit = branch_of(request, text)
    demand(permissions.may_see_talks(request.scope, unit.path))
    return unit


def _talks_url(unit: Unit, year: int) -> str:
    return f"{reverse('meetings:life_talks')}?unit={unit.pk}&year={year}"


@login_required
@require_GET
def talks(request: DeskRequest) -> HttpResponse:
    """The matrix of a branch and year, what is missing, and the days with their records."""
    unit = _branch(request)
    if unit is None:
        return go(request, "meetings:life_home")
    year, on = year_of(request), timezone.localdate()
    context = talked_page(unit, year, on=on, everybody="all" in request.GET)
    context["may_keep"] = permissions.may_keep_life(request.scope, unit.path)
    return page(request, "meetings/life_talks.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def talk_new(request: DeskRequest) -> HttpResponse:
    """Pick one, pick whom he talked with, tap. POST keeps pairs and the day, nothing else."""
    unit = _branch(request)
    if unit is None:
        return go(request, "meetings:life_home")
    demand(permissions.may_keep_life(request.scope, unit.path))
    if request.method == "POST" and _record(request, unit):
        return go(request, _talks_url(unit, _day(request).year))
    status = 422 if request.method == "POST" else 200
    context = _picking(request, unit, timezone.localdate())
    return page(request, "meetings/life_talk_new.html", context, status=status)


def _picking(request: DeskRequest, unit: Unit, on: date) -> dict[str, Any]:
    """Whom there is to pick, and who is picked: as sent, or by the address, or the first 委员."""
    sent = request.POST if request.method == "POST" else request.GET
    who = people(unit, on)
    board = [one for one in who if one.on_board]
    picked = keys(sent, "person") or [one.id for one in board]
    return {
        "unit": unit,
        "people": who,
        "board": board,
        "picked": picked[0] if picked else 0,
        "others": keys(sent, "others"),
        # Those whom no 委员 has talked with this year.
        "hints": set(coverage_of(who, days_of(unit, on.year)).missing_members),
        "day": sent.get("day") or on.isoformat(),
        "today": on,
    }


def _day(request: DeskRequest) -> date:
    try:
        return parse_date(request.POST.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _record(request: DeskRequest, unit: Unit) -> bool:
    """Keep what was picked, or say why not."""
    person = keys(request.POST, "person")
    try:
        new = verbs.record_talks(
            unit=unit,
            by=request.user,
            day=_day(request),
            person=person[0] if person else 0,
            others=keys(request.POST, "others"),
            on=timezone.localdate(),
        )
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return False
    if new:
        messages.success(request, f"已记 {new} 组谈心谈话。")
    else:
        messages.info(request, "这些谈话当天已经记过，没有重复登记。")
    return True


@login_required
@require_POST
def talk_remove(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take back a talk that was noted by mistake."""
    rows = Talk.objects.within(*request.scope.units).select_related("unit")
    talk: Talk = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_keep_life(request.scope, talk.unit.path))
    attempt(request, lambda: verbs.remove_talk(talk=talk, by=request.user), "已撤销。")
    return go(request, _talks_url(talk.unit, talk.day.year))


@login_required
@require_POST
def talks_file(request: DeskRequest) -> HttpResponse:
    """Make the day's record 谈心谈话, filled in; it is completed and submitted as any record."""
    unit, made = kept_branch(request), list[Meeting]()
    day = _day(request)
    attempt(request, lambda: made.append(verbs.file_talks(unit=unit, day=day, by=request.user)), "")
    if not made:
        return go(request, _talks_url(unit, day.year))
    where = "meeting_edit" if made[0].is_editable else "meeting_detail"
    return go(request, f"meetings:{where}", made[0].uuid)
