"""申诉: the list, filing one, its page, and the steps to the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessment import appealing, permissions, reading, services
from assessment.enums import AppealState, Remedy
from assessment.forms_appeals import AppealForm, DecideForm, OpinionForm
from assessment.models import Appeal, AppealFile, Run, RunRow
from assessment.papers import answer_paper
from assessment.views.parts import DeskRequest, attempt, attempt_form, demand, run_of
from core import attachments
from core.downloads import file_download
from core.htmx import go, page
from core.pages import page_of
from core.papers import DOCX_TYPE

_TABS = (("open", "待答复"), ("upheld", "成立"), ("rejected", "不成立"), ("", "全部"))


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The appeals in reach, those that wait first."""
    state = request.GET.get("state", "open")
    rows = appealing.narrowed(appealing.appeals_for(request.scope), state)
    shown = page_of(rows, request.GET)
    context = {
        "page": shown,
        "lines": [appealing.shown(appeal) for appeal in shown],
        "tabs": _TABS,
        "state": state,
        "today": timezone.localdate(),
    }
    return page(request, "assessment/appeal_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest, uuid: UUID, code: str) -> HttpResponse:
    """Appeal against a duty of a row (``?duty=``), or against the whole row."""
    run = run_of(request, uuid)
    row = get_object_or_404(reading.rows_for(request.scope, run), code=code)
    demand(permissions.may_file(request.scope, row.path))
    duty = (request.POST or request.GET).get("duty", "")
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appeal = attempt_form(form, lambda: _file(request, run, row, duty, form))
        if appeal is not None:
            messages.success(request, f"已提出申诉，区委组织部将在 {appeal.answer_by} 前答复。")
            return go(request, "assessment:appeal_detail", appeal.uuid)
    about = appealing.against(request.scope, run, row, duty)
    if about is None:
        raise Http404
    status = 422 if request.method == "POST" else 200
    return page(request, "assessment/appeal_form.html", {**about, "form": form}, status=status)


def _file(request: DeskRequest, run: Run, row: RunRow, duty: str, form: forms.Form) -> Appeal:
    return services.file_appeal(
        run=run,
        row=row,
        duty=duty,
        by=request.user,
        on=timezone.localdate(),
        uploads=request.FILES.getlist("files"),
        **form.cleaned_data,
    )


def _appeal_of(request: DeskRequest, uuid: UUID) -> Appeal:
    """One appeal in reach; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(appealing.appeals_for(request.scope), uuid=uuid)


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What was asked, what was answered, and what may be done next."""
    return _page(request, _appeal_of(request, uuid))


def _page(request: DeskRequest, appeal: Appeal, **given: forms.Form) -> HttpResponse:
    rights = appealing.rights(appeal, scope=request.scope, user_id=request.user.pk)
    context = {**appealing.told(appeal), **rights, "remedies": Remedy}
    opinion = OpinionForm(initial={"opinion": appeal.opinion}) if rights["may_opine"] else None
    context["opinion_form"] = given.get("opinion_form") or opinion
    decision = DecideForm(appeal=appeal) if rights["may_decide"] else None
    context["decide_form"] = given.get("decide_form") or decision
    return page(request, "assessment/appeal_detail.html", context, status=422 if given else 200)


def _step(request: DeskRequest, appeal: Appeal, verb: Callable[[], Any], done: str) -> HttpResponse:
    attempt(request, verb, done)
    return go(request, "assessment:appeal_detail", appeal.uuid)


@login_required
@require_POST
def withdraw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The branch takes it back."""
    appeal = _appeal_of(request, uuid)
    own = permissions.is_own_appeal(appeal.filed_by_id, request.user.pk)
    demand(permissions.may_withdraw(request.scope, appeal.unit.path, own=own))
    verb = services.withdraw
    return _step(request, appeal, lambda: verb(appeal=appeal, by=request.user), "已撤回。")


@login_required
@require_POST
def take(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The district takes it up."""
    appeal = _appeal_of(request, uuid)
    demand(request.scope.covers(appeal.unit.path, *permissions.DECIDERS))
    verb = services.take
    return _step(request, appeal, lambda: verb(appeal=appeal, by=request.user), "已受理，请核查。")


@login_required
@require_POST
def opinion(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The committee's opinion."""
    appeal = _appeal_of(request, uuid)
    demand(permissions.may_opine(request.scope, appeal.unit.path, AppealState.FILED))
    form = OpinionForm(request.POST)
    if form.is_valid() and attempt_form(
        form,
        lambda: services.give_opinion(appeal=appeal, by=request.user, **form.cleaned_data),
    ):
        messages.success(request, "意见已交给区委组织部。")
        return go(request, "assessment:appeal_detail", appeal.uuid)
    return _page(request, appeal, opinion_form=form)


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The district's answer."""
    appeal = _appeal_of(request, uuid)
    demand(request.scope.covers(appeal.unit.path, *permissions.DECIDERS))
    form = DecideForm(request.POST, appeal=appeal)
    uploads = request.FILES.getlist("files")
    if form.is_valid() and attempt_form(
        form,
        lambda: services.decide(appeal=appeal, by=request.user, uploads=uploads, **form.decision),
    ):
        messages.success(request, "已答复，支部会收到消息。")
        return go(request, "assessment:appeal_detail", appeal.uuid)
    return _page(request, appeal, decide_form=form)


@login_required
@require_POST
def files_add(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """More evidence of the branch."""
    appeal = _appeal_of(request, uuid)
    demand(permissions.may_file(request.scope, appeal.unit.path))

    def add() -> None:
        for upload in request.FILES.getlist("files"):
            services.add_file(appeal=appeal, by=request.user, upload=upload)

    return _step(request, appeal, add, "材料已补充。")


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may read its appeal (S5)."""
    kept = get_object_or_404(AppealFile.objects.within(*request.scope.units), uuid=uuid)
    return attachments.serve(request, kept)


@login_required
@require_GET
def answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """复核答复 as a Word file, once there is one."""
    appeal = _appeal_of(request, uuid)
    if appeal.decided_at is None:
        raise Http404
    name = f"{appeal.unit}{appeal.run.period}复核答复.docx"
    return file_download(answer_paper(appeal), name, DOCX_TYPE)
