"""What the pages of 组织生活 share: whose branch, which year, which row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.permissions import WRITERS
from branches.querysets import UnitQuerySet
from meetings import permissions
from meetings.enums import Kind
from meetings.life_settings import shown_limits
from meetings.models import Appraisal, LifeReview, Meeting
from meetings.rules.life import held_window
from meetings.views.parts import DeskRequest, demand, is_key

MOST_MEETINGS = 20


def branches_kept(request: DeskRequest) -> UnitQuerySet:
    """The branches whose 组织生活 the asker keeps or helps with."""
    roots = request.scope.units_as(*WRITERS)
    found: UnitQuerySet = Unit.objects.within(*roots).filter(kind__in=BRANCH_KINDS)
    return found


def branch_of(request: DeskRequest, text: str) -> Unit:
    """The branch with this key in the asker's reach; 404 otherwise."""
    if not is_key(text):
        raise Http404
    rows = Unit.objects.within(*request.scope.units).filter(kind__in=BRANCH_KINDS)
    found: Unit = get_object_or_404(rows.select_related("committee"), pk=int(text))
    return found


def kept_branch(request: DeskRequest) -> Unit:
    """The branch a write names (``unit``), when the asker keeps it; 404 or 403 otherwise."""
    unit = branch_of(request, request.POST.get("unit") or request.GET.get("unit", ""))
    demand(permissions.may_keep_life(request.scope, unit.path))
    return unit


def year_of(request: DeskRequest) -> int:
    """The year in the address or the form: this one, or the last; this one otherwise."""
    this = timezone.localdate().year
    text = request.POST.get("year") or request.GET.get("year", "")
    return this - 1 if text == str(this - 1) else this


def review_of(request: DeskRequest, uuid: UUID) -> LifeReview:
    """One 组织生活会 in reach."""
    rows = LifeReview.objects.within(*request.scope.units).select_related(
        "unit", "meeting", "filed_by", "decided_by"
    )
    found: LifeReview = get_object_or_404(rows, uuid=uuid)
    return found


def appraisal_of(request: DeskRequest, uuid: UUID) -> Appraisal:
    """One 民主评议 in reach; its members are another question."""
    rows = Appraisal.objects.within(*request.scope.units).select_related(
        "unit", "unit__committee", "meeting", "proposed_by", "decided_by"
    )
    found: Appraisal = get_object_or_404(rows, uuid=uuid)
    return found


def candidates(request: DeskRequest, unit: Unit, kind: Kind, year: int) -> list[Meeting]:
    """The branch's filed records that can stand for the year's meeting of that kind."""
    grace = shown_limits(timezone.localdate()).grace_days
    rows = Meeting.objects.within(*request.scope.units).filter(unit=unit).counting().of_kind(kind)
    found: Any = rows.held_in(*held_window(year, grace_days=grace)).order_by("-held_on", "-pk")
    return list(found[:MOST_MEETINGS])
