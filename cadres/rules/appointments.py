"""选拔任用 in its order: what may come next, on which day, with what facts (条例 2019)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cadres.enums import RECOMMENDING, Step, Way
from cadres.rules.limits import Limits
from core.dates import Calendar, add_months

_DAY = timedelta(days=1)


def sequence(way: str, *, trial: bool, limits: Limits) -> list[str]:
    """The steps of an appointment in their order; without 试用期 the last is 任职."""
    first = limits.order_term if way == Way.TERM else limits.order_single
    pair = sorted(RECOMMENDING[Way(way)], key=lambda step: step != first)
    steps = [Step.MOTION, *pair, Step.INSPECT, Step.DECIDE, Step.PUBLICITY, Step.OFFICE]
    return [str(step) for step in (*steps, *([Step.CONFIRM] if trial else []))]


def next_step(steps: Sequence[str], now: str) -> str:
    """What comes after; "" at the end, and for what was stopped."""
    if now not in steps:
        return ""
    place = steps.index(now) + 1
    return steps[place] if place < len(steps) else ""


def publicity_workdays(first: date, last: date, calendar: Calendar) -> int:
    """The working days of a 公示, its first and last day counted."""
    days = (last - first).days + 1
    return sum(calendar.is_workday(first + _DAY * n) for n in range(max(days, 0)))


def publicity_end(first: date, limits: Limits, calendar: Calendar) -> date:
    """The earliest last day of a 公示 that begins on ``first``."""
    return calendar.add_workdays(first - _DAY, limits.publicity_days).day


def trial_end(decided: date, limits: Limits) -> date:
    """The last day of the 试用期, counted from the day of the decision."""
    return add_months(decided, limits.trial_months) - _DAY


def vote_fault(*, members: int, present: int, yes: int, limits: Limits) -> str:
    """Why a decision does not stand; "" when it does: quorum, and more than half of 应到会."""
    if not 0 <= yes <= present <= members or members < 1:
        return "人数不对：同意的不能多于到会的，到会的不能多于应到会的。"
    if present * limits.quorum_denominator < members * limits.quorum_numerator:
        share = f"{limits.quorum_numerator}/{limits.quorum_denominator}"
        return f"到会 {present} 人，不足应到会 {members} 人的 {share}，不能讨论决定。"
    if yes * 2 <= members:
        return f"同意 {yes} 人，没有超过应到会 {members} 人的半数，没有通过。"
    return ""


@dataclass(frozen=True)
class Ready:
    """What must be there besides the day. Reasons are sentences, () when nothing is missing."""

    named: bool = False
    quota_passed: bool = True
    audit_settled: bool = False
    musts_open: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What is written about a step: its day, and the numbers that some steps need."""

    day: date
    until: date | None = None
    members: int = 0
    present: int = 0
    yes: int = 0
    passed: bool = True


@dataclass
class Verdict:
    """Faults forbid the step; notes are told."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(
    step: str,
    given: Given,
    *,
    steps: Sequence[str],
    done: Mapping[str, date],
    until: date | None,
    ready: Ready,
    on: date,
    limits: Limits,
    calendar: Calendar,
) -> Verdict:
    """What stands against a step. ``done`` are the days so far, ``until`` the end of the 公示."""
    verdict, faults = Verdict(), []
    at = steps.index(step) if step in steps else -1
    if at < 1 or steps[at - 1] not in done or step in done:
        return Verdict(["这一步现在不能登记，请按程序逐步办理。"])
    if given.day > on:
        faults.append("日期在今天以后，办了再登记。")
    before = done[steps[at - 1]]
    if given.day < before:
        faults.append(f"不能早于上一步（{before:%Y-%m-%d}）。")
    if step == Step.INSPECT and not ready.named:
        faults.append("请选择考察对象。")
    if step in (Step.INSPECT, Step.DECIDE):
        faults += _recommendation(given.day, done, limits)
    if step == Step.DECIDE:
        faults += _decide(given, ready, limits)
    if step == Step.PUBLICITY:
        faults += _publicity(given, limits, calendar, verdict)
    if step == Step.OFFICE and (until is None or given.day <= until):
        faults.append(
            f"公示到 {until:%Y-%m-%d} 结束，期满以后才能任职。" if until else "还没有公示期限。"
        )
    if step == Step.CONFIRM:
        ends = trial_end(done[Step.DECIDE], limits)
        if given.day <= ends and given.passed:
            faults.append(f"试用期到 {ends:%Y-%m-%d} 才满，期满考核以后再登记。")
    verdict.faults += faults
    return verdict


def _recommendation(day: date, done: Mapping[str, date], limits: Limits) -> list[str]:
    """民主推荐 is valid for a year (条例 2019)."""
    asked = [done[step] for step in (Step.TALKS, Step.MEETING) if step in done]
    if not asked:
        return []
    ends = add_months(min(asked), limits.recommendation_months)
    if day <= ends:
        return []
    return [f"民主推荐结果到 {ends:%Y-%m-%d} 已经失效（一年内有效），请重新推荐。"]


def _decide(given: Given, ready: Ready, limits: Limits) -> list[str]:
    faults = [] if ready.quota_passed else ["职数预审没有通过，不能讨论决定。"]
    if not ready.audit_settled:
        faults.append("任前档案审核还有没审定的项目，或者还没有复审，不能提交讨论决定。")
    faults += [f"凡提四必：{one}" for one in ready.musts_open]
    faults += list(ready.effects)
    vote = vote_fault(members=given.members, present=given.present, yes=given.yes, limits=limits)
    return [*faults, *([vote] if vote else [])]


def _publicity(given: Given, limits: Limits, calendar: Calendar, verdict: Verdict) -> list[str]:
    if given.until is None or given.until < given.day:
        return ["请填写公示的最后一天，不能早于第一天。"]
    found = publicity_workdays(given.day, given.until, calendar)
    if not (calendar.covers(given.day) and calendar.covers(given.until)):
        verdict.notes.append("这一年的放假安排还没有公布，公示期为暂算。")
    if found >= limits.publicity_days:
        return []
    earliest = publicity_end(given.day, limits, calendar)
    return [
        f"公示只有 {found} 个工作日，不少于 {limits.publicity_days} 个工作日；"
        f"从 {given.day:%Y-%m-%d} 起最早到 {earliest:%Y-%m-%d}。"
    ]
