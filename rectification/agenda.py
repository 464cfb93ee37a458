"""What happens next in a case, and whose it is: one annotated query for any number of cases."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rectification.enums import RUNNING, WITH_BRANCH, ClosingState, PollState, ProblemState, State
from rectification.models import (
    Acceptance,
    Closing,
    Helper,
    Inspection,
    Poll,
    Problem,
    Promise,
    Report,
    ReportDue,
)
from rectification.querysets import CaseQuerySet

BRANCH, ABOVE, DISTRICT = "branch", "above", "district"
WHO = {BRANCH: "支部", ABOVE: "党（工）委", DISTRICT: "组织部"}


@dataclass(frozen=True)
class Step:
    """One thing to do: its words, the name of the deed, whose it is, its last day."""

    title: str
    deed: str
    who: str
    until: date | None = None
    note: str = ""
    object_uuid: str = ""

    @property
    def who_label(self) -> str:
        """支部, 党（工）委 or 组织部."""
        return WHO[self.who]

    def is_late(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < on


def _count(rows: QuerySet[Any], key: str = "case") -> Coalesce:
    """How many rows hang on the case, as a subquery."""
    found = rows.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Coalesce(
        Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
    )


def _first_day(rows: QuerySet[Any], field: str) -> Subquery:
    found = rows.filter(case=OuterRef("pk")).order_by().values("case")
    return Subquery(found.annotate(day=Min(field)).values("day"))


def with_progress(cases: CaseQuerySet, *, on: date) -> CaseQuerySet:
    """Cases with what :func:`steps` asks of them; one query however many there are."""
    problems, running = Problem.unscoped.all(), Q(state=ProblemState.SOLVING)
    # A report whose day lies before the case (or its new round) began is not owed.
    unfiled = ReportDue.unscoped.filter(
        batch=OuterRef("batch"), due_on__gte=OuterRef("started_on")
    ).exclude(Exists(Report.unscoped.filter(due=OuterRef("pk"), case=OuterRef(OuterRef("pk")))))
    asked = Inspection.unscoped.filter(answer_by__isnull=False, answered_on__isnull=True)
    this_round = {"round": OuterRef("round"), "case": OuterRef("pk")}
    closing = Closing.unscoped.filter(**this_round, state=ClosingState.PROPOSED)
    last = Acceptance.unscoped.filter(**this_round).order_by("-pk")
    polls = Poll.unscoped.filter(**this_round).order_by("-pk")
    found: CaseQuerySet = cases.select_related("unit", "batch", "unit__committee").annotate(
        helper_count=_count(Helper.unscoped.filter(until=None)),
        problem_count=_count(problems),
        collected_count=_count(problems.filter(state=ProblemState.COLLECTED)),
        solving_count=_count(problems.filter(running)),
        waiting_count=_count(problems.filter(state=ProblemState.DONE)),
        late_count=_count(
            problems.filter(state__in=WITH_BRANCH, due_on__lt=on)
        ),
        solving_until=_first_day(problems.filter(running), "due_on"),
        promise_count=_count(Promise.unscoped.all()),
        report_id=Subquery(unfiled.order_by("due_on", "pk").values("pk")[:1]),
        report_until=Subquery(unfiled.order_by("due_on", "pk").values("due_on")[:1]),
        report_title=Subquery(unfiled.order_by("due_on", "pk").values("title")[:1]),
        answer_until=_first_day(asked, "answer_by"),
        answer_uuid=Subquery(
            asked.filter(case=OuterRef("pk")).order_by("answer_by", "pk").values("uuid")[:1]
        ),
        poll_state=Subquery(polls.values("state")[:1]),
        poll_uuid=Subquery(polls.values("uuid")[:1]),
        poll_until=Subquery(polls.values("closes_on")[:1]),
        accepted=Subquery(last.values("passed")[:1]),
        accepted_total=Subquery(last.values("total")[:1]),
        accepted_id=Subquery(last.values("pk")[:1]),
        closing_uuid=Subquery(closing.values("uuid")[:1]),
        closing_first=Subquery(closing.values("first_by")[:1]),
    ).annotate(
        closing_used=Exists(
            Closing.unscoped.filter(acceptance=OuterRef("accepted_id"), state=ClosingState.REFUSED)
        )
    ).order_by(F("batch__number").desc(), "unit__path")  # fmt: skip
    return found


def steps(case: Any, *, on: date) -> list[Step]:
    """What is to be done now in a case :func:`with_progress`, the most pressing first."""
    makers = {
        State.PROPOSED: _proposed,
        State.LISTED: _listed,
        State.STAFFED: _staffed,
        State.UNDERWAY: _underway,
        State.EXAMINED: _examined,
        State.CLOSED: _closed,
        State.WATCHED: _watched,
    }
    maker = makers.get(State(case.state))
    found = list(maker(case, on)) if maker else []
    # What is late stands first, in the order of its day; the rest in the order of the work.
    late = sorted(
        (step for step in found if step.is_late(on)), key=lambda step: step.until or date.max
    )
    return [*late, *(step for step in found if not step.is_late(on))]


def next_step(case: Any, *, on: date, who: str = "") -> Step | None:
    """The first step, of one side when ``who`` says so."""
    return next((step for step in steps(case, on=on) if not who or step.who == who), None)


@dataclass(frozen=True)
class Line:
    """A case with what happens next; ``todo`` is what the reader's side is to do, in order."""

    case: Any
    step: Step | None
    is_late: bool
    todo: Sequence[Step] = ()


