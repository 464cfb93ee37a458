"""The verbs of 组织关系转接: asked by one side, agreed by the other, confirmed where it crosses.

While a transfer is under way the member stays on the old roster; the roster is changed by the verbs
of ``branches.services`` on the day it takes effect, and 会议, 党费 and duties follow the roster.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from branches import services as branches
from branches.enums import PRESENT_STATES, MemberKind, MemberState, Sex
from branches.models import Member, Unit
from core.errors import Refusal
from membership.arrival import arrive, lock, move, still_there
from membership.enums import UNDER_WAY, Side, TransferState, Way
from membership.limits import limits
from membership.models import Transfer
from membership.rules import is_expired
from membership.words import (
    checked,
    identity,
    name_of,
    once,
    past,
    phone_of,
    text,
)

_FARTHEST = timedelta(days=60)


# --- Asking ----------------------------------------------------------------------------------


@transaction.atomic
def ask_inside(
    *,
    member: Member,
    to: Unit,
    by: User,
    on: date,
    side: str = Side.OLD,
    reason: str = "",
    dues_until: date | None = None,
    form_key: UUID | None = None,
) -> Transfer:
    """Ask for a transfer inside the district; the other side agrees or refuses.

    Raises:
        Refusal: no roster there, another district, the same branch, not on a roster, or under way.
    """
    member = _on_roster(member)
    if member.unit_id == to.pk:
        raise Refusal("他就在这个党支部，不用转接。", field="to")
    if not to.is_branch or to.dissolved_on is not None:
        raise Refusal(f"“{to}”没有党员名册，请选择党支部。", field="to")
    if member.unit.district_id != to.district_id:
        raise Refusal("对方不在本区，请办理转出本区。", field="to")
    return _begin(
        Transfer(
            way=Way.INSIDE, name=member.name, member=member, from_unit=member.unit, to_unit=to,
            asked_by_side=Side(side), asked_by=by, asked_on=on, kind=member.kind,
            reason=_reason(reason), dues_until=_month(dues_until), form_key=form_key,
        )
    )  # fmt: skip


@transaction.atomic
def ask_for(
    *,
    to: Unit,
    name: str,
    id_number: str,
    by: User,
    on: date,
    reason: str = "",
    form_key: UUID | None = None,
) -> Transfer:
    """The new branch asks for somebody it knows by name and whole 公民身份号码.

    A wrong number and a wrong name get the same answer: rosters of others are not searched.
    """
    number = identity(id_number, needed=True)
    found = (
        Member.unscoped.filter(
            **Member.sealed_lookup("id_number", number.number), name=name_of(name),
            unit__district=to.district_id,
        )
        .select_related("unit")
        .first()
    )  # fmt: skip
    if found is None:
        raise Refusal(
            "本区名册里没有姓名和身份号码都相符的党员；从区外来的请凭介绍信登记转入。",
            field="id_number",
        )
    return ask_inside(
        member=found, to=to, by=by, on=on, side=Side.NEW, reason=reason, form_key=form_key
    )


@transaction.atomic
def ask_out(
    *,
    member: Member,
    outside: str,
    by: User,
    on: date,
    reason: str = "",
    dues_until: date | None = None,
    form_key: UUID | None = None,
) -> Transfer:
    """Ask for a 介绍信 to an organisation outside the district; the committee issues it."""
    member = _on_roster(member)
    return _begin(
        Transfer(
            way=Way.OUT, name=member.name, member=member, from_unit=member.unit, asked_by=by,
            asked_on=on, outside=text(outside, "接收党组织", field="outside", longest=120),
            kind=member.kind, reason=_reason(reason), dues_until=_month(dues_until),
            form_key=form_key,
        )
    )  # fmt: skip


@transaction.atomic
def bring_in(
    *,
    to: Unit,
    outside: str,
    name: str,
    id_number: str,
    letter_number: str,
    letter_on: date,
    valid_days: int,
    by: User,
    on: date,
    kind: str = MemberKind.FULL,
    sex: str = Sex.UNKNOWN,
    joined_on: date | None = None,
    confirmed_on: date | None = None,
    phone: str = "",
    dues_until: date | None = None,
    late_reason: str = "",
    form_key: UUID | None = None,
) -> Transfer:
    """Enter a 介绍信 from outside; somebody else accepts it, then the member is on the roster.

    A letter past its days is taken with a reason only. Raises Refusal.
    """
    if not to.is_branch or to.dissolved_on is not None:
        raise Refusal(f"“{to}”没有党员名册，请选择党支部。", field="to")
    number = identity(id_number, needed=True)
    past(letter_on, on, "介绍信开具日期", field="letter_on")
    if not 1 <= valid_days <= 365:
        raise Refusal("有效天数应在 1 到 365 之间。", field="valid_days")
    if joined_on and joined_on > on:
        raise Refusal("入党日期不能晚于今天。", field="joined_on")
    if joined_on and confirmed_on and confirmed_on < joined_on:
        raise Refusal("转正日期不能早于入党日期。", field="confirmed_on")
    why = text(late_reason, "超期原因", field="late_reason", longest=300, needed=False)
    if is_expired(letter_on, valid_days, on) and not why:
        raise Refusal("介绍信已过有效期，请写明原因或请对方重新开具。", field="late_reason")
    _refuse_known(number.number)
    row = Transfer(
        way=Way.IN, name=name_of(name), to_unit=to, asked_by=by, asked_on=on,
        outside=text(outside, "转出党组织", field="outside", longest=120),
        letter_number=text(letter_number, "介绍信编号", field="letter_number", longest=40),
        letter_on=letter_on, valid_days=valid_days,
        expires_on=letter_on + timedelta(days=valid_days), late_reason=why, kind=kind, sex=sex,
        joined_on=joined_on, confirmed_on=confirmed_on, dues_until=_month(dues_until),
        asked_by_side=Side.NEW, form_key=form_key,
    )  # fmt: skip
    row.seal("id_number", number.number)
    if phone_of(phone):
        row.seal("phone", phone_of(phone))
    return _begin(row)


# --- Answers ---------------------------------------------------------------------------------


@transaction.atomic
def agree(
    *,
    transfer: Transfer,
    by: User,
    on: date,
    effective_on: date | None = None,
    group: Unit | None = None,
) -> Transfer:
    """The other side of a transfer inside the district agrees; the new side names the day.

    Across committees it then waits for whoever stands above both (a parameter), else it takes
    effect on its day.
    """
    transfer = lock(transfer)
    if transfer.way != Way.INSIDE:
        raise Refusal("这笔转接凭介绍信办理。", code="conflict")
    if transfer.asked_by_id == by.pk:
        raise Refusal("提出转接的同志不能替对方同意，请由对方办理。", code="forbidden")
    day = effective_on or on
    if not on <= day <= on + _FARTHEST:
        raise Refusal("生效日期请在今天起 60 天之内选择。", field="effective_on")
    transfer.to_group = _group(group, transfer.to_unit)
    transfer.agreed_by, transfer.agreed_on, transfer.effective_on = by, on, day
    if crosses(transfer) and limits(on).confirm_across:
        return move(transfer, TransferState.AGREED)
    return arrive(transfer, by=by, on=on)


@transaction.atomic
def confirm(*, transfer: Transfer, by: User, on: date) -> Transfer:
    """Whoever stands above both committees confirms; then it takes effect on its day."""
    transfer = lock(transfer)
    if transfer.state != TransferState.AGREED:
        raise Refusal("这笔转接现在不需要确认，请刷新页面。", code="conflict")
    if by.pk in (transfer.asked_by_id, transfer.agreed_by_id):
        raise Refusal("提出或同意转接的同志不能自己确认，请由另一位同志办理。", code="forbidden")
    transfer.confirmed_by = by
    assert transfer.effective_on is not None
    transfer.effective_on = max(transfer.effective_on, on)
    return arrive(transfer, by=by, on=on)


@transaction.atomic
def refuse(*, transfer: Transfer, by: User, on: date, answer: str) -> Transfer:
    """The other side, or whoever confirms, says no with a reason; the roster stays as it was."""
    transfer = lock(transfer)
    if transfer.asked_by_id == by.pk:
        raise Refusal("这是您提出的，请用“撤回”。", code="forbidden")
    transfer.answer = text(answer, "不同意的理由", field="answer", longest=300)
    transfer.ended_by, transfer.ended_on = by, on
    return move(transfer, TransferState.REFUSED)


@transaction.atomic
def withdraw(*, transfer: Transfer, by: User, on: date, answer: str) -> Transfer:
    """The side that asked takes it back, also after the letter; the roster stays as it was."""
    transfer = lock(transfer)
    transfer.answer = text(answer, "撤回的原因", field="answer", longest=300)
    transfer.ended_by, transfer.ended_on = by, on
    return move(transfer, TransferState.WITHDRAWN)


# --- Letters ---------------------------------------------------------------------------------


@transaction.atomic
def issue(
    *,
    transfer: Transfer,
    by: User,
    on: date,
    letter_on: date,
    valid_days: int,
    letter_number: str = "",
) -> Transfer:
    """Issue the 介绍信 of a transfer out of the district; without a number it gets the next.

    Issued again (the first was lost or is past its days) it gets a new number. Not by whoever
    asked.
    """
    transfer = lock(transfer)
    if transfer.way != Way.OUT:
        raise Refusal("区内转接不开区外介绍信。", code="conflict")
    if transfer.asked_by_id == by.pk:
        raise Refusal("提出转接的同志不能自己开介绍信，请由另一位同志办理。", code="forbidden")
    past(letter_on, on, "开具日期", field="letter_on", since=transfer.asked_on)
    if not 1 <= valid_days <= 365:
        raise Refusal("有效天数应在 1 到 365 之间。", field="valid_days")
    assert transfer.from_unit is not None
    issuer = transfer.from_unit.committee or transfer.from_unit.district
    assert issuer is not None
    Unit.unscoped.select_for_update(of=("self",)).get(pk=issuer.pk)
    transfer.issuer, transfer.letter_on, transfer.valid_days = issuer, letter_on, valid_days
    transfer.expires_on = letter_on + timedelta(days=valid_days)
    number = text(letter_number, "介绍信编号", field="letter_number", longest=40, needed=False)
    transfer.letter_number = number or next_number(issuer, letter_on.year)
    transfer.agreed_by, transfer.agreed_on = by, on
    if transfer.state == TransferState.ISSUED:
        checked(transfer)
        transfer.save()
        return transfer
    return move(transfer, TransferState.ISSUED)


def next_number(issuer: Unit, year: int) -> str:
    """The next number of a committee's letters in a year: 2026-0012."""
    lead = f"{year}-"
    used = Transfer.unscoped.filter(issuer=issuer, letter_number__startswith=lead)
    numbers = [one[len(lead) :] for one in used.values_list("letter_number", flat=True)]
    last = max((int(one) for one in numbers if one.isdecimal()), default=0)
    return f"{lead}{last + 1:04d}"


