"""通知 for tests.

::

    circular = make_circular(district)                  # a draft to all below
    circular = make_circular(district, issued=True)     # with receipts, and people told
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from portal.entries import Letter
from portal.models import BranchPage, Circular, Receipt
from portal.services import circulars, pages, receipts
from tests.factories.accounts import make_account

DAY = date(2026, 7, 14)


def at(day: date = DAY, hour: int = 9) -> datetime:
    """A moment of a day."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def make_letter(**facts: Any) -> Letter:
    """What is typed."""
    facts.setdefault("title", "关于防汛值守的通知")
    facts.setdefault("text", "请各支部安排党员值守。")
    return Letter(**facts)


def make_circular(
    unit: Unit, *, by: User | None = None, issued: bool = False, on: date = DAY, **facts: Any
) -> Circular:
    """A draft of ``unit``, or issued to what stands below it."""
    by = by or make_account()
    made = circulars.write(unit=unit, by=by, letter=make_letter(**facts), on=on)
    if issued:
        made = circulars.issue(circular=made, by=by, on=on, now=at(on))
    return made


def receipt_of(circular: Circular, unit: Unit) -> Receipt:
    """The receipt of a unit."""
    found: Receipt = Receipt.unscoped.get(circular=circular, unit=unit)
    return found


def one_of_everything(unit: Unit) -> tuple[Circular, Receipt, BranchPage]:
    """A row in every table: a 通知 to a branch from what stands above it, read; its page."""
    above = unit.parent
    assert above is not None
    circular = make_circular(above, issued=True)
    receipt = receipts.read(receipt=receipt_of(circular, unit), by=make_account(), now=at())
    page = pages.write_page(
        unit=unit, by=make_account(), introduction="我们的支部", panels=["people"],
        known=["people", "month"],
    )  # fmt: skip
    return circular, receipt, page
