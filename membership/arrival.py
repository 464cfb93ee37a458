"""The day a transfer takes effect: the verbs and the hourly task let the roster follow alike."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches import services as branches
from branches.enums import PRESENT_STATES
from branches.models import Member
from core.errors import Refusal
from membership.enums import RUNNING, TransferState
from membership.models import Candidate, Transfer
from membership.rules import can_transfer
from membership.words import checked


def take_effect(*, on: date) -> int:
    """Let every agreed transfer whose day has come take effect; how many. Safe to run again."""
    due = Transfer.unscoped.filter(state=TransferState.READY, effective_on__lte=on)
    count = 0
    for key in list(due.order_by("effective_on", "pk").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            transfer = lock(Transfer(pk=key))
            if transfer.state != TransferState.READY:
                continue
            try:
                with transaction.atomic():
                    carry(transfer, by=None, on=on)
                count += 1
            except Refusal as refusal:
                # Somebody moved him in between: it ends with the reason, for both sides to read.
                transfer = lock(Transfer(pk=key))
                transfer.answer, transfer.ended_on = refusal.message[:300], on
                move(transfer, TransferState.WITHDRAWN)
    return count


def arrive(transfer: Transfer, *, by: User | None, on: date) -> Transfer:
    """Let an agreed transfer take effect, or wait for its day. Raises Refusal."""
    assert transfer.effective_on is not None
    if transfer.effective_on > on:
        return move(transfer, TransferState.READY)
    return carry(transfer, by=by, on=on)


def carry(transfer: Transfer, *, by: User | None, on: date) -> Transfer:
    """Change the roster; a case of 发展党员 goes along with a 预备党员."""
    member = still_there(transfer)
    assert transfer.to_unit is not None
    assert transfer.effective_on is not None
    group = transfer.to_group
    if group is not None and (group.dissolved_on or group.parent_id != transfer.to_unit_id):
        group = transfer.to_group = None
    branches.transfer(
        member=member, to=transfer.to_unit, on=transfer.effective_on, group=group, by=by
    )
    cases = Candidate.unscoped.filter(member=member, stage__in=RUNNING)
    cases.update(unit=transfer.to_unit, updated_at=timezone.now())
    transfer.ended_by, transfer.ended_on = by, on
    return move(transfer, TransferState.DONE)


def lock(transfer: Transfer) -> Transfer:
    """The transfer as it is now, its row locked to the end of the transaction."""
    rows = Transfer.unscoped.select_for_update(of=("self",))
    found: Transfer = rows.select_related(
        "member__unit", "from_unit__committee", "from_unit__district", "to_unit", "to_group"
    ).get(pk=transfer.pk)
    return found


def move(transfer: Transfer, to: TransferState) -> Transfer:
    """Change the state of a locked transfer; saves whatever else was set on it. Raises Refusal."""
    if not can_transfer(transfer.state, to):
        raise Refusal(
            f"这笔转接现在是“{TransferState(transfer.state).label}”，不能改为“{to.label}”；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    transfer.state = to
    checked(transfer)
    transfer.save()
    return transfer


def still_there(transfer: Transfer) -> Member:
    """The member, as long as he is where the transfer found him. Raises Refusal otherwise."""
    member = transfer.member
    assert member is not None
    if member.unit_id != transfer.from_unit_id or member.state not in PRESENT_STATES:
        raise Refusal(
            f"{member}已不在“{transfer.from_unit}”的名册上，请撤回这笔转接后按现在的情况办理。",
            code="conflict",
        )
    return member
