"""民主评议党员: list, self-assessment, ballots, the 支委会's grades, the committee's decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.enums import Kind
from meetings.enums.life import AppraisalState, Excuse, Grade, PoorReason, Who
from meetings.life_people import people
from meetings.life_settings import limits
from meetings.models import Appraisal, AppraisalEntry, AppraisalStep, Meeting
from meetings.rules.life import (
    Gradable,
    Tally,
    appraisal_mover,
    ballots_valid,
    names_in,
    proposal_faults,
)
from meetings.services.life import REASON_MAX, check_start, filed_meeting, plain

_COUNTS = ("excellent", "competent", "basic", "poor")
_LISTING = (AppraisalState.SELF, AppraisalState.BALLOTS)


@transaction.atomic
def open_appraisal(*, unit: Unit, year: int, as_of: date, by: User, on: date) -> Appraisal:
    """Open the year's appraisal with the roster of a day; opened again it is the one there is.

    预备党员 and members under 留党察看 are listed and assess themselves; they get no grade unless
    the parameter says so.

    Raises:
        Refusal: no branch, a wrong year, a day that has not come, or nobody on the roster.
    """
    check_start(unit, year, on)
    if as_of > on or as_of < date(year, 1, 1):
        raise Refusal(f"名册日期应在 {year} 年以内，且不晚于今天。", field="as_of")
    found, made = Appraisal.unscoped.get_or_create(
        unit=unit, year=year, defaults={"as_of": as_of, "opened_by": by}
    )
    if not made:
        return found
    who = people(unit, as_of)
    if not who:
        raise Refusal("这一天名册上没有党员，请先核对党员名册。", field="as_of")
    all_graded = limits(on).grade_without_vote
    AppraisalEntry.unscoped.bulk_create(
        AppraisalEntry(
            appraisal=found,
            member_id=one.id,
            name=one.name,
            kind=one.kind,
            votes=one.votes,
            graded=one.votes or all_graded,
        )
        for one in who
    )
    AppraisalStep.unscoped.create(appraisal=found, after=AppraisalState.SELF, by=by)
    return found


def _lock(appraisal: Appraisal) -> Appraisal:
    rows = Appraisal.unscoped.select_for_update(of=("self",)).select_related("unit")
    return rows.get(pk=appraisal.pk)


def _in(appraisal: Appraisal, *states: AppraisalState) -> Appraisal:
    """The locked row, when it stands in one of the states."""
    appraisal = _lock(appraisal)
    if appraisal.state not in states:
        raise Refusal(
            f"现在的进展是“{appraisal.get_state_display()}”，不能这样办理；请刷新后看最新情况。",
            code="conflict",
        )
    return appraisal


def _move(
    appraisal: Appraisal, to: AppraisalState, by: User, who: Who, reason: str = ""
) -> Appraisal:
    if appraisal_mover(appraisal.state, to) is not who:
        raise Refusal(
            f"现在的进展是“{appraisal.get_state_display()}”，不能这样办理；请刷新后看最新情况。",
            code="conflict",
        )
    before, appraisal.state = appraisal.state, to
    appraisal.save()
    AppraisalStep.unscoped.create(
        appraisal=appraisal, before=before, after=to, reason=reason, by=by
    )
    return appraisal


def _entries(appraisal: Appraisal) -> list[AppraisalEntry]:
    return list(AppraisalEntry.unscoped.filter(appraisal=appraisal).order_by("pk"))


@transaction.atomic
def tick_self(
    *,
    appraisal: Appraisal,
    handed_in: Collection[int],
    excuses: Mapping[int, str],
    by: User,
    on: date,
) -> Appraisal:
    """个人自评: who has handed his in (keys of entries), and who takes no part in the grading.

    The text itself stays on paper. A day once noted stays.
    """
    appraisal = _in(appraisal, *_LISTING)
    if set(excuses.values()) - {"", *Excuse.values}:
        raise Refusal("请从列出的情形中选择。", field="excuses")
    all_graded = limits(on).grade_without_vote
    rows = _entries(appraisal)
    for row in rows:
        row.excused = excuses.get(row.pk, "")
        row.graded = not row.excused and (row.votes or all_graded)
        if not row.graded:
            row.excellent = row.competent = row.basic = row.poor = None
        row.self_on = (row.self_on or on) if row.pk in handed_in else None
    AppraisalEntry.unscoped.bulk_update(rows, ["excused", "graded", "self_on", *_COUNTS])
    return appraisal


@transaction.atomic
def begin_ballots(*, appraisal: Appraisal, by: User) -> Appraisal:
    """All have assessed themselves: the meeting may talk about each and vote."""
    appraisal = _lock(appraisal)
    if appraisal.state == AppraisalState.BALLOTS:
        return appraisal
    left = [row.name for row in _entries(appraisal) if not row.excused and row.self_on is None]
    if left:
        raise Refusal(
            f"还有 {len(left)} 名党员没有交个人自评：{'、'.join(left[:5])}。"
            "确实不能参加的，请在他那一行选择情形。"
        )
    return _move(appraisal, AppraisalState.BALLOTS, by, Who.BRANCH)


@transaction.atomic
def enter_tallies(
    *,
    appraisal: Appraisal,
    issued: int,
    returned: int,
    tallies: Mapping[int, Tally],
    by: User,
) -> Appraisal:
    """民主测评: ballots issued and returned, and each member's counts by the key of his entry.

    A member left out has no counts yet.

    Raises:
        Refusal: more came back than went out, or a member has more ballots than came back.
    """
    appraisal = _in(appraisal, AppraisalState.BALLOTS)
    if not 0 < issued <= 10_000:
        raise Refusal("请填写发出的测评票数。", field="issued")
    if not ballots_valid(issued=issued, returned=returned):
        raise Refusal(
            f"发出 {issued} 张、收回 {returned} 张：收回的应大于 0 且不能多于发出的；"
            "票数确实不符的，本次测评无效，请重新投票。",
            field="returned",
        )
    rows = [row for row in _entries(appraisal) if row.graded]
    for row in rows:
        tally = tallies.get(row.pk)
        if tally is not None and not tally.fits(returned):
            raise Refusal(
                f"{row.name}得票合计 {tally.total} 张，多于收回的 {returned} 张，请核对。",
                field=f"row_{row.pk}",
            )
        for name in _COUNTS:
            setattr(row, name, None if tally is None else getattr(tally, name))
    appraisal.issued, appraisal.returned = issued, returned
    appraisal.save()
    AppraisalEntry.unscoped.bulk_update(rows, _COUNTS)
    return appraisal


@transaction.atomic
def begin_grading(*, appraisal: Appraisal, by: User) -> Appraisal:
    """The ballots are counted for everybody: the 支委会 may propose grades."""
    appraisal = _lock(appraisal)
    if appraisal.state == AppraisalState.GRADING:
        return appraisal
    if not ballots_valid(issued=appraisal.issued or 0, returned=appraisal.returned or 0):
        raise Refusal("请先填写发出和收回的测评票数。", field="issued")
    left = [row.name for row in _entries(appraisal) if row.graded and row.excellent is None]
    if left:
        raise Refusal(f"还有 {len(left)} 名党员没有填得票数：{'、'.join(left[:5])}。")
    return _move(appraisal, AppraisalState.GRADING, by, Who.BRANCH)


@transaction.atomic
def back_to_ballots(*, appraisal: Appraisal, by: User) -> Appraisal:
    """The branch corrects the ballots before it proposes."""
    return _move(_lock(appraisal), AppraisalState.BALLOTS, by, Who.BRANCH)


@transaction.atomic
def propose_grades(
    *, appraisal: Appraisal, grades: Mapping[int, tuple[str, str]], by: User
) -> Appraisal:
    """提出等次: entry → (grade, reason code when 不合格); kept until they go up.

    Raises:
        Refusal: a code that is none.
    """
    appraisal = _in(appraisal, AppraisalState.GRADING)
    rows = [row for row in _entries(appraisal) if row.graded]
    for row in rows:
        grade, reason = grades.get(row.pk, ("", ""))
        if grade not in ("", *Grade.values) or reason not in ("", *PoorReason.values):
            raise Refusal("请从列出的等次和原因中选择。", field="grades")
        row.grade, row.poor_reason = grade, reason if grade == Grade.POOR else ""
    AppraisalEntry.unscoped.bulk_update(rows, ["grade", "poor_reason"])
    return appraisal


@transaction.atomic
def submit_appraisal(*, appraisal: Appraisal, meeting: Meeting, by: User, on: date) -> Appraisal:
    """报审定: the grades go to the committee, with the record of the meeting.

    Raises:
        Refusal: somebody has no grade, 优秀 is above its share, 不合格 has no reason, or the record
            does not fit.
    """
    appraisal = _lock(appraisal)
    if appraisal.state == AppraisalState.SUBMITTED:
        return appraisal
    rows = [row for row in _entries(appraisal) if row.graded]
    faults = proposal_faults(
        [Gradable(row.name, row.grade, row.poor_reason) for row in rows],
        share=limits(on).excellent_share,
    )
    if faults:
        raise Refusal("".join(faults), field="grades")
    appraisal.meeting = filed_meeting(
        appraisal.unit, meeting, Kind.APPRAISAL, year=appraisal.year, on=on
    )
    appraisal.proposed_by, appraisal.decided_by = by, None
    appraisal.decided_at = appraisal.poor_decided_on = None
    return _move(appraisal, AppraisalState.SUBMITTED, by, Who.BRANCH)


@transaction.atomic
def approve_appraisal(
    *, appraisal: Appraisal, by: User, on: date, poor_decided_on: date | None = None
) -> Appraisal:
    """审定: the committee accepts the grades; never he who proposed them (S16).

    Raises:
        Refusal: one's own proposal, or somebody is 不合格 and no day is given on which the
            committee decided it together.
    """
    appraisal = _lock(appraisal)
    if appraisal.proposed_by_id == by.pk:
        raise Refusal("这是您本人报送的，请由另一位同志审定。", code="forbidden")
    poor = AppraisalEntry.unscoped.filter(appraisal=appraisal, grade=Grade.POOR).exists()
    if poor and poor_decided_on is None:
        raise Refusal("有党员评为不合格，请写明党（工）委集体研究的日期。", field="poor_decided_on")
    if poor_decided_on is not None and poor_decided_on > on:
        raise Refusal("集体研究的日期在今天之后，请核对。", field="poor_decided_on")
    appraisal.poor_decided_on = poor_decided_on if poor else None
    appraisal.decided_by, appraisal.decided_at = by, timezone.now()
    return _move(appraisal, AppraisalState.APPROVED, by, Who.COMMITTEE)


@transaction.atomic
def return_appraisal(*, appraisal: Appraisal, by: User, reason: str) -> Appraisal:
    """退回 a proposal, or take an approval back, with a reason that names nobody."""
    text = plain(reason, what="退回的原因", field="reason", most=REASON_MAX)
    appraisal = _lock(appraisal)
    if appraisal.proposed_by_id == by.pk:
        raise Refusal("这是您本人报送的，请由另一位同志审定。", code="forbidden")
    rows = _entries(appraisal)
    if names_in(text, [row.name for row in rows]):
        raise Refusal(
            "退回意见会留在办理过程里，请不要写党员姓名，个别情况当面沟通。", field="reason"
        )
    appraisal.decided_by = appraisal.decided_at = appraisal.poor_decided_on = None
    moved = _move(appraisal, AppraisalState.GRADING, by, Who.COMMITTEE, text)
    # What comes next may differ: it has to be told anew.
    AppraisalEntry.unscoped.filter(appraisal=moved).update(told_on=None)
    return moved


@transaction.atomic
def tell_member(*, entry: AppraisalEntry, by: User, on: date) -> AppraisalEntry:
    """告知本人: the slip was handed over; the first day stays."""
    _in(entry.appraisal, AppraisalState.APPROVED)
    row = AppraisalEntry.unscoped.select_for_update(of=("self",)).get(pk=entry.pk)
    if row.told_on is None:
        row.told_on = on
        row.save()
    return row
