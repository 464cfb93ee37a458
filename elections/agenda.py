"""What happens next in an election, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from elections.enums import Route, Stage
from elections.models import Ballot, Election, ElectionStep, Shift
from elections.querysets import ElectionQuerySet
from elections.rules import way

BRANCH, ABOVE = "branch", "above"
WHO = {BRANCH: "本级党组织", ABOVE: "上级党组织"}


@dataclass(frozen=True)
class Next:
    """The next thing to do: its words, the name of the deed, whose it is, a hint."""

    title: str
    deed: str
    who: str
    note: str = ""
    icon: str = "arrow-right"

    @property
    def who_label(self) -> str:
        """本级 or 上级."""
        return WHO[self.who]


_REVIEW = {Route.VILLAGE: "资格联审", Route.COMMITTEE: "组织考察"}
_NEXT: dict[int, Next] = {
    0: Next("向上级请示换届", "ask", BRANCH, "请示可以从这里生成 Word", "send"),
    1: Next("批复换届请示", "answer", ABOVE, "由报送人以外的同志办理", "rubber-stamp"),
    2: Next("定名额和选举办法", "plan", BRANCH, "应选几名、候选人几名", "list-check"),
    3: Next("酝酿初步人选", "consult", BRANCH, "只登记日期和参加人数，不写人名", "users"),
    5: Next("确定预备人选", "choose", BRANCH, "只登记日期和人数，不写人名", "users-group"),
    6: Next("向上级报批人选", "file", BRANCH, "人选写在纸上报，这里登记日期和文号", "send"),
    7: Next("批准候选人，登记名单", "approve", ABOVE, "由报送人以外的同志办理", "user-check"),
    8: Next("召开大会选举，登记计票", "vote", BRANCH, "", "clipboard-list"),
    9: Next("委员会选举书记、分工", "divide", BRANCH, "", "certificate"),
    10: Next("向上级报告选举结果", "report", BRANCH, "报告可以从这里生成 Word", "report"),
    11: Next("批复选举结果", "confirm", ABOVE, "批复以后新一届职务、届次自动登记", "rubber-stamp"),
}


def next_step(election: Any) -> Next | None:
    """The next step of an election; None when it is over."""
    state = election.state
    if state in (Stage.CONFIRMED, Stage.CANCELLED):
        return None
    if state == Stage.CONSULTED:
        title = _REVIEW.get(Route(election.route))
        if title is None:
            return _NEXT[5]
        return Next(f"{title}", "review", BRANCH, "只登记审查人数和不合格人数", "shield-check")
    if state == Stage.VOTED and not election.with_committee:
        return _NEXT[10]
    if state == Stage.APPROVED and getattr(election, "rounds", 0):
        return Next("另行选举，登记下一轮计票", "vote", BRANCH, "上一轮没有选足", "clipboard-list")
    return _NEXT[state]


def stage_label(stage: int, route: str, *, delegates: bool = False) -> str:
    """The name of a step in the words of its route."""
    if stage == Stage.REVIEWED and route in _REVIEW:
        return _REVIEW[Route(route)]
    names = {
        Stage.ASKED: "请示", Stage.ANSWERED: "批复", Stage.PLANNED: "名额和办法",
        Stage.CONSULTED: "酝酿人选", Stage.CHOSEN: "预备人选", Stage.FILED: "报批",
        Stage.APPROVED: "候选人批准", Stage.DIVIDED: "书记和分工", Stage.REPORTED: "报告",
        Stage.CONFIRMED: "结果批复",
        Stage.VOTED: "代表大会选举" if delegates else "党员大会选举",
    }  # fmt: skip
    return names.get(Stage(stage)) or str(Stage(stage).label)


@dataclass(frozen=True)
class Station:
    """One station of the way: its name and whether it is done, now or ahead."""

    label: str
    state: str


def stations(election: Election) -> list[Station]:
    """The whole way of an election, 筹备 first."""
    found = []
    stages = way(route=election.route, with_committee=election.with_committee)
    ahead = [stage for stage in stages if stage > election.state]
    for stage in stages:
        state = "done" if stage <= election.state else "now" if stage == ahead[0] else "ahead"
        label = stage_label(stage, election.route, delegates=election.by_delegates)
        found.append(Station(label, state))
    return found


def with_last_day(elections: ElectionQuerySet) -> ElectionQuerySet:
    """Elections with the day of their last step and their rounds; one query for any number."""
    steps = ElectionStep.unscoped.filter(election=OuterRef("pk")).order_by("-pk")
    rounds = Ballot.unscoped.filter(
        election=OuterRef("pk"), body="meeting", verdict__in=("short", "void")
    )
    found: ElectionQuerySet = elections.select_related(
        "unit", "unit__committee", "term", "wave"
    ).annotate(
        last_day=Subquery(steps.values("day")[:1]),
        moved_to=Subquery(
            Shift.unscoped.filter(term=OuterRef("term"), state="approved").values("moved_to")[:1]
        ),
        rounds=Subquery(
            rounds.order_by().values("election").annotate(n=Max("round")).values("n")
        ),
    )  # fmt: skip
    return found


@dataclass(frozen=True)
class Line:
    """An election with what happens next."""

    election: Any
    step: Next | None
    ends_on: date | None = None
    is_overdue: bool = False


def lines(elections: Iterable[Any], *, on: date) -> list[Line]:
    """A line for each election :func:`with_last_day`."""
    return [_line(election, on) for election in elections]


def _line(election: Any, on: date) -> Line:
    ends = election.term.due_on if election.term else None
    moved = getattr(election, "moved_to", None) or ends
    return Line(
        election, next_step(election), moved,
        bool(moved and moved < on and election.state < Stage.VOTED),
    )  # fmt: skip
