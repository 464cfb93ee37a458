"""组织生活: the branch's one page with three cards, and the 组织生活会 step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from core.downloads import file_download
from core.errors import Refusal
from core.htmx import go, page
from core.papers import DOCX_TYPE
from meetings import permissions
from meetings.enums import Kind
from meetings.enums.life import ReviewState
from meetings.forms import life as forms
from meetings.life_cards import cards_of
from meetings.life_papers import problems_paper
from meetings.life_people import reckoned_on
from meetings.life_process import review_page
from meetings.models import LifeProblem, LifeReview
from meetings.services import life
from meetings.views.life_parts import (
    branch_of,
    candidates,
    kept_branch,
    review_of,
    year_of,
)
from meetings.views.parts import (
    Choice,
    DeskRequest,
    attempt,
    choice,
    demand,
    units_to_choose,
)

StepForm = forms.StudyForm | forms.GapForm | forms.LinkForm | None

_CHOICE = Choice(
    "组织生活",
    "先选是哪个支部：组织生活会、民主评议党员、谈心谈话，每年各一次。",
    is_top=True,
    nothing="这里由支部书记办理",
    hint="组织生活会、民主评议党员和谈心谈话由支部书记登记；您的党小组照常记党小组会。",
    icon="users",
)


@login_required
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """The secretary's three cards; staff go on to all branches, or look at one (``unit``)."""
    text = request.GET.get("unit", "")
    if not text and request.scope.units_as(*STAFF, Role.LEADER):
        return go(request, "meetings:life_standing")
    units = [] if text else units_to_choose(request, BRANCH_KINDS)
    if not text and (len(units) != 1 or "q" in request.GET):
        return choice(request, _CHOICE, units)
    unit = branch_of(request, text) if text else units[0]
    demand(permissions.may_see_life(request.scope, unit.path))
    context = _home(request, unit, year_of(request), timezone.localdate())
    return page(request, "meetings/life_home.html", context)


def _home(request: DeskRequest, unit: Unit, year: int, on: date) -> dict[str, Any]:
    scope = request.scope
    return {
        "unit": unit,
        "year": year,
        "years": (on.year, on.year - 1),
        "cards": cards_of(unit, year, on=on),
        "open_form": forms.OpenForm(initial={"as_of": reckoned_on(year, on)}),
        "may_keep": permissions.may_keep_life(scope, unit.path),
        "may_see_talks": permissions.may_see_talks(scope, unit.path),
        "may_open": permissions.may_see_grades(scope, unit),
    }


# --- 组织生活会 ----------------------------------------------------------------------------------


