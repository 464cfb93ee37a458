"""The reckoning of 换届: pure functions; numbers, days and parameters come in.

《中国共产党基层组织选举工作条例》(2020): quorum and majority are reckoned over 应到会.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.dates import add_months, month_end
from elections.enums import DIVISION, REVIEW, TRANSITIONS, WITH_REVIEW

REGULATION = "《中国共产党基层组织选举工作条例》"


@dataclass(frozen=True)
class Limits:
    """The settable numbers; rows of ``RuleParameter`` stand above these.

    Years and months are calendar ones, shares are percent. ``articles`` names the article of each
    rule by the parameter's key, as staff have written it.
    """

    years_committee: int = 5
    years_branch: int = 3
    years_village: int = 5
    alerts: tuple[int, ...] = (6, 3, 1)
    most_shift: int = 12
    lead: int = 3
    quorum: int = 80
    margin: int = 20
    committee_from: int = 7
    seats_branch: tuple[int, int] = (3, 7)
    seats_general: tuple[int, int] = (5, 9)
    seats_committee: tuple[int, int] = (5, 11)
    articles: dict[str, str] = field(default_factory=dict)

    def source(self, key: str) -> str:
        """The regulation and article of a rule."""
        return self.articles.get(key) or REGULATION


# --- Steps -----------------------------------------------------------------------------------


def can_move(before: int, after: int, *, route: str, with_committee: bool) -> bool:
    """Whether an election may go from one step to the other."""
    moves = TRANSITIONS | REVIEW[route in WITH_REVIEW] | DIVISION[with_committee]
    return (before, after) in moves


def way(*, route: str, with_committee: bool) -> list[int]:
    """The steps of an election in their order, 筹备 first."""
    skipped = set() if route in WITH_REVIEW else {5}
    skipped |= set() if with_committee else {10}
    return [stage for stage in range(13) if stage not in skipped]


# --- Terms -----------------------------------------------------------------------------------


def term_end(started_on: date, years: int) -> date:
    """届满日期: calendar years after the election, clamped to the month's end."""
    return add_months(started_on, 12 * years)


def latest_due(on: date, months: int) -> date:
    """The last day of expiry that lies within so many months after ``on``.

    ``due <= latest_due(on, m)`` says the same as ``add_months(due, -m) <= on``.
    """
    year, month0 = divmod(on.year * 12 + on.month - 1 + months, 12)
    end = month_end(year, month0 + 1)
    return end if on == month_end(on.year, on.month) else min(add_months(on, months), end)


def alert(due: date, on: date, months: Iterable[int]) -> int | None:
    """The nearest alert that is in force: the fewest months whose day has come; 0 when overdue.

    A range, not a day: a job that was away for a week still finds it (rules.md §0).
    """
    if due < on:
        return 0
    reached = [m for m in months if add_months(due, -m) <= on]
    return min(reached) if reached else None


def shift_faults(due: date, moved_to: date, most: int) -> str:
    """Why an early or late day cannot be approved; "" when it can."""
    if moved_to == due:
        return "新的日期与届满日期相同，不需要报批。"
    if moved_to > add_months(due, most):
        return f"延长期限不超过 {most} 个月，最晚 {add_months(due, most)}。"
    if moved_to < add_months(due, -most):
        return f"提前期限不超过 {most} 个月，最早 {add_months(due, -most)}。"
    return ""


def window_fault(
    day: date, *, due: date, moved_to: date | None, lead: int, most: int
) -> str:  # fmt: skip
    """Why an election may not be held on that day without approval; "" when it may.

    ``moved_to`` is the approved day, if any; ``lead`` the months before 届满 that are usual. What
    is late by more than ``most`` months can no longer be approved: it is held all the same, and
    counts as late.
    """
    if day < add_months(min(due, moved_to or due), -lead):
        return f"选举日早于届满前 {lead} 个月，须先报上级批准提前换届。"
    last = max(due, moved_to or due)
    if last < day <= add_months(due, most):
        return f"选举日晚于{'批准的日期' if moved_to else '届满日期'} {last}，须先报上级批准延期。"
    return ""


def is_late(day: date, due: date, moved_to: date | None) -> bool:
    """Whether it was held after its last day."""
    return day > max(due, moved_to or due)


# --- Votes -----------------------------------------------------------------------------------