@transaction.atomic
def receive_receipt(*, transfer: Transfer, by: User, on: date, receipt_on: date) -> Transfer:
    """The 回执 has come: he is on the new roster outside, and leaves ours on that day."""
    transfer = lock(transfer)
    if transfer.way != Way.OUT or transfer.state != TransferState.ISSUED:
        raise Refusal("只有开出的介绍信才有回执，请刷新页面。", code="conflict")
    past(receipt_on, on, "回执日期", field="receipt_on", since=transfer.letter_on)
    member = still_there(transfer)
    transfer.receipt_on = transfer.effective_on = receipt_on
    transfer.ended_by, transfer.ended_on = by, on
    branches.leave(member=member, state=MemberState.LEFT, on=receipt_on, by=by)
    return move(transfer, TransferState.DONE)


@transaction.atomic
def accept(
    *, transfer: Transfer, by: User, on: date, effective_on: date, group: Unit | None = None
) -> Transfer:
    """Take in whom a 介绍信 brings: he is on the roster from his 报到; not by who entered it."""
    transfer = lock(transfer)
    if transfer.way != Way.IN or transfer.state != TransferState.ASKED:
        raise Refusal("这笔转入已经办过了，请刷新页面。", code="conflict")
    if transfer.asked_by_id == by.pk:
        raise Refusal("登记介绍信的同志不能自己接收，请由另一位同志办理。", code="forbidden")
    past(effective_on, on, "报到日期", field="effective_on", since=transfer.letter_on)
    assert transfer.to_unit is not None
    transfer.to_group = _group(group, transfer.to_unit)
    transfer.agreed_by, transfer.agreed_on = by, on
    transfer.effective_on, transfer.ended_by, transfer.ended_on = effective_on, by, on
    number = transfer.unseal("id_number")
    known = Member.unscoped.filter(**Member.sealed_lookup("id_number", number)).first()
    if known is not None and known.state == MemberState.LEFT:
        transfer.member = _back(known, transfer, by, number)
    else:
        transfer.member = branches.add_member(
            unit=transfer.to_unit, name=transfer.name, by=by, id_number=number, sex=transfer.sex,
            phone=transfer.unseal("phone"), kind=transfer.kind, joined_on=transfer.joined_on,
            confirmed_on=transfer.confirmed_on, arrived_on=effective_on, group=transfer.to_group,
        )  # fmt: skip
    return move(transfer, TransferState.DONE)


