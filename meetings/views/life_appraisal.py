"""民主评议党员: the branch's page of members, for those who file it; totals for all others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.downloads import file_download
from core.errors import Refusal
from core.htmx import go, page
from core.papers import DOCX_TYPE
from meetings import permissions
from meetings.enums import Kind
from meetings.enums.life import AppraisalState
from meetings.forms import life as forms
from meetings.life_papers import slip_paper, summary_paper
from meetings.life_sheet import entries_of, sheet_page, sheet_rights, totals_page
from meetings.models import Appraisal, AppraisalEntry, Meeting
from meetings.services import life_appraisal as verbs
from meetings.views.life_parts import appraisal_of, candidates, kept_branch, year_of
from meetings.views.parts import DeskRequest, attempt, demand


@login_required
@require_POST
def appraisal_start(request: DeskRequest) -> HttpResponse:
    """Open the year's 民主评议 of a branch with the roster of a day."""
    unit = kept_branch(request)
    demand(permissions.may_see_grades(request.scope, unit))
    form = forms.OpenForm(request.POST)
    on, year = timezone.localdate(), year_of(request)
    try:
        if not form.is_valid():
            raise Refusal("请选择名册日期。", field="as_of")
        as_of = form.cleaned_data["as_of"]
        found = verbs.open_appraisal(unit=unit, year=year, as_of=as_of, by=request.user, on=on)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, f"{reverse('meetings:life_home')}?unit={unit.pk}&year={year}")
    return go(request, "meetings:life_appraisal", found.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def appraisal(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Members for those who file or decide; totals for whoever else has the branch in reach."""
    found, on = appraisal_of(request, uuid), timezone.localdate()
    if not permissions.may_see_grades(request.scope, found.unit):
        demand(request.method == "GET" and permissions.may_see_life(request.scope, found.unit.path))
        return page(request, "meetings/life_appraisal_totals.html", totals_page(found, on=on))
    refused = None
    if request.method == "POST":
        refused = _save(request, found)
        if refused is None:
            return go(request, "meetings:life_appraisal", uuid)
        # What stood before the refused step is kept, and the step may have been taken elsewhere.
        found = appraisal_of(request, uuid)
    context = _sheet(request, found, refused, on)
    return page(request, "meetings/life_appraisal.html", context, status=422 if refused else 200)


def _sheet(
    request: DeskRequest, found: Appraisal, refused: Refusal | None, on: date
) -> dict[str, Any]:
    sent = request.POST if refused else None
    return {
        **sheet_page(found, sent=sent, refused=refused, on=on),
        **sheet_rights(found, scope=request.scope, user_id=request.user.pk),
        "link": forms.LinkForm(meetings=_meetings(request, found)),
        "approve": forms.ApproveForm(),
    }


def _meetings(request: DeskRequest, found: Appraisal) -> list[Meeting]:
    """The records that may be chosen; there is a choice only while grades are proposed."""
    if found.state != AppraisalState.GRADING:
        return []
    return candidates(request, found.unit, Kind.APPRAISAL, found.year)


def _save(request: DeskRequest, found: Appraisal) -> Refusal | None:
    """What the branch filled in at the step ``at``; with ``go`` it goes on to the next."""
    at, onward, back = request.POST.get("at", ""), "go" in request.POST, "back" in request.POST
    try:
        if back:
            verbs.back_to_ballots(appraisal=found, by=request.user)
        elif at in _KEEPS:
            _KEEPS[at](request, found)
            if onward:
                _GOES_ON[at](request, found)
        else:
            raise Refusal("这一步不由支部办理，请刷新后看最新情况。", code="conflict")
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return refusal
    messages.success(request, "已保存，进到下一步。" if onward or back else "已保存。")
    return None


def _keep_self(request: DeskRequest, found: Appraisal) -> None:
    verbs.tick_self(
        appraisal=found,
        handed_in=set(forms.keys(request.POST, "handed_in")),
        excuses=forms.choices_of(request.POST, "excuse", [row.pk for row in entries_of(found)]),
        by=request.user,
        on=timezone.localdate(),
    )


def _keep_tallies(request: DeskRequest, found: Appraisal) -> None:
    data = request.POST
    issued = forms.whole(data.get("issued"), what="发出的测评票", field="issued")
    returned = forms.whole(data.get("returned"), what="收回的测评票", field="returned")
    verbs.enter_tallies(
        appraisal=found,
        issued=issued or 0,
        returned=returned or 0,
        tallies=forms.posted_tallies(data, _graded(found)),
        by=request.user,
    )


def _keep_grades(request: DeskRequest, found: Appraisal) -> None:
    graded = _graded(found)
    grades = forms.choices_of(request.POST, "grade", graded)
    reasons = forms.choices_of(request.POST, "reason", graded)
    said = {key: (grades[key], reasons[key]) for key in graded}
    verbs.propose_grades(appraisal=found, grades=said, by=request.user)


def _graded(found: Appraisal) -> dict[int, str]:
    """The rows that get a grade: key → name."""
    return {row.pk: row.name for row in entries_of(found) if row.graded}


def _begin_ballots(request: DeskRequest, found: Appraisal) -> None:
    verbs.begin_ballots(appraisal=found, by=request.user)


def _begin_grading(request: DeskRequest, found: Appraisal) -> None:
    verbs.begin_grading(appraisal=found, by=request.user)


def _submit(request: DeskRequest, found: Appraisal) -> None:
    rows = candidates(request, found.unit, Kind.APPRAISAL, found.year)
    form = forms.LinkForm(request.POST, meetings=rows)
    if not form.is_valid():
        raise Refusal(
            "请先记好“民主评议党员”会议记录并提交，再在这里选它。"
            if not rows
            else "请选择民主评议的会议记录。",
            field="meeting",
        )
    verbs.submit_appraisal(
        appraisal=found, meeting=form.chosen, by=request.user, on=timezone.localdate()
    )


# The steps of the branch: what is kept of each, and what leads on from it.
_KEEPS: dict[str, Callable[[DeskRequest, Appraisal], None]] = {
    AppraisalState.SELF: _keep_self,
    AppraisalState.BALLOTS: _keep_tallies,
    AppraisalState.GRADING: _keep_grades,
}
_GOES_ON: dict[str, Callable[[DeskRequest, Appraisal], None]] = {
    AppraisalState.SELF: _begin_ballots,
    AppraisalState.BALLOTS: _begin_grading,
    AppraisalState.GRADING: _submit,
}


@login_required
@require_POST
def appraisal_decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """The committee approves the grades, or sends them back with the reason."""
    found = appraisal_of(request, uuid)
    demand(permissions.may_decide_grades(request.scope, found.unit))
    if verb == "approve":
        attempt(request, lambda: _approve(request, found), "已审定，支部可以打印告知单交给本人。")
    else:
        attempt(request, lambda: _return(request, found), "已退回支部。")
    return go(request, "meetings:life_appraisal", uuid)


def _approve(request: DeskRequest, found: Appraisal) -> None:
    form, on = forms.ApproveForm(request.POST), timezone.localdate()
    day = form.cleaned_data["poor_decided_on"] if form.is_valid() else None
    verbs.approve_appraisal(appraisal=found, by=request.user, on=on, poor_decided_on=day)


def _return(request: DeskRequest, found: Appraisal) -> None:
    reason = request.POST.get("reason", "")
    verbs.return_appraisal(appraisal=found, by=request.user, reason=reason)


def _entry(request: DeskRequest, uuid: UUID) -> AppraisalEntry:
    """One member's result, for those who file it; 404 or 403 otherwise."""
    rows = AppraisalEntry.objects.within(*request.scope.units)
    found: AppraisalEntry = get_object_or_404(
        rows.select_related("appraisal__unit__committee"), uuid=uuid
    )
    demand(permissions.may_see_grades(request.scope, found.appraisal.unit))
    return found


@login_required
@require_POST
def told(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The slip was handed over."""
    entry = _entry(request, uuid)
    attempt(
        request,
        lambda: verbs.tell_member(entry=entry, by=request.user, on=timezone.localdate()),
        f"已记下：{entry.name}本人已知。",
    )
    return go(request, "meetings:life_appraisal", entry.appraisal.uuid)


@login_required
@require_GET
def slip(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """民主评议结果告知单 of one member as a Word file, to be handed to him."""
    entry = _entry(request, uuid)
    demand(entry.appraisal.state == AppraisalState.APPROVED and entry.graded)
    name = f"{entry.appraisal.year}年民主评议结果告知单（{entry.name}）.docx"
    return file_download(slip_paper(entry), name, DOCX_TYPE)


@login_required
@require_GET
def summary(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """民主评议结果汇总表 of the branch as a Word file, for those who file it."""
    found = appraisal_of(request, uuid)
    demand(permissions.may_see_grades(request.scope, found.unit))
    name = f"{found.unit}{found.year}年民主评议结果汇总表.docx"
    return file_download(summary_paper(found, entries_of(found)), name, DOCX_TYPE)
