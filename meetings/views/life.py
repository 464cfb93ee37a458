"""组织生活: the branch's one page with three cards, and the 组织生活会 step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
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
from meetings.enums.life import PROBLEM_STATES, ReviewState
from meetings.forms import life as forms
from meetings.life_papers import problems_paper
from meetings.life_people import coverage_of, days_of, people, reckoned_on
from meetings.models import Appraisal, AppraisalEntry, LifeProblem, LifeReview
from meetings.rules.life import NextStep, appraisal_next, review_next, talks_next
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
    return page(request, "meetings/life_home.html", _cards(request, unit, year_of(request)))


def _cards(request: DeskRequest, unit: Unit, year: int) -> dict[str, Any]:
    """The three flows of a branch's year; a constant number of questions."""
    on = timezone.localdate()
    review = LifeReview.objects.within(unit).filter(unit=unit, year=year).first()
    appraisal = Appraisal.objects.within(unit).filter(unit=unit, year=year).first()
    found = coverage_of(people(unit, reckoned_on(year, on)), days_of(unit, year))
    rows = AppraisalEntry.objects.within(unit).filter(appraisal=appraisal, excused="")
    untold = rows.filter(told_on=None, graded=True).count() if appraisal else 0
    states = list(ReviewState)
    steps: list[NextStep] = [
        talks_next(found),
        review_next(review.state if review else None),
        appraisal_next(appraisal.state if appraisal else None, untold=untold),
    ]
    turns = [at for at, step in enumerate(steps) if not step.done and not step.waits]
    return {
        "unit": unit,
        "year": year,
        "this_year": on.year,
        "years": (on.year, on.year - 1),
        "review": review,
        "appraisal": appraisal,
        "talks": found,
        "talks_step": steps[0],
        "review_step": steps[1],
        "appraisal_step": steps[2],
        "talks_text": f"{found.done} / {found.needed}",
        "review_text": f"{states.index(ReviewState(review.state))} / {len(states) - 1} 步"
        if review
        else "",
        "review_at": states.index(ReviewState(review.state)) if review else 0,
        "review_all": len(states) - 1,
        "turn": turns[0] if turns else -1,
        "done": all(step.done for step in steps),
        "open_form": forms.OpenForm(initial={"as_of": reckoned_on(year, on)}),
        "may_keep": permissions.may_keep_life(request.scope, unit.path),
        "may_see_talks": permissions.may_see_talks(request.scope, unit.path),
        "may_open": permissions.may_see_grades(request.scope, unit),
    }


# --- 组织生活会 ----------------------------------------------------------------------------------


@login_required
@require_POST
def review_start(request: DeskRequest) -> HttpResponse:
    """Begin the year's 组织生活会 of a branch."""
    unit, on = kept_branch(request), timezone.localdate()
    try:
        review = life.start_review(unit=unit, year=year_of(request), by=request.user, on=on)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, f"{reverse('meetings:life_home')}?unit={unit.pk}")
    return go(request, "meetings:life_review", review.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The steps with what is to be done now; POST is the branch's step from ``at`` onwards."""
    found = review_of(request, uuid)
    demand(permissions.may_see_life(request.scope, found.unit.path))
    at = request.POST.get("at", found.state)
    form = _form(request, found, at)
    if request.method == "POST":
        demand(permissions.may_keep_life(request.scope, found.unit.path))
        if (form is None or form.is_valid()) and _step(request, found, at, form):
            return go(request, "meetings:life_review", uuid)
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/life_review.html", _facts(request, found, form), status=status)


def _form(request: DeskRequest, found: LifeReview, at: str) -> Any:
    """The form of the step that is taken, None where a tap is enough."""
    data = request.POST or None
    if at == ReviewState.STUDY:
        return forms.StudyForm(data, initial={"studied_on": timezone.localdate()})
    if at == ReviewState.TALKS:
        return forms.GapForm(data)
    if at == ReviewState.MEETING:
        rows = candidates(request, found.unit, Kind.ORGANISATION_LIFE, found.year)
        return forms.LinkForm(data, meetings=rows)
    return None


def _step(request: DeskRequest, found: LifeReview, at: str, form: Any) -> bool:
    """Take the step; a refusal is said in the form, or above the page."""
    on = timezone.localdate()
    say: dict[str, Any] = {"review": found, "by": request.user}
    verbs: dict[str, Callable[[], LifeReview]] = {
        ReviewState.STUDY: lambda: life.study_done(**say, on=on, **form.cleaned_data),
        ReviewState.TALKS: lambda: life.talks_done(**say, on=on, gap=form.cleaned_data["gap"]),
        ReviewState.PROBLEMS: lambda: life.problems_listed(**say),
        ReviewState.MEETING: lambda: life.hold_review(**say, on=on, meeting=form.chosen),
        ReviewState.RECTIFY: lambda: life.submit_review(**say),
    }
    try:
        if at not in verbs:
            raise Refusal("这一步不由支部办理，请刷新后看最新情况。", code="conflict")
        moved = verbs[at]()
    except Refusal as refusal:
        if form is None:
            messages.warning(request, refusal.message)
        else:
            form.say(refusal)
        return False
    messages.success(request, f"好，进到“{moved.get_state_display()}”。")
    return True


def _facts(request: DeskRequest, found: LifeReview, form: Any) -> dict[str, Any]:
    """Everything the page shows; a constant number of questions."""
    scope, on = request.scope, timezone.localdate()
    states = list(ReviewState)
    at = states.index(ReviewState(found.state))
    keeps = permissions.may_keep_life(scope, found.unit.path)
    decides = permissions.may_decide_life(scope, found.unit.path)
    talks = None
    if found.state == ReviewState.TALKS:
        who = people(found.unit, reckoned_on(found.year, on))
        talks = coverage_of(who, days_of(found.unit, found.year))
    problems = list(LifeProblem.objects.within(*scope.units).filter(review=found))
    return {
        "review": found,
        "unit": found.unit,
        "form": form,
        "today": on,
        "steps": [
            {"label": state.label, "is_done": n < at, "is_now": n == at}
            for n, state in enumerate(states)
        ],
        "next": review_next(found.state),
        "problems": problems,
        "first": next((row for row in problems if row.done_on is None), None),
        "left": sum(row.done_on is None for row in problems),
        "talks": talks,
        "keeps": keeps,
        "may_list": keeps and found.state in PROBLEM_STATES,
        "own": found.filed_by_id == request.user.pk,
        "may_close": decides and found.state == ReviewState.SUBMITTED,
        "may_return": decides
        and found.state in (ReviewState.MEETING, ReviewState.SUBMITTED, ReviewState.CLOSED),
        "process": list(found.steps.select_related("by")),
        "returned": _returned(found),
    }


def _returned(found: LifeReview) -> Any:
    """The last step, when it was a return that nobody has answered yet."""
    last = found.steps.select_related("by").order_by("-pk").first()
    return last if last is not None and last.reason else None


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
