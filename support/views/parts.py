"""What all pages of 阵地与联系 share: what the asker may see, tabs, and filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches.enums import COMMITTEE_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.rules import ancestors
from branches.views.parts import DeskRequest
from support.forms.contacts import Choices, FilterForm
from support.models import ContactLink, JointCommittee

_MOST = 300


@dataclass(frozen=True)
class Tab:
    """One page beside this one."""

    label: str
    url: str
    active: bool


def tabs(request: DeskRequest, active: str, group: str) -> list[Tab]:
    """The pages that belong together, for whom they are meant."""
    staff, roles = bool(request.scope.units_as(*STAFF)), request.scope.roles
    looks = staff or Role.LEADER in roles
    pages = {
        "venue": [
            ("mine", "阵地", Role.SECRETARY in roles),
            ("board", "总览", looks),
            ("venue_list", "阵地清单", looks),
            ("queue", "待办", staff),
            ("joint_list", "大党委", True),
        ],
        "contact": [
            ("contact_mine", "我的联系点", Role.SECRETARY in roles or Role.LEADER in roles),
            ("contact_list", "联系点", looks),
            ("visit_list", "走访和问题", looks),
            ("leader_list", "联系领导", staff),
        ],
    }  # fmt: skip
    return [
        Tab(label, reverse(f"support:{name}"), name == active)
        for name, label, shown in pages[group]
        if shown
    ]


def subtree(request: DeskRequest) -> tuple[Unit | None, Any]:
    """What ``?unit=`` narrows to (None: nothing), and the committees to choose from.

    404 for what is not there and for what is not his alike.
    """
    reach, text = Unit.objects.within(*request.scope.units), request.GET.get("unit", "")
    chosen = None
    if text:
        whole = text.isascii() and text.isdigit() and len(text) < 19
        chosen = reach.filter(pk=int(text)).first() if whole else None
        if chosen is None:
            raise Http404
    return chosen, reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")[:_MOST]


@dataclass(frozen=True)
class Asked:
    """The filters of a list: its form, the subtrees it is narrowed to, and the state asked for."""

    form: FilterForm
    units: tuple[Unit, ...]
    state: str


def asked(request: DeskRequest, states: Choices) -> Asked:
    """The filters of the address; 404 for a unit out of reach."""
    chosen, committees = subtree(request)
    form = FilterForm(request.GET, states=states, committees=committees, chosen=chosen)
    units = (chosen,) if chosen is not None else request.scope.units
    return Asked(form, units, form.value("state"))


def through(request: DeskRequest, model: Any, uuid: UUID, *joined: str) -> Any:
    """One row in reach; 404 for what is not there and for what is not his alike."""
    rows = model.objects.within(*request.scope.units).select_related(*joined)
    return get_object_or_404(rows, uuid=uuid)


def is_own(request: DeskRequest, link: ContactLink) -> bool:
    """Whether the contact point is the asker's own."""
    return link.leader.user_id is not None and link.leader.user_id == request.user.pk


def joints(request: DeskRequest) -> Any:
    """Joint committees in reach, and those of the communities that the asker belongs to."""
    above = {path for unit in request.scope.units for path in ancestors(unit.path)}
    mine = JointCommittee.objects.within(*request.scope.units).order_by().values("pk")
    rows = JointCommittee.objects.everywhere("the community one belongs to is known to all in it")
    return rows.filter(Q(pk__in=mine) | Q(unit__path__in=above)).select_related("unit")
