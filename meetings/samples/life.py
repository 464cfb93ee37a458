"""样例区的组织生活: last year's flows through in most branches, this year's in every state.

The texts speak of organisations only; no problem names anybody, and no talk has a content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.models import User
from branches.enums import PRESENT_STATES
from branches.models import Member, Post, Unit
from branches.rules import exists_through
from branches.sample import SampleDistrict
from meetings.enums import Kind, Status
from meetings.enums.life import (
    BOARD_POSTS,
    AppraisalState,
    Grade,
    ProblemSource,
    ReviewState,
    TalkGap,
)
from meetings.models import (
    Appraisal,
    AppraisalEntry,
    AppraisalStep,
    LifeProblem,
    LifeReview,
    LifeStep,
    Meeting,
    MeetingStep,
    Talk,
)
from meetings.rules.life import LifeLimits, most_excellent, pair, talk_kind

_STUDY = "党章；《中国共产党支部工作条例（试行）》；习近平总书记重要讲话"
_PROBLEMS = (
    (
        "集中学习形式单一，结合本单位实际讨论不够",
        "每季度安排一次现场教学，学习后由党员交流",
        "第三、四季度各组织一次现场教学",
    ),
    (
        "联系服务群众不够经常，意见收集后反馈偏慢",
        "建立意见台账，收到后五个工作日内反馈",
        "台账已建立，收到的意见均按期反馈",
    ),
    (
        "流动党员教育管理办法不多",
        "明确联系人，每月线上联系一次",
        "流动党员联系名单已落实，按月联系",
    ),
    (
        "党务公开内容更新不及时",
        "每月固定组织生活日前更新公开栏",
        "公开栏已按月更新",
    ),
    (
        "班子分工落实不够细，推动重点工作办法不多",
        "制定任务分工表，支委会每月研究一次进度",
        "分工表已公布，支委会按月研究",
    ),
)
_OWNERS = ("支部书记", "组织委员", "宣传委员", "纪检委员", "副书记")
_WAY = tuple(ReviewState)
_APPRAISAL_WAY = tuple(AppraisalState)
# How far branches have come this year, one after another, and how much of their talks is done.
_NOW = (
    ReviewState.RECTIFY,
    ReviewState.SUBMITTED,
    ReviewState.CLOSED,
    ReviewState.PROBLEMS,
    ReviewState.STUDY,
    ReviewState.MEETING,
    ReviewState.TALKS,
)
_APPRAISAL_NOW = (
    AppraisalState.GRADING,
    AppraisalState.SUBMITTED,
    AppraisalState.APPROVED,
    AppraisalState.SELF,
    AppraisalState.BALLOTS,
)
_TALKED = (0.6, 1.0, 1.0, 0.3, 0.0)
# The day of each step, counted from the first.
_REVIEW_DAYS = (0, 1, 12, 14, 17, 40, 44)
_APPRAISAL_DAYS = (0, 9, 17, 20, 25)


@dataclass
class _Book:
    """What is being written, before it goes to the database in a few statements."""

    sample: SampleDistrict
    random: Random
    authors: dict[int, User]
    reviewers: dict[int, User]
    board: dict[int, list[Member]]
    meetings: list[Meeting] = field(default_factory=list)
    reviews: list[LifeReview] = field(default_factory=list)
    problems: list[LifeProblem] = field(default_factory=list)
    review_steps: list[LifeStep] = field(default_factory=list)
    appraisals: list[Appraisal] = field(default_factory=list)
    entries: list[AppraisalEntry] = field(default_factory=list)
    appraisal_steps: list[AppraisalStep] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    # The table sets a step's moment on insert; the history must show when it happened.
    moments: list[tuple[LifeStep | AppraisalStep, date]] = field(default_factory=list)
    # What a row becomes once its rows are there: the database locks filed lists.
    filed: list[tuple[LifeReview, ReviewState]] = field(default_factory=list)
    decided: list[tuple[Appraisal, AppraisalState]] = field(default_factory=list)


def build(*, sample: SampleDistrict, authors: dict[int, User], reviewer: User) -> int:
    """Write both years of every branch that stood in them; returns the number of flows."""
    book = _Book(
        sample=sample,
        random=Random(20240103),  # noqa: S311  the same district every time
        authors=authors,
        reviewers={unit.pk: reviewer for unit in sample.branches},
        board=_boards(sample),
    )
    for number, unit in enumerate(sample.branches):
        for year in (sample.today.year - 1, sample.today.year):
            last = min(date(year, 12, 31), sample.today)
            if exists_through(unit.founded_on, unit.dissolved_on, date(year, 3, 1), last):
                _branch(book, unit, number, year)
    _write(book)
    return len(book.reviews) + len(book.appraisals)


def _boards(sample: SampleDistrict) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    posts = Post.unscoped.filter(
        unit__path__startswith=sample.root.path, kind__in=BOARD_POSTS, until=None
    )
    for post in posts.select_related("member").order_by("pk"):
        found.setdefault(post.unit_id, []).append(post.member)
    return found


def _branch(book: _Book, unit: Unit, number: int, year: int) -> None:
    """One branch's year: last year's nearly always through, this year's in every state."""
    this = year == book.sample.today.year
    through = number % 11 != 5
    if this:
        review = _NOW[number % len(_NOW)]
        appraisal = _APPRAISAL_NOW[number % len(_APPRAISAL_NOW)]
    else:
        review = _WAY[-1] if through else ReviewState.RECTIFY
        appraisal = _APPRAISAL_WAY[-1] if through else AppraisalState.SUBMITTED
    people = [one for one in book.sample.members.get(unit.pk, []) if one.state in PRESENT_STATES]
    if not people:
        return
    start = _started(book, year)
    share = _TALKED[number % len(_TALKED)] if this else 1.0
    _talks(book, unit, people, start, share)
    # Two in nine branches have not begun this year's yet.
    if not (this and number % 9 in (4, 8)):
        _review(book, unit, year, review, start, gap="" if share == 1 else TalkGap.AWAY)
    if not (this and number % 9 in (3, 8)):
        _appraisal(book, unit, year, appraisal, start, people)