def _back(known: Member, transfer: Transfer, by: User, number: str) -> Member:
    """Somebody who left the district once comes back to his old row."""
    assert transfer.to_unit is not None
    assert transfer.effective_on is not None
    if known.unit_id != transfer.to_unit_id:
        known = branches.transfer(
            member=known, to=transfer.to_unit, on=transfer.effective_on, group=transfer.to_group,
            by=by,
        )  # fmt: skip
    else:
        known = branches.leave(
            member=known, state=MemberState.ACTIVE, on=transfer.effective_on, by=by
        )
        Member.unscoped.filter(pk=known.pk).update(
            arrived_on=transfer.effective_on, group=transfer.to_group, updated_at=timezone.now()
        )
    return known


@transaction.atomic
def send_receipt(*, transfer: Transfer, by: User, on: date, receipt_on: date) -> Transfer:
    """Note that our 回执 for an accepted letter went back."""
    transfer = lock(transfer)
    if transfer.way != Way.IN or transfer.state != TransferState.DONE:
        raise Refusal("接收以后才寄回执。", code="conflict")
    past(receipt_on, on, "寄出日期", field="receipt_on", since=transfer.effective_on)
    transfer.receipt_on = receipt_on
    transfer.save()
    return transfer


# --- Parts -----------------------------------------------------------------------------------


