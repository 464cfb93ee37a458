"""The way of a rating, what is refused by the verbs, and what by the database itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from core.errors import Refusal
from starrating import services
from starrating.defaults import SHEET as DEFAULT
from starrating.defaults import Line
from starrating.enums import TRANSITIONS, Category, Cause, RoundState, Stage, State
from starrating.models import (
    ItemScore,
    ModelSite,
    Plan,
    Rating,
    RatingStep,
    Round,
    Standard,
    StandardItem,
    StarChange,
    VetoReason,
)
from starrating.rules import Given
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.starrating import (
    AFTER_NOTICE,
    DAY,
    SHEET,
    START,
    Hands,
    forward,
    give,
    make_credit_code,
    make_hands,
    make_organisation,
    make_rating,
    make_round,
    make_standard,
)

pytestmark = pytest.mark.django_db
Q = Decimal


def refused(verb: Any, /, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(**given)
    return caught.value


def starred(stars: int, hands: Hands, **facts: Any) -> Rating:
    """A rating of the running round whose organisation held so many stars before it."""
    organisation = make_organisation(make_branch(make_committee(make_district())), **facts)
    type(organisation).unscoped.filter(pk=organisation.pk).update(stars=stars, stars_since=START)
    return make_rating(State.SELF, organisation=organisation, hands=hands)


def test_a_rating_goes_its_whole_way_to_its_plaque() -> None:
    hands = make_hands()
    rating = make_rating(State.NOTICED, hands=hands)
    assert (rating.stars, rating.review_total) == (4, Q("85.00"))
    # 公示 of five working days from Tuesday 14 July 2026.
    assert rating.notice_until == date(2026, 7, 21)

    early = refused(services.award, rating=rating, by=hands.staff, on=date(2026, 7, 21))
    services.award(rating=rating, by=hands.staff, on=AFTER_NOTICE)

    rating.refresh_from_db()
    rating.organisation.refresh_from_db()
    assert "期满" in early.message
    assert (rating.state, rating.reward, rating.round.granted) == (State.AWARDED, 4000, 4000)
    assert (rating.organisation.stars, rating.organisation.stars_since) == (4, AFTER_NOTICE)
    assert [step.after for step in rating.steps.all()] == [0, 1, 2, 3, 4, 5]
    assert StarChange.unscoped.get().cause == Cause.RATED


def test_the_database_knows_the_same_moves_as_the_table() -> None:
    rating = make_rating()
    hands = make_hands()
    ready: dict[str, Any] = {
        "stars": 4, "review_total": 85, "review_by": hands.staff, "check_by": hands.street,
        "notice_until": DAY, "ended_on": AFTER_NOTICE, "veto": VetoReason.objects.first(),
    }  # fmt: skip
    rows = Rating.unscoped.filter(pk=rating.pk)
    wrong = []
    for before, after in product(State, State):
        with transaction.atomic():
            new = (before, after) == (State.FILED, State.UNRATED)
            rows.update(is_new=new, **ready | ({"stars": 0} if new else {}))
            for step in _way_to(before):
                rows.update(state=step)
            if moves(rows, after) != (before == after or (before, after) in TRANSITIONS):
                wrong.append((before, after))
            transaction.set_rollback(True)

    assert wrong == []


def moves(rows: Any, after: State) -> bool:
    try:
        with transaction.atomic():
            rows.update(state=after)
    except IntegrityError:
        return False
    return True


def _way_to(state: State) -> list[State]:
    ways = {State.UNRATED: [1, 2, 3, 4, 6], State.VETOED: [1, 7]}
    return [State(one) for one in ways.get(state, range(1, state + 1))]


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("return_self", {"reason": "缺材料"}),
        ("finish_check", {}),
        ("return_check", {"reason": "重核"}),
        ("finish_review", {}),
        ("return_review", {"reason": "重审"}),
        ("object_to", {"reason": "有异议"}),
        ("award", {}),
        ("veto", {"reason": "law", "note": "属实"}),
        ("lift_veto", {"reason": "查否"}),
        ("propose_exception", {"reason": "突出"}),
        ("approve_exception", {}),
    ],
)
def test_a_verb_out_of_turn_is_a_conflict_and_changes_nothing(
    verb: str, given: dict[str, Any]
) -> None:
    rating = make_rating()

    refusal = refused(
        getattr(services, verb), rating=rating, by=make_hands().staff, on=DAY, **given
    )

    assert refusal.code == "conflict"
    rating.refresh_from_db()
    assert rating.state == State.SELF


def test_each_step_is_done_by_another_person() -> None:
    hands = make_hands()
    rating = make_rating(State.FILED, hands=hands)
    own = refused(services.finish_check, rating=rating, by=hands.branch, on=DAY)
    give(rating, Stage.CHECK, hands.street, Q("0.85"))
    services.finish_check(rating=rating, by=hands.street, on=DAY)
    same = refused(services.finish_review, rating=rating, by=hands.street, on=DAY)

    assert (own.code, same.code) == ("forbidden", "forbidden")
    for field, who in (("check_by", hands.branch), ("review_by", hands.street)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.unscoped.filter(pk=rating.pk).update(**{field: who})


def test_a_score_that_differs_needs_its_reason_also_in_the_database() -> None:
    hands = make_hands()
    rating = make_rating(State.FILED, hands=hands)
    row = rating.scores.first()
    lower = {row.pk: Given(Q(40))}

    refusal = refused(services.score, rating=rating, stage="check", by=hands.street, values=lower)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemScore.unscoped.filter(pk=row.pk).update(check_score=40)
    services.score(
        rating=rating, stage="check", by=hands.street,
        values={row.pk: Given(Q(40), "批复过期", ["papers", "nonsense"])},
    )  # fmt: skip

    row.refresh_from_db()
    assert refusal.field == f"note_{row.pk}"
    assert (row.check_score, row.check_note, row.check_methods) == (40, "批复过期", ["papers"])


@pytest.mark.parametrize("given", [None, Q(-1), Q("60.01")])
def test_points_lie_between_nothing_and_those_of_the_item(given: Decimal | None) -> None:
    rating = make_rating()
    row = rating.scores.first()

    refusal = refused(
        services.score, rating=rating, stage="self", by=make_hands().branch,
        values={row.pk: Given(given)},
    )  # fmt: skip

    assert refusal.field == f"score_{row.pk}"


def test_each_column_is_open_in_its_own_step_only() -> None:
    hands = make_hands()
    rating = make_rating(State.CHECKED, hands=hands)
    row = rating.scores.first()

    late = refused(
        services.score, rating=rating, stage="self", by=hands.branch, values={row.pk: Given(Q(1))}
    )
    assert late.code == "conflict"
    for column in ("self_score", "check_score"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemScore.unscoped.filter(pk=row.pk).update(**{column: 1})


def test_a_changed_score_empties_those_that_looked_at_another_number() -> None:
    hands = make_hands()
    rating = make_rating(State.CHECKED, hands=hands)
    services.return_check(rating=rating, by=hands.staff, reason="请再看", on=DAY)
    services.return_self(rating=rating, by=hands.street, reason="缺批复", on=DAY)
    first, second = rating.scores.all()

    services.score(
        rating=rating, stage="self", by=hands.branch,
        values={first.pk: Given(Q(30)), second.pk: Given(second.self_score)},
    )  # fmt: skip

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.check_score, second.check_score) == (None, Q("34.00"))


def test_what_is_not_scored_whole_cannot_be_filed() -> None:
    hands = make_hands()
    rating = make_rating()
    row = rating.scores.first()
    services.score(rating=rating, stage="self", by=hands.branch, values={row.pk: Given(Q(1))})

    assert "群众满意" in refused(services.file_self, rating=rating, by=hands.branch, on=DAY).message


def test_one_step_up_a_round_and_any_step_down() -> None:
    hands = make_hands()
    up = forward(starred(2, hands), State.REVIEWED, hands, Q("0.95"))
    down = forward(starred(5, hands), State.REVIEWED, hands, Q("0.65"))

    assert (up.earned_stars, up.stars) == (5, 3)
    assert (down.earned_stars, down.stars) == (2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.unscoped.filter(pk=up.pk).update(stars=5)


def test_an_exception_is_the_word_of_two_people() -> None:
    hands = make_hands()
    rating = forward(starred(2, hands), State.REVIEWED, hands, Q("0.95"))
    services.propose_exception(rating=rating, by=hands.staff, reason="全国先进", on=DAY)
    waits = refused(services.publish, round_=rating.round, by=hands.staff, on=DAY)
    own = refused(services.approve_exception, rating=rating, by=hands.staff, on=DAY)
    services.approve_exception(rating=rating, by=hands.second, on=DAY)
    services.publish(round_=rating.round, by=hands.staff, on=DAY)
    services.award(rating=rating, by=hands.staff, on=AFTER_NOTICE)

    assert "破格" in waits.message
    assert own.code == "forbidden"
    change = StarChange.unscoped.get()
    assert (change.before, change.after, change.cause) == (2, 5, Cause.EXCEPTION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.unscoped.filter(pk=rating.pk).update(exception_ok_by=hands.staff)


def test_an_exception_that_is_refused_leaves_one_step() -> None:
    hands = make_hands()
    rating = forward(starred(2, hands), State.REVIEWED, hands, Q("0.95"))
    services.propose_exception(rating=rating, by=hands.staff, reason="全国先进", on=DAY)

    services.refuse_exception(rating=rating, by=hands.second, reason="材料不足", on=DAY)

    rating.refresh_from_db()
    assert (rating.stars, rating.exception_reason, rating.exception_by) == (3, "", None)
    services.publish(round_=rating.round, by=hands.staff, on=DAY)


def test_the_newly_founded_assess_themselves_and_get_no_star() -> None:
    hands = make_hands()
    organisation = make_organisation(founded_on=date(2025, 9, 1))
    rating = make_rating(State.FILED, organisation=organisation, hands=hands)
    assert rating.is_new
    conflict = refused(services.finish_check, rating=rating, by=hands.street, on=DAY)

    services.end_new(rating=rating, by=hands.street, on=DAY)

    rating.refresh_from_db()
    assert conflict.code == "conflict"
    assert (rating.state, rating.stars, rating.reward) == (State.UNRATED, None, 0)
    assert StarChange.unscoped.count() == 0


def test_below_the_lowest_line_there_is_no_star_and_no_money() -> None:
    rating = make_rating(State.UNRATED, share=Q("0.5"))

    rating.organisation.refresh_from_db()
    assert (rating.stars, rating.organisation.stars, rating.round.granted) == (0, 0, 0)


def test_a_veto_takes_the_stars_and_another_person_may_lift_it() -> None:
    hands = make_hands()
    rating = forward(starred(4, hands), State.FILED, hands)
    unknown = refused(
        services.veto, rating=rating, by=hands.staff, reason="weather", note="雨", on=DAY
    )
    services.veto(rating=rating, by=hands.staff, reason="credit", note="失信名单", on=DAY)
    rating.organisation.refresh_from_db()
    assert (unknown.field, rating.organisation.stars) == ("reason", 0)
    own = refused(services.lift_veto, rating=rating, by=hands.staff, reason="已更正", on=DAY)

    services.lift_veto(rating=rating, by=hands.second, reason="信用已修复", on=DAY)

    rating.refresh_from_db()
    rating.organisation.refresh_from_db()
    assert own.code == "forbidden"
    assert (rating.state, rating.veto, rating.organisation.stars) == (State.FILED, None, 4)


def test_an_objection_sends_it_back_to_be_reviewed() -> None:
    hands = make_hands()
    rating = make_rating(State.NOTICED, hands=hands)

    services.object_to(rating=rating, by=hands.staff, reason="社保没有交齐", on=DAY)

    rating.refresh_from_db()
    assert (rating.state, rating.stars, rating.notice_until) == (State.CHECKED, None, None)
    services.finish_review(rating=rating, by=hands.second, on=DAY)


def test_the_fund_is_not_overrun_by_a_verb_or_by_hand() -> None:
    hands = make_hands()
    district = make_district()
    branch = make_branch(make_committee(district))
    firms = [make_organisation(branch) for _ in range(2)]
    round_ = make_round(district, fund=Q(7000))
    ratings = [make_rating(State.REVIEWED, organisation=one, round_=round_, hands=hands)
               for one in firms]  # fmt: skip
    services.publish(round_=round_, by=hands.staff, on=DAY)

    whole = refused(services.award_all, round_=round_, by=hands.staff, on=AFTER_NOTICE)
    services.award(rating=ratings[0], by=hands.staff, on=AFTER_NOTICE)
    spent = refused(services.award, rating=ratings[1], by=hands.staff, on=AFTER_NOTICE)

    assert "经费不够" in whole.message
    assert "只剩 3000 元" in spent.message
    round_.refresh_from_db()
    assert round_.granted == 4000
    for change in ({"granted": 0}, {"fund": 3999}, {"four_line": 75}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.unscoped.filter(pk=round_.pk).update(**change)
    services.save_round(unit=district, by=None, round_=round_, name=round_.name, fund=Q(8000))
    assert len(services.award_all(round_=round_, by=hands.staff, on=AFTER_NOTICE)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.unscoped.filter(pk=ratings[0].pk).update(reward=1)


def test_the_standard_of_a_round_that_started_is_frozen() -> None:
    district = make_district()
    make_organisation(make_branch(make_committee(district)))
    round_ = make_round(district, started=False)
    item = StandardItem.unscoped.filter(standard=round_.standard).first()
    StandardItem.unscoped.filter(pk=item.pk).update(evidence="改得动")
    services.start_round(round_=round_, by=None, on=START)

    for write in (
        lambda: StandardItem.unscoped.filter(pk=item.pk).update(points=1),
        lambda: StandardItem.unscoped.create(
            standard=round_.standard, position=9, category="team", name="加一项", points=1
        ),
        lambda: StandardItem.unscoped.filter(pk=item.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    other = make_standard(district, tuple(reversed(SHEET)))
    frozen = refused(
        services.save_round, unit=district, by=None, round_=round_, name=round_.name, standard=other
    )
    assert (frozen.field, frozen.code, other.version) == ("standard", "conflict", 2)


def test_a_round_starts_once_takes_in_all_and_ends_when_all_is_decided() -> None:
    district, hands = make_district(), make_hands()
    branch = make_branch(make_committee(district))
    kept, gone = make_organisation(branch), make_organisation(branch)
    services.close_organisation(organisation=gone, by=hands.staff, day=START, on=DAY)
    round_ = make_round(district)
    assert [one.organisation for one in round_.ratings.all()] == [kept]
    again = refused(services.start_round, round_=round_, by=None, on=START)
    draft = make_round(district, started=False, standard=round_.standard)
    second = refused(services.start_round, round_=draft, by=None, on=START)
    rating = forward(round_.ratings.get(), State.FILED, hands)
    busy = refused(services.close_round, round_=round_, by=hands.staff, on=DAY)
    services.veto(rating=rating, by=hands.staff, reason="law", note="属实", on=DAY)
    services.close_round(round_=round_, by=hands.staff, on=DAY)

    assert {again.code, second.code, busy.code} == {"conflict"}
    round_.refresh_from_db()
    assert round_.state == RoundState.CLOSED
    late = refused(services.lift_veto, rating=rating, by=hands.second, reason="查否", on=DAY)
    assert late.code == "conflict"
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.unscoped.filter(pk=round_.pk).update(state=RoundState.RUNNING)


def test_the_default_sheet_is_a_sheet_and_is_adopted_once() -> None:
    district = make_district()

    first = services.adopt_default(unit=district, by=None)
    assert services.adopt_default(unit=district, by=None) == first

    per_class = {one: sum(i.points for i in DEFAULT if i.category == one) for one in Category}
    assert list(per_class.values()) == [20, 20, 15, 15, 15, 15]
    assert first.items.count() == 18
    assert Standard.unscoped.count() == 1


def test_a_sheet_that_does_not_make_a_hundred_is_refused() -> None:
    short = (*SHEET[:1], Line(Category.SOCIETY, "群众满意", Q(39), (), ""))

    refusal = refused(
        services.save_standard, unit=make_district(), by=None, name="标准", lines=short
    )

    assert "合计 99 分" in refusal.message


@pytest.mark.parametrize("code", ["91620100MA0000001A", "123", ""])
def test_a_credit_code_that_does_not_check_is_refused(code: str) -> None:
    with pytest.raises(Refusal) as caught:
        make_organisation(credit_code=code)
    assert caught.value.field == "credit_code"


def test_an_organisation_is_registered_once_in_a_district() -> None:
    branch, code = make_branch(), make_credit_code()
    made = make_organisation(branch, credit_code=code.lower())
    assert (made.credit_code, made.manager, made.founded_on) == (
        code, branch.committee, branch.founded_on,
    )  # fmt: skip
    with pytest.raises(Refusal) as caught:
        make_organisation(branch, credit_code=code)
    assert "已经登记过" in caught.value.message
    # Another district keeps its own register.
    make_organisation(make_branch(), credit_code=code)


def test_more_members_than_staff_are_a_slip_of_the_pen() -> None:
    with pytest.raises(Refusal) as caught:
        make_organisation(staff_count=3, member_count=4)
    assert caught.value.field == "member_count"


def test_a_demotion_goes_down_only_and_is_written_down() -> None:
    hands = make_hands()
    rating = make_rating(State.AWARDED, hands=hands)
    firm = rating.organisation
    firm.refresh_from_db()

    up = refused(services.demote, organisation=firm, by=hands.staff, to=5, reason="x", on=DAY)
    services.demote(organisation=firm, by=hands.staff, to=2, reason="书记长期空缺", on=DAY)

    firm.refresh_from_db()
    assert (up.field, firm.stars) == ("to", 2)
    change = StarChange.unscoped.first()
    with pytest.raises(InternalError), transaction.atomic():
        StarChange.unscoped.filter(pk=change.pk).update(after=5)


def test_models_stay_within_the_quota_of_the_plan() -> None:
    hands, district = make_hands(), make_district()
    branch = make_branch(make_committee(district))
    firms = [make_organisation(branch) for _ in range(4)]
    given = {"by": hands.staff, "named_on": DAY, "feature": "先锋岗", "on": DAY}
    sites = [services.name_model(organisation=one, **given) for one in firms[:3]]
    assert services.name_model(organisation=firms[0], **given) == sites[0]

    full = refused(services.name_model, organisation=firms[3], **given)
    kept = refused(
        services.close_organisation, organisation=firms[0], by=hands.street, day=DAY, on=DAY
    )
    assert "先取消示范点" in kept.message
    services.end_model(site=sites[0], by=hands.staff, reason="搬离本区", on=DAY)
    services.name_model(organisation=firms[3], **given)

    assert "已满" in full.message
    assert Plan.unscoped.get().models_taken == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelSite.unscoped.filter(pk=sites[0].pk).update(ended_on=None)
    low = refused(services.save_plan, unit=district, model_low=1, model_high=2, targets={})
    assert "现有" in low.message


def test_the_history_is_never_rewritten() -> None:
    rating = make_rating(State.FILED)
    step = RatingStep.unscoped.filter(rating=rating).first()

    with pytest.raises(InternalError), transaction.atomic():
        RatingStep.unscoped.filter(pk=step.pk).update(note="改写")


def test_an_organisation_that_came_later_is_taken_in_once() -> None:
    hands, district = make_hands(), make_district()
    branch = make_branch(make_committee(district))
    make_organisation(branch)
    round_ = make_round(district)
    late = make_organisation(branch)
    given = {"round_": round_, "organisation": late, "by": hands.staff, "on": DAY}

    assert services.include(**given) == services.include(**given)
    stranger = make_organisation()
    assert refused(services.include, **given | {"organisation": stranger}).code == "conflict"
    assert round_.ratings.count() == 2
