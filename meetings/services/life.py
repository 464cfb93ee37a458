"""组织生活会: a branch's year step by step, its problems, and the committee's word at the end."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.models import Member, Unit
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.enums import COUNTING, Kind
from meetings.enums.life import (
    MEASURE_STATES,
    PROBLEM_STATES,
    ProblemSource,
    ReviewState,
    TalkGap,
    Who,
)
from meetings.life_people import coverage_of, days_of, people, reckoned_on
from meetings.life_settings import limits
from meetings.models import LifeProblem, LifeReview, LifeStep, Meeting
from meetings.rules.life import held_window, names_in, review_mover

REASON_MAX = 500
MOST_PROBLEMS = 30


def plain(text: str, *, what: str, field: str, most: int, needed: bool = True) -> str:
    """A line of text without marks of secrecy, trimmed.

    Raises:
        Refusal: empty though needed, too long, or marked.
    """
    text = text.replace("\x00", "").strip()
    if needed and not text:
        raise Refusal(f"请写明{what}。", field=field)
    if len(text) > most:
        raise Refusal(f"{what}请控制在 {most} 字以内。", field=field)
    mark = mark_in_text(text)
    if mark:
        raise Refusal(refusal_of(mark, "填写的内容"), field=field)
    return text


def check_start(unit: Unit, year: int, on: date) -> None:
    """A branch begins this year's or last year's.

    Raises:
        Refusal: no branch, or a year that is not to be begun now.
    """
    if not unit.is_branch:
        raise Refusal("组织生活记在党支部名下，请选择支部。", field="unit")
    if year not in (on.year - 1, on.year):
        raise Refusal("只能办理今年和上一年的组织生活，请核对年度。", field="year")
    if unit.dissolved_on and unit.dissolved_on < date(year, 1, 1):
        raise Refusal(f"{unit}在这一年以前已经撤销。", field="year")
    if unit.founded_on and unit.founded_on > date(year, 12, 31):
        raise Refusal(f"{unit}在这一年以后才成立。", field="year")


def filed_meeting(unit: Unit, meeting: Meeting, kind: Kind, *, year: int, on: date) -> Meeting:
    """The record if it can stand for the year's meeting of that kind.

    Raises:
        Refusal: another branch's, another kind, not filed, or held outside the window.
    """
    first, last = held_window(year, grace_days=limits(on).grace_days)
    if meeting.unit_id != unit.pk:
        raise Refusal("请选择本支部的会议记录。", field="meeting")
    if not meeting.kind_mask & kind:
        raise Refusal(f"请选择类别为“{kind.label}”的会议记录。", field="meeting")
    if meeting.status not in COUNTING:
        raise Refusal("这条会议记录还没有提交，请先提交再关联。", field="meeting")
    if not first <= meeting.held_on <= last:
        raise Refusal(
            f"会议应在 {first:%Y-%m-%d} 至 {last:%Y-%m-%d} 召开，请核对召开日期。", field="meeting"
        )
    return meeting


@transaction.atomic
def start_review(*, unit: Unit, year: int, by: User, on: date) -> LifeReview:
    """Begin the year's 组织生活会; begun again it is the one that is there."""
    check_start(unit, year, on)
    found, made = LifeReview.unscoped.get_or_create(unit=unit, year=year)
    if made:
        LifeStep.unscoped.create(review=found, after=ReviewState.STUDY, by=by)
    return found


def _lock(review: LifeReview) -> LifeReview:
    rows = LifeReview.unscoped.select_for_update(of=("self",)).select_related("unit")
    return rows.get(pk=review.pk)


def _move(review: LifeReview, to: ReviewState, by: User, who: Who, reason: str = "") -> LifeReview:
    """Change the state of a locked review and note the step."""
    if review_mover(review.state, to) is not who:
        raise Refusal(
            f"现在的进展是“{review.get_state_display()}”，不能这样办理；请刷新后看最新情况。",
            code="conflict",
        )
    before, review.state = review.state, to
    review.save()
    LifeStep.unscoped.create(review=review, before=before, after=to, reason=reason, by=by)
    return review


