"""提前和延期: asked for by one, decided by another above."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.models import CommitteeTerm, Unit
from core.errors import Refusal
from elections.enums import ShiftKind, ShiftState
from elections.models import Shift
from elections.permissions import is_same_person
from elections.rules import shift_faults
from elections.services.common import checked, sane, text
from elections.settings import limits


@transaction.atomic
def propose_shift(
    *, unit: Unit, by: User, on: date, moved_to: date, reason: str, document: str = ""
) -> Shift:
    """Ask that the running term end earlier or later. The same asked again is the one that waits.

    Raises:
        Refusal: no term, more than the months allowed, or another one asked for or approved.
    """
    term = (
        CommitteeTerm.unscoped.select_for_update().filter(unit=unit, ended_on__isnull=True).first()
    )
    if term is None:
        raise Refusal("还没有登记现任届次，请先登记当选日期和届满日期。", code="conflict")
    words = text(reason, "理由", field="reason", longest=300)
    number = text(document, "请示文号", field="document", longest=80, needed=False)
    sane(moved_to, field="moved_to")
    bounds = limits(on)
    fault = shift_faults(term.due_on, moved_to, bounds.most_shift)
    if fault:
        raise Refusal(f"{fault}（{bounds.source('elections.most_shift')}）", field="moved_to")
    found = Shift.unscoped.filter(term=term).exclude(state=ShiftState.REFUSED).first()
    if found is not None:
        if found.moved_to == moved_to:
            return found
        raise Refusal("这一届已经申请过提前或延期，不能再申请。", code="conflict")
    fresh = Shift(
        unit=unit, term=term, due_on=term.due_on, moved_to=moved_to, reason=words,
        document=number, proposed_by=by,
        kind=ShiftKind.LATE if moved_to > term.due_on else ShiftKind.EARLY,
    )  # fmt: skip
    checked(fresh)
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        raise Refusal("这一届已经申请过提前或延期，请刷新页面查看。", code="conflict") from None
    return fresh


@transaction.atomic
def decide_shift(*, shift: Shift, by: User, on: date, approve: bool, answer: str) -> Shift:
    """Approve or refuse; never one's own (S16), never twice; a reason or a number is kept."""
    shift = Shift.unscoped.select_for_update().get(pk=shift.pk)
    to = ShiftState.APPROVED if approve else ShiftState.REFUSED
    if shift.state != ShiftState.PROPOSED:
        if shift.state == to and shift.decided_by_id == by.pk:
            return shift
        raise Refusal("这个申请已经有人审批过了，请刷新页面查看结果。", code="conflict")
    if is_same_person(by.pk, shift.proposed_by_id):
        raise Refusal("申请人不能审批自己的申请，请由另一位同志审批。", code="forbidden")
    what = "批复文号或意见" if approve else "不批准的理由"
    shift.answer = text(answer, what, field="answer", longest=300)
    shift.state, shift.decided_by, shift.decided_on = to, by, on
    shift.save()
    return shift