def least_present(eligible: int, percent: int) -> int:
    """The fewest who must be there: so many percent of 应到会, rounded up."""
    return -(-eligible * percent // 100)


def has_quorum(eligible: int, present: int, percent: int) -> bool:
    """Whether the meeting may vote: present ≥ 4/5 of 应到会."""
    return eligible > 0 and present * 100 >= eligible * percent


def least_votes(eligible: int) -> int:
    """The fewest votes that elect: more than half of 应到会 (not of those present)."""
    return eligible // 2 + 1


def is_elected(yes: int, eligible: int) -> bool:
    """More than half of 应到会."""
    return yes * 2 > eligible


def least_candidates(seats: int, margin: int) -> int:
    """差额: at least so many percent more than seats, rounded up, and one more in any case."""
    return max(-(-seats * (100 + margin) // 100), seats + 1)


def ballot_counts(names: int, seats: int) -> bool:
    """Whether a single ballot is valid: no more names than seats."""
    return names <= seats


def round_is_void(issued: int, returned: int) -> bool:
    """More ballots returned than issued: the round is void and held again."""
    return returned > issued


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the tellers announce: how many were there, and the ballots."""

    present: int
    issued: int
    returned: int
    invalid: int = 0


@dataclass(frozen=True)
class Votes:
    """What one candidate got; ``key`` names him."""

    key: int
    yes: int
    no: int = 0
    abstain: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a round: who is elected, who is tied for the last seats, how many are left."""

    elected: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()
    remaining: int = 0


def outcome(lines: Sequence[Votes], *, eligible: int, seats: int) -> Outcome:
    """By votes, among those with more than half of 应到会, until the seats are filled.

    Equal votes for the last seats elect none of the tied: they are voted on again.
    """
    over = sorted((line for line in lines if is_elected(line.yes, eligible)), key=_by_votes)
    if len(over) <= seats:
        return Outcome(tuple(line.key for line in over), (), seats - len(over))
    last = over[seats - 1].yes
    if over[seats].yes != last:
        return Outcome(tuple(line.key for line in over[:seats]), (), 0)
    sure = tuple(line.key for line in over if line.yes > last)
    tied = tuple(line.key for line in over if line.yes == last)
    return Outcome(sure, tied, seats - len(sure))


def _by_votes(line: Votes) -> tuple[int, int]:
    return -line.yes, line.key


def tally_faults(
    lines: Sequence[Votes], *, eligible: int, present: int, issued: int, returned: int,
    invalid: int, seats: int, written_in: Iterable[int] = (),
) -> str:  # fmt: skip
    """What does not add up in a tally as typed, in one sentence; "" when all does."""
    if present > eligible:
        return f"实到 {present} 人多于应到会 {eligible} 人，请核对名册和不计入应到会的人员。"
    if issued > present:
        return f"发出选票 {issued} 张多于实到 {present} 人，请核对。"
    if invalid > returned:
        return f"无效票 {invalid} 张多于收回的 {returned} 张，请核对。"
    return _line_faults(lines, returned - invalid, seats, set(written_in))


def _line_faults(lines: Sequence[Votes], valid: int, seats: int, extra: set[int]) -> str:
    for line in lines:
        said = line.yes + line.no + line.abstain
        if line.key in extra and said > valid:
            return f"另选他人的票数 {said} 多于有效票 {valid} 张，请核对。"
        if line.key not in extra and said != valid:
            return f"有一名候选人赞成、不赞成、弃权合计 {said} 票，应等于有效票 {valid} 张。"
    votes = sum(line.yes for line in lines)
    if votes > valid * seats:
        return (
            f"赞成票合计 {votes}，多于有效票 {valid} 张 × 应选 {seats} 名；"
            "所选人数多于应选名额的选票是无效票，请核对。"
        )
    return ""


def void_reasons(
    *, eligible: int, present: int, issued: int, returned: int, limits: Limits
) -> list[str]:
    """Why a round counts for nothing, with the article; empty when it counts."""
    found = []
    if not has_quorum(eligible, present, limits.quorum):
        found.append(
            f"实到 {present} 人，不足应到会 {eligible} 人的{share_words(limits.quorum)}"
            f"（{least_present(eligible, limits.quorum)} 人），会议无效"
            f"（{limits.source('elections.quorum')}）"
        )
    if round_is_void(issued, returned):
        found.append(
            f"收回选票 {returned} 张，多于发出的 {issued} 张，选举无效"
            f"（{limits.source('elections.ballots')}）"
        )
    return found


def share_words(percent: int) -> str:
    """80 as 五分之四."""
    return "五分之四" if percent == 80 else f"{percent}%"