@transaction.atomic
def study_done(
    *, review: LifeReview, by: User, studied_on: date, study: str, on: date
) -> LifeReview:
    """学习准备 is done: on which day, which texts."""
    review = _lock(review)
    if review.state == ReviewState.TALKS and review.studied_on == studied_on:
        return review
    text = plain(study, what="学习篇目", field="study", most=200)
    if studied_on > on:
        raise Refusal("学习日期在今天之后，学完再登记。", field="studied_on")
    if studied_on < date(review.year, 1, 1):
        raise Refusal(f"学习日期应在 {review.year} 年以内。", field="studied_on")
    review.studied_on, review.study = studied_on, text
    return _move(review, ReviewState.TALKS, by, Who.BRANCH)


@transaction.atomic
def talks_done(*, review: LifeReview, by: User, on: date, gap: str = "") -> LifeReview:
    """谈心谈话 is done: all that the rule asks for, or with a code that says why not.

    Raises:
        Refusal: talks are missing and no code was chosen.
    """
    review = _lock(review)
    if review.state == ReviewState.PROBLEMS:
        return review
    who = people(review.unit, reckoned_on(review.year, on))
    found = coverage_of(who, days_of(review.unit, review.year))
    if gap not in ("", *TalkGap.values):
        raise Refusal("请从列出的情形中选择。", field="gap")
    if not found.is_complete and not gap:
        raise Refusal(
            f"还差 {found.missing} 项谈话没有记；谈过的请先记上，确实谈不了的请选一个情形。",
            field="gap",
        )
    review.talk_gap = "" if found.is_complete else gap
    return _move(review, ReviewState.PROBLEMS, by, Who.BRANCH)


@transaction.atomic
def problems_listed(*, review: LifeReview, by: User) -> LifeReview:
    """查摆问题 is done: the list stands."""
    review = _lock(review)
    if review.state == ReviewState.MEETING:
        return review
    if not LifeProblem.unscoped.filter(review=review).exists():
        raise Refusal("问题清单还是空的，请至少写一条支部班子的问题。", field="text")
    return _move(review, ReviewState.MEETING, by, Who.BRANCH)


@transaction.atomic
def hold_review(*, review: LifeReview, meeting: Meeting, by: User, on: date) -> LifeReview:
    """召开会议 is done: the record of the meeting is linked."""
    review = _lock(review)
    if review.state == ReviewState.RECTIFY and review.meeting_id == meeting.pk:
        return review
    review.meeting = filed_meeting(
        review.unit, meeting, Kind.ORGANISATION_LIFE, year=review.year, on=on
    )
    return _move(review, ReviewState.RECTIFY, by, Who.BRANCH)


@transaction.atomic
def submit_review(*, review: LifeReview, by: User) -> LifeReview:
    """整改落实 is done: every problem is solved; the committee looks at it.

    Raises:
        Refusal: a problem is still open.
    """
    review = _lock(review)
    if review.state == ReviewState.SUBMITTED:
        return review
    left = LifeProblem.unscoped.filter(review=review, done_on__isnull=True).count()
    if left:
        raise Refusal(f"还有 {left} 个问题没有改完，全部销号后再报送。")
    review.filed_by, review.decided_by = by, None
    return _move(review, ReviewState.SUBMITTED, by, Who.BRANCH)


@transaction.atomic
def close_review(*, review: LifeReview, by: User) -> LifeReview:
    """办结: the committee accepts it; never he who filed it (S16)."""
    review = _lock(review)
    if review.filed_by_id == by.pk:
        raise Refusal("这是您本人报送的，请由另一位同志审核。", code="forbidden")
    review.decided_by = by
    return _move(review, ReviewState.CLOSED, by, Who.COMMITTEE)


@transaction.atomic
def return_review(*, review: LifeReview, by: User, reason: str) -> LifeReview:
    """退回: the committee sends it back with the reason, to the list or to the work on it."""
    text = plain(reason, what="退回的原因", field="reason", most=REASON_MAX)
    review = _lock(review)
    if review.filed_by_id == by.pk:
        raise Refusal("这是您本人报送的，请由另一位同志审核。", code="forbidden")
    to = ReviewState.PROBLEMS if review.state == ReviewState.MEETING else ReviewState.RECTIFY
    review.decided_by = None
    return _move(review, to, by, Who.COMMITTEE, text)


