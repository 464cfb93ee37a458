"""What all verbs here share: locks and clean words."""

from __future__ import annotations

from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from portal.models import Circular, Receipt


def lock(circular: Circular) -> Circular:
    """The 通知 as it is now, its row locked to the end of the transaction."""
    rows = Circular.unscoped.select_for_update(of=("self",)).select_related("unit")
    found: Circular = rows.get(pk=circular.pk)
    return found


def lock_receipt(receipt: Receipt) -> Receipt:
    """The receipt as it is now, locked; its 通知 must stand. Raises Refusal otherwise."""
    rows = Receipt.unscoped.select_for_update(of=("self",)).select_related("circular", "unit")
    found: Receipt = rows.get(pk=receipt.pk)
    if not found.circular.is_live:
        raise Refusal("这份通知已经撤回，不用再办。", code="conflict")
    return found


def plain(value: str, what: str, *, field: str, longest: int, needed: bool = True) -> str:
    """The words without stray signs.

    Raises Refusal: nothing there, too long, or a mark of secrecy (rules.md §10).
    """
    words = value.replace("\x00", "").strip()
    if needed and not words:
        raise Refusal(f"请填写{what}。", field=field)
    if len(words) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return words
