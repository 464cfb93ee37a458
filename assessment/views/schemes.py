"""评分方案: versions, drafts, trying one on a past quarter, putting it forward, adopting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessment import reading, schemes, services
from assessment.forms_schemes import DraftForm
from assessment.models import Scheme, SchemeDraft, Trial
from assessment.views.parts import DeskRequest, attempt, attempt_form, bar, demand, work_of
from branches.models import Unit
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of

_MOST_DRAFTS = 50


def _districts(request: DeskRequest) -> list[Unit]:
    """The districts whose schemes the asker keeps; 403 when there is none."""
    found = reading.districts_to_run(request.scope)
    demand(bool(found))
    return found


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """All versions and the drafts of the own district."""
    districts = _districts(request)
    found = schemes.versions()
    today = timezone.localdate()
    current = next((one for one in found if one.valid_from <= today), None)
    context = {
        "versions": found,
        "current": current,
        "drafts": list(schemes.drafts_for(request.scope)[:_MOST_DRAFTS]),
        "district": districts[0],
        "several": len(found) > 1,
    }
    return page(request, "assessment/scheme_list.html", context)


@login_required
@require_GET
def compare(request: DeskRequest) -> HttpResponse:
    """Two versions side by side: ``?old=1&new=2``, the last two when nothing sensible is asked."""
    _districts(request)
    found = {str(one.version): one for one in schemes.versions()}
    if not found:
        raise Http404
    newest = max(found, key=int)
    new = found.get(request.GET.get("new", ""), found[newest])
    below = [one for one in found.values() if one.version < new.version]
    old = found.get(request.GET.get("old", ""), below[0] if below else new)
    context = {
        "versions": list(found.values()),
        "old": old,
        "new": new,
        "lines": schemes.compared(old.parameters, new.parameters),
    }
    return page(request, "assessment/scheme_compare.html", context)


@login_required
@require_POST
def copy(request: DeskRequest, version: int) -> HttpResponse:
    """A draft for the coming year, with this version's parameters."""
    district = _districts(request)[0]
    scheme = get_object_or_404(Scheme.objects.all(), version=version)
    on = timezone.localdate()
    made = services.copy_scheme(scheme=scheme, unit=district, by=request.user, on=on)
    return go(request, "assessment:draft_detail", made.uuid)


def _draft_of(request: DeskRequest, uuid: UUID) -> SchemeDraft:
    """One draft in reach; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(schemes.drafts_for(request.scope), uuid=uuid)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A draft: its parameters to be changed, what they change, its trial, and what comes next."""
    found = _draft_of(request, uuid)
    on = timezone.localdate()
    form = DraftForm(request.POST or None, on=on, draft=found)
    if request.method == "POST" and form.is_valid():
        saved = attempt_form(
            form,
            lambda: services.edit_draft(draft=found, by=request.user, on=on, **form.content),
        )
        if saved is not None:
            messages.success(request, "已保存。改动之后请再试算一次。")
            return go(request, "assessment:draft_detail", found.uuid)
    facts = schemes.draft_facts(found, user_id=request.user.pk)
    context = {**facts, "form": form if facts["is_draft"] else None}
    status = 422 if request.method == "POST" else 200
    return page(request, "assessment/draft_detail.html", context, status=status)


def _step(
    request: DeskRequest, uuid: UUID, verb: Callable[..., Any], done: str, **given: Any
) -> HttpResponse:
    found = _draft_of(request, uuid)
    attempt(request, lambda: verb(draft=found, by=request.user, **given), done)
    return go(request, "assessment:draft_detail", found.uuid)


@login_required
@require_POST
def try_it(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """试算: hand it to the worker and look at its progress."""
    found = _draft_of(request, uuid)
    try:
        made, _ = services.start_trial(draft=found, by=request.user)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, "assessment:draft_detail", found.uuid)
    return go(request, "assessment:trial_detail", made.uuid)


@login_required
@require_POST
def propose(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Put a draft forward."""
    on = timezone.localdate()
    return _step(request, uuid, services.propose, "已送审，请另一位同志批准。", on=on)


@login_required
@require_POST
def return_(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Send a draft back, or take the own one back."""
    answer = request.POST.get("answer", "")
    return _step(request, uuid, services.return_draft, "已退回，可以修改。", answer=answer)


@login_required
@require_POST
def adopt(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Adopt what another put forward."""
    on = timezone.localdate()
    return _step(request, uuid, services.adopt, "已采用，从起始日期起按新方案考核。", on=on)


@login_required
@require_POST
def drop(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Give a draft up."""
    return _step(request, uuid, services.drop, "草案已作废。")


def _trial_of(request: DeskRequest, uuid: UUID) -> Trial:
    return get_object_or_404(schemes.trials_for(request.scope), uuid=uuid)


@login_required
@require_GET
def trial(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What the draft would have made of the quarter; while it is computed, its progress."""
    found = _trial_of(request, uuid)
    if found.data_at is None:
        return _computing(request, found)
    rows = schemes.rows_of(found)
    here = reverse("assessment:trial_detail", args=[found.uuid])
    context = {
        **schemes.trial_facts(found, rows, f"{here}#rows"),
        "page": page_of(rows.order_by("rank", "code"), request.GET),
    }
    return page(request, "assessment/trial_detail.html", context)


def _computing(request: DeskRequest, found: Trial) -> HttpResponse:
    context = {
        **schemes.trial_head(found),
        **work_of(services.trial_job(found)),
        "poll_url": _bar_of(found),
    }
    return page(request, "assessment/trial_computing.html", context)


def _bar_of(found: Trial) -> str:
    return reverse("assessment:trial_progress", args=[found.uuid])


@login_required
@require_GET
def progress(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The bar; when the work is over the page is loaded anew."""
    found = _trial_of(request, uuid)
    is_over = found.data_at is not None
    return bar(request, services.trial_job(found), _bar_of(found), is_over=is_over)