def lines(cases: Iterable[Any], *, on: date, who: str = "") -> list[Line]:
    """A line for each case :func:`with_progress`, as read by the side ``who``."""
    return [_line(case, steps(case, on=on), on, who) for case in cases]


def _line(case: Any, found: Sequence[Step], on: date, who: str) -> Line:
    first = found[0] if found else None
    return Line(case, first, case.is_late(on), [step for step in found if step.who == who])


@dataclass(frozen=True)
class Waiting:
    """One step of a case that waits."""

    case: Any
    step: Step


def waiting(cases: Iterable[Any], *, on: date, sides: Container[str]) -> list[Waiting]:
    """What waits for these sides in cases :func:`with_progress`, the oldest last day first.

    回头看 goes on for months and is asked for on the case's own page.
    """
    found = [
        Waiting(case, step)
        for case in cases
        for step in steps(case, on=on)
        if step.who in sides and (case.state in RUNNING or step.deed != "inspect")
    ]
    return sorted(found, key=lambda one: (one.step.until is None, one.step.until or on))


def _proposed(case: Any, on: date) -> Iterator[Step]:
    yield Step("提请会议研究确定", "decide", DISTRICT, note="登记会议决定的日期和文号")


def _plan(case: Any) -> Iterator[Step]:
    if not case.plan:
        yield Step("写好一支部一策整顿方案", "describe", BRANCH, note="方案写好才能进入整顿")


def _listed(case: Any, on: date) -> Iterator[Step]:
    yield Step("配齐四位一体", "assign", ABOVE, note=f"还缺 {4 - case.helper_count} 方")
    yield from _plan(case)


def _staffed(case: Any, on: date) -> Iterator[Step]:
    yield from _plan(case)
    if case.plan:
        yield Step("进入整顿", "start", ABOVE, note="四位一体已配齐，方案已写好")


def _papers(case: Any) -> Iterator[Step]:
    """汇报 and 整改回复."""
    if case.answer_uuid:
        yield Step(
            "回复督查发现的问题", "answer", BRANCH, until=case.answer_until,
            object_uuid=str(case.answer_uuid),
        )  # fmt: skip
    if case.report_until:
        yield Step(f"提交{case.report_title}", "report", BRANCH, until=case.report_until)


def _underway(case: Any, on: date) -> Iterator[Step]:
    papers = list(_papers(case))
    yield from (step for step in papers if step.is_late(on))
    if case.late_count:
        yield Step(
            f"{case.late_count} 个问题过了期限", "problems", BRANCH, until=case.solving_until
        )
    if not case.problem_count:
        yield Step("收集民意，登记第一个问题", "problem", BRANCH)
    if case.collected_count:
        yield Step(f"给 {case.collected_count} 个问题定责任人和期限", "problems", BRANCH)
    if not case.promise_count and case.problem_count:
        yield Step("公开承诺：签承诺书、上宣传栏、亮牌", "promise", BRANCH)
    if case.waiting_count:
        yield Step(f"确认 {case.waiting_count} 个问题办结", "problems", ABOVE)
    if case.solving_count and not case.late_count:
        yield Step(
            f"解决 {case.solving_count} 个问题", "problems", BRANCH, until=case.solving_until
        )
    yield from (step for step in papers if not step.is_late(on))
    busy = case.collected_count or case.solving_count or case.waiting_count
    if case.problem_count and not busy:
        yield from _poll(case, on)
        yield Step("申请验收", "examine", ABOVE, note="问题已全部办结")


def _poll(case: Any, on: date) -> Iterator[Step]:
    if case.poll_state is None:
        yield Step("组织民意测评", "poll", ABOVE)
    elif case.poll_state == PollState.OPEN:
        over = case.poll_until < on
        yield Step(
            "给民意测评计票" if over else "民意测评进行中", "poll_detail", ABOVE,
            note=f"{case.poll_until.month}月{case.poll_until.day}日截止",
            object_uuid=str(case.poll_uuid),
        )  # fmt: skip


def _examined(case: Any, on: date) -> Iterator[Step]:
    if case.closing_uuid:
        last = case.closing_first is not None
        yield Step(
            "终审销号" if last else "初审销号", "approve", DISTRICT if last else ABOVE,
            note="初审已通过" if last else "须由申请人以外的同志办理",
            object_uuid=str(case.closing_uuid),
        )  # fmt: skip
    elif case.accepted and not case.closing_used:
        yield Step("申请销号", "close", ABOVE, note=f"验收 {case.accepted_total} 分，已通过")
    else:
        yield from _poll(case, on)
        if case.poll_state == PollState.CLOSED:
            yield Step("登记验收结果", "accept", DISTRICT)


def _closed(case: Any, on: date) -> Iterator[Step]:
    yield Step("登记第一次回头看", "inspect", ABOVE, until=case.watch_until)
    yield from _papers_after(case)


def _watched(case: Any, on: date) -> Iterator[Step]:
    yield from _papers_after(case)
    if case.watch_until < on:
        yield Step("认定巩固", "settle", DISTRICT, note="回头看期满")
    else:
        yield Step("继续回头看", "inspect", ABOVE, until=case.watch_until)


def _papers_after(case: Any) -> Iterator[Step]:
    """Answers are owed after 销号 too, reports are not."""
    yield from (step for step in _papers(case) if step.deed == "answer")
