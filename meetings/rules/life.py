"""Rules of 组织生活会, 民主评议党员 and 谈心谈话 (《支部工作条例（试行）》 Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from meetings.enums.life import (
    APPRAISAL_MOVES,
    REVIEW_MOVES,
    AppraisalState,
    Grade,
    ReviewState,
    TalkKind,
    Who,
)


@dataclass(frozen=True)
class LifeLimits:
    """The settable numbers of these flows; rows of ``RuleParameter`` stand above the defaults.

    ``excellent_share`` is the most of 优秀 among those graded. ``grace_days`` is how long after the
    year's end its meeting may still be held. ``grade_without_vote`` says whether members without
    the vote (预备党员, 留党察看) get a grade too. Below ``least_shown`` graded members a branch's
    totals are not shown above it, since they would tell single members' results.
    """

    excellent_share: Fraction = Fraction(1, 3)
    grace_days: int = 90
    grade_without_vote: bool = False
    least_shown: int = 5


def review_mover(before: str, after: str) -> Who | None:
    """Who moves a 组织生活会 from one state to the other; None when nobody may."""
    return REVIEW_MOVES.get((ReviewState(before), ReviewState(after)))


def appraisal_mover(before: str, after: str) -> Who | None:
    """Who moves a 民主评议 from one state to the other; None when nobody may."""
    return APPRAISAL_MOVES.get((AppraisalState(before), AppraisalState(after)))


def review_back(state: str) -> ReviewState | None:
    """Where the committee sends a 组织生活会 back to; None where there is nothing to send back."""
    back = (to for (at, to), who in REVIEW_MOVES.items() if at == state and who is Who.COMMITTEE)
    return next((to for to in back if to is not ReviewState.CLOSED), None)


def appraisal_back(state: str) -> AppraisalState | None:
    """Where the committee sends a 民主评议 back to; None where there is nothing to send back."""
    back = (to for (at, to), who in APPRAISAL_MOVES.items() if at == state and who is Who.COMMITTEE)
    return next((to for to in back if to is not AppraisalState.APPROVED), None)


def held_window(year: int, *, grace_days: int) -> tuple[date, date]:
    """The days on which the year's meeting may be held: the year, and some days after its end."""
    return date(year, 1, 1), year_end(year) + timedelta(days=grace_days)


def begins_on(year: int) -> date:
    """From when a branch is asked for the year's 组织生活: the fourth quarter (Art. 17)."""
    return date(year, 10, 1)


def year_end(year: int) -> date:
    """The last day on which a year's flows are in time."""
    return date(year, 12, 31)


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """The names of people that stand in a text; names of one character are passed over."""
    squeezed = "".join(text.split())
    return sorted({name for name in names if len(name) > 1 and name in squeezed})


# --- 民主测评 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """The ballots that one member got, by grade."""

    excellent: int = 0
    competent: int = 0
    basic: int = 0
    poor: int = 0

    @property
    def total(self) -> int:
        """All ballots that say something about the member."""
        return self.excellent + self.competent + self.basic + self.poor

    @property
    def is_possible(self) -> bool:
        """No count below zero."""
        return min(self.excellent, self.competent, self.basic, self.poor) >= 0

    def fits(self, returned: int) -> bool:
        """Whether so many returned ballots can have given this tally; blanks are allowed."""
        return self.is_possible and self.total <= returned


def ballots_valid(*, issued: int, returned: int) -> bool:
    """More ballots returned than issued make the whole vote void; without any there is none."""
    return 0 < returned <= issued


def most_excellent(graded: int, share: Fraction) -> int:
    """How many of ``graded`` members may be 优秀: the share, rounded down."""
    return int(max(graded, 0) * min(max(share, Fraction(0)), Fraction(1)))


def read_share(value: object) -> Fraction:
    """A share as staff write it: ``"1/3"``, ``0.3`` or ``"30%"``.

    Raises:
        ValueError: it is no share between 0 and 1.
    """
    text = str(value).strip()
    try:
        share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"“{text}”不是比例") from None
    if not 0 <= share <= 1:
        raise ValueError(f"“{text}”不在 0 和 1 之间")
    return share


def grade_totals(grades: Iterable[str]) -> dict[Grade, int]:
    """How many of each grade, in the order of the grades; none counts as none."""
    given = list(grades)
    return {grade: given.count(grade.value) for grade in Grade}


# --- 谈心谈话 ------------------------------------------------------------------------------------

Pair = tuple[int, int]


def pair(one: int, other: int) -> Pair:
    """Two people in the order in which they are kept.

    Raises:
        ValueError: nobody talks with himself.
    """
    if one == other:
        raise ValueError("one person is no pair")
    return (one, other) if one < other else (other, one)


def talk_kind(two: Pair, board: Collection[int]) -> TalkKind:
    """Between whom: both of the 班子, one of it, or neither."""
    inside = sum(person in board for person in two)
    return (TalkKind.MEMBERS, TalkKind.BOARD_MEMBER, TalkKind.BOARD)[inside]


