"""What all pages about records share: what the asker may see, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import User
from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, Role, UnitKind
from branches.models import Unit
from branches.permissions import WRITERS
from branches.querysets import UnitQuerySet
from branches.scope import Scope
from branches.views.parts import attempt_form
from core.errors import Refusal
from core.htmx import HtmxRequest, page
from meetings.enums import KIND_SLUGS, Kind
from meetings.models import Meeting
from meetings.querysets import MeetingQuerySet
from meetings.rules import kinds_allowed

_MOST_COMMITTEES = 300
MOST_CHOICES = 60
_LOGGING = (*BRANCH_KINDS, UnitKind.GROUP)


class DeskRequest(HtmxRequest):
    """A signed-in request with its scope."""

    scope: Scope
    user: User


def records(request: DeskRequest) -> MeetingQuerySet:
    """The records the asker may see."""
    own = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    found: MeetingQuerySet = Meeting.objects.within(*request.scope.units)
    return found.readable(user_id=request.user.pk, own=own)


def record_of(request: DeskRequest, uuid: UUID) -> Meeting:
    """One record in reach; 404 for what is not there and for what is not his alike."""
    found: Meeting = get_object_or_404(
        records(request).select_related(
            "unit", "unit__parent", "unit__committee", "created_by", "reviewed_by"
        ),
        uuid=uuid,
    )
    return found


def own_units(request: DeskRequest) -> UnitQuerySet:
    """Branches and groups for which the asker may log."""
    roots = request.scope.units_as(*WRITERS, Role.GROUP_LEADER)
    found: UnitQuerySet = (
        Unit.objects.within(*roots).filter(kind__in=_LOGGING).select_related("parent")
    )
    return found


def units_to_choose(request: DeskRequest, kinds: Iterable[str] = _LOGGING) -> list[Unit]:
    """The first of them, narrowed by ``?q=`` to a name, pinyin or initials."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = own_units(request).filter(kind__in=kinds).search(text)
    return list(found.order_by("path")[:MOST_CHOICES])


@dataclass(frozen=True)
class Choice:
    """What the page says on which a branch is chosen; the last three when there is none.

    ``above`` is label and route of the page it belongs to; a page of the menu ``is_top``.
    """

    title: str
    lead: str
    above: tuple[str, str] | None = None
    is_top: bool = False
    nothing: str = "没有可以选的支部"
    hint: str = "需要支部书记或上级工作人员的授权，请联系上级组织部门。"
    icon: str = "lock"


def choice(request: DeskRequest, says: Choice, units: list[Unit]) -> HttpResponse:
    """The page on which one of several branches is chosen before anything else."""
    context = {
        "says": says,
        "units": units,
        "q": request.GET.get("q", ""),
        "target": request.path,
        "kept": [(name, value) for name, value in request.GET.items() if name not in ("q", "unit")],
    }
    return page(
        request, "meetings/unit_choice.html", context, fragment="meetings/_unit_choice.html"
    )


def unit_of(request: DeskRequest, text: str) -> Unit:
    """The branch or group with this key among those he may log for; 404 otherwise."""
    if not is_key(text):
        raise Http404
    found: Unit = get_object_or_404(own_units(request), pk=int(text))
    return found


def asked_kinds(request: DeskRequest, *, is_group: bool) -> list[Kind]:
    """The kinds that the address names and a branch, or a 党小组, may record."""
    slugs = {slug: kind for kind, slug in KIND_SLUGS.items()}
    named = [slugs[slug] for slug in request.GET.getlist("kind") if slug in slugs]
    return [kind for kind in named if kind in kinds_allowed(is_group=is_group)]


def is_key(text: str) -> bool:
    """Whether a text can be a primary key at all."""
    return text.isascii() and text.isdigit() and len(text) < 19


def subtree(request: DeskRequest, roots: tuple[Unit, ...]) -> tuple[Unit | None, UnitQuerySet]:
    """What ``?unit=`` narrows the roots to (None: nothing), and the committees to choose from.

    404 for what is not there and for what is not his alike.
    """
    reach, text = Unit.objects.within(*roots), request.GET.get("unit", "")
    chosen = None
    if text:
        chosen = reach.filter(pk=int(text)).first() if is_key(text) else None
        if chosen is None:
            raise Http404
    committees = reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")
    return chosen, committees[:_MOST_COMMITTEES]


def demand(allowed: bool) -> None:
    """403 unless allowed."""
    if not allowed:
        raise PermissionDenied


def attempt(request: DeskRequest, verb: Callable[[], Any], done: str) -> bool:
    """Do it and say so, or say why not; True when it was done."""
    try:
        verb()
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return False
    if done:
        messages.success(request, done)
    return True


def taken(
    request: DeskRequest, form: BaseForm, verb: Callable[[], Any], said: str | Callable[[Any], str]
) -> Any:
    """What came of a form that was sent, passed and was acted on; it is said so.

    None otherwise: the form was only opened, or what is wrong stands beside its fields.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    made = attempt_form(form, verb)
    if made is not None:
        messages.success(request, said if isinstance(said, str) else said(made))
    return made