def crosses(transfer: Transfer) -> bool:
    """Whether the two branches stand below different committees."""
    assert transfer.from_unit is not None
    assert transfer.to_unit is not None
    return transfer.from_unit.committee_id != transfer.to_unit.committee_id


def _begin(row: Transfer) -> Transfer:
    if row.member_id is not None:
        twin = Transfer.unscoped.filter(member=row.member_id, state__in=UNDER_WAY)
        found = twin.exclude(form_key=row.form_key).first() if row.form_key else twin.first()
        if found is not None:
            raise Refusal(
                f"{row.name}有一笔转接正在办理（{found.get_state_display()}），请先办完或撤回。",
                code="conflict",
            )
    try:
        kept, _ = once(Transfer, row.form_key, lambda: row)
    except IntegrityError:
        raise Refusal("这名党员有一笔转接正在办理，请刷新页面。", code="conflict") from None
    return kept


def _on_roster(member: Member) -> Member:
    found: Member = Member.unscoped.select_related("unit").get(pk=member.pk)
    if found.state not in PRESENT_STATES:
        raise Refusal(f"{found}现在是“{found.get_state_display()}”，不能转接。", code="conflict")
    return found


def _refuse_known(number: str) -> None:
    known = Member.unscoped.filter(**Member.sealed_lookup("id_number", number)).first()
    if known is not None and known.state != MemberState.LEFT:
        raise Refusal(
            "这个身份号码已在名册上；本区党员请办理区内转接。", field="id_number", code="conflict"
        )


def _group(group: Unit | None, unit: Unit | None) -> Unit | None:
    if group is not None and (unit is None or group.parent_id != unit.pk or group.dissolved_on):
        raise Refusal("请选择接收支部的党小组。", field="group")
    return group


def _reason(value: str) -> str:
    return text(value, "转接原因", field="reason", longest=100, needed=False)


def _month(day: date | None) -> date | None:
    return day.replace(day=1) if day else None
