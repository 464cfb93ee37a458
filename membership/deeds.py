"""What may be done with a transfer now, and by whom; the page, the queue and the first page ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from branches.scope import Scope
from membership import permissions as may
from membership.enums import Side, TransferState, Way
from membership.models import Transfer

Allowed = Callable[[Scope, Transfer], bool]


@dataclass(frozen=True)
class Deed:
    """One thing to do: its words, and whose it is in which state."""

    name: str
    title: str
    button: str
    icon: str
    allowed: Allowed
    done: str
    note: str = ""


def _old(transfer: Transfer) -> str:
    return str(transfer.from_unit.path) if transfer.from_unit is not None else ""


def _new(transfer: Transfer) -> str:
    return str(transfer.to_unit.path) if transfer.to_unit is not None else ""


def _other_side(scope: Scope, one: Transfer) -> bool:
    """The branch that was asked."""
    path = _new(one) if one.asked_by_side == Side.OLD else _old(one)
    return bool(path) and may.may_work(scope, path)


def _own_side(scope: Scope, one: Transfer) -> bool:
    """The branch that asked."""
    path = _old(one) if one.asked_by_side == Side.OLD else _new(one)
    return bool(path) and may.may_work(scope, path)


def _agree(scope: Scope, one: Transfer) -> bool:
    return one.way == Way.INSIDE and one.state == TransferState.ASKED and _other_side(scope, one)


def _confirm(scope: Scope, one: Transfer) -> bool:
    return one.state == TransferState.AGREED and may.may_confirm(scope, _old(one), _new(one))


def _refuse(scope: Scope, one: Transfer) -> bool:
    if one.way == Way.INSIDE:
        return _agree(scope, one) or _confirm(scope, one)
    path = _old(one) or _new(one)
    return one.state == TransferState.ASKED and may.may_keep_letters(scope, path)


def _withdraw(scope: Scope, one: Transfer) -> bool:
    if one.state == TransferState.ISSUED:
        return may.may_keep_letters(scope, _old(one))
    return one.is_under_way and _own_side(scope, one)


def _issue(scope: Scope, one: Transfer) -> bool:
    states = (TransferState.ASKED, TransferState.ISSUED)
    return one.way == Way.OUT and one.state in states and may.may_keep_letters(scope, _old(one))


def _receipt(scope: Scope, one: Transfer) -> bool:
    return one.state == TransferState.ISSUED and may.may_keep_letters(scope, _old(one))


def _accept(scope: Scope, one: Transfer) -> bool:
    return (
        one.way == Way.IN and one.state == TransferState.ASKED and may.may_decide(scope, _new(one))
    )


def _reply(scope: Scope, one: Transfer) -> bool:
    return (
        one.way == Way.IN
        and one.state == TransferState.DONE
        and one.receipt_on is None
        and may.may_work(scope, _new(one))
    )


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed("agree", "同意转接", "同意", "check", _agree, "已同意。",
             "跨党（工）委的，还要由上级确认；其余的到生效日名册自动变动。"),
        Deed("confirm", "确认转接", "确认", "checks", _confirm, "已确认。",
             "两个支部分属不同党（工）委，由共同的上级确认。"),
        Deed("accept", "接收转入", "接收", "user-check", _accept, "已接收，列入支部名册。",
             "核对介绍信原件后办理；登记人不能自己接收。"),
        Deed("issue", "开介绍信", "开具", "file-text", _issue, "介绍信已开具，可以下载打印。",
             "回执到来以前，党员仍在原支部名册上，照常参加组织生活、交纳党费。"),
        Deed("receipt", "登记回执", "登记", "mail", _receipt, "回执已登记，党员已转出。"),
        Deed("reply", "登记回执已寄", "登记", "send", _reply, "已登记。"),
        Deed("refuse", "不同意", "不同意", "ban", _refuse, "已答复，名册不变。"),
        Deed("withdraw", "撤回", "撤回", "arrow-back-up", _withdraw, "已撤回，名册不变。"),
    )
}  # fmt: skip


def open_to(scope: Scope, transfer: Transfer, user_id: int) -> list[Deed]:
    """What this person may do with it now; not what asks for somebody else (S16)."""
    closed: set[str] = set()
    if transfer.asked_by_id == user_id:
        closed |= {"agree", "confirm", "accept", "issue", "refuse"}
    if transfer.agreed_by_id == user_id:
        closed.add("confirm")
    return [
        deed for name, deed in DEEDS.items() if name not in closed and deed.allowed(scope, transfer)
    ]


def waits_for(scope: Scope, transfer: Transfer, user_id: int) -> Deed | None:
    """The deed that waits for this person, if any."""
    found = open_to(scope, transfer, user_id)
    if transfer.state == TransferState.ISSUED:
        return None
    return next((deed for deed in found if deed.name not in ("refuse", "withdraw")), None)
