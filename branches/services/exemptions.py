"""豁免: asked for by one, decided by another."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.enums import BRANCH_KINDS, ExemptionState, UnitKind
from branches.models import Exemption, Unit
from core.errors import Refusal


@transaction.atomic
def propose(
    *,
    unit: Unit,
    since: date,
    until: date,
    reason: str,
    kind: str = "",
    by: User | None = None,
) -> Exemption:
    """Ask that a branch or group owe a duty (``kind``; "" all) not at all from since to until.

    Raises Refusal: no branch or group, no reason, days in the wrong order, the same asked twice.
    """
    if unit.kind not in (*BRANCH_KINDS, UnitKind.GROUP):
        raise Refusal("只有党支部和党小组有职责可以豁免，请选择党支部或党小组。", field="unit")
    if until < since:
        raise Refusal("截止日期不能早于起始日期。", field="until")
    if not reason.strip():
        raise Refusal("请写明豁免的理由。", field="reason")
    twin = Exemption.unscoped.filter(unit=unit, kind=kind, since=since, until=until).exclude(
        state=ExemptionState.REFUSED
    )
    if twin.exists():
        raise Refusal("同样的豁免已经提出，不用重复。", code="conflict")
    return Exemption.unscoped.create(
        unit=unit, kind=kind, since=since, until=until, reason=reason.strip(), proposed_by=by
    )


@transaction.atomic
def decide(*, exemption: Exemption, approve: bool, by: User, answer: str = "") -> Exemption:
    """Approve or refuse a proposal; never one's own (S16), never twice.

    A refusal needs an answer that says why.
    """
    exemption = Exemption.unscoped.select_for_update().get(pk=exemption.pk)
    if exemption.state != ExemptionState.PROPOSED:
        raise Refusal("这个豁免已经有人审批过了，请刷新页面查看结果。", code="conflict")
    if exemption.proposed_by_id == by.pk:
        raise Refusal("申请人不能审批自己的申请，请由另一位同志审批。", code="forbidden")
    if not approve and not answer.strip():
        raise Refusal("不批准时请写明意见，方便支部了解原因。", field="answer")
    exemption.state = ExemptionState.APPROVED if approve else ExemptionState.REFUSED
    exemption.decided_by = by
    exemption.decided_at = timezone.now()
    exemption.answer = answer.strip()
    exemption.save()
    return exemption
