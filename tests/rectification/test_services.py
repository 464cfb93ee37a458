"""The way of a case: what is done, what is refused, and what the database refuses too."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from core.errors import Refusal
from rectification import services
from rectification.enums import (
    TRANSITIONS,
    FigureKind,
    HelperKind,
    Manner,
    ProblemState,
    PromiseWay,
    State,
    Timing,
)
from rectification.models import (
    Batch,
    Case,
    CaseStep,
    FigureEntry,
    Helper,
    Problem,
)
from tests.factories.branches import make_branch, make_district
from tests.factories.rectification import (
    DEADLINE,
    DUES,
    PLAN,
    SHEET,
    START,
    accepted,
    look_back,
    make_batch,
    make_case,
    make_hands,
    make_problem,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 14)


def test_a_case_goes_the_whole_way_and_each_step_is_kept() -> None:
    case = make_case(State.SETTLED)

    steps = CaseStep.unscoped.filter(case=case).values_list("before", "after")
    assert list(steps) == [
        (None, State.PROPOSED), (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7),
    ]  # fmt: skip
    assert (case.closed_on, case.watch_until) == (DAY, date(2027, 7, 14))
    assert case.decision_number == "区委常委会第3次会议"


def test_only_the_table_of_transitions_is_allowed_by_the_database_too() -> None:
    cases = {state: make_case(state) for state in State}
    allowed = set()
    for before, case in cases.items():
        staff_rows = Helper.unscoped.filter(case=case)
        kept = list(staff_rows)
        if not kept:
            staff_rows.bulk_create(
                Helper(case=case, kind=kind, name="甲", since=START) for kind in HelperKind
            )
        Case.unscoped.filter(pk=case.pk).update(
            decided_on=START, decision_number="x", started_on=START, closed_on=DAY, watch_until=DAY
        )
        for after in State:
            try:
                with transaction.atomic():
                    Case.unscoped.filter(pk=case.pk).update(state=after)
                    transaction.set_rollback(True)
                if before != after:
                    allowed.add((before, after))
            except (IntegrityError, DatabaseError):
                pass

    # 销号 asks for two approvals, which this case in 验收中 has not.
    assert allowed == TRANSITIONS - {(State.EXAMINED, State.CLOSED)}


def test_a_case_cannot_begin_in_the_middle() -> None:
    case = make_case(State.PROPOSED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.create(
            batch=case.batch, unit=make_branch(case.unit.parent), deadline=DEADLINE,
            state=State.UNDERWAY, decided_on=START, decision_number="x",
        )  # fmt: skip


def test_steps_are_never_changed() -> None:
    case = make_case(State.LISTED)

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseStep.unscoped.filter(case=case).update(note="改写")


# --- Listing ---------------------------------------------------------------------------------


def test_the_same_organisation_twice_in_a_batch_is_one_case() -> None:
    case = make_case(State.PROPOSED)

    again = services.propose_case(
        batch=case.batch, unit=case.unit, reasons=["venue"], by=None, on=DAY
    )

    assert again == case
    assert case.reasons == ["team", "service"]


def test_an_organisation_has_one_running_case_at_most() -> None:
    case = make_case(State.UNDERWAY)
    later = make_batch(case.batch.unit)

    with pytest.raises(Refusal, match="还没有销号"):
        services.propose_case(batch=later, unit=case.unit, reasons=["team"], by=None, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.create(batch=later, unit=case.unit, deadline=DEADLINE)


@pytest.mark.parametrize("reasons", [[], ["nonsense"]])
def test_a_case_names_official_reasons(reasons: list[str]) -> None:
    branch = make_branch()

    with pytest.raises(Refusal, match="列入情形"):
        services.propose_case(
            batch=make_batch(branch.district), unit=branch, reasons=reasons, by=None, on=DAY
        )


def test_a_unit_of_another_district_is_refused() -> None:
    with pytest.raises(Refusal, match="本区"):
        services.propose_case(
            batch=make_batch(make_district()), unit=make_branch(), reasons=["team"], by=None,
            on=DAY,
        )  # fmt: skip


def test_the_decision_has_a_day_and_a_document() -> None:
    case = make_case(State.PROPOSED)
    hands = make_hands()

    with pytest.raises(Refusal, match="不能晚于今天"):
        services.decide_listing(
            case=case, by=hands.staff, decided_on=DAY + timedelta(days=1), decision_number="x",
            on=DAY,
        )  # fmt: skip
    with pytest.raises(Refusal, match="决定文号"):
        services.decide_listing(
            case=case, by=hands.staff, decided_on=DAY, decision_number=" ", on=DAY
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.filter(pk=case.pk).update(state=State.LISTED)


def test_the_number_of_cases_is_never_asked_for() -> None:
    names = {field.name for field in Batch._meta.fields}

    assert not names & {"quota", "share", "least_cases", "target"}


# --- 四位一体 ----------------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", list(HelperKind))
def test_without_one_of_the_four_a_case_is_not_under_way(left_out: HelperKind) -> None:
    case = make_case(State.LISTED)
    hands = make_hands()
    services.describe(case=case, detail="", baseline="", plan=PLAN)
    for kind in HelperKind:
        if kind != left_out:
            services.assign(
                case=case, by=hands.street, kind=kind, name="甲", position="", workplace="",
                since=START, on=DAY,
            )  # fmt: skip
    case.refresh_from_db()
    assert case.state == State.LISTED

    with pytest.raises(Refusal, match=str(left_out.label)):
        services.start(case=case, by=hands.street, started_on=DAY, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.filter(pk=case.pk).update(state=State.STAFFED)


def test_the_fourth_makes_it_complete_and_the_plan_is_asked_for() -> None:
    case = make_case(State.STAFFED)
    hands = make_hands()

    with pytest.raises(Refusal, match="一支部一策"):
        services.start(case=case, by=hands.street, started_on=DAY, on=DAY)
    services.describe(case=case, detail="", baseline="", plan=PLAN)
    services.start(case=case, by=hands.street, started_on=DAY, on=DAY)

    case.refresh_from_db()
    assert (case.state, case.started_on) == (State.UNDERWAY, DAY)


def test_who_takes_over_ends_who_was_there() -> None:
    case = make_case(State.UNDERWAY)
    kind = HelperKind.FIRST_SECRETARY
    old = Helper.unscoped.get(case=case, kind=kind)

    for _ in range(2):
        new = services.assign(
            case=case, by=None, kind=kind, name="新书记", position="", workplace="", since=DAY,
            on=DAY,
        )  # fmt: skip

    old.refresh_from_db()
    assert (old.until, new.until, new.name) == (DAY, None, "新书记")
    assert Helper.unscoped.filter(case=case, kind=kind).count() == 2


def test_households_of_a_visit_count_once_however_often_it_is_sent() -> None:
    case, key = make_case(State.UNDERWAY), uuid4()
    helper = Helper.unscoped.filter(case=case).first()

    for _ in range(2):
        services.record_visit(
            case=case, by=None, helper=helper, day=DAY, households=12, solved="修路灯", on=DAY,
            form_key=key,
        )  # fmt: skip

    entry = FigureEntry.unscoped.get(case=case)
    assert (entry.kind, entry.amount) == (FigureKind.HOUSEHOLDS, Decimal(12))


# --- 三步 --------------------------------------------------------------------------------------


def test_a_problem_is_settled_on_both_sides_by_two_people() -> None:
    case, hands = make_case(State.UNDERWAY), make_hands()
    problem = make_problem(case, ProblemState.DONE, hands=hands)

    with pytest.raises(Refusal, match="另一位同志"):
        services.confirm_done(
            problem=problem, by=hands.branch, answer="好", confirmed_on=DAY, on=DAY
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.unscoped.filter(pk=problem.pk).update(
            state=ProblemState.CONFIRMED, confirmed_on=DAY, confirmed_by=hands.branch
        )
    done = services.confirm_done(
        problem=problem, by=hands.street, answer="已回访", confirmed_on=DAY, on=DAY
    )

    assert done.state == ProblemState.CONFIRMED


def test_a_problem_that_was_sent_back_is_solved_again() -> None:
    case, hands = make_case(State.UNDERWAY), make_hands()
    problem = make_problem(case, ProblemState.DONE, hands=hands)

    problem = services.send_back(problem=problem, by=hands.street, reason="灯又坏了")
    assert (problem.state, problem.answer) == (ProblemState.SOLVING, "灯又坏了")
    problem = services.report_done(
        problem=problem, by=hands.branch, done_on=DAY, result="换了新灯", on=DAY
    )

    assert (problem.state, problem.answer) == (ProblemState.DONE, "")


@pytest.mark.parametrize("after", [ProblemState.DONE, ProblemState.CONFIRMED])
def test_the_database_refuses_to_skip_a_step_of_a_problem(after: ProblemState) -> None:
    problem = make_problem(make_case(State.UNDERWAY))

    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.unscoped.filter(pk=problem.pk).update(
            state=after, owner="甲", measures="乙", due_on=DAY, done_on=DAY, confirmed_on=DAY
        )


def test_a_promise_is_kept_once() -> None:
    case, key = make_case(State.UNDERWAY), uuid4()
    made = [
        services.promise(
            case=case, by=None, way=PromiseWay.CARD, item="修好路灯", person="刘主任",
            due_on=DEADLINE, posted_on=DAY, on=DAY, form_key=key,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made[0] == made[1]

    services.keep_promise(promise=made[0], by=None, kept_on=DAY, outcome="已修好", on=DAY)
    again = services.keep_promise(promise=made[0], by=None, kept_on=DAY, outcome="别的", on=DAY)

    assert again.outcome == "已修好"


def test_marks_of_secrecy_are_refused() -> None:
    case = make_case(State.UNDERWAY)

    with pytest.raises(Refusal, match="涉密"):
        services.collect(
            case=case, by=None, source="visit", title="机密★1年", collected_on=DAY, on=DAY
        )


# --- 两项制度 ----------------------------------------------------------------------------------


def test_a_report_is_filed_once_and_late_when_after_its_day() -> None:
    case = make_case(State.UNDERWAY)
    due = case.batch.dues.get(title="第二次报告")

    first = services.file_report(case=case, due=due, by=None, filed_on=DAY, summary="进展")
    again = services.file_report(case=case, due=due, by=None, filed_on=DAY, summary="别的")

    assert first == again
    assert first.is_late
    with pytest.raises(Refusal, match="上传报告材料"):
        services.file_report(
            case=case, due=case.batch.dues.get(title="第一次报告"), by=None, filed_on=DAY,
            summary="",
        )  # fmt: skip


def test_a_report_that_was_filed_stays_in_the_batch() -> None:
    case = make_case(State.UNDERWAY)
    services.file_report(
        case=case, due=case.batch.dues.first(), by=None, filed_on=DAY, summary="进展"
    )

    with pytest.raises(Refusal, match="不能取消"):
        services.save_batch(
            unit=case.batch.unit, by=None, batch=case.batch, number=case.batch.number,
            name="x", year=2026, starts_on=START, deadline=DEADLINE, items=SHEET, dues="",
        )  # fmt: skip


def test_sheet_and_lines_stand_once_a_case_was_examined_by_them() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    accepted(case, hands, DAY)
    given = {
        "unit": case.batch.unit, "by": None, "batch": case.batch, "number": case.batch.number,
        "name": "x", "year": 2026, "starts_on": START, "deadline": DEADLINE, "dues": DUES,
    }  # fmt: skip

    with pytest.raises(Refusal, match="评分表不能再改"):
        services.save_batch(**given, items="班子建设 50\n问题整改 50")
    with pytest.raises(Refusal, match="合格线不能再改"):
        services.save_batch(**given, items=SHEET, pass_score=Decimal(60))
    assert services.save_batch(**given, items=SHEET).name == "x"


def test_an_inspection_is_answered_once() -> None:
    case, hands = make_case(State.UNDERWAY), make_hands()
    look = services.inspect(
        case=case, by=hands.staff, day=DAY, manner=Manner.OPEN, timing=Timing.REGULAR,
        inspectors="督查组", findings="台账不全", answer_by=DAY + timedelta(days=7), on=DAY,
    )  # fmt: skip
    assert look.waits

    services.answer_inspection(inspection=look, answer="已补全", answered_on=DAY)
    again = services.answer_inspection(inspection=look, answer="别的", answered_on=DAY)

    assert (again.answer, again.waits) == ("已补全", False)


def test_looking_back_is_for_what_was_closed_only() -> None:
    hands = make_hands()
    case = make_case(State.UNDERWAY, hands=hands)

    with pytest.raises(Refusal, match="回头看"):
        look_back(case, hands, DAY)
    with pytest.raises(Refusal, match="回头看"):
        services.inspect(
            case=make_case(State.CLOSED), by=hands.staff, day=DAY, manner=Manner.OPEN,
            timing=Timing.REGULAR, inspectors="甲", findings="乙", on=DAY,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "amount", "good"),
    [("households", "12", True), ("households", "1.5", False), ("funds", "1.5", True),
     ("funds", "0", False), ("deeds", "-1", False), ("nonsense", "1", False)],
)  # fmt: skip
def test_figures_are_whole_but_for_money(kind: str, amount: str, good: bool) -> None:
    case = make_case(State.UNDERWAY)

    def enter() -> FigureEntry:
        return services.enter_figure(
            case=case, by=None, day=DAY, kind=kind, amount=Decimal(amount), on=DAY
        )

    if good:
        assert enter().amount == Decimal(amount)
    else:
        with pytest.raises(Refusal):
            enter()
        if kind in FigureKind.values:
            with pytest.raises(IntegrityError), transaction.atomic():
                FigureEntry.unscoped.create(case=case, day=DAY, kind=kind, amount=Decimal(amount))


def test_a_wrong_figure_is_struck_out_and_stays() -> None:
    case = make_case(State.UNDERWAY)
    entry = services.enter_figure(
        case=case, by=None, day=DAY, kind="cards", amount=Decimal(300), on=DAY
    )

    with pytest.raises(Refusal, match="作废原因"):
        services.void_figure(entry=entry, reason="")
    services.void_figure(entry=entry, reason="多录一个零")

    entry.refresh_from_db()
    assert (entry.is_void, entry.amount) == (True, Decimal(300))
