"""更正: a new version of an accepted record, by two people, with the old one kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from branches.enums import Role
from branches.models import Member, Unit
from core.errors import Refusal
from core.models import Notice
from meetings import versions
from meetings.entries import AttendanceEntry, MeetingContent
from meetings.enums import Kind, Status
from meetings.enums.corrections import CorrectionState
from meetings.models import Attendance, Correction, Meeting, MeetingStep
from meetings.services import corrections
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_user,
)
from tests.factories.meetings import make_correction, make_meeting

DAY = date(2026, 7, 7)


@pytest.fixture
def branch(db: None) -> Unit:
    return make_branch(make_committee(make_district()))


@pytest.fixture
def people(branch: Unit) -> list[Member]:
    return make_members(branch, 3)


@pytest.fixture
def secretary(branch: Unit) -> User:
    return make_user(Role.SECRETARY, branch)


@pytest.fixture
def staff(branch: Unit) -> User:
    assert branch.committee is not None
    return make_user(Role.COMMITTEE_STAFF, branch.committee)


@pytest.fixture
def record(branch: Unit, people: list[Member], secretary: User) -> Meeting:
    return make_meeting(
        branch,
        Kind.MEMBERS,
        DAY,
        status=Status.ACCEPTED,
        attendance=[(people[0], ""), (people[1], ""), (people[2], "sick")],
        topic="讨论年度计划",
        by=secretary,
    )


def content(record: Meeting, **change: object) -> MeetingContent:
    return replace(versions.content_of(versions.of_record(record)), **change)  # type: ignore[arg-type]


Propose = Callable[..., Correction]


@pytest.fixture
def propose(record: Meeting, secretary: User) -> Propose:
    def ask(**change: object) -> Correction:
        facts = {
            "meeting": record,
            "by": secretary,
            "form_key": uuid4(),
            "content": content(record, topic="讨论年度计划和党费使用"),
            "attendance": versions.people_of(versions.of_record(record)),
            "votes": (),
            "reason": "漏写一项议题",
        } | change
        return corrections.propose(**facts)  # type: ignore[arg-type]

    return ask


def test_an_approved_correction_is_the_new_version_and_the_old_one_is_kept(
    record: Meeting, people: list[Member], staff: User, propose: Propose
) -> None:
    everybody = [AttendanceEntry(member.pk) for member in people]
    correction = propose(attendance=everybody)
    record.refresh_from_db()
    assert (record.topic, record.version) == ("讨论年度计划", 1)

    corrections.approve(correction=correction, by=staff)
    record.refresh_from_db()
    assert (record.topic, record.version, record.status) == (
        "讨论年度计划和党费使用",
        2,
        Status.ACCEPTED,
    )
    assert (record.eligible_count, record.present_count) == (3, 3)
    assert Attendance.unscoped.filter(meeting=record, present=True).count() == 3
    correction.refresh_from_db()
    assert correction.before["topic"] == "讨论年度计划"
    assert [row["said"] for row in correction.before["attendance"]] == [
        "到会",
        "到会",
        "缺席（生病）",
    ]
    step = MeetingStep.unscoped.filter(meeting=record).last()
    assert step is not None
    assert (step.reason, step.by) == ("更正为第 2 版：漏写一项议题", staff)
    assert Notice.objects.get(recipient=correction.by).title.startswith("更正已批准")


def test_the_same_form_twice_is_one_proposal_and_a_second_one_waits_its_turn(
    propose: Propose,
) -> None:
    key = uuid4()
    assert propose(form_key=key) == propose(form_key=key)
    with pytest.raises(Refusal, match="已有一份更正在等待审批"):
        propose()
    assert Correction.unscoped.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": "  "}, "请写明更正的理由"),
        ({"reason": "长" * 501}, "500 字以内"),
        ({"topic": "讨论年度计划"}, "没有可更正的"),
        ({"topic": " "}, "主题"),
        ({"held_on": date(2026, 7, 8)}, "召开日期不能晚于那一天"),
    ],
)
def test_what_cannot_be_a_correction_is_refused_in_a_sentence(
    record: Meeting, propose: Propose, change: dict[str, object], sentence: str
) -> None:
    facts = {name: value for name, value in change.items() if name != "reason"}
    more: dict[str, object] = {"reason": change["reason"]} if "reason" in change else {}
    if facts:
        more["content"] = content(record, **facts)
    with pytest.raises(Refusal, match=sentence):
        propose(**more)
    assert not Correction.unscoped.exists()


def test_only_an_accepted_record_is_corrected(record: Meeting, propose: Propose) -> None:
    Meeting.unscoped.filter(pk=record.pk).update(status=Status.RETURNED)
    with pytest.raises(Refusal, match="可以直接修改"):
        propose()


def test_nobody_approves_his_own_correction(
    propose: Propose, secretary: User, record: Meeting
) -> None:
    correction = propose()
    with pytest.raises(Refusal, match="由另一位同志审批"):
        corrections.approve(correction=correction, by=secretary)
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.unscoped.filter(pk=correction.pk).update(
            state=CorrectionState.APPROVED, decided_by=secretary
        )
    record.refresh_from_db()
    assert record.version == 1


def test_a_refusal_needs_its_reason_and_changes_nothing(
    propose: Propose, staff: User, record: Meeting
) -> None:
    correction = propose()
    with pytest.raises(Refusal, match="请写明不批准的理由"):
        corrections.refuse(correction=correction, by=staff, reason="")
    corrections.refuse(correction=correction, by=staff, reason="与签到表不符")
    record.refresh_from_db()
    assert (record.topic, record.version) == ("讨论年度计划", 1)
    with pytest.raises(Refusal, match="现在是“未批准”"):
        corrections.approve(correction=correction, by=staff)


def test_a_record_returned_meanwhile_is_not_corrected(
    propose: Propose, staff: User, record: Meeting
) -> None:
    correction = propose()
    Meeting.unscoped.filter(pk=record.pk).update(status=Status.RETURNED)
    with pytest.raises(Refusal, match="可以直接修改"):
        corrections.approve(correction=correction, by=staff)
    correction.refresh_from_db()
    assert correction.state == CorrectionState.PROPOSED


def test_a_proposal_is_taken_back_once_and_then_again(propose: Propose, secretary: User) -> None:
    correction = propose()
    corrections.take_back(correction=correction, by=secretary)
    assert (
        corrections.take_back(correction=correction, by=secretary).state
        == CorrectionState.WITHDRAWN
    )
    propose()


def test_the_database_changes_an_accepted_record_by_an_approved_correction_only(
    record: Meeting, propose: Propose, staff: User
) -> None:
    for change in ({"topic": "x"}, {"topic": "x", "version": 2}, {"version": 2}):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            Meeting.unscoped.filter(pk=record.pk).update(**change)
    correction = propose()
    corrections.approve(correction=correction, by=staff)
    for change in ({"topic": "y"}, {"topic": "y", "version": 2}, {"topic": "y", "version": 3}):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            Meeting.unscoped.filter(pk=record.pk).update(**change)
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Correction.unscoped.filter(pk=correction.pk).update(reason="另一个理由")
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.unscoped.filter(pk=correction.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_does() -> None:
    branch = make_branch(make_committee(make_district()))
    secretary = make_user(Role.SECRETARY, branch)
    assert branch.committee is not None
    bosses = [make_user(Role.COMMITTEE_STAFF, branch.committee) for _ in range(8)]
    record = make_meeting(branch, Kind.MEMBERS, DAY, status=Status.ACCEPTED, by=secretary)
    correction = make_correction(record, by=secretary, topic="改过的主题")

    def decide(boss: User) -> str:
        try:
            corrections.approve(correction=correction, by=boss)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(decide, bosses))
    assert said == ["conflict"] * 7 + ["done"]
    record.refresh_from_db()
    assert (record.version, record.topic) == (2, "改过的主题")


# --- Pages ---------------------------------------------------------------------------------------


def test_the_secretary_asks_on_the_record_and_the_committee_compares_and_approves(
    client: Client, record: Meeting, people: list[Member], secretary: User, staff: User
) -> None:
    client.force_login(secretary)
    page = client.get(f"/meetings/{record.uuid}/")
    assert "申请更正" in page.content.decode()
    form = client.get(f"/meetings/{record.uuid}/correct/").context["form"]
    posted = {
        "kinds": "1",
        "held_on": "2026-07-07",
        "topic": "更正后的主题",
        "form_key": form["form_key"].value(),
        "page_key": form["page_key"].value(),
        "reason": "主题写错",
        "eligible": [one.pk for one in people],
        "present": [one.pk for one in people],
        "votes-TOTAL_FORMS": "0",
        "votes-INITIAL_FORMS": "0",
    }
    refused = client.post(f"/meetings/{record.uuid}/correct/", posted | {"reason": ""})
    assert refused.status_code == 422
    assert "请写明更正的理由" in refused.content.decode()
    assert client.post(f"/meetings/{record.uuid}/correct/", posted).status_code == 302
    correction = Correction.unscoped.get()
    own = client.get(f"/corrections/{correction.uuid}/")
    assert (own.context["may_decide"], own.context["may_take_back"]) == (False, True)

    client.force_login(staff)
    assert [ask.title for ask in client.get("/").context["asks"]] == ["审批记录的更正"]
    seen = client.get(f"/corrections/{correction.uuid}/")
    assert [line.label for line in seen.context["lines"]] == ["主题", f"到会：{people[2].name}"]
    client.post(f"/corrections/{correction.uuid}/approve/")
    record.refresh_from_db()
    assert (record.topic, record.version) == ("更正后的主题", 2)
    text = client.get(f"/meetings/{record.uuid}/").content.decode()
    assert "现为第 2 版" in text


@pytest.mark.parametrize("state", ["", "decided"])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client,
    branch: Unit,
    secretary: User,
    staff: User,
    state: str,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client.force_login(staff)
    address = f"/corrections/?state={state}"
    client.get(address)

    def add(count: int) -> None:
        for _ in range(count):
            record = make_meeting(branch, Kind.MEMBERS, DAY, status=Status.ACCEPTED, by=secretary)
            correction = make_correction(record, by=secretary, topic="改")
            if state:
                corrections.approve(correction=correction, by=staff)

    add(1)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        text = client.get(address).content.decode()
    assert "录入时漏了一人。" in text
    add(2)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        client.get(address)
