"""Two hundred who issue at once bring one set of receipts and one notice each (R12)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from core.models import Notice
from portal.models import Receipt
from portal.services import circulars, receipts
from tests.factories.portal import DAY, at, make_circular, receipt_of
from tests.portal.conftest import build_town

AT_ONCE, ROUNDS = 20, 5


def at_once(do: object) -> None:
    gate = threading.Barrier(AT_ONCE)

    def run() -> None:
        gate.wait()
        try:
            do()  # type: ignore[operator]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_presses_issue_once_and_read_once() -> None:
    town = build_town()
    made = make_circular(town.district, needs_sign=True)
    for _ in range(ROUNDS):
        at_once(lambda: circulars.issue(circular=made, by=town.staff, on=DAY, now=at()))
    assert Receipt.unscoped.filter(circular=made).count() == 5
    assert Notice.objects.filter(key__startswith="circular-issued:").count() == 4
    row = receipt_of(made, town.branch)
    for _ in range(ROUNDS):
        at_once(lambda: receipts.sign(receipt=row, by=town.secretary, now=at()))
    row.refresh_from_db()
    assert row.signed_by == town.secretary
