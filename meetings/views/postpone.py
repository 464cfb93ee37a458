"""延期 and 分享: asked for by one, decided by another, on one page of what waits."""

from __future__ import annotations

from typing import Any
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
from core.errors import Refusal
from core.htmx import go, page
from meetings import permissions
from meetings.enums import Status
from meetings.enums.programme import PostponeState, ShareState
from meetings.forms.programme import AnswerForm, PostponeForm, ShareForm
from meetings.models import Postponement, Share, SharePhoto
from meetings.programmes import branch_day, open_shares
from meetings.services import postpone as postponing
from meetings.services import share as sharing
from meetings.views.day_parts import month_of
from meetings.views.parts import DeskRequest, attempt, demand, is_key, record_of

MOST = 100


# --- What waits ----------------------------------------------------------------------------------


@login_required
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """Postponements and shares that are open, in reach of whoever asks for or decides them."""
    roots = request.scope.units_as(*WRITERS)
    demand(bool(roots))
    waiting = Postponement.objects.within(*roots).filter(
        state__in=(PostponeState.PROPOSED, PostponeState.APPROVED),
        month__gte=timezone.localdate().replace(day=1),
    )
    rows = waiting.select_related("unit", "unit__committee", "proposed_by", "decided_by")
    shares = Share.objects.within(*roots).filter(state=ShareState.PROPOSED)
    shared = shares.select_related("unit", "unit__committee", "meeting", "proposed_by")
    context = {
        "postponements": [_postponed(request, row) for row in rows.order_by("state", "-at")[:MOST]],
        "shares": [
            _shared(request, row)
            for row in shared.prefetch_related("photos__file").order_by("at")[:MOST]
        ],
        "decides": bool(request.scope.units_as(*STAFF)),
        "form": AnswerForm(),
    }
    return page(request, "meetings/fixed_day_desk.html", context)


def _postponed(request: DeskRequest, row: Postponement) -> dict[str, Any]:
    open_ = row.state == PostponeState.PROPOSED
    may = open_ and permissions.may_decide_postponement(request.scope, row.unit.path)
    mine = row.proposed_by_id == request.user.pk
    return {
        "row": row,
        "open": open_,
        "may_decide": may and not mine,
        "other_decides": may and mine,
        "may_withdraw": permissions.may_postpone(request.scope, row.unit.path),
    }


def _shared(request: DeskRequest, row: Share) -> dict[str, Any]:
    path, me = row.unit.path, request.user.pk
    mine = me in (row.proposed_by_id, row.consented_by_id)
    consented = row.consented_by_id is not None
    return {
        "share": row,
        "consented": consented,
        "may_consent": not consented and permissions.may_consent(request.scope, path),
        "may_decide": consented and not mine and permissions.may_decide_share(request.scope, path),
        "may_withdraw": permissions.may_share(request.scope, path),
        "photos": [one.file for one in row.photos.all()],
    }


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
    if request.method == "POST" and form.is_valid():
        try:
            postponing.propose_postponement(
                unit=unit, month=month, by=request.user, on=on, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "已提出，由上级另一位同志审批；结果会通知您。")
            return go(request, "meetings:fixed_day_desk")
    day = branch_day(unit, month, on=on)
    context = {"unit": unit, "month": month, "day": day, "form": form, "today": on}
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/postpone_form.html", context, status=status)


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Approve, refuse or take back a postponement."""
    rows = Postponement.objects.within(*request.scope.units).select_related("unit")
    row = get_object_or_404(rows, uuid=uuid)
    path, on, by = row.unit.path, timezone.localdate(), request.user
    if verb == "withdraw":
        demand(permissions.may_postpone(request.scope, path))
        attempt(
            request,
            lambda: postponing.withdraw_postponement(postponement=row, by=by, on=on),
            "已撤回，按原定的日子召开。",
        )
        return go(request, "meetings:fixed_day_desk")
    demand(permissions.may_decide_postponement(request.scope, path))
    approve, answer = verb == "approve", _answer(request)
    attempt(
        request,
        lambda: postponing.decide_postponement(
            postponement=row, approve=approve, by=by, on=on, answer=answer
        ),
        "已批准，已通知支部。" if approve else "已答复不批准。",
    )
    return go(request, "meetings:fixed_day_desk")


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
    if request.method == "POST" and form.is_valid() and _offer(request, meeting, form, consents):
        return go(request, "meetings:fixed_day_desk")
    context = {"meeting": meeting, "form": form, "photos": photos, "consents": consents}
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/share_form.html", context, status=status)


def _offer(request: DeskRequest, meeting: Any, form: ShareForm, consents: bool) -> bool:
    data = form.cleaned_data
    try:
        sharing.propose_share(
            meeting=meeting,
            theme=data["theme"],
            text=data["text"],
            photos=data["photos"],
            by=request.user,
            consents=consents,
            on=timezone.localdate(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    said = "已提出，由党（工）委审批后展示。" if consents else "已提出，先请支部书记确认同意。"
    messages.success(request, said)
    return True


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


def _step(request: DeskRequest, row: Share, verb: str) -> tuple[bool, Any, str]:
    """Whether it is his to do, what is done, and what is said then."""
    scope, path, by, on = request.scope, row.unit.path, request.user, timezone.localdate()
    if verb == "consent":
        may = permissions.may_consent(scope, path)
        return may, lambda: sharing.consent_share(share=row, by=by, on=on), "已同意，等上级审批。"
    if verb == "withdraw":
        may = permissions.may_share(scope, path)
        return may, lambda: sharing.withdraw_share(share=row, by=by, on=on), "已收回，不再展示。"
    approve, answer = verb == "approve", _answer(request)
    return (
        permissions.may_decide_share(scope, path),
        lambda: sharing.decide_share(share=row, approve=approve, by=by, on=on, answer=answer),
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
