"""The verbs of 组织生活会, 民主评议党员 and 谈心谈话, and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from branches.enums import MemberKind, PostKind
from core.errors import Refusal
from core.models import RuleParameter
from meetings.enums import Kind, Status
from meetings.enums.life import AppraisalState, Grade, ReviewState, TalkKind
from meetings.models import (
    Appraisal,
    AppraisalEntry,
    LifeProblem,
    LifeReview,
    LifeStep,
    Meeting,
    Talk,
)
from meetings.rules.life import Tally
from meetings.services import life, life_appraisal, life_talks, withdraw
from tests.factories.branches import make_branch, make_member, make_members, make_post
from tests.factories.life import ON, make_appraisal, make_review, make_talk, solve
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import Street


def refused(excinfo: pytest.ExceptionInfo[Refusal]) -> str:
    return excinfo.value.message


# --- 组织生活会 ----------------------------------------------------------------------------------


def test_a_review_goes_from_study_to_closed_and_each_step_is_noted(street: Street) -> None:
    review = make_review(
        street.branch, ReviewState.CLOSED, by=street.secretary, decider=street.reviewer
    )

    steps = LifeStep.unscoped.filter(review=review).values_list("after", flat=True)
    assert list(steps) == [state.value for state in ReviewState]
    assert (review.filed_by, review.decided_by) == (street.secretary, street.reviewer)


def test_a_review_begun_twice_is_one(street: Street) -> None:
    first = life.start_review(unit=street.branch, year=2026, by=street.secretary, on=ON)
    second = life.start_review(unit=street.branch, year=2026, by=street.secretary, on=ON)

    assert first == second
    assert LifeStep.unscoped.filter(review=first).count() == 1


def test_a_step_sent_twice_is_one_step(street: Street) -> None:
    review = make_review(street.branch, ReviewState.MEETING, by=street.secretary)
    meeting = make_meeting(street.branch, Kind.ORGANISATION_LIFE, date(2026, 11, 10))
    for _ in range(2):
        life.hold_review(review=review, meeting=meeting, by=street.secretary, on=ON)

    assert LifeStep.unscoped.filter(review=review, after=ReviewState.RECTIFY).count() == 1


def test_missing_talks_ask_for_a_code(street: Street) -> None:
    review = make_review(street.branch, ReviewState.TALKS, by=street.secretary)

    with pytest.raises(Refusal) as excinfo:
        life.talks_done(review=review, by=street.secretary, on=ON)
    assert "还差 4 项谈话" in refused(excinfo)

    for other in street.members[1:]:
        make_talk(street.branch, street.members[0], other)
    moved = life.talks_done(review=review, by=street.secretary, on=ON, gap="away")
    assert (moved.state, moved.talk_gap) == (ReviewState.PROBLEMS, "")


def test_a_problem_that_names_a_member_is_refused(street: Street) -> None:
    review = make_review(street.branch, ReviewState.PROBLEMS, by=street.secretary)
    name = street.members[3].name

    with pytest.raises(Refusal) as excinfo:
        life.add_problem(
            review=review, text=f"{name}同志不来开会", source="self", by=street.secretary
        )
    assert "不点名到个人" in refused(excinfo)
    assert LifeProblem.unscoped.filter(review=review).count() == 1


def test_a_problem_with_a_mark_of_secrecy_is_refused(street: Street) -> None:
    review = make_review(street.branch, ReviewState.PROBLEMS, by=street.secretary)

    with pytest.raises(Refusal, match="不得存放涉密内容"):
        life.add_problem(
            review=review, text="机密★1年 有关情况", source="self", by=street.secretary
        )


@pytest.mark.parametrize(
    ("kind", "day", "status", "word"),
    [
        (Kind.MEMBERS, date(2026, 11, 10), Status.SUBMITTED, "类别"),
        (Kind.ORGANISATION_LIFE, date(2025, 12, 31), Status.SUBMITTED, "核对召开日期"),
        (Kind.ORGANISATION_LIFE, date(2026, 11, 10), Status.DRAFT, "还没有提交"),
    ],
)
def test_a_record_that_does_not_fit_is_not_linked(
    street: Street, kind: Kind, day: date, status: Status, word: str
) -> None:
    review = make_review(street.branch, ReviewState.MEETING, by=street.secretary)
    meeting = make_meeting(street.branch, kind, day, status=status)

    with pytest.raises(Refusal) as excinfo:
        life.hold_review(review=review, meeting=meeting, by=street.secretary, on=ON)
    assert word in refused(excinfo)


def test_a_record_of_another_branch_is_not_linked(street: Street) -> None:
    review = make_review(street.branch, ReviewState.MEETING, by=street.secretary)
    meeting = make_meeting(street.neighbour, Kind.ORGANISATION_LIFE, date(2026, 11, 10))

    with pytest.raises(Refusal, match="本支部"):
        life.hold_review(review=review, meeting=meeting, by=street.secretary, on=ON)


def test_a_review_with_an_open_problem_is_not_filed(street: Street) -> None:
    review = make_review(street.branch, ReviewState.RECTIFY, by=street.secretary)

    with pytest.raises(Refusal, match="还有 1 个问题"):
        life.submit_review(review=review, by=street.secretary)
    solve(review, by=street.secretary)
    assert life.submit_review(review=review, by=street.secretary).state == ReviewState.SUBMITTED


def test_a_problem_is_settled_only_with_measure_owner_and_deadline(street: Street) -> None:
    review = make_review(street.branch, ReviewState.RECTIFY, by=street.secretary)
    problem = review.problems.get()

    with pytest.raises(Refusal, match="措施、责任人和期限"):
        life.settle_problem(
            problem=problem, done_on=ON, result="改好了", by=street.secretary, on=ON
        )


def test_nobody_closes_what_he_filed_himself(street: Street) -> None:
    review = make_review(street.branch, ReviewState.SUBMITTED, by=street.reviewer)

    for verb in (life.close_review, lambda **k: life.return_review(reason="再改", **k)):
        with pytest.raises(Refusal) as excinfo:
            verb(review=review, by=street.reviewer)
        assert excinfo.value.code == "forbidden"


def test_a_return_goes_to_the_list_before_the_meeting_and_to_the_work_after_it(
    street: Street,
) -> None:
    review = make_review(street.branch, ReviewState.MEETING, by=street.secretary)
    back = life.return_review(review=review, by=street.reviewer, reason="问题写得太笼统")
    assert back.state == ReviewState.PROBLEMS

    other = make_review(street.neighbour, ReviewState.CLOSED)
    back = life.return_review(review=other, by=street.reviewer, reason="有一项没改到位")
    assert (back.state, back.decided_by) == (ReviewState.RECTIFY, None)


def test_s17_the_database_refuses_illegal_states_and_changes_of_a_filed_list(
    street: Street,
) -> None:
    review = make_review(street.branch, ReviewState.SUBMITTED, by=street.secretary)
    for change in (
        lambda: LifeReview.unscoped.filter(pk=review.pk).update(state="study"),
        lambda: LifeReview.unscoped.filter(pk=review.pk).update(
            state="closed", decided_by=street.secretary
        ),
        lambda: LifeReview.unscoped.filter(pk=review.pk).update(state="closed"),
        lambda: LifeProblem.unscoped.filter(review=review).update(text="别的"),
        lambda: LifeProblem.unscoped.filter(review=review).delete(),
        lambda: LifeProblem.unscoped.create(review=review, text="新的"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- 民主评议党员 --------------------------------------------------------------------------------


def test_probationary_members_are_listed_and_get_no_grade(street: Street) -> None:
    make_member(street.branch, name="新同志", kind=MemberKind.PROBATIONARY, confirmed_on=None)
    found = make_appraisal(street.branch, by=street.secretary)

    rows = AppraisalEntry.unscoped.filter(appraisal=found)
    assert rows.count() == 6
    assert list(rows.filter(graded=False).values_list("name", "votes")) == [("新同志", False)]


def test_the_parameter_lets_them_have_a_grade(street: Street) -> None:
    RuleParameter.objects.update_or_create(
        key="life.grade_without_vote",
        effective_from=date(2018, 10, 28),
        defaults={"value": True, "title": "评", "level": "district", "regulation": "区"},
    )
    make_member(street.branch, kind=MemberKind.PROBATIONARY, confirmed_on=None)
    found = make_appraisal(street.branch)

    assert AppraisalEntry.unscoped.filter(appraisal=found, graded=True).count() == 6


def test_names_are_frozen_and_the_list_is_opened_once(street: Street) -> None:
    first = make_appraisal(street.branch)
    street.members[0].name = "改名"
    street.members[0].save()
    make_members(street.branch, 1)

    assert make_appraisal(street.branch) == first
    names = set(first.entries.values_list("name", flat=True))
    assert "改名" not in names
    assert len(names) == 5


def test_ballots_begin_when_all_have_assessed_themselves_or_are_excused(street: Street) -> None:
    found = make_appraisal(street.branch, by=street.secretary)
    rows = list(found.entries.order_by("pk"))
    four = {row.pk for row in rows[:4]}
    say = {"appraisal": found, "by": street.secretary, "on": ON}
    life_appraisal.tick_self(handed_in=four, excuses={}, **say)
    with pytest.raises(Refusal) as excinfo:
        life_appraisal.begin_ballots(appraisal=found, by=street.secretary)
    assert rows[4].name in refused(excinfo)

    life_appraisal.tick_self(handed_in=four, excuses={rows[4].pk: "away"}, **say)
    moved = life_appraisal.begin_ballots(appraisal=found, by=street.secretary)
    assert moved.state == AppraisalState.BALLOTS
    assert not AppraisalEntry.unscoped.get(pk=rows[4].pk).graded


@pytest.mark.parametrize(("issued", "returned"), [(5, 6), (5, 0), (0, 0)])
def test_ballots_that_cannot_be_are_refused(street: Street, issued: int, returned: int) -> None:
    found = make_appraisal(street.branch, AppraisalState.BALLOTS)

    with pytest.raises(Refusal):
        life_appraisal.enter_tallies(
            appraisal=found, issued=issued, returned=returned, tallies={}, by=street.secretary
        )


def test_a_member_has_no_more_ballots_than_came_back(street: Street) -> None:
    found = make_appraisal(street.branch, AppraisalState.BALLOTS)
    row = found.entries.order_by("pk")[0]

    with pytest.raises(Refusal, match="多于收回的 5 张"):
        life_appraisal.enter_tallies(
            appraisal=found, issued=5, returned=5,
            tallies={row.pk: Tally(3, 2, 1, 0)}, by=street.secretary,
        )  # fmt: skip
    assert Appraisal.unscoped.get(pk=found.pk).issued is None


def test_the_database_counts_the_ballots_too(street: Street) -> None:
    found = make_appraisal(street.branch, AppraisalState.GRADING)

    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalEntry.unscoped.filter(appraisal=found).update(excellent=9)


def test_more_excellent_than_their_share_do_not_go_up(street: Street) -> None:
    with pytest.raises(Refusal) as excinfo:
        make_appraisal(
            street.branch, AppraisalState.SUBMITTED, grades=[Grade.EXCELLENT, Grade.EXCELLENT]
        )
    assert "参加评定 5 名，优秀不超过 1/3，即 1 名" in refused(excinfo)


def test_staff_set_the_share(street: Street) -> None:
    RuleParameter.objects.create(
        key="life.excellent_share", effective_from=date(2026, 1, 1), value="40%",
        title="优秀", level="district", regulation="区委通知",
    )  # fmt: skip
    found = make_appraisal(
        street.branch, AppraisalState.SUBMITTED, grades=[Grade.EXCELLENT, Grade.EXCELLENT]
    )

    assert found.state == AppraisalState.SUBMITTED


def test_a_share_that_is_none_says_where_to_mend_it(street: Street) -> None:
    RuleParameter.objects.create(
        key="life.excellent_share", effective_from=date(2026, 1, 1), value="三分之一",
        title="优秀", level="district", regulation="区委通知",
    )  # fmt: skip

    with pytest.raises(Refusal, match="规定参数"):
        make_appraisal(street.branch)


def test_poor_needs_a_reason_and_the_day_of_the_committees_decision(street: Street) -> None:
    found = make_appraisal(
        street.branch, AppraisalState.SUBMITTED, grades=[Grade.POOR], by=street.secretary
    )

    with pytest.raises(Refusal, match="集体研究的日期"):
        life_appraisal.approve_appraisal(appraisal=found, by=street.reviewer, on=ON)
    done = life_appraisal.approve_appraisal(
        appraisal=found, by=street.reviewer, on=ON, poor_decided_on=ON
    )
    assert (done.state, done.poor_decided_on) == (AppraisalState.APPROVED, ON)


def test_nobody_approves_what_he_proposed(street: Street) -> None:
    found = make_appraisal(street.branch, AppraisalState.SUBMITTED, by=street.reviewer)

    with pytest.raises(Refusal) as excinfo:
        life_appraisal.approve_appraisal(appraisal=found, by=street.reviewer, on=ON)
    assert excinfo.value.code == "forbidden"


def test_a_return_names_nobody_and_is_told_anew(street: Street) -> None:
    found = make_appraisal(
        street.branch, AppraisalState.APPROVED, by=street.secretary, decider=street.reviewer
    )
    entry = found.entries.order_by("pk")[0]
    life_appraisal.tell_member(entry=entry, by=street.secretary, on=ON)
    with pytest.raises(Refusal, match="不要写党员姓名"):
        life_appraisal.return_appraisal(
            appraisal=found, by=street.reviewer, reason=f"{entry.name}评低了"
        )

    life_appraisal.return_appraisal(appraisal=found, by=street.reviewer, reason="比例有误")
    assert not found.entries.exclude(told_on=None).exists()


def test_s17_the_database_keeps_a_filed_result(street: Street) -> None:
    found = make_appraisal(street.branch, AppraisalState.SUBMITTED, by=street.secretary)
    for change in (
        lambda: AppraisalEntry.unscoped.filter(appraisal=found).update(grade="excellent"),
        lambda: AppraisalEntry.unscoped.filter(appraisal=found).update(competent=1),
        lambda: Appraisal.unscoped.filter(pk=found.pk).update(state="self"),
        lambda: Appraisal.unscoped.filter(pk=found.pk).update(state="approved"),
        lambda: Appraisal.unscoped.filter(pk=found.pk).update(
            state="approved", decided_by=street.secretary
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- 谈心谈话 ------------------------------------------------------------------------------------


def test_the_same_two_on_one_day_are_one_talk(street: Street) -> None:
    one, other = street.members[0], street.members[3]
    say = {"unit": street.branch, "by": street.secretary, "day": ON, "on": ON}

    assert life_talks.record_talks(person=one.pk, others=[other.pk], **say) == 1
    assert life_talks.record_talks(person=other.pk, others=[one.pk], **say) == 0
    talk = Talk.unscoped.get()
    assert talk.kind == TalkKind.BOARD_MEMBER


def test_one_talks_with_several_at_once(street: Street) -> None:
    deputy = street.members[1]
    make_post(street.branch, PostKind.DEPUTY, member=deputy)

    new = life_talks.record_talks(
        unit=street.branch, by=street.secretary, day=ON, on=ON,
        person=street.members[0].pk, others=[m.pk for m in street.members],
    )  # fmt: skip
    assert new == 4
    assert Talk.unscoped.filter(kind=TalkKind.BOARD).count() == 1


def test_talks_ahead_with_strangers_or_with_nobody_are_refused(street: Street) -> None:
    stranger = make_member(street.neighbour)
    for day, others in (
        (ON + timedelta(days=1), [street.members[1].pk]),
        (ON, [stranger.pk]),
        (ON, []),
        (ON, [street.members[0].pk]),
    ):
        with pytest.raises(Refusal):
            life_talks.record_talks(
                unit=street.branch, by=street.secretary, day=day, on=ON,
                person=street.members[0].pk, others=others,
            )  # fmt: skip
    assert not Talk.unscoped.exists()


def test_a_days_talks_become_one_record(street: Street) -> None:
    for other in street.members[1:3]:
        make_talk(street.branch, street.members[0], other, ON)
    records = {
        life_talks.file_talks(unit=street.branch, day=ON, by=street.secretary).pk for _ in range(2)
    }

    assert len(records) == 1
    meeting = Meeting.unscoped.get()
    assert (meeting.kind_mask, meeting.status, meeting.present_count) == (Kind.TALK, 0, 3)
    assert set(Talk.unscoped.values_list("meeting", flat=True)) == {meeting.pk}


def test_a_talk_of_a_filed_record_stays(street: Street) -> None:
    talk = make_talk(street.branch, street.members[0], street.members[1], ON)
    meeting = make_meeting(street.branch, Kind.TALK, ON)
    Talk.unscoped.update(meeting=meeting)
    with pytest.raises(Refusal, match="先撤回"):
        life_talks.remove_talk(talk=talk, by=street.secretary)

    withdraw(meeting=meeting, by=street.secretary)
    life_talks.remove_talk(talk=talk, by=street.secretary)
    life_talks.remove_talk(talk=talk, by=street.secretary)
    assert not Talk.unscoped.exists()


def test_only_this_and_last_year_are_begun(street: Street) -> None:
    today = timezone.localdate()
    for year in (today.year - 2, today.year + 1):
        with pytest.raises(Refusal, match="今年和上一年"):
            life.start_review(unit=street.branch, year=year, by=street.secretary, on=today)
    with pytest.raises(Refusal, match="党支部"):
        life.start_review(unit=street.group, year=today.year, by=street.secretary, on=today)
    with pytest.raises(Refusal, match="名册"):
        life_appraisal.open_appraisal(
            unit=make_branch(), year=today.year, as_of=today, by=street.secretary, on=today
        )