def _started(book: _Book, year: int) -> date:
    """Seven weeks back this year, so that every step has its day; mid-October last year."""
    today = book.sample.today
    if year < today.year:
        return date(year, 10, 15)
    return max(date(year, 1, 1), today - timedelta(days=49))


def _day(book: _Book, start: date, after: int) -> date:
    return min(start + timedelta(days=after), book.sample.today)


def _talks(book: _Book, unit: Unit, people: list[Member], start: date, share: float) -> None:
    """Talks of the 班子 with each other and with members, ``share`` of what the rule asks for."""
    board = [one for one in book.board.get(unit.pk, []) if one in people]
    seats = {one.pk for one in board}
    wanted = [(a, b) for at, a in enumerate(board) for b in board[at + 1 :]]
    wanted += [
        (board[at % len(board)], one)
        for at, one in enumerate(one for one in people if one.pk not in seats)
        if board
    ]
    for at, (one, other) in enumerate(wanted[: round(len(wanted) * share)]):
        two = pair(one.pk, other.pk)
        book.talks.append(
            Talk(
                unit=unit,
                day=_day(book, start, 2 + at % 9),
                first_id=two[0],
                second_id=two[1],
                kind=talk_kind(two, seats),
                by=book.authors.get(unit.pk),
            )
        )


def _meeting(book: _Book, unit: Unit, kind: Kind, day: date, topic: str, heads: int) -> Meeting:
    """The record that the flow links to."""
    filed = min(day + timedelta(days=1), book.sample.today)
    meeting = Meeting(
        unit=unit,
        kind_mask=int(kind),
        held_on=day,
        started_at=time(9),
        ended_at=time(11, 30),
        place="支部活动室",
        chair=book.board[unit.pk][0].name if book.board.get(unit.pk) else "",
        topic=topic,
        status=Status.SUBMITTED,
        eligible_count=heads,
        present_count=heads,
        first_submitted_on=filed,
        submitted_at=timezone.make_aware(datetime.combine(filed, time(17))),
        created_by=book.authors.get(unit.pk),
    )
    if (book.sample.today - filed).days > 6:
        meeting.status, meeting.reviewed_by = Status.ACCEPTED, book.reviewers[unit.pk]
        meeting.reviewed_at = timezone.make_aware(
            datetime.combine(filed + timedelta(days=2), time(10, 20))
        )
    book.meetings.append(meeting)
    return meeting


def _review(
    book: _Book, unit: Unit, year: int, state: ReviewState, start: date, *, gap: str
) -> None:
    """A 组织生活会 that has come as far as ``state``."""
    at = _WAY.index(state)
    review = LifeReview(unit=unit, year=year)
    if at > 0:
        review.studied_on, review.study = _day(book, start, 1), _STUDY
    if at > 1:
        review.talk_gap = gap
    heads = len(book.sample.members.get(unit.pk, []))
    if at > 3:
        review.meeting = _meeting(
            book,
            unit,
            Kind.ORGANISATION_LIFE,
            _day(book, start, 16),
            "召开组织生活会，开展批评和自我批评",
            heads,
        )
    if at > 4:
        review.filed_by = book.authors.get(unit.pk)
    if at > 5:
        review.decided_by = book.reviewers[unit.pk]
    # The list is written while it is open, then filed.
    open_state = min(at, _WAY.index(ReviewState.RECTIFY))
    review.state = _WAY[open_state]
    book.reviews.append(review)
    if at > open_state:
        book.filed.append((review, state))
    if at > 1:
        _problems(book, review, at, start)
    before = ""
    for place, one in enumerate(_WAY[: at + 1]):
        by = book.reviewers[unit.pk] if one == ReviewState.CLOSED else book.authors.get(unit.pk)
        step = LifeStep(review=review, before=before, after=one, by=by)
        book.moments.append((step, _day(book, start, _REVIEW_DAYS[place])))
        book.review_steps.append(step)
        before = one.value