@login_required
@require_POST
def review_start(request: DeskRequest) -> HttpResponse:
    """Begin the year's 组织生活会 of a branch."""
    unit, year, on = kept_branch(request), year_of(request), timezone.localdate()
    try:
        review = life.start_review(unit=unit, year=year, by=request.user, on=on)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, f"{reverse('meetings:life_home')}?unit={unit.pk}&year={year}")
    return go(request, "meetings:life_review", review.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The steps with what is to be done now; POST is the branch's step from ``at`` onwards."""
    found, status = review_of(request, uuid), 200
    demand(permissions.may_see_life(request.scope, found.unit.path))
    form = _form(request, found, found.state)
    if request.method == "POST":
        demand(permissions.may_keep_life(request.scope, found.unit.path))
        at = request.POST.get("at", found.state)
        sent = _form(request, found, at, request.POST)
        if _step(request, found, at, sent):
            return go(request, "meetings:life_review", uuid)
        # Sent from a page of an earlier step, the form is not this step's.
        form, status = sent if at == found.state else form, 422
    on = timezone.localdate()
    context = review_page(found, scope=request.scope, user_id=request.user.pk, on=on)
    return page(request, "meetings/life_review.html", context | {"form": form}, status=status)


def _form(
    request: DeskRequest, found: LifeReview, at: str, data: QueryDict | None = None
) -> StepForm:
    """The form of a step, None where a tap is enough."""
    if at == ReviewState.STUDY:
        return forms.StudyForm(data, initial={"studied_on": timezone.localdate()})
    if at == ReviewState.TALKS:
        return forms.GapForm(data)
    if at == ReviewState.MEETING:
        rows = candidates(request, found.unit, Kind.ORGANISATION_LIFE, found.year)
        return forms.LinkForm(data, meetings=rows)
    return None


def _step(request: DeskRequest, found: LifeReview, at: str, form: StepForm) -> bool:
    """Take the step; a refusal is said in the form if it is shown again, or above the page."""
    late = at != found.state
    if form is not None and not form.is_valid():
        if late:
            messages.warning(request, "这一步已经办过，请看最新情况。")
        return False
    try:
        moved = _moved(request, found, at, form)
    except Refusal as refusal:
        if form is None or late:
            messages.warning(request, refusal.message)
        else:
            form.say(refusal)
        return False
    messages.success(request, f"好，进到“{moved.get_state_display()}”。")
    return True


def _moved(request: DeskRequest, found: LifeReview, at: str, form: Any) -> LifeReview:
    """The verb of the step; ``form`` is that step's and holds."""
    on = timezone.localdate()
    say: dict[str, Any] = {"review": found, "by": request.user}
    verbs: dict[str, Callable[[], LifeReview]] = {
        ReviewState.STUDY: lambda: life.study_done(**say, on=on, **form.cleaned_data),
        ReviewState.TALKS: lambda: life.talks_done(**say, on=on, gap=form.cleaned_data["gap"]),
        ReviewState.PROBLEMS: lambda: life.problems_listed(**say),
        ReviewState.MEETING: lambda: life.hold_review(**say, on=on, meeting=form.chosen),
        ReviewState.RECTIFY: lambda: life.submit_review(**say),
    }
    if at not in verbs:
        raise Refusal("这一步不由支部办理，请刷新后看最新情况。", code="conflict")
    return verbs[at]()


@login_required
@require_POST
def review_decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """The committee closes it, or sends it back with the reason."""
    found = review_of(request, uuid)
    demand(permissions.may_decide_life(request.scope, found.unit.path))
    say: dict[str, Any] = {"review": found, "by": request.user}
    if verb == "close":
        attempt(request, lambda: life.close_review(**say), "已办结。")
    else:
        reason = request.POST.get("reason", "")
        attempt(request, lambda: life.return_review(**say, reason=reason), "已退回支部。")
    return go(request, "meetings:life_review", uuid)


@login_required
@require_GET
def problems_docx(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """整改清单 as a Word file."""
    review = review_of(request, uuid)
    demand(permissions.may_see_life(request.scope, review.unit.path))
    rows = LifeProblem.objects.within(*request.scope.units).filter(review=review)
    name = f"{review.unit}{review.year}年组织生活会整改清单.docx"
    return file_download(problems_paper(review, list(rows)), name, DOCX_TYPE)


# --- Problems ------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def problem_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """List one more problem of the 班子."""
    found = review_of(request, uuid)
    demand(permissions.may_keep_life(request.scope, found.unit.path))
    form = forms.ProblemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            life.add_problem(review=found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.say(refusal)
        else:
            messages.success(request, "已列入问题清单。")
            return go(request, "meetings:life_review", uuid)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "review": found, "unit": found.unit}
    return page(request, "meetings/life_problem_new.html", context, status=status)


def _problem(request: DeskRequest, uuid: UUID) -> LifeProblem:
    """A problem in reach that the asker may work on; 404 or 403 otherwise."""
    rows = LifeProblem.objects.within(*request.scope.units).select_related("review__unit")
    found: LifeProblem = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_keep_life(request.scope, found.review.unit.path))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def problem(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What is done about a problem, and what came of it; ``do`` says which form was sent."""
    found = _problem(request, uuid)
    plan, settle = _problem_forms(request, found)
    sent = {"plan": plan, "settle": settle}.get(request.POST.get("do", ""))
    if sent is not None and sent.is_valid() and _work(request, found, sent):
        return go(request, "meetings:life_review", found.review.uuid)
    status = 422 if request.method == "POST" else 200
    context = {
        "problem": found,
        "review": found.review,
        "unit": found.review.unit,
        "plan": plan,
        "settle": settle,
        "may_settle": found.review.state == ReviewState.RECTIFY,
    }
    return page(request, "meetings/life_problem.html", context, status=status)


def _problem_forms(
    request: DeskRequest, found: LifeProblem
) -> tuple[forms.PlanForm, forms.SettleForm]:
    do = request.POST.get("do")
    plan = forms.PlanForm(
        request.POST if do == "plan" else None,
        initial={"measure": found.measure, "owner": found.owner, "due_on": found.due_on},
    )
    settle = forms.SettleForm(
        request.POST if do == "settle" else None,
        initial={"done_on": found.done_on or timezone.localdate(), "result": found.result},
    )
    return plan, settle


def _work(request: DeskRequest, found: LifeProblem, form: forms.SayForm) -> bool:
    say: dict[str, Any] = {"problem": found, "by": request.user, **form.cleaned_data}
    try:
        if isinstance(form, forms.PlanForm):
            life.plan_problem(**say)
            messages.success(request, "措施已记下。")
        else:
            life.settle_problem(**say, on=timezone.localdate())
            messages.success(request, "已销号。")
    except Refusal as refusal:
        form.say(refusal)
        return False
    return True


@login_required
@require_POST
def problem_undo(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Take a problem off the list, or a 销号 back."""
    found = _problem(request, uuid)
    say: dict[str, Any] = {"problem": found, "by": request.user}
    if verb == "remove":
        attempt(request, lambda: life.remove_problem(**say), "已从清单删去。")
    else:
        attempt(request, lambda: life.reopen_problem(**say), "已恢复为未完成。")
    return go(request, "meetings:life_review", found.review.uuid)
