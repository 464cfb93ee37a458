"""验收 → 销号 by two approvals → 回头看 → 巩固, or back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.errors import Refusal
from rectification.enums import WATCHING, ClosingState, PollState, State, Timing
from rectification.models import (
    Acceptance,
    AcceptanceScore,
    Case,
    Closing,
    Inspection,
    Poll,
    ScoreItem,
)
from rectification.permissions import is_same_person
from rectification.rules import acceptance_faults, plain, satisfaction, watch_end
from rectification.services.common import lock, move, past, text
from rectification.services.polls import lines_of, tally_of
from rectification.services.problems import still_open


@transaction.atomic
def ask_examination(*, case: Case, by: User, note: str, on: date) -> Case:
    """申请验收: the branch has done its part; whatever is still open is named and refused here."""
    case = lock(case)
    left = still_open(case)
    if left and case.state == State.UNDERWAY:
        raise Refusal(
            f"还有 {left} 个问题没有办结，全部办结并确认以后再申请验收。", code="conflict"
        )
    case.examined_on = on
    words = text(note, "说明", field="note", needed=False)
    return move(case, State.EXAMINED, by=by, day=on, note=words)


@transaction.atomic
def accept(
    *,
    case: Case,
    by: User,
    day: date,
    examiners: str,
    scores: Mapping[int, Decimal],
    on: date,
    opinion: str = "",
    form_key: UUID | None = None,
) -> Acceptance:
    """验收: points for every item of the batch's sheet, judged with the round's last counted poll.

    What does not pass goes back to 整顿中 at once, with the reasons. ``scores`` maps the item's id
    to its points.

    Raises:
        Refusal: an item without points, too many of them, or the case is not up for it.
    """
    case = lock(case)
    found = Acceptance.unscoped.filter(form_key=form_key).first() if form_key else None
    if found is not None:
        return found
    if case.state != State.EXAMINED:
        raise Refusal("先申请验收，才能登记验收结果。", code="conflict")
    if Closing.unscoped.filter(case=case, round=case.round, state=ClosingState.PROPOSED).exists():
        raise Refusal("验收已经通过，正在审批销号。", code="conflict")
    rows = _points(case, scores)
    total = sum((given for _, given in rows), Decimal(0))
    counted = Poll.unscoped.filter(case=case, round=case.round, state=PollState.CLOSED)
    poll = counted.order_by("-counted_on", "-pk").first()
    tally, lines, left = (tally_of(poll) if poll else None), lines_of(case), still_open(case)
    faults = acceptance_faults(total=total, tally=tally, open_problems=left, lines=lines)
    made: Acceptance = Acceptance.unscoped.create(
        case=case, round=case.round, by=by, form_key=form_key,
        day=past(day, on, "验收日期", field="day", since=case.examined_on),
        examiners=text(examiners, "验收人员", field="examiners", longest=120),
        opinion=text(opinion, "验收意见", field="opinion", longest=5000, needed=False),
        total=total, poll=poll, open_problems=left, passed=not faults, faults=faults,
        satisfaction=satisfaction(tally, lines) if tally and tally.valid else None,
    )  # fmt: skip
    AcceptanceScore.unscoped.bulk_create(
        AcceptanceScore(acceptance=made, name=item.name, points=item.points, given=given)
        for item, given in rows
    )
    if faults:
        words = f"验收未通过：{'；'.join(faults)}"[:500]
        move(case, State.UNDERWAY, by=by, day=day, note=words)
    return made


def _points(case: Case, scores: Mapping[int, Decimal]) -> list[tuple[ScoreItem, Decimal]]:
    items = list(ScoreItem.unscoped.filter(batch=case.batch_id))
    if not items:
        raise Refusal("本批还没有验收评分表，请先在批次里写好。", code="conflict")
    rows = []
    for item in items:
        given = scores.get(item.pk)
        if given is None:
            raise Refusal(f"请给“{item.name}”打分。", field=f"item_{item.pk}")
        if not Decimal(0) <= given <= item.points:
            raise Refusal(
                f"“{item.name}”应在 0 到 {plain(item.points)} 分之间。", field=f"item_{item.pk}"
            )
        rows.append((item, given))
    return rows


def last_acceptance(case: Case) -> Acceptance | None:
    """The newest acceptance of the running round."""
    found: Acceptance | None = (
        Acceptance.unscoped.filter(case=case, round=case.round).order_by("-pk").first()
    )
    return found


@transaction.atomic
def propose_closing(*, case: Case, by: User, note: str = "") -> Closing:
    """申请销号 after a passed 验收. Asked for again, it is the one that waits."""
    case = lock(case)
    waiting = Closing.unscoped.filter(case=case, round=case.round, state=ClosingState.PROPOSED)
    found = waiting.first()
    if found is not None:
        return found
    if case.state != State.EXAMINED:
        raise Refusal("验收通过以后才能申请销号。", code="conflict")
    acceptance = last_acceptance(case)
    if acceptance is None or not acceptance.passed:
        raise Refusal("验收通过以后才能申请销号。", code="conflict")
    if Closing.unscoped.filter(acceptance=acceptance).exists():
        raise Refusal("上次申请未获批准，请重新验收后再申请销号。", code="conflict")
    words = text(note, "申请说明", field="note", needed=False)
    made: Closing = Closing.unscoped.create(
        case=case, round=case.round, acceptance=acceptance, note=words, proposed_by=by
    )
    return made


def _locked(closing: Closing) -> tuple[Case, Closing]:
    """Case first, as everywhere; of many who decide at once, the others wait here."""
    case = lock(closing.case)
    found: Closing = Closing.unscoped.select_for_update().get(pk=closing.pk)
    if found.state != ClosingState.PROPOSED:
        raise Refusal(
            f"这个销号申请{ClosingState(found.state).label}，请刷新页面查看结果。", code="conflict"
        )
    return case, found


@transaction.atomic
def approve_closing(*, closing: Closing, by: User, on: date, may_last: bool) -> Closing:
    """初审, then 终审 by another; neither is the proposer (S16). The second closes the case.

    ``may_last`` says whether the approver may give the last word (the district's staff).

    Raises:
        Refusal: his own proposal, his own first approval, not his to end, or decided already.
    """
    case, found = _locked(closing)
    if is_same_person(by.pk, found.proposed_by_id):
        raise Refusal("申请人不能审批自己的销号申请，请由另外两位同志审批。", code="forbidden")
    if is_same_person(by.pk, found.first_by_id):
        raise Refusal("您已经初审过，终审须由另一位同志办理。", code="forbidden")
    if found.first_by_id is None:
        found.first_by, found.first_at = by, timezone.now()
        found.save()
        return found
    if not may_last:
        raise Refusal("初审已经完成，终审由区委组织部办理。", code="forbidden")
    if still_open(case):
        raise Refusal("验收以后又有问题没有办结，请先办结或退回整顿。", code="conflict")
    found.second_by, found.second_at = by, timezone.now()
    found.state = ClosingState.APPROVED
    found.save()
    case.closed_on, case.watch_until = on, watch_end(on, case.batch.watch_months)
    move(
        case, State.CLOSED, by=by, day=on, note=f"验收 {plain(found.acceptance.total)} 分，两级批准"
    )
    return found


@transaction.atomic
def refuse_closing(*, closing: Closing, by: User, answer: str, on: date) -> Closing:
    """不批准: with a reason; the case goes back to 整顿中."""
    case, found = _locked(closing)
    if is_same_person(by.pk, found.proposed_by_id):
        raise Refusal("申请人不能审批自己的销号申请，请由另一位同志办理。", code="forbidden")
    found.answer = text(answer, "不批准的理由", field="answer")
    found.state, found.refused_by = ClosingState.REFUSED, by
    found.save()
    move(case, State.UNDERWAY, by=by, day=on, note=f"销号未批准：{found.answer}"[:500])
    return found


@transaction.atomic
def settle(*, case: Case, by: User, on: date, note: str = "") -> Case:
    """巩固: the year of 回头看 is over and somebody has looked."""
    case = lock(case)
    if case.state == State.CLOSED:
        raise Refusal("销号以后还没有回头看，先登记一次回头看。", code="conflict")
    if case.watch_until is not None and on <= case.watch_until:
        raise Refusal(
            f"回头看到 {case.watch_until:%Y-%m-%d} 截止，期满以后再认定巩固。", code="conflict"
        )
    looked = Inspection.unscoped.filter(case=case, round=case.round, timing=Timing.LOOK_BACK)
    if case.state == State.WATCHED and not looked.exists():
        raise Refusal("回头看期间还没有回访记录，请先登记。", code="conflict")
    case.settled_on = on
    words = text(note, "说明", field="note", needed=False)
    return move(case, State.SETTLED, by=by, day=on, note=words)


@transaction.atomic
def reopen(*, case: Case, by: User, reason: str, deadline: date, on: date) -> Case:
    """反弹: a relapse while it is watched opens the next round; what was before stays."""
    case = lock(case)
    if case.state not in WATCHING:
        raise Refusal("只有已销号、回头看中的对象可以重新整顿。", code="conflict")
    if deadline <= on:
        raise Refusal("新的整顿期限应在今天以后。", field="deadline")
    words = text(reason, "反弹的情况", field="reason")
    case.round += 1
    case.deadline, case.started_on = deadline, on
    case.examined_on = case.closed_on = case.watch_until = None
    return move(case, State.UNDERWAY, by=by, day=on, note=f"反弹，重新整顿：{words}"[:500])