def _problems(book: _Book, review: LifeReview, at: int, start: date) -> None:
    sources = list(ProblemSource)
    chosen = book.random.sample(range(len(_PROBLEMS)), 3)
    for place, number in enumerate(chosen):
        text, measure, result = _PROBLEMS[number]
        row = LifeProblem(review=review, text=text, source=sources[number % len(sources)])
        if at > 2 or place == 0:
            row.measure, row.owner = measure, _OWNERS[number]
            done = at > 4 or (at == 4 and place == 0)
            row.due_on = start + timedelta(days=(30 if done else 80) + 10 * place)
            if done:
                row.done_on, row.result = _day(book, start, 18 + 8 * place), result
        book.problems.append(row)


def _appraisal(
    book: _Book, unit: Unit, year: int, state: AppraisalState, start: date, people: list[Member]
) -> None:
    """A 民主评议 that has come as far as ``state``."""
    at = _APPRAISAL_WAY.index(state)
    author = book.authors.get(unit.pk)
    voters = sum(one.votes for one in people)
    found = Appraisal(unit=unit, year=year, as_of=start, opened_by=author)
    found.state = _APPRAISAL_WAY[min(at, 2)]
    if at > 1:
        found.issued = found.returned = voters
    if at > 2:
        found.meeting = _meeting(
            book, unit, Kind.APPRAISAL, _day(book, start, 17), "民主评议党员", len(people)
        )
        found.proposed_by = author
        book.decided.append((found, state))
    if at > 3:
        found.decided_by = book.reviewers[unit.pk]
        found.decided_at = timezone.make_aware(
            datetime.combine(_day(book, start, 25), time(10, 30))
        )
    book.appraisals.append(found)
    most = most_excellent(voters, LifeLimits().excellent_share)
    best = set(book.random.sample([one.pk for one in people if one.votes], min(most, voters)))
    for place, one in enumerate(people):
        entry = AppraisalEntry(
            appraisal=found, member=one, name=one.name, kind=one.kind,
            votes=one.votes, graded=one.votes,
        )  # fmt: skip
        if at > 0 or place % 2:
            entry.self_on = _day(book, start, 8)
        if at > 1 and one.votes:
            good = one.pk in best
            entry.excellent = voters * 3 // 4 if good else voters // 4
            entry.basic, entry.poor = 0, 0
            entry.competent = voters - entry.excellent
            if at > 2:
                entry.grade = Grade.EXCELLENT if good else Grade.COMPETENT
        if at > 3 and (year < book.sample.today.year or place % 2):
            entry.told_on = _day(book, start, 27)
        book.entries.append(entry)
    before = ""
    for place, moved in enumerate(_APPRAISAL_WAY[: at + 1]):
        by = book.reviewers[unit.pk] if moved == AppraisalState.APPROVED else author
        step = AppraisalStep(appraisal=found, before=before, after=moved, by=by)
        book.moments.append((step, _day(book, start, _APPRAISAL_DAYS[place])))
        book.appraisal_steps.append(step)
        before = moved.value


def _write(book: _Book) -> None:
    """A dozen statements; what is filed is filed after its rows are there."""
    Meeting.unscoped.bulk_create(book.meetings, batch_size=2000)
    steps = [
        MeetingStep(meeting=one, before=Status.DRAFT, after=Status.SUBMITTED, by=one.created_by)
        for one in book.meetings
    ]
    steps += [
        MeetingStep(meeting=one, before=Status.SUBMITTED, after=Status.ACCEPTED, by=one.reviewed_by)
        for one in book.meetings
        if one.status == Status.ACCEPTED
    ]
    MeetingStep.unscoped.bulk_create(steps)
    linked: list[LifeReview | Appraisal] = [*book.reviews, *book.appraisals]
    for row in linked:
        if row.meeting is not None:
            row.meeting_id = row.meeting.pk
    LifeReview.unscoped.bulk_create(book.reviews)
    LifeProblem.unscoped.bulk_create(book.problems, batch_size=2000)
    LifeStep.unscoped.bulk_create(book.review_steps, batch_size=2000)
    Appraisal.unscoped.bulk_create(book.appraisals)
    AppraisalEntry.unscoped.bulk_create(book.entries, batch_size=2000)
    AppraisalStep.unscoped.bulk_create(book.appraisal_steps, batch_size=2000)
    for step, day in book.moments:
        step.at = timezone.make_aware(datetime.combine(day, time(16, 20)))
    LifeStep.unscoped.bulk_update(book.review_steps, ["at"], batch_size=1000)
    AppraisalStep.unscoped.bulk_update(book.appraisal_steps, ["at"], batch_size=1000)
    Talk.unscoped.bulk_create(book.talks, batch_size=2000)
    # Over each state on the way: the database lets no state be skipped.
    filing = ((ReviewState.SUBMITTED, 5), (ReviewState.CLOSED, 6))
    for to, least in filing:
        some = [row.pk for row, state in book.filed if _WAY.index(state) >= least]
        LifeReview.unscoped.filter(pk__in=some).update(state=to)
    for goal, at in ((AppraisalState.SUBMITTED, 3), (AppraisalState.APPROVED, 4)):
        decided = [row.pk for row, state in book.decided if _APPRAISAL_WAY.index(state) >= at]
        Appraisal.unscoped.filter(pk__in=decided).update(state=goal)
