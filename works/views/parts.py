"""What all pages of 作用发挥 share: what the asker may see, tabs, and filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches.enums import COMMITTEE_KINDS, Role
from branches.models import Unit
from branches.permissions import SEE_PEOPLE, STAFF, WRITERS
from branches.views.parts import DeskRequest
from works.forms.pledges import Choices, FilterForm
from works.models import SchemeTag

_MOST = 300
LOOKERS = (*STAFF, Role.LEADER)


@dataclass(frozen=True)
class Tab:
    """One page beside this one."""

    label: str
    url: str
    active: bool


def tabs(request: DeskRequest, active: str, group: str) -> list[Tab]:
    """The pages that belong together, for whom they are meant."""
    roles, scope = request.scope.roles, request.scope
    staff, looks = bool(scope.units_as(*STAFF)), bool(scope.units_as(*LOOKERS))
    people, secretary = bool(scope.units_as(*WRITERS)), Role.SECRETARY in roles
    pages = {
        "pledge": [
            ("mine", "承诺", secretary),
            ("board", "总览", looks),
            ("pledge_list", "承诺清单", True),
            ("post_list", "示范岗", people),
            ("placement_list", "在职党员", people),
            ("queue", "待办", staff),
        ],
        "project": [
            ("project_mine", "我们的项目", secretary),
            ("project_board", "看板", True),
            ("project_list", "清单", True),
        ],
    }
    return [
        Tab(label, reverse(f"works:{name}"), name == active)
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
    """The filters of a list: form, subtrees it is narrowed to, state and tag asked for."""

    form: FilterForm
    units: tuple[Unit, ...]
    state: str
    tag: str


def asked(request: DeskRequest, states: Choices, *, tagged: bool = False) -> Asked:
    """The filters of the address; 404 for a unit out of reach."""
    chosen, committees = subtree(request)
    known = SchemeTag.objects.values_list("code", "title") if tagged else ()
    tags = [("", "全部"), *known] if tagged else []
    form = FilterForm(request.GET, states=states, committees=committees, chosen=chosen, tags=tags)
    units = (chosen,) if chosen is not None else request.scope.units
    return Asked(form, units, form.value("state"), form.value("tag"))


def through(request: DeskRequest, model: Any, uuid: UUID, *joined: str) -> Any:
    """One row in reach; 404 for what is not there and for what is not his alike."""
    rows = model.objects.within(*request.scope.units).select_related(*joined)
    return get_object_or_404(rows, uuid=uuid)


def people(request: DeskRequest, model: Any) -> Any:
    """Rows that name members: within reach of a role that may see them."""
    return model.objects.within(*request.scope.units_as(*SEE_PEOPLE))