# --- Problems ------------------------------------------------------------------------------------


def _nameless(review: LifeReview, text: str, field: str) -> str:
    """Problems are the organisation's: a text that names a member of the branch is refused."""
    names = Member.unscoped.filter(unit_id=review.unit_id).values_list("name", flat=True)
    if names_in(text, names):
        raise Refusal(
            "这里写的是支部和班子的事，不点名到个人；请去掉党员姓名，换一种写法。", field=field
        )
    return text


def _open(review: LifeReview, states: tuple[ReviewState, ...]) -> LifeReview:
    review = _lock(review)
    if review.state not in states:
        raise Refusal(
            f"现在的进展是“{review.get_state_display()}”，问题清单不能这样改。", code="conflict"
        )
    return review


@transaction.atomic
def add_problem(*, review: LifeReview, text: str, source: str, by: User) -> LifeProblem:
    """List one problem of the 班子; the same text again is the one that is there."""
    review = _open(review, PROBLEM_STATES)
    text = _nameless(review, plain(text, what="问题", field="text", most=200), "text")
    if source not in ProblemSource.values:
        raise Refusal("请选择问题的来源。", field="source")
    rows = LifeProblem.unscoped.filter(review=review)
    known = rows.filter(text=text).first()
    if known is not None:
        return known
    if rows.count() >= MOST_PROBLEMS:
        raise Refusal(f"一份清单最多 {MOST_PROBLEMS} 个问题，请合并同类问题。", field="text")
    try:
        with transaction.atomic():
            return LifeProblem.unscoped.create(review=review, text=text, source=source)
    except IntegrityError:
        return rows.get(text=text)


@transaction.atomic
def remove_problem(*, problem: LifeProblem, by: User) -> None:
    """Take a problem off the list while it is being written; the history keeps it."""
    _open(problem.review, PROBLEM_STATES)
    LifeProblem.unscoped.filter(pk=problem.pk).delete()


@transaction.atomic
def plan_problem(
    *, problem: LifeProblem, measure: str, owner: str, due_on: date, by: User
) -> LifeProblem:
    """Say what is done about a problem, by whom, until when."""
    review = _open(problem.review, MEASURE_STATES)
    row = LifeProblem.unscoped.select_for_update().get(pk=problem.pk)
    text = plain(measure, what="整改措施", field="measure", most=300)
    row.measure = _nameless(review, text, "measure")
    row.owner = plain(owner, what="责任人", field="owner", most=60)
    if not date(review.year, 1, 1) <= due_on <= date(review.year + 2, 12, 31):
        raise Refusal("请核对整改期限的年份。", field="due_on")
    row.due_on = due_on
    row.save()
    return row


@transaction.atomic
def settle_problem(
    *, problem: LifeProblem, done_on: date, result: str, by: User, on: date
) -> LifeProblem:
    """销号: the problem is solved, on which day and with what result.

    Raises:
        Refusal: the work has not begun, measure, owner or deadline is missing, or the day lies
            ahead.
    """
    review = _open(problem.review, (ReviewState.RECTIFY,))
    row = LifeProblem.unscoped.select_for_update().get(pk=problem.pk)
    if not row.is_planned:
        raise Refusal("请先写明整改措施、责任人和期限，再销号。", field="measure")
    if done_on > on:
        raise Refusal("完成日期在今天之后，改完再销号。", field="done_on")
    if done_on < date(review.year, 1, 1):
        raise Refusal(f"完成日期应在 {review.year} 年以后。", field="done_on")
    text = plain(result, what="整改结果", field="result", most=300)
    row.result, row.done_on = _nameless(review, text, "result"), done_on
    row.save()
    return row


@transaction.atomic
def reopen_problem(*, problem: LifeProblem, by: User) -> LifeProblem:
    """Take a 销号 back: the work on it goes on."""
    _open(problem.review, (ReviewState.RECTIFY,))
    row = LifeProblem.unscoped.select_for_update().get(pk=problem.pk)
    row.done_on = None
    row.save()
    return row
