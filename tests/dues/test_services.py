"""The verbs: standards, months, corrections, reductions, sums; what the database refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from branches import services as roster
from branches.enums import MemberState
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from core.models import RuleParameter
from dues import services
from dues.enums import Category, ChangeKind, DueState, RemitState
from dues.models import Band, Due, DueChange, Gift, Payment, Remittance, Standard
from dues.opening import open_month
from dues.scores import MemberMonths, member_months
from dues.summing import computed_sum
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee, make_member
from tests.factories.dues import (
    DAY,
    JULY,
    make_paid,
    make_payers,
    make_reduction,
    make_remittance,
    make_standard,
    open_months,
)

pytestmark = pytest.mark.django_db

D = Decimal
JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 1)


@pytest.fixture
def branch() -> Unit:
    return make_branch()


def owed(branch: Unit, month: date = JULY) -> dict[str, Decimal | None]:
    return dict(Due.unscoped.filter(unit=branch, month=month).values_list("member__name", "amount"))


# --- Standards ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "given", "due"),
    [
        ("employed", {"base": D("3000.01")}, "30.00"),
        ("employed", {"amount": D("12.34")}, "12.34"),
        ("retired", {"base": D(5000)}, "25.00"),
        ("irregular", {"quarter_total": D(15000)}, "50.00"),
        ("farmer", {"amount": D("0.5")}, "0.50"),
        ("student", {}, "0.20"),
        ("laid_off", {}, "0.20"),
        ("relief", {}, "0.20"),
    ],
)
def test_a_standard_follows_its_category(category: str, given: dict[str, D], due: str) -> None:
    assert str(services.reckon(category=category, since=JULY, **given)) == due


@pytest.mark.parametrize(
    ("category", "given", "field"),
    [
        ("employed", {}, "base"),
        ("irregular", {}, "quarter_total"),
        ("farmer", {}, "amount"),
        ("farmer", {"amount": D("1.5")}, "amount"),
        ("employed", {"base": D(-1)}, "base"),
        ("reduced", {"amount": D(1)}, "category"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(
    category: str, given: dict[str, D], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        services.reckon(category=category, since=JULY, **given)
    assert refused.value.field == field


def test_bands_are_those_of_the_month_and_rounding_is_a_setting() -> None:
    Band.objects.filter(kind="wage").update(effective_to=date(2026, 8, 31))
    Band.objects.create(
        kind="wage", above=0, rate=D(3), regulation="新规定", effective_from=date(2026, 9, 1)
    )
    RuleParameter.objects.filter(key="dues.rounding_step").update(value="0.1")

    assert services.reckon(category="employed", since=AUGUST, base=D(3333)) == D("33.30")
    assert services.reckon(category="employed", since=date(2026, 9, 1), base=D(3333)) == D("100.00")


def test_the_base_is_in_no_table(branch: Unit) -> None:
    member = make_member(branch)
    services.set_standard(
        member=member, by=make_account(), category="employed", since=JULY, base=D("8764.29")
    )

    for model in apps.get_app_config("dues").get_models():
        for row in model._base_manager.values():
            assert "8764" not in str(row), model
    assert not any("base" in f.name or "wage" in f.name for f in Standard._meta.fields)


def test_a_new_standard_changes_the_unpaid_months_from_its_own_on(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    open_months(branch, JUNE, JULY)
    make_paid(member, JUNE)

    make_standard(member, "40.00", since=JUNE)

    rows = Due.unscoped.filter(member=member).order_by("month").values_list("state", "amount")
    assert list(rows) == [("paid", D("15.00")), ("owed", D("40.00"))]
    make_standard(member, "41.00", since=JUNE)
    assert Standard.unscoped.filter(member=member).count() == 2


# --- Opening -----------------------------------------------------------------------------------


def test_a_month_opens_by_one_statement_and_once(branch: Unit) -> None:
    make_payers(branch, 3)
    with CaptureQueriesContext(connection) as asked:
        assert open_month(JULY) == 3
    assert len(asked) == 1
    assert open_month(JULY) == 0


def test_who_came_left_or_was_admitted_in_the_month_is_handled(branch: Unit) -> None:
    facts = {"confirmed_on": None}
    make_member(branch, name="大会日", kind="02", joined_on=date(2026, 7, 31), **facts)
    make_member(branch, name="下月大会", kind="02", joined_on=AUGUST, **facts)
    make_member(branch, name="月中转入", arrived_on=date(2026, 7, 20))
    make_member(branch, name="下月转入", arrived_on=AUGUST)
    gone = {
        name: make_member(branch, name=name) for name in ("月中离开", "月初离开", "去世", "停止")
    }
    roster.leave(member=gone["月中离开"], state=MemberState.LEFT, on=date(2026, 7, 9))
    roster.leave(member=gone["月初离开"], state=MemberState.LEFT, on=JULY)
    roster.leave(member=gone["去世"], state=MemberState.DEAD, on=date(2026, 7, 9))
    roster.leave(member=gone["停止"], state=MemberState.SUSPENDED, on=date(2026, 7, 9))

    open_month(JULY)

    assert set(owed(branch)) == {"大会日", "月中转入", "月中离开"}


def test_who_moves_between_branches_owes_the_month_once(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    other = make_branch(branch.parent)
    open_month(JULY)

    roster.transfer(member=member, to=other, on=date(2026, 7, 9))
    open_month(JULY)
    open_month(AUGUST)

    where = Due.unscoped.filter(member=member).order_by("month").values_list("unit", "month")
    assert list(where) == [(branch.pk, JULY), (other.pk, AUGUST)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Due.unscoped.create(unit=other, member=member, month=JULY)


def test_who_has_no_standard_owes_without_an_amount(branch: Unit) -> None:
    member = make_member(branch, name="新来")
    open_months(branch, JULY)
    assert owed(branch) == {"新来": None}

    taken = services.pay(
        unit=branch, members=[member.pk], month=JULY, span="month", paid_on=DAY, by=None, on=DAY
    )
    assert (taken.people, taken.unset) == (0, 1)


# --- Paying and correcting ---------------------------------------------------------------------


def test_a_branch_of_fifty_is_ticked_at_once(branch: Unit) -> None:
    people = make_payers(branch, 5)
    facts = {"unit": branch, "month": JULY, "span": "month", "paid_on": DAY, "by": None, "on": DAY}
    with CaptureQueriesContext(connection) as one:
        services.pay(members=[people[0].pk], **facts)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as four:
        taken = services.pay(members=[p.pk for p in people], **facts)  # type: ignore[arg-type]

    assert (taken.people, taken.amount) == (4, D("60.00"))
    assert len(four) == len(one)
    again = services.pay(members=[p.pk for p in people], **facts)  # type: ignore[arg-type]
    assert (again.people, Payment.unscoped.count()) == (0, 5)


@pytest.mark.parametrize(
    ("span", "months", "amount"), [("month", 1, "15"), ("quarter", 3, "45"), ("arrears", 2, "30")]
)
def test_several_months_are_one_payment(branch: Unit, span: str, months: int, amount: str) -> None:
    (member,) = make_payers(branch, 1)
    open_months(branch, JUNE, JULY)

    payment = make_paid(member, span=span)

    assert (payment.dues.count(), payment.amount) == (months, D(amount))
    assert computed_sum(branch, Period.parse("2026Q3")) == D(amount)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"members": []}, "members"),
        ({"paid_on": date(2026, 7, 15)}, "paid_on"),
        ({"month": AUGUST}, "month"),
    ],
)
def test_what_cannot_be_paid_is_refused(branch: Unit, change: dict, field: str) -> None:  # type: ignore[type-arg]
    (member,) = make_payers(branch, 1)
    facts = {"members": [member.pk], "month": JULY, "span": "month", "paid_on": DAY} | change
    with pytest.raises(Refusal) as refused:
        services.pay(unit=branch, by=None, on=DAY, **facts)
    assert refused.value.field == field


def test_somebody_elses_member_is_not_taken(branch: Unit) -> None:
    (stranger,) = make_payers(make_branch(), 1)
    open_month(JULY)
    taken = services.pay(
        unit=branch, members=[stranger.pk], month=JULY, span="month", paid_on=DAY, by=None, on=DAY
    )
    assert taken.people == 0
    assert Due.unscoped.get(member=stranger).state == DueState.OWED


def test_a_payment_taken_back_leaves_its_reason_with_every_month(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    payment, by = make_paid(member, span="quarter"), make_account()

    with pytest.raises(Refusal, match="请填写原因"):
        services.undo(payment=payment, by=by, reason=" ")
    services.undo(payment=payment, by=by, reason="记错了人")
    services.undo(payment=payment, by=by, reason="再按一次")

    assert set(Due.unscoped.values_list("state", "payment")) == {("owed", None)}
    log = DueChange.unscoped.values_list("kind", "reason", "by")
    assert list(log) == [(ChangeKind.UNDONE, "记错了人", by.pk)] * 3
    assert computed_sum(branch, Period.parse("2026Q3")) == 0
    make_paid(member)
    assert Payment.unscoped.filter(is_void=False).count() == 1


def test_a_month_is_struck_and_restored_with_reasons(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    open_months(branch, JULY)
    due, by = Due.unscoped.get(), make_account()

    services.strike(due=due, by=by, reason="已在转入地交纳")
    assert make_paid_nothing(branch, member.pk) == 0
    services.restore(due=due, by=by, reason="核对后未交")
    payment = make_paid(member)
    with pytest.raises(Refusal, match="请先撤销交纳"):
        services.strike(due=due, by=by, reason="x")

    assert payment.amount == 15
    kinds = list(DueChange.unscoped.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ChangeKind.STRUCK, ChangeKind.RESTORED]


def make_paid_nothing(branch: Unit, member: int) -> int:
    return services.pay(
        unit=branch, members=[member], month=JULY, span="month", paid_on=DAY, by=None, on=DAY
    ).people


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dues_due SET state = 'struck', reason = 'x', payment_id = NULL, paid_on = NULL",
        "UPDATE dues_due SET amount = 1",
        "UPDATE dues_due SET paid_on = NULL",
        "UPDATE dues_due SET month = '2026-01-01'",
        "UPDATE dues_due SET month = '2026-07-02'",
        "UPDATE dues_duechange SET reason = 'x'",
        "DELETE FROM dues_duechange",
    ],
)
def test_the_database_refuses_what_the_verbs_would(branch: Unit, sql: str) -> None:
    (member,) = make_payers(branch, 1)
    payment, by = make_paid(member, JUNE), make_account()
    services.undo(payment=payment, by=by, reason="错")
    make_paid(member, JUNE)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- Reductions and gifts ----------------------------------------------------------------------


def test_a_reduction_holds_for_its_months_when_another_approves(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    open_months(branch, JUNE, JULY)
    proposer = make_account()
    row = make_reduction(member, "1.00", until=AUGUST, by=proposer)
    assert owed(branch) == {member.name: D("15.00")}
    with pytest.raises(Refusal, match="由另一位同志审批"):
        services.decide_reduction(reduction=row, by=proposer, approve=True)
    assert make_reduction(member, "1.00", until=AUGUST, by=proposer) == row

    services.decide_reduction(reduction=row, by=make_account(), approve=True)
    open_months(branch, AUGUST, date(2026, 9, 1))

    amounts = Due.unscoped.order_by("month").values_list("amount", "category")
    assert list(amounts) == [
        (D(15), Category.EMPLOYED), (D(1), "reduced"), (D(1), "reduced"), (D(15), Category.EMPLOYED)
    ]  # fmt: skip
    with pytest.raises(Refusal, match="已经有人审批过"):
        services.decide_reduction(reduction=row, by=make_account(), approve=False, answer="不")


def test_nothing_to_pay_counts_nowhere(branch: Unit) -> None:
    free, other = make_payers(branch, 2)
    open_months(branch, JULY)
    make_reduction(free, "0", approved=True)
    make_paid(other)

    found = member_months(units=[branch], first=JULY, last=date(2026, 7, 31))
    assert found == {branch.pk: MemberMonths(branch.pk, due=1, paid=1)}


@pytest.mark.parametrize(
    ("amount", "since", "until", "field"),
    [
        ("15.00", JULY, JULY, "amount"),
        ("1.00", JULY, JUNE, "until"),
        ("1.00", JULY, date(2027, 7, 1), "until"),
    ],
)
def test_a_reduction_that_is_none_is_refused(
    branch: Unit, amount: str, since: date, until: date, field: str
) -> None:
    (member,) = make_payers(branch, 1)
    with pytest.raises(Refusal) as refused:
        make_reduction(member, amount, since=since, until=until)
    assert refused.value.field == field


def test_a_large_gift_stands_apart_and_goes_to_the_centre(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    facts = {"member": member, "by": make_account(), "given_on": DAY, "on": DAY}
    with pytest.raises(Refusal, match="1000 元以上"):
        services.record_gift(amount=D("999.99"), **facts)
    gift = services.record_gift(amount=D(1000), **facts)

    services.forward_gift(gift=gift, by=make_account(), forwarded_on=DAY, document="汇 1", on=DAY)

    assert computed_sum(branch, Period.parse("2026Q3")) == 0
    assert Gift.unscoped.get().forwarded_on == DAY


# --- Sums upward -------------------------------------------------------------------------------


def test_a_quarter_goes_up_from_branch_to_committee_to_district() -> None:
    street = make_committee()
    branch = make_branch(street)
    (member,) = make_payers(branch, 1)
    make_paid(member, JUNE, paid_on=date(2026, 6, 9))
    by = make_account()

    with pytest.raises(Refusal, match=r"少 5\.00 元，请写明原因"):
        make_remittance(branch, amount="10", by=by, note="")
    row = make_remittance(branch, amount="15", by=by, note="")
    assert make_remittance(branch, amount="15", by=by, note="") == row
    with pytest.raises(Refusal, match="由另一位同志办理"):
        services.confirm_remittance(remittance=row, by=by, confirmed_on=DAY, on=DAY)
    assert computed_sum(street, Period.parse("2026Q2")) == 0
    services.confirm_remittance(remittance=row, by=make_account(), confirmed_on=DAY, on=DAY)

    assert computed_sum(street, Period.parse("2026Q2")) == 15
    with pytest.raises(Refusal, match="已确认"):
        make_remittance(branch, amount="16")
    with pytest.raises(IntegrityError), transaction.atomic():
        Remittance.unscoped.update(state=RemitState.SUBMITTED)
    make_remittance(street, amount="15", note="")


def test_a_returned_sum_is_handed_in_anew() -> None:
    row = make_remittance(make_branch())
    services.return_remittance(remittance=row, by=make_account(), reason="金额不符")

    again = make_remittance(row.unit, amount="3")

    assert (again.pk, again.state, again.amount) == (row.pk, RemitState.SUBMITTED, 3)
    assert again.decided_by is None


def test_scores_count_paid_and_due_months_by_one_query() -> None:
    street = make_committee()
    one, other = make_branch(street), make_branch(street)
    people = make_payers(one, 2)
    make_payers(other, 1)
    open_month(JUNE)
    open_month(JULY)
    make_paid(people[0], JUNE, paid_on=date(2026, 6, 9))
    make_paid(people[1], JUNE)

    with CaptureQueriesContext(connection) as asked:
        found = member_months(units=[street], first=JUNE, last=date(2026, 6, 30))
    assert len(asked) == 1
    assert found == {
        one.pk: MemberMonths(one.pk, 2, 2), other.pk: MemberMonths(other.pk, 1, 0)
    }  # fmt: skip
    late = member_months(
        units=[street], first=JUNE, last=date(2026, 6, 30), paid_by=date(2026, 6, 30)
    )
    assert late[one.pk].paid == 1
