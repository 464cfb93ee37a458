"""What all pages about the fixed day share: which month, and which branch."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from core.dates import Period
from meetings.views.parts import DeskRequest, is_key

_MOST_OWN = 100


def month_of(label: str) -> Period:
    """The month of an address; 404 for what is none."""
    try:
        month = Period.parse(label)
    except ValueError:
        raise Http404 from None
    if month.kind != "month" or not 2000 <= month.year <= 2100:
        raise Http404
    return month


def own_branches(request: DeskRequest) -> list[Unit]:
    """The branches whose day the asker keeps or shares: his own, or his group's."""
    roots = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    above = [unit.parent_id for unit in roots if unit.is_group and unit.parent_id]
    own = Unit.objects.within(*[unit for unit in roots if not unit.is_group])
    rows = own | Unit.objects.everywhere("a group leader knows his branch").filter(pk__in=above)
    found = rows.filter(kind__in=BRANCH_KINDS).select_related("district", "parent")
    return list(found.distinct().order_by("path")[:_MOST_OWN])


def branch_of(request: DeskRequest) -> Unit | None:
    """The branch that the page is about: the one asked for in reach, or the asker's first.

    None for staff who ask for none: they look at all. 404 for what is not in reach.
    """
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    if not asked:
        if request.scope.units_as(*STAFF, Role.LEADER):
            return None
        return next(iter(own_branches(request)), None)
    if not is_key(asked):
        raise Http404
    named = [unit for unit in own_branches(request) if unit.pk == int(asked)]
    if named:
        return named[0]
    reach = Unit.objects.within(*request.scope.units).filter(kind__in=BRANCH_KINDS)
    found: Unit = get_object_or_404(reach.select_related("district", "parent"), pk=int(asked))
    return found