@dataclass(frozen=True)
class Coverage:
    """What a branch's talks of a year come to.

    ``needed`` is the number of required talks: every two 委员, and every other member with at least
    one 委员. ``missing_pairs`` and ``missing_members`` name what is left; ``peers`` counts pairs of
    ordinary members who talked, which no number asks for.
    """

    needed: int = 0
    missing_pairs: tuple[Pair, ...] = ()
    missing_members: tuple[int, ...] = ()
    peers: int = 0

    @property
    def missing(self) -> int:
        """Required talks that have not taken place."""
        return len(self.missing_pairs) + len(self.missing_members)

    @property
    def done(self) -> int:
        """Required talks that have taken place."""
        return self.needed - self.missing

    @property
    def is_complete(self) -> bool:
        """Nothing is missing; where there is no 班子 nothing can be complete."""
        return self.needed > 0 and not self.missing


def coverage(*, board: Sequence[int], members: Sequence[int], talked: Collection[Pair]) -> Coverage:
    """The year's talks against the rule; ``members`` is the whole roster, the 班子 included.

    Talks with people who are on the roster no more count for nothing and harm nothing.
    """
    pairs = set(talked)
    seats = [person for person in members if person in set(board)]
    others = [person for person in members if person not in set(board)]
    if not seats:
        return Coverage()
    board_pairs = [pair(*two) for two in combinations(seats, 2)]
    return Coverage(
        needed=len(board_pairs) + len(others),
        missing_pairs=tuple(two for two in board_pairs if two not in pairs),
        missing_members=tuple(
            person for person in others if not any(pair(person, seat) in pairs for seat in seats)
        ),
        peers=sum(set(two) <= set(others) for two in pairs),
    )


# --- What comes next -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Gradable:
    """One graded member before the 支委会's proposal goes up."""

    name: str
    grade: str = ""
    poor_reason: str = ""


def proposal_faults(rows: Sequence[Gradable], *, share: Fraction) -> list[str]:
    """What is wrong with the proposed grades, in sentences; empty when they may go up."""
    faults = []
    without = [row.name for row in rows if not row.grade]
    if without:
        faults.append(f"还有 {len(without)} 名党员没有提出等次：{'、'.join(without[:5])}。")
    totals = grade_totals(row.grade for row in rows)
    most = most_excellent(len(rows), share)
    if totals[Grade.EXCELLENT] > most:
        faults.append(
            f"优秀 {totals[Grade.EXCELLENT]} 名，超过了上限：参加评定 {len(rows)} 名，"
            f"优秀不超过 {share}，即 {most} 名。请调整后再报。"
        )
    bare = [row.name for row in rows if row.grade == Grade.POOR and not row.poor_reason]
    if bare:
        faults.append(f"评为不合格的要选择原因：{'、'.join(bare[:5])}。")
    return faults


@dataclass(frozen=True)
class NextStep:
    """What the branch does next; ``waits`` says that it is somebody else's turn."""

    text: str
    waits: bool = False
    done: bool = False


_REVIEW_STEPS: Mapping[ReviewState, NextStep] = {
    ReviewState.STUDY: NextStep("组织党员学习，学完登记学习日期和篇目"),
    ReviewState.TALKS: NextStep("开展谈心谈话，谈完一组点一下"),
    ReviewState.PROBLEMS: NextStep("列出支部班子的问题清单"),
    ReviewState.MEETING: NextStep("召开组织生活会，记好会议记录后在这里关联"),
    ReviewState.RECTIFY: NextStep("按整改清单逐项落实，改完一项销一项"),
    ReviewState.SUBMITTED: NextStep("已报党（工）委审核", waits=True),
    ReviewState.CLOSED: NextStep("今年的组织生活会已办结", done=True),
}
_APPRAISAL_STEPS: Mapping[AppraisalState, NextStep] = {
    AppraisalState.SELF: NextStep("党员写好个人自评，交来一份勾一份"),
    AppraisalState.BALLOTS: NextStep("会上互评、投票，把每人得票数填进来"),
    AppraisalState.GRADING: NextStep("支委会提出等次，报党（工）委审定"),
    AppraisalState.SUBMITTED: NextStep("已报党（工）委审定", waits=True),
    AppraisalState.APPROVED: NextStep("等次已审定，把告知单当面交给本人"),
}


def review_next(state: str | None) -> NextStep:
    """What comes next for the 组织生活会; None: not begun."""
    if state is None:
        return NextStep("开始今年的组织生活会：先学习准备")
    return _REVIEW_STEPS[ReviewState(state)]


def appraisal_next(state: str | None, *, untold: int = 0) -> NextStep:
    """What comes next for the 民主评议; ``untold`` members have not got their slip yet."""
    if state is None:
        return NextStep("开始今年的民主评议：系统按名册列出参评党员")
    if state == AppraisalState.APPROVED and not untold:
        return NextStep("等次已审定，告知单都已交给本人", done=True)
    return _APPRAISAL_STEPS[AppraisalState(state)]


def talks_next(found: Coverage) -> NextStep:
    """What comes next for the talks."""
    if not found.needed:
        return NextStep("先在“支部”里登记书记和委员，再记谈心谈话")
    if found.is_complete:
        return NextStep("该谈的都谈到了", done=True)
    parts = []
    if found.missing_pairs:
        parts.append(f"委员之间还差 {len(found.missing_pairs)} 组")
    if found.missing_members:
        parts.append(f"还有 {len(found.missing_members)} 名党员没有委员谈过")
    return NextStep("，".join(parts))
