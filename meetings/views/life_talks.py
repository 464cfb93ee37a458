"""谈心谈话: who talked with whom, one tap to note it, one tap to make the record."""

from __future__ import annotations

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
from meetings.life_people import Person, coverage_of, days_of, people, reckoned_on
from meetings.models import Meeting, Talk
from meetings.rules.life import pair, talks_next
from meetings.services import life_talks as verbs
from meetings.views.life_parts import branch_of, branches_kept, kept_branch, year_of
from meetings.views.parts import DeskRequest, attempt, demand

# Beyond so many people the matrix shows the 班子 across, unless all are asked for.
WIDE = 14
MOST_SHOWN = 200


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
    who, days = people(unit, reckoned_on(year, on)), days_of(unit, year)
    found = coverage_of(who, days)
    names = {one.id: one.name for one in who}
    everybody = "all" in request.GET or len(who) <= WIDE
    across = who if everybody else [one for one in who if one.on_board]
    context = {
        "unit": unit,
        "year": year,
        "years": (on.year, on.year - 1),
        "talks": found,
        "talks_text": f"{found.done} / {found.needed}",
        "next": talks_next(found),
        "across": across,
        "is_cut": not everybody,
        "matrix": _matrix(who, across, days),
        "missing_pairs": [(names[a], names[b], a) for a, b in found.missing_pairs],
        "missing_members": [names[one] for one in found.missing_members],
        "days": _days(request, unit, year),
        "may_keep": permissions.may_keep_life(request.scope, unit.path),
    }
    return page(request, "meetings/life_talks.html", context)


def _matrix(who: list[Person], across: list[Person], days: dict[Any, Any]) -> list[dict[str, Any]]:
    """A row per person: for each across the first day of the year, or a gap."""
    rows = []
    for one in who:
        cells = []
        for other in across:
            same = one.id == other.id
            found = [] if same else days.get(pair(one.id, other.id), [])
            needed = not same and (one.on_board and other.on_board)
            cells.append(
                {
                    "other": other,
                    "same": same,
                    "day": found[0] if found else None,
                    "times": len(found),
                    "is_needed": needed and not found,
                }
            )
        rows.append({"person": one, "cells": cells})
    return rows


def _days(request: DeskRequest, unit: Unit, year: int) -> list[dict[str, Any]]:
    """The year's talks by day, the latest first, each day with its record."""
    rows = (
        Talk.objects.within(*request.scope.units)
        .filter(unit=unit, day__year=year)
        .select_related("first", "second", "meeting")
    )
    found: dict[Any, list[Talk]] = {}
    for talk in rows.order_by("-day", "pk")[:MOST_SHOWN]:
        found.setdefault(talk.day, []).append(talk)
    return [
        {
            "day": day,
            "talks": some,
            "meeting": next((talk.meeting for talk in some if talk.meeting), None),
        }
        for day, some in found.items()
    ]


@login_required
@require_http_methods(["GET", "POST"])
def talk_new(request: DeskRequest) -> HttpResponse:
    """Pick one, pick whom he talked with, tap. POST keeps pairs and the day, nothing else."""
    unit = _branch(request)
    if unit is None:
        return go(request, "meetings:life_home")
    demand(permissions.may_keep_life(request.scope, unit.path))
    on = timezone.localdate()
    if request.method == "POST":
        refused = _record(request, unit)
        if refused is None:
            return go(request, _talks_url(unit, _day(request).year))
        messages.warning(request, refused)
    sent = request.POST if request.method == "POST" else request.GET
    who = people(unit, on)
    picked = keys(sent, "person") or [one.id for one in who if one.on_board][:1]
    context = {
        "unit": unit,
        "people": who,
        "board": [one for one in who if one.on_board],
        "picked": picked[0] if picked else 0,
        "others": keys(sent, "others"),
        "hints": _hints(unit, who, on.year),
        "day": sent.get("day") or on.isoformat(),
        "today": on,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/life_talk_new.html", context, status=status)


def _hints(unit: Unit, who: list[Person], year: int) -> set[int]:
    """Those whom no 委员 has talked with this year."""
    return set(coverage_of(who, days_of(unit, year)).missing_members)


def _day(request: DeskRequest) -> Any:
    try:
        return parse_date(request.POST.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _record(request: DeskRequest, unit: Unit) -> str | None:
    """Keep it; the sentence that says why not, or None."""
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
        return refusal.message
    if new:
        messages.success(request, f"已记 {new} 组谈心谈话。")
    else:
        messages.info(request, "这些谈话当天已经记过，没有重复登记。")
    return None


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
