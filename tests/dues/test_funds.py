"""Budgets, allotments, spending: the balance is never negative, whoever spends at once."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from branches.models import Unit
from core.errors import Refusal
from dues import services
from dues.enums import AllotmentState
from dues.models import Allotment, Budget, Spending, Voucher
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_district, make_group
from tests.factories.dues import DAY, make_allotment, make_budget, make_spending

D = Decimal
AT_ONCE, ROUNDS = 10, 10


@pytest.fixture
def branch(db: None) -> Unit:
    return make_branch()


def left(branch: Unit) -> Decimal:
    return Budget.unscoped.get(unit=branch, year=2026).balance


def test_a_budget_is_the_sum_of_its_lines_and_keeps_them_by_name(branch: Unit) -> None:
    budget = make_budget(branch)
    line = budget.lines.get(name="主题党日")
    make_spending(budget, "300", line=line)

    budget = make_budget(branch, "党员教育 1000\n主题党日 500")

    assert (budget.amount, left(branch)) == (D(1500), D(1200))
    assert budget.lines.get(name="主题党日").pk == line.pk
    with pytest.raises(Refusal, match=r"已经支出 300\.00 元"):
        make_budget(branch, "主题党日 299")


def test_an_allotment_is_proposed_approved_by_another_and_signed_for(branch: Unit) -> None:
    proposer = make_account()
    row = make_allotment(branch, "3000", by=proposer)
    facts = {"approve": True, "on": DAY}
    with pytest.raises(Refusal, match="由另一位同志审批"):
        services.decide_allotment(allotment=row, by=proposer, **facts)
    with pytest.raises(Refusal, match="还没有批准"):
        services.receive_allotment(allotment=row, by=proposer, received_on=DAY, on=DAY)
    services.decide_allotment(allotment=row, by=make_account(), **facts)
    assert not Budget.unscoped.exists()

    for _ in range(2):
        row = services.receive_allotment(allotment=row, by=make_account(), received_on=DAY, on=DAY)

    assert (row.state, left(branch)) == (AllotmentState.RECEIVED, D(3000))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dues_allotment SET state = 'received'",
        "UPDATE dues_allotment SET amount = 1",
        "UPDATE dues_budget SET spent = amount + granted + 1",
        "UPDATE dues_budget SET amount = 0",
        "UPDATE dues_spending SET amount = 1",
        "DELETE FROM dues_spending",
    ],
)
def test_the_database_holds_the_money_together(branch: Unit, sql: str) -> None:
    make_allotment(branch)
    make_spending(make_budget(branch))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_no_more_is_spent_than_there_is(branch: Unit) -> None:
    budget = make_budget(branch, "全部 300")
    with pytest.raises(Refusal, match=r"还可支出 300\.00 元"):
        make_spending(budget, "300.01")
    row = make_spending(budget, "300")
    with pytest.raises(IntegrityError), transaction.atomic():
        Spending.unscoped.create(budget=budget, day=DAY, amount=D("0.01"), purpose="越过服务")

    for reason in ("票据不合规", "再按一次"):
        row = services.void_spending(spending=row, by=make_account(), reason=reason)

    assert (left(branch), row.void_reason) == (D(300), "票据不合规")


def test_a_closed_year_stands(branch: Unit) -> None:
    budget = make_budget(branch)
    row = make_spending(budget)
    by, end = make_account(), date(2026, 12, 28)
    with pytest.raises(Refusal, match="12 月起"):
        services.close_year(budget=budget, by=by, result="好", on=DAY)
    services.close_year(budget=budget, by=by, result="开展活动 12 次", on=end)

    for verb in (
        lambda: make_spending(budget),
        lambda: services.void_spending(spending=row, by=by, reason="错"),
        lambda: make_budget(branch, "新 1"),
        lambda: make_allotment(branch, upto="received"),
    ):
        with pytest.raises(Refusal, match="已经年终结账"):
            verb()
    with pytest.raises(IntegrityError), transaction.atomic():
        Spending.unscoped.create(budget=budget, day=DAY, amount=1, purpose="越过服务")


def test_a_spending_is_of_its_own_year_and_once(branch: Unit) -> None:
    budget = make_budget(branch)
    key = "5b9d9a8e-6a4b-4c53-9a5e-0d9b2f6f7a11"
    facts = {"unit": branch, "by": make_account(), "amount": D(10), "purpose": "书", "on": DAY}
    with pytest.raises(Refusal, match="应在 2025 年内"):
        services.spend(year=2025, day=DAY, **facts)
    for _ in range(2):
        services.spend(year=2026, day=DAY, form_key=key, **facts)

    assert (budget.spendings.count(), left(branch)) == (1, D(4990))


def test_a_voucher_is_checked_and_kept_once(branch: Unit) -> None:
    row = make_spending(make_budget(branch))

    def upload(name: str, data: bytes) -> Voucher:
        file = SimpleUploadedFile(name, data, "application/pdf")
        return services.keep_voucher(spending=row, by=make_account(), upload=file)

    with pytest.raises(Refusal):
        upload("发票.exe", b"MZ")
    with pytest.raises(Refusal, match="机密"):
        upload("机密发票.pdf", b"%PDF-1.4\n%%EOF\n")


def test_money_belongs_to_committees_and_branches(branch: Unit) -> None:
    for unit in (make_district(), make_group(branch)):
        with pytest.raises(Refusal):
            make_budget(unit)
        with pytest.raises(Refusal):
            make_allotment(unit)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_who_spend_at_once_never_overdraw() -> None:
    branch, by = make_branch(), make_account()
    make_budget(branch, "全部 1050")
    done: list[int] = []

    def spend(gate: threading.Barrier) -> None:
        gate.wait()
        try:
            services.spend(
                unit=branch, year=2026, by=by, day=DAY, amount=D(100), purpose="抢", on=DAY
            )
            done.append(1)
        except Refusal:
            pass
        finally:
            connections.close_all()

    for _ in range(ROUNDS):
        gate = threading.Barrier(AT_ONCE)
        threads = [threading.Thread(target=spend, args=(gate,)) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (len(done), Spending.unscoped.count(), left(branch)) == (10, 10, D(50))
    assert Allotment.unscoped.count() == 0
