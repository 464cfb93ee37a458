"""民主评议党员: the branch's page of members, for those who file it; totals for all others."""

from __future__ import annotations

from dataclasses import dataclass
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
from meetings.enums.life import AppraisalState, Excuse, Grade, PoorReason
from meetings.forms import life as forms
from meetings.life_papers import slip_paper, summary_paper
from meetings.life_settings import shown_limits
from meetings.models import Appraisal, AppraisalEntry
from meetings.rules.life import appraisal_next, grade_totals, most_excellent
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


@dataclass
class Sheet:
    """The page's rows as they stand, or as they were just sent and refused."""

    request: DeskRequest
    appraisal: Appraisal
    entries: list[AppraisalEntry]
    refused: Refusal | None = None

    @property
    def sent(self) -> Any:
        """What was typed and could not be kept."""
        return self.request.POST if self.refused else None

    def rows(self) -> list[dict[str, Any]]:
        """One per member, in the order of the roster."""
        sent, bad = self.sent, self.refused.field if self.refused else ""
        rows = []
        for entry in self.entries:
            counts = [
                {
                    "grade": grade,
                    "name": f"{grade.value}_{entry.pk}",
                    "value": sent.get(f"{grade.value}_{entry.pk}", "")
                    if sent
                    else getattr(entry, grade.value),
                }
                for grade in Grade
            ]
            rows.append(
                {
                    "entry": entry,
                    "counts": counts,
                    "grade": sent.get(f"grade_{entry.pk}", "") if sent else entry.grade,
                    "reason": sent.get(f"reason_{entry.pk}", "") if sent else entry.poor_reason,
                    "is_bad": bad == f"row_{entry.pk}",
                }
            )
        return rows


