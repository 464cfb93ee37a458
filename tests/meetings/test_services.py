"""The way of a record, written and decided."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from branches.enums import PostKind
from branches.models import Unit
from core.errors import Refusal
from meetings import services
from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.enums import TRANSITIONS, Cause, Kind, Status
from meetings.models import Attendance, Meeting, MeetingStep, Vote
from tests.factories.branches import make_account, make_branch, make_member, make_members, make_post
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import DAY, Street


def content(*kinds: Kind, **facts: Any) -> MeetingContent:
    facts.setdefault("held_on", DAY)
    facts.setdefault("topic", "集体学习《中国共产党章程》")
    return MeetingContent(kinds=kinds or (Kind.MEMBERS,), **facts)


def save(street: Street, **facts: Any) -> Meeting:
    facts.setdefault("unit", street.branch)
    facts.setdefault("by", street.secretary)
    facts.setdefault("form_key", uuid4())
    facts.setdefault("content", content())
    facts.setdefault(
        "attendance", [AttendanceEntry(member_id=member.pk) for member in street.members]
    )
    return services.save(**facts)


def refusal(verb: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(**facts)
    return caught.value


# --- Writing -------------------------------------------------------------------------------------


def test_a_saved_form_is_a_draft_with_its_roll_counted(street: Street) -> None:
    away = AttendanceEntry(member_id=street.members[0].pk, present=False, reason="sick")
    came = [AttendanceEntry(member_id=member.pk) for member in street.members[1:4]]
    guest = AttendanceEntry(member_id=street.members[4].pk, eligible=False)
    meeting = save(street, attendance=[away, *came, guest])
    assert (meeting.status, meeting.eligible_count, meeting.present_count) == (Status.DRAFT, 4, 3)
    assert meeting.first_submitted_on is None
    assert list(meeting.steps.values_list("before", "after", "by")) == [
        (None, Status.DRAFT, street.secretary.pk)
    ]


def test_the_same_form_twice_is_one_record(street: Street) -> None:
    key = uuid4()
    first = save(street, form_key=key)
    second = save(street, form_key=key, content=content(topic="改过的主题"))
    assert (first.pk, second.topic, second.revision) == (second.pk, "改过的主题", 2)
    assert Meeting.unscoped.count() == 1


def test_the_same_form_after_filing_changes_nothing(street: Street) -> None:
    key = uuid4()
    meeting = save(street, form_key=key)
    services.submit(meeting=meeting, by=street.secretary, on=DAY)
    again = save(street, form_key=key)
    services.submit(meeting=again, by=street.secretary, on=DAY)
    assert (again.pk, again.revision) == (meeting.pk, 1)
    assert MeetingStep.unscoped.filter(meeting=meeting).count() == 2


def test_an_edit_of_a_filed_record_is_refused_and_not_swallowed(street: Street) -> None:
    key = uuid4()
    services.submit(meeting=save(street, form_key=key), by=street.secretary, on=DAY)
    said = refusal(
        save, street=street, form_key=key, attendance=[AttendanceEntry(street.members[0].pk)]
    )
    assert said.code == "conflict"
    assert said.message.startswith("这条记录已经提交")


def test_a_stale_revision_is_refused(street: Street) -> None:
    meeting = save(street)
    save(street, meeting=meeting, form_key=None, content=content(topic="别处改的"))
    said = refusal(save, street=street, meeting=meeting, form_key=None, expected_revision=1)
    assert (said.code, said.message[:11]) == ("conflict", "这条记录刚刚在别处改过")
    assert Meeting.unscoped.get().topic == "别处改的"


def test_a_form_of_another_unit_is_refused(street: Street) -> None:
    key = uuid4()
    save(street, form_key=key)
    said = refusal(save, street=street, unit=street.neighbour, form_key=key, attendance=[])
    assert said.code == "conflict"


def test_an_autosave_that_changes_no_row_writes_no_row(street: Street) -> None:
    meeting = save(street, votes=[VoteEntry(subject="预算", yes=3)])
    before = (
        set(Attendance.unscoped.values_list("pk", flat=True)),
        set(Vote.unscoped.values_list("pk", flat=True)),
    )
    save(street, meeting=meeting, form_key=None, votes=[VoteEntry(subject="预算", yes=3)])
    after = (
        set(Attendance.unscoped.values_list("pk", flat=True)),
        set(Vote.unscoped.values_list("pk", flat=True)),
    )
    assert before == after


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"content": MeetingContent(kinds=(), held_on=DAY, topic="主题")}, "kinds"),
        ({"content": content(Kind.GROUP)}, "kinds"),
        ({"content": content(held_on=date(1999, 1, 1))}, "held_on"),
        ({"content": content(held_on=date(2015, 5, 31))}, "held_on"),
        ({"content": content(topic="长" * 201)}, "topic"),
        ({"content": content(items=("dance",))}, "items"),
        ({"content": content(started_at=time(15), ended_at=time(14))}, "ended_at"),
        ({"attendance": [AttendanceEntry(member_id=10**9)]}, "attendance"),
        ({"votes": [VoteEntry(subject="预算", yes=6)]}, "votes"),
        ({"votes": [VoteEntry(subject=" ", yes=1)]}, "votes"),
        ({"votes": [VoteEntry(subject="预算", yes=-1)]}, "votes"),
    ],
)
def test_facts_that_do_not_hold_are_refused_at_their_field(
    street: Street, facts: dict[str, Any], field: str
) -> None:
    assert refusal(save, street=street, **facts).field == field
    assert Meeting.unscoped.count() == 0


def test_an_absence_needs_its_reason(street: Street) -> None:
    rows = [AttendanceEntry(member_id=street.members[0].pk, present=False)]
    assert refusal(save, street=street, attendance=rows).message == (
        f"请选择缺席事由：{street.members[0].name}。"
    )


def test_a_member_of_another_branch_is_never_on_the_roll(street: Street) -> None:
    stranger = make_member(street.neighbour)
    rows = [AttendanceEntry(member_id=stranger.pk)]
    assert stranger.name not in refusal(save, street=street, attendance=rows).message


def test_who_left_the_branch_stays_in_the_record(street: Street) -> None:
    meeting = save(street)
    moved = street.members[4]
    moved.unit = street.neighbour
    moved.save()
    meeting = save(street, meeting=meeting, form_key=None, content=content(topic="补充"))
    assert meeting.eligible_count == 5
    assert Attendance.unscoped.get(member=moved).name == moved.name


def test_votes_count_those_who_have_the_vote(street: Street) -> None:
    probationer = make_member(street.branch, kind="02", confirmed_on=None)
    rows = [AttendanceEntry(m.pk) for m in (*street.members, probationer)]
    meeting = save(street, attendance=rows, votes=[VoteEntry(subject="接收新党员", yes=4, no=1)])
    vote = meeting.votes.get()
    assert (meeting.eligible_count, vote.eligible, vote.present) == (6, 5, 5)


# --- The roster ----------------------------------------------------------------------------------


def test_the_group_expects_its_own_and_shows_nobody_else(street: Street) -> None:
    expected, others = services.roll_call(unit=street.group, on=DAY, kind_mask=Kind.GROUP)
    assert {one.id for one in expected} == {member.pk for member in street.members[:3]}
    assert others == []


def test_the_committee_expects_the_holders_of_posts(street: Street) -> None:
    make_post(street.branch, PostKind.ORGANISER, member=street.members[3])
    expected = services.expected_members(unit=street.branch, on=DAY, kind_mask=Kind.COMMITTEE)
    assert [(one.id, one.note) for one in expected] == [
        (street.members[0].pk, "书记"),
        (street.members[3].pk, "组织委员"),
    ]


def test_lost_and_floating_members_are_offered_as_absent(street: Street) -> None:
    lost = make_member(street.neighbour, is_lost=True)
    away = make_member(street.neighbour, is_floating=True)
    offered = services.expected_members(unit=street.neighbour, on=DAY)
    assert {one.id: (one.present, one.reason) for one in offered} == {
        lost.pk: (False, "lost"),
        away.pk: (False, "away"),
    }


def test_who_arrived_later_is_not_expected(street: Street) -> None:
    make_member(street.neighbour, arrived_on=date(2026, 7, 20))
    assert services.expected_members(unit=street.neighbour, on=DAY) == []


# --- The way -------------------------------------------------------------------------------------


def test_first_submitted_on_is_set_once(street: Street) -> None:
    meeting = save(street)
    meeting = services.submit(meeting=meeting, by=street.secretary, on=date(2026, 7, 15))
    meeting = services.return_(meeting=meeting, by=street.reviewer, reason="请补充决议")
    meeting = services.submit(meeting=meeting, by=street.secretary, on=date(2026, 8, 20))
    assert meeting.first_submitted_on == date(2026, 7, 15)
    assert list(meeting.steps.values_list("after", "reason")) == [
        (Status.DRAFT, ""),
        (Status.SUBMITTED, ""),
        (Status.RETURNED, "请补充决议"),
        (Status.SUBMITTED, ""),
    ]


def test_a_meeting_of_tomorrow_is_not_submitted_today(street: Street) -> None:
    meeting = save(street, content=content(held_on=date(2026, 7, 15)))
    said = refusal(services.submit, meeting=meeting, by=street.secretary, on=DAY)
    assert said.field == "held_on"


def test_a_returned_record_cannot_move_behind_its_first_filing(street: Street) -> None:
    meeting = services.submit(meeting=save(street), by=street.secretary, on=DAY)
    services.return_(meeting=meeting, by=street.reviewer, reason="日期不对")
    later = content(held_on=date(2026, 7, 15))
    assert refusal(save, street=street, meeting=meeting, form_key=None, content=later).field == (
        "held_on"
    )


def test_a_draft_may_lack_its_topic_but_not_be_submitted_so(street: Street) -> None:
    meeting = save(street, content=content(topic=""))
    assert refusal(services.submit, meeting=meeting, by=street.secretary, on=DAY).field == "topic"


def test_a_roll_is_asked_for_where_there_is_a_roster(street: Street) -> None:
    meeting = save(street, attendance=[])
    said = refusal(services.submit, meeting=meeting, by=street.secretary, on=DAY)
    assert said.field == "attendance"
    bare = make_branch(street.street)
    meeting = save(street, unit=bare, attendance=[])
    assert services.submit(meeting=meeting, by=None, on=DAY).status == Status.SUBMITTED
    talk = save(street, content=content(Kind.TALK), attendance=[])
    assert services.submit(meeting=talk, by=None, on=DAY).status == Status.SUBMITTED


def test_nobody_reviews_his_own_work(street: Street) -> None:
    meeting = save(street, by=street.reviewer)
    services.submit(meeting=meeting, by=street.secretary, on=DAY)
    for verb in (services.accept, services.return_):
        facts = {"reason": "理由"} if verb is services.return_ else {}
        for author in (street.reviewer, street.secretary):
            assert refusal(verb, meeting=meeting, by=author, **facts).code == "forbidden"
    assert services.accept(meeting=meeting, by=street.chief).status == Status.ACCEPTED


def test_a_return_without_reason_is_refused(street: Street) -> None:
    meeting = make_meeting(street.branch)
    said = refusal(services.return_, meeting=meeting, by=street.reviewer, reason=" ")
    assert said.field == "reason"


def test_an_approval_is_reversed_with_a_reason_and_locked_until_then(street: Street) -> None:
    meeting = make_meeting(street.branch, status=Status.ACCEPTED)
    facts = {"street": street, "meeting": meeting, "form_key": None}
    assert refusal(save, **facts).message.startswith("这条记录已审核通过并锁定")
    assert refusal(services.return_, meeting=meeting, by=street.reviewer, reason="错").code == (
        "conflict"
    )
    meeting = services.reverse(meeting=meeting, by=street.reviewer, reason="人数有误")
    assert (meeting.status, meeting.reviewed_by) == (Status.RETURNED, street.reviewer)


def _move(meeting: Meeting, to: Status, by: Any) -> Meeting:
    if to == Status.SUBMITTED:
        return services.submit(meeting=meeting, by=by, on=DAY)
    if to == Status.ACCEPTED:
        return services.accept(meeting=meeting, by=by)
    if to == Status.WITHDRAWN:
        return services.withdraw(meeting=meeting, by=by)
    if meeting.status == Status.ACCEPTED:
        return services.reverse(meeting=meeting, by=by, reason="理由")
    return services.return_(meeting=meeting, by=by, reason="理由")


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize(
    "after", [Status.SUBMITTED, Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN]
)
def test_every_transition_of_the_table_is_made_and_no_other(
    street: Street, before: Status, after: Status
) -> None:
    meeting = make_meeting(street.branch, held_on=DAY, status=before, attendance=(1, 1))
    if (before, after) in TRANSITIONS:
        assert _move(meeting, after, street.reviewer).status == after
        assert MeetingStep.unscoped.filter(meeting=meeting).latest("pk").after == after
    elif before == after and after in (Status.SUBMITTED, Status.WITHDRAWN):
        assert _move(meeting, after, street.reviewer).status == after
        assert MeetingStep.unscoped.filter(meeting=meeting, after=after).count() == 1
    else:
        assert refusal(_move, meeting=meeting, to=after, by=street.reviewer).code == "conflict"


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_the_database_refuses_illegal_transitions_too(
    street: Street, before: Status, after: Status
) -> None:
    meeting = make_meeting(street.branch, held_on=DAY, status=before)
    change = Meeting.unscoped.filter(pk=meeting.pk)
    if before == after or (before, after) in TRANSITIONS:
        if meeting.first_submitted_on is None and after != Status.WITHDRAWN:
            return
        assert change.update(status=after) == 1
        return
    with pytest.raises(IntegrityError, match="illegal status change"), transaction.atomic():
        change.update(status=after)


def test_the_database_locks_an_accepted_record(street: Street) -> None:
    meeting = make_meeting(street.branch, status=Status.ACCEPTED)
    with pytest.raises(IntegrityError, match="an accepted record is locked"), transaction.atomic():
        Meeting.unscoped.filter(pk=meeting.pk).update(topic="改")


# --- Many at once --------------------------------------------------------------------------------


def test_many_are_accepted_each_one_checked(street: Street, django_assert_num_queries: Any) -> None:
    good = [make_meeting(street.branch), make_meeting(street.neighbour)]
    own = make_meeting(street.branch, by=street.reviewer)
    done = make_meeting(street.branch, status=Status.ACCEPTED)
    foreign = make_meeting(make_branch())
    uuids = [meeting.uuid for meeting in (*good, own, done, foreign)]
    records = Meeting.objects.within(street.street)
    with django_assert_num_queries(7):
        outcome = services.accept_many(records=records, uuids=uuids, by=street.reviewer)
    assert outcome.done == 2
    assert outcome.refused == (
        f"{own}：本人录入或提交，须由另一位同志审核。",
        f"{done}：现在是“已通过”，没有改动。",
    )
    foreign.refresh_from_db()
    assert foreign.status == Status.SUBMITTED


def test_many_are_returned_with_one_reason(street: Street) -> None:
    meetings = [make_meeting(street.branch) for _ in range(3)]
    outcome = services.return_many(
        records=Meeting.objects.within(street.street),
        uuids=[meeting.uuid for meeting in meetings],
        by=street.reviewer,
        reason="请补充照片",
    )
    assert outcome.done == 3
    assert set(
        MeetingStep.unscoped.filter(after=Status.RETURNED).values_list("reason", flat=True)
    ) == {"请补充照片"}


# --- Events and checks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "last"),
    [(Cause.DECISION, date(2026, 3, 2)), (Cause.ADMISSION, date(2026, 2, 28))],
)
def test_an_event_opens_its_window(street: Street, cause: Cause, last: date) -> None:
    facts = {"unit": street.branch, "by": street.secretary, "cause": cause, "title": "事项"}
    event = services.register_event(**facts, day=date(2026, 1, 31))
    assert event.window_end == last
    assert services.register_event(**facts, day=date(2026, 1, 31)).pk == event.pk


def test_an_event_of_the_calendar_is_not_registered(street: Street) -> None:
    facts = {"unit": street.branch, "by": street.secretary, "day": DAY}
    said = refusal(services.register_event, **facts, cause=Cause.PARTY_DAY, title="七一")
    assert said.field == "cause"
    assert refusal(services.register_event, **facts, cause=Cause.DECISION, title=" ").field == (
        "title"
    )


def test_a_withdrawn_event_may_be_registered_anew(street: Street) -> None:
    facts = {"unit": street.branch, "by": street.secretary, "cause": Cause.DECISION}
    first = services.register_event(**facts, day=DAY, title="预算")
    services.withdraw_event(event=first, by=street.secretary)
    assert services.register_event(**facts, day=DAY, title="预算").pk != first.pk


def test_a_spot_check_sent_twice_is_one(street: Street) -> None:
    meeting = make_meeting(street.group, Kind.GROUP)
    facts = {"unit": street.branch, "by": street.reviewer, "checked_on": DAY, "score": 85}
    first = services.record_spot_check(**facts, meeting=meeting, findings="记录完整")
    assert services.record_spot_check(**facts, meeting=meeting, findings="记录完整").pk == first.pk


@pytest.mark.parametrize("score", [-1, 101])
def test_a_spot_check_scores_0_to_100(street: Street, score: int) -> None:
    facts = {"unit": street.branch, "by": street.reviewer, "checked_on": DAY}
    assert refusal(services.record_spot_check, **facts, score=score).field == "score"


def test_a_spot_check_reads_only_filed_records_of_the_branch(street: Street) -> None:
    facts = {"unit": street.branch, "by": street.reviewer, "checked_on": DAY, "score": 85}
    for meeting in (
        make_meeting(street.branch, status=Status.DRAFT),
        make_meeting(street.neighbour),
    ):
        assert refusal(services.record_spot_check, **facts, meeting=meeting).field == "meeting"


# --- Races ---------------------------------------------------------------------------------------


@pytest.fixture
def crowd(transactional_db: None) -> tuple[Unit, list[Any]]:
    """A branch and two reviewers, committed, for threads to see."""
    branch = make_branch()
    make_members(branch, 1)
    return branch, [make_account(), make_account()]


def _in_parallel(*verbs: Any) -> list[str]:
    def run(verb: Any) -> str:
        try:
            verb()
        except Refusal as said:
            return said.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sorted(pool.map(run, verbs))


def test_two_decisions_at_once_are_one_decision(crowd: tuple[Unit, list[Any]]) -> None:
    branch, (one, other) = crowd
    for _ in range(5):
        meeting = make_meeting(branch)
        outcome = _in_parallel(
            lambda m=meeting: services.accept(meeting=m, by=one),
            lambda m=meeting: services.return_(meeting=m, by=other, reason="理由"),
        )
        assert outcome == ["conflict", "done"]
        assert MeetingStep.unscoped.filter(meeting=meeting).count() == 3


def test_one_form_arriving_twice_at_once_is_one_record(crowd: tuple[Unit, list[Any]]) -> None:
    branch, (one, _) = crowd
    for _ in range(5):
        key = uuid4()

        def send(key: Any = key) -> None:
            services.save(unit=branch, by=one, form_key=key, content=content())

        assert _in_parallel(send, send) == ["done", "done"]
        assert Meeting.unscoped.filter(form_key=key).count() == 1
