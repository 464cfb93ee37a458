"""延期 and 分享: asked for by one, decided by another, on one page of what waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS
from branches.models import Unit
from branches.permissions import STAFF, WRITERS
from core import attachments
from core.dates import Period
from core.htmx import form_page, go, page
from meetings import permissions
from meetings.enums import Status
from meetings.enums.programme import ShareState
from meetings.forms.programme import AnswerForm, PostponeForm, ShareForm
from meetings.models import Postponement, Share, SharePhoto
from meetings.programmes import branch_day, open_shares
from meetings.services import postpone as postponing
from meetings.services import share as sharing
from meetings.services.postpone import propose_postponement
from meetings.views.day_parts import month_of
from meetings.views.parts import DeskRequest, attempt, demand, is_key, record_of, taken
from meetings.waiting import postponements, shares

_ASKED = "已提出，由上级另一位同志审批；结果会通知您。"
_OFFERED = "已提出，由党（工）委审批后展示。"
_TO_CONSENT = "已提出，先请支部书记确认同意。"


class Step(NamedTuple):
    """What a button asks for: whether it is his to do, what is done, and what is said then."""

    may: bool
    do: Callable[[], object]
    done: str


# --- What waits ----------------------------------------------------------------------------------


@login_required
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """Postponements and shares that are open, in reach of whoever asks for or decides them."""
    roots = request.scope.units_as(*WRITERS)
    demand(bool(roots))
    scope, me = request.scope, request.user.pk
    context = {
        "postponements": postponements(scope, roots, user_id=me, on=timezone.localdate()),
        "shares": shares(scope, roots, user_id=me),
        "decides": bool(scope.units_as(*STAFF)),
    }
    return page(request, "meetings/fixed_day_desk.html", context)


# --- Postponing ----------------------------------------------------------------------------------


def _place(request: DeskRequest) -> Unit:
    """The branch, or committee, whose day is put off; 404 when it is not in reach."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    reach = Unit.objects.within(*request.scope.units_as(*WRITERS)).filter(
        kind__in=(*BRANCH_KINDS, *COMMITTEE_KINDS)
    )
    if asked and not is_key(asked):
        raise Http404
    if asked:
        return get_object_or_404(reach.select_related("district"), pk=int(asked))
    found = reach.select_related("district").order_by("path").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def postpone(request: DeskRequest, label: str) -> HttpResponse:
    """Ask for another day."""
    month, unit, on = month_of(label), _place(request), timezone.localdate()
    demand(permissions.may_postpone(request.scope, unit.path))
    form = PostponeForm(request.POST or None)
    known: dict[str, Any] = {"unit": unit, "month": month, "by": request.user, "on": on}
    if taken(request, form, lambda: propose_postponement(**known, **form.cleaned_data), _ASKED):
        return go(request, "meetings:fixed_day_desk")
    day = branch_day(unit, month, on=on)
    context = {"unit": unit, "month": month, "day": day, "form": form, "today": on}
    return form_page(request, "meetings/postpone_form.html", context)


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Approve, refuse or take back a postponement."""
    rows = Postponement.objects.within(*request.scope.units).select_related("unit")
    row = get_object_or_404(rows, uuid=uuid)
    may, do, done = _decision(request, row, verb)
    demand(may)
    attempt(request, do, done)
    return go(request, "meetings:fixed_day_desk")


def _decision(request: DeskRequest, row: Postponement, verb: str) -> Step:
    scope, path, known = request.scope, row.unit.path, _known(request)
    if verb == "withdraw":
        may = permissions.may_postpone(scope, path)
        do = partial(postponing.withdraw_postponement, postponement=row, **known)
        return Step(may, do, "已撤回，按原定的日子召开。")
    approve = verb == "approve"
    known |= {"approve": approve, "answer": _answer(request)}
    return Step(
        permissions.may_decide_postponement(scope, path),
        partial(postponing.decide_postponement, postponement=row, **known),
        "已批准，已通知支部。" if approve else "已答复不批准。",
    )


def _known(request: DeskRequest) -> dict[str, Any]:
    """Who does it, and when."""
    return {"by": request.user, "on": timezone.localdate()}


def _answer(request: DeskRequest) -> str:
    form = AnswerForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("answer", ""))


# --- Sharing -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def share_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Offer a record as an example."""
    meeting = record_of(request, uuid)
    demand(permissions.may_share(request.scope, meeting.unit.path))
    if meeting.status != Status.ACCEPTED:
        messages.warning(request, "审核通过的记录才能分享。")
        return go(request, "meetings:meeting_detail", uuid)
    consents = permissions.may_consent(request.scope, meeting.unit.path)
    photos = sharing.sharable_photos(meeting)
    initial = {"theme": meeting.topic[:60]}
    form = ShareForm(request.POST or None, photos=photos, asks_consent=consents, initial=initial)
    known = {"meeting": meeting, "consents": consents, **_known(request)}
    said = _OFFERED if consents else _TO_CONSENT
    if taken(request, form, lambda: sharing.propose_share(**known, **_example(form)), said):
        return go(request, "meetings:fixed_day_desk")
    context = {"meeting": meeting, "form": form, "photos": photos, "consents": consents}
    return form_page(request, "meetings/share_form.html", context)


def _example(form: ShareForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("theme", "text", "photos")}


@login_required
@require_POST
def share_step(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Consent to, approve, refuse or take back an example."""
    rows = Share.objects.within(*request.scope.units).select_related("unit")
    row = get_object_or_404(rows, uuid=uuid)
    may, do, done = _step(request, row, verb)
    demand(may)
    attempt(request, do, done)
    if verb == "withdraw":
        month = Period.containing(row.month, "month").label
        return go(request, reverse("meetings:fixed_day_month", args=[month]))
    return go(request, "meetings:fixed_day_desk")


def _step(request: DeskRequest, row: Share, verb: str) -> Step:
    scope, path, known = request.scope, row.unit.path, _known(request)
    if verb == "consent":
        may = permissions.may_consent(scope, path)
        return Step(may, partial(sharing.consent_share, share=row, **known), "已同意，等上级审批。")
    if verb == "withdraw":
        may = permissions.may_share(scope, path)
        return Step(may, partial(sharing.withdraw_share, share=row, **known), "已收回，不再展示。")
    approve = verb == "approve"
    known |= {"approve": approve, "answer": _answer(request)}
    return Step(
        permissions.may_decide_share(scope, path),
        partial(sharing.decide_share, share=row, **known),
        "已批准，全区支部都能看到。" if approve else "已答复不批准。",
    )


@login_required
@require_GET
def photo(request: DeskRequest, uuid: UUID, size: str = "") -> HttpResponseBase:
    """A chosen photo of an approved example of one's own district, and nothing else (S5).

    The guard is the sharing's, not the record's: what is not approved, taken back, or belongs to a
    record that is no longer accepted, is not there.
    """
    rows = SharePhoto.objects.everywhere("an approved example is open to its district").filter(
        share__state=ShareState.APPROVED,
        share__meeting__status=Status.ACCEPTED,
        share__unit__district__in=open_shares(request.scope.units),
    )
    kept = get_object_or_404(rows.select_related("file"), uuid=uuid).file
    if size == "small":
        return attachments.serve_small(request, kept, name="照片.jpg")
    name = "照片.png" if kept.content_type == "image/png" else "照片.jpg"
    return attachments.serve(request, kept, name=name)