@login_required
@require_http_methods(["GET", "POST"])
def appraisal(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Members for those who file or decide; totals for whoever else has the branch in reach."""
    found = appraisal_of(request, uuid)
    if not permissions.may_see_grades(request.scope, found.unit):
        demand(request.method == "GET" and permissions.may_see_life(request.scope, found.unit.path))
        return page(request, "meetings/life_appraisal_totals.html", _totals(found))
    rows = AppraisalEntry.objects.within(found.unit).filter(appraisal=found)
    sheet = Sheet(request, found, list(rows.order_by("pk")))
    if request.method == "POST":
        sheet.refused = _save(request, found, sheet.entries)
        if sheet.refused is None:
            return go(request, "meetings:life_appraisal", uuid)
    status = 422 if sheet.refused else 200
    return page(request, "meetings/life_appraisal.html", _facts(request, sheet), status=status)


def _save(request: DeskRequest, found: Appraisal, rows: list[AppraisalEntry]) -> Refusal | None:
    """What the branch filled in at the step ``at``; with ``go`` it goes on to the next."""
    at, on, by = request.POST.get("at", ""), timezone.localdate(), request.user
    data, graded = request.POST, {row.pk: row.name for row in rows if row.graded}
    on_to = "go" in data
    try:
        if "back" in data:
            verbs.back_to_ballots(appraisal=found, by=by)
        elif at == AppraisalState.SELF:
            excuses = forms.choices_of(data, "excuse", [row.pk for row in rows])
            handed = set(forms.keys(data, "handed_in"))
            verbs.tick_self(appraisal=found, handed_in=handed, excuses=excuses, by=by, on=on)
            if on_to:
                verbs.begin_ballots(appraisal=found, by=by)
        elif at == AppraisalState.BALLOTS:
            _save_tallies(request, found, graded)
            if on_to:
                verbs.begin_grading(appraisal=found, by=by)
        elif at == AppraisalState.GRADING:
            _save_grades(request, found, graded)
            if on_to:
                _submit(request, found)
        else:
            raise Refusal("这一步不由支部办理，请刷新后看最新情况。", code="conflict")
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return refusal
    messages.success(request, "已保存，进到下一步。" if on_to or "back" in data else "已保存。")
    return None


def _save_tallies(request: DeskRequest, found: Appraisal, graded: dict[int, str]) -> None:
    data = request.POST
    issued = forms.whole(data.get("issued"), what="发出的测评票", field="issued")
    returned = forms.whole(data.get("returned"), what="收回的测评票", field="returned")
    verbs.enter_tallies(
        appraisal=found,
        issued=issued or 0,
        returned=returned or 0,
        tallies=forms.posted_tallies(data, graded),
        by=request.user,
    )


def _save_grades(request: DeskRequest, found: Appraisal, graded: dict[int, str]) -> None:
    grades = forms.choices_of(request.POST, "grade", graded)
    reasons = forms.choices_of(request.POST, "reason", graded)
    said = {key: (grades[key], reasons[key]) for key in graded}
    verbs.propose_grades(appraisal=found, grades=said, by=request.user)


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


def _facts(request: DeskRequest, sheet: Sheet) -> dict[str, Any]:
    """Everything the page of members shows; a constant number of questions."""
    found, on = sheet.appraisal, timezone.localdate()
    graded = [row for row in sheet.entries if row.graded]
    states = list(AppraisalState)
    at = states.index(AppraisalState(found.state))
    decides = permissions.may_decide_grades(request.scope, found.unit)
    grading = found.state == AppraisalState.GRADING
    limits = shown_limits(on)
    untold = sum(row.told_on is None for row in graded)
    steps = list(found.steps.select_related("by"))
    return {
        "appraisal": found,
        "unit": found.unit,
        "rows": sheet.rows(),
        "sent": sheet.sent,
        "state": found.state,
        "steps": [
            {"label": state.label, "is_done": n < at, "is_now": n == at}
            for n, state in enumerate(states)
        ],
        "next": appraisal_next(found.state, untold=untold),
        "graded": len(graded),
        "voters": sum(row.votes for row in sheet.entries),
        "handed": sum(row.self_on is not None for row in sheet.entries),
        "totals": _named(grade_totals(row.grade for row in graded)),
        "share": limits.excellent_share,
        "most": most_excellent(len(graded), limits.excellent_share),
        "grades": Grade.choices,
        "reasons": PoorReason.choices,
        "excuses": Excuse.choices,
        "has_poor": any(row.grade == Grade.POOR for row in graded),
        "link": forms.LinkForm(
            meetings=candidates(request, found.unit, Kind.APPRAISAL, found.year) if grading else []
        ),
        "approve": forms.ApproveForm(),
        "own": found.proposed_by_id == request.user.pk,
        "may_approve": decides and found.state == AppraisalState.SUBMITTED,
        "may_return": decides
        and found.state in (AppraisalState.SUBMITTED, AppraisalState.APPROVED),
        "process": steps,
        "returned": steps[-1] if steps and steps[-1].reason else None,
    }


def _named(totals: dict[Grade, int]) -> list[tuple[str, int]]:
    return [(str(grade.label), number) for grade, number in totals.items()]


def _totals(found: Appraisal) -> dict[str, Any]:
    """What everybody else sees: numbers, and none where they would tell single results."""
    grades = list(
        AppraisalEntry.objects.within(found.unit)
        .filter(appraisal=found, graded=True)
        .values_list("grade", flat=True)
        .order_by()
    )
    least = shown_limits(timezone.localdate()).least_shown
    shown = found.state == AppraisalState.APPROVED and len(grades) >= least
    return {
        "appraisal": found,
        "unit": found.unit,
        "next": appraisal_next(found.state),
        "graded": len(grades),
        "least": least,
        "too_few": len(grades) < least,
        "totals": _named(grade_totals(grades)) if shown else [],
    }


@login_required
@require_POST
def appraisal_decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """The committee approves the grades, or sends them back with the reason."""
    found = appraisal_of(request, uuid)
    demand(permissions.may_decide_grades(request.scope, found.unit))
    by, on = request.user, timezone.localdate()
    form = forms.ApproveForm(request.POST)
    day = form.cleaned_data.get("poor_decided_on") if form.is_valid() else None
    if verb == "approve":
        attempt(
            request,
            lambda: verbs.approve_appraisal(appraisal=found, by=by, on=on, poor_decided_on=day),
            "已审定，支部可以打印告知单交给本人。",
        )
    else:
        reason = request.POST.get("reason", "")
        attempt(
            request,
            lambda: verbs.return_appraisal(appraisal=found, by=by, reason=reason),
            "已退回支部。",
        )
    return go(request, "meetings:life_appraisal", uuid)


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
    rows = AppraisalEntry.objects.within(found.unit).filter(appraisal=found).order_by("pk")
    name = f"{found.unit}{found.year}年民主评议结果汇总表.docx"
    return file_download(summary_paper(found, list(rows)), name, DOCX_TYPE)
