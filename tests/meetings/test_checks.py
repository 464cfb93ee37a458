"""调阅 through the services: draws, sheets, findings, and what the database keeps."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from branches.enums import Role
from core import outbox
from core.errors import Refusal
from core.models import Notice
from meetings import services
from meetings.checking import drawn_lines, items_of, sheet_for
from meetings.entries import FindingEntry
from meetings.enums import Kind, Status
from meetings.enums.checks import FINDING_MOVES, DrawnState, FindingState
from meetings.models import (
    CheckDraw,
    CheckPoint,
    CheckSheet,
    DrawnRecord,
    Finding,
    Meeting,
    SpotCheck,
)
from meetings.rules.checks import SheetItem, draw, list_digest
from meetings.services.hints import note_minutes
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.checks import (
    DUE,
    long_minutes,
    make_check,
    make_draw,
    make_finding,
    points,
)
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import DAY, Street


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests go where they vanish."""
    settings.PRIVATE_ROOT = tmp_path


def refusal(verb: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(*args, **facts)
    return caught.value


# --- The draw ----------------------------------------------------------------------------------


def test_a_draw_is_kept_with_its_list_and_can_be_repeated(street: Street) -> None:
    for day in range(6):
        make_meeting(street.branch, held_on=DAY - timedelta(days=day))
    made = make_draw(street.street, street.reviewer, wanted=3)
    lines = made.listed.splitlines()
    assert lines == sorted(str(uuid) for uuid in Meeting.unscoped.values_list("uuid", flat=True))
    assert made.list_sha256 == hashlib.sha256(made.listed.encode()).hexdigest()
    assert made.list_sha256 == list_digest(lines)
    drawn = DrawnRecord.unscoped.filter(draw=made).order_by("place")
    assert [str(one.meeting.uuid) for one in drawn] == [
        one.uuid for one in draw(lines=lines, seed=made.seed, wanted=3)
    ]
    assert [one.place for one in drawn] == [1, 2, 3]


def test_the_list_holds_what_was_filed_in_the_span_and_is_not_ones_own(street: Street) -> None:
    inside = [make_meeting(street.branch), make_meeting(street.group, Kind.GROUP, DAY)]
    make_meeting(street.branch, status=Status.DRAFT)
    make_meeting(street.branch, status=Status.RETURNED)
    make_meeting(street.branch, held_on=date(2026, 5, 31))
    make_meeting(street.branch, held_on=date(2026, 9, 1))
    make_meeting(street.branch, by=street.reviewer)
    make_meeting(make_branch(make_committee()))
    made = make_draw(street.street, street.reviewer)
    assert made.listed.splitlines() == sorted(str(one.uuid) for one in inside)


def test_fields_and_kinds_narrow_the_list(street: Street) -> None:
    office = make_branch(street.street, field="office")
    lecture = make_meeting(office, Kind.LECTURE)
    make_meeting(office)
    make_meeting(street.branch, Kind.LECTURE)
    made = make_draw(street.district, street.chief, fields=["office"], kind_mask=int(Kind.LECTURE))
    assert made.listed == str(lecture.uuid)
    assert (made.fields_label, made.kinds_label) == ("机关", "党课")


def test_what_was_drawn_once_is_not_drawn_again(street: Street) -> None:
    meetings = [make_meeting(street.branch) for _ in range(2)]
    first = make_draw(street.street, street.reviewer)
    second = make_draw(street.street, street.reviewer)
    drawn = {one.meeting_id for one in DrawnRecord.unscoped.all()}
    assert drawn == {one.pk for one in meetings}
    assert (first.listed_count, second.listed_count) == (2, 1)
    assert refusal(make_draw, street.street, street.reviewer).field == "since"


def test_a_draw_posted_twice_is_one(street: Street) -> None:
    for _ in range(5):
        make_meeting(street.branch)
    key = uuid4()
    first = make_draw(street.street, street.reviewer, wanted=2, form_key=key)
    assert make_draw(street.street, street.reviewer, wanted=2, form_key=key) == first
    assert DrawnRecord.unscoped.count() == 2
    assert refusal(make_draw, street.street, street.chief, form_key=key).code == "conflict"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"wanted": 2}, "wanted"),
        ({"wanted": 0}, "wanted"),
        ({"wanted": 201}, "wanted"),
        ({"until": date(2026, 5, 1)}, "until"),
        ({"risk_percent": 101}, "risk_percent"),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(
    street: Street, facts: dict[str, Any], field: str
) -> None:
    make_meeting(street.branch)
    assert refusal(make_draw, street.street, street.reviewer, **facts).field == field
    assert not CheckDraw.unscoped.exists()


def test_records_with_hints_are_drawn_first_up_to_their_share(street: Street) -> None:
    plain = [make_meeting(street.branch) for _ in range(4)]
    alike = [make_meeting(street.branch, minutes=long_minutes()) for _ in range(2)]
    for one in alike:
        note_minutes(one)
    made = make_draw(street.street, street.reviewer, wanted=2, risk_percent=100)
    drawn = DrawnRecord.unscoped.filter(draw=made)
    assert {one.meeting_id for one in drawn} == {one.pk for one in alike}
    assert all(one.hinted for one in drawn)
    assert sum(line.endswith(" *") for line in made.listed.splitlines()) == 2
    assert len(plain) == 4


@pytest.mark.parametrize("table", ["meetings_checkdraw", "meetings_drawnrecord"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_draw(street: Street, table: str, change: str) -> None:
    make_meeting(street.branch)
    make_draw(street.street, street.reviewer)
    with (
        pytest.raises(InternalError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))


def test_how_each_drawn_record_stands(street: Street) -> None:
    meetings = [make_meeting(street.branch, attendance=(3, 5)) for _ in range(5)]
    made = make_draw(street.street, street.reviewer, wanted=5)
    drawn = {one.meeting_id: one for one in DrawnRecord.unscoped.filter(draw=made)}

    def read(at: int, **facts: Any) -> SpotCheck:
        return make_check(meetings[at], street.reviewer, drawn=drawn[meetings[at].pk], **facts)

    read(0)
    read(1, findings=["一"])
    settled = Finding.unscoped.get(check_of=read(2, findings=["二"]))
    services.answer_finding(finding=settled, by=street.secretary, result="已补记")
    services.close_finding(finding=settled, by=street.reviewer)
    services.withdraw(meeting=meetings[3], by=street.secretary)
    states = {line.record.meeting_id: line.state for line in drawn_lines(made)}
    assert [states[one.pk] for one in meetings] == [
        DrawnState.READ,
        DrawnState.FINDINGS,
        DrawnState.SETTLED,
        DrawnState.GONE,
        DrawnState.TO_READ,
    ]


# --- The sheet ---------------------------------------------------------------------------------


def test_the_sum_of_the_points_is_the_score(street: Street) -> None:
    meeting = make_meeting(street.group, Kind.GROUP)
    check = make_check(meeting, street.reviewer, 18, 25, 15, 20, 10, findings=["缺照片"])
    assert (check.unit, check.score, check.findings) == (street.branch, Decimal(88), "缺照片")
    assert next(iter(check.points.values_list("name", "points", "full"))) == (
        "要素齐全",
        Decimal(18),
        Decimal(20),
    )
    (finding,) = check.finding_rows.all()
    assert (finding.state, finding.due_on, finding.unit) == ("open", DUE, street.branch)


def test_a_sheet_sent_twice_is_one_check(street: Street) -> None:
    meeting, key = make_meeting(street.branch), uuid4()
    first = make_check(meeting, street.reviewer, form_key=key, findings=["一"])
    assert make_check(meeting, street.reviewer, form_key=key, findings=["一"]) == first
    assert (SpotCheck.unscoped.count(), Finding.unscoped.count()) == (1, 1)
    other = make_meeting(street.branch)
    assert refusal(make_check, other, street.reviewer, form_key=key).code == "conflict"


def test_a_drawn_record_is_read_once_for_its_draw(street: Street) -> None:
    meeting = make_meeting(street.branch)
    make_draw(street.street, street.reviewer)
    drawn = DrawnRecord.unscoped.get()
    make_check(meeting, street.reviewer, drawn=drawn)
    assert refusal(make_check, meeting, street.chief, drawn=drawn).code == "conflict"


def test_nobody_checks_what_he_wrote_himself(street: Street) -> None:
    meeting = make_meeting(street.branch, by=street.reviewer)
    assert refusal(make_check, meeting, street.reviewer).code == "forbidden"
    facts = {"unit": street.branch, "checked_on": DAY, "score": Decimal(90), "meeting": meeting}
    assert refusal(services.record_spot_check, **facts, by=street.reviewer).code == "forbidden"
    assert make_check(meeting, street.chief).score == 100


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED, Status.WITHDRAWN])
def test_only_what_counts_is_checked(street: Street, status: Status) -> None:
    meeting = make_meeting(street.branch, status=status)
    assert refusal(make_check, meeting, street.reviewer).field == "meeting"


def test_points_and_findings_must_hold(street: Street) -> None:
    meeting = make_meeting(street.branch)
    assert "0 到 20 分" in refusal(make_check, meeting, street.reviewer, 21, 25, 15, 20, 10).message
    facts = {"meeting": meeting, "by": street.reviewer, "checked_on": DAY}
    short = points()[:4]
    assert refusal(services.check_record, **facts, points=short).code == "conflict"
    for bad in (
        FindingEntry("缺照片", "", DUE),
        FindingEntry("缺照片", "补上", DAY - timedelta(1)),
    ):
        verb = services.check_record
        assert refusal(verb, **facts, points=points(), findings=[bad]).field == "findings"
    assert not SpotCheck.unscoped.exists()


def test_points_are_never_changed_and_never_above_the_full(street: Street) -> None:
    check = make_check(make_meeting(street.branch), street.reviewer)
    with pytest.raises(InternalError), transaction.atomic():
        CheckPoint.unscoped.filter(check_of=check).update(points=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckPoint.unscoped.create(check_of=check, place=9, name="甲", full=5, points=6)


def test_a_district_has_its_own_sheet_from_its_day_on(street: Street) -> None:
    common = sheet_for(street.branch, DAY)
    assert [item.points for item in items_of(common)] == [20, 30, 15, 20, 15]
    facts = {"by": street.chief, "answer_days": 5, "read_days": 7, "on": DAY}
    items = [SheetItem("甲", Decimal(60)), SheetItem("乙", Decimal(40), "看签到")]
    own = services.add_sheet(unit=street.district, valid_from=DAY, items=items, **facts)
    assert sheet_for(street.branch, DAY) == own
    assert sheet_for(street.district, DAY) == own
    assert sheet_for(street.branch, DAY - timedelta(days=1)) == common
    assert sheet_for(make_branch(), DAY) == common
    assert items_of(own) == items


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"valid_from": DAY - timedelta(days=1)}, "valid_from"),
        ({"items": [SheetItem("甲", Decimal(99))]}, "items"),
        ({"answer_days": 0}, "answer_days"),
        ({"read_days": 61}, "read_days"),
    ],
)
def test_a_sheet_that_does_not_hold_is_refused(
    street: Street, facts: dict[str, Any], field: str
) -> None:
    good: dict[str, Any] = {
        "unit": street.district, "by": street.chief, "valid_from": DAY, "on": DAY,
        "items": [SheetItem("甲", Decimal(100))], "answer_days": 5, "read_days": 5,
    }  # fmt: skip
    assert refusal(services.add_sheet, **{**good, **facts}).field == field
    assert refusal(services.add_sheet, **{**good, "unit": street.street}).field == "unit"


def test_the_database_keeps_sheets_whole(street: Street) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckSheet.unscoped.create(
            unit=street.district, valid_from=DAY, items=[{"name": "甲", "points": "99"}]
        )
    with pytest.raises(InternalError), transaction.atomic():
        CheckSheet.unscoped.update(answer_days=1)
    common = CheckSheet.unscoped.get(unit=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckSheet.unscoped.create(unit=None, valid_from=common.valid_from, items=common.items)


# --- Findings ----------------------------------------------------------------------------------


def test_a_finding_goes_to_the_branch_and_back_until_it_is_closed(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    services.answer_finding(finding=finding, by=street.secretary, result="已补记发言")
    services.return_finding(finding=finding, by=street.reviewer, reason="还差两位同志的")
    finding.refresh_from_db()
    assert (finding.state, finding.reason) == ("returned", "还差两位同志的")
    services.answer_finding(finding=finding, by=street.secretary, result="已全部补齐")
    services.close_finding(finding=finding, by=street.reviewer)
    finding.refresh_from_db()
    assert (finding.state, finding.result) == ("closed", "已全部补齐")
    told = Notice.objects.order_by("pk").values_list("recipient", "template")
    secretary, reviewer = street.secretary.pk, street.reviewer.pk
    assert list(told) == [
        (secretary, "meetings/notices/findings"),
        (reviewer, "meetings/notices/finding_answered"),
        (secretary, "meetings/notices/finding_returned"),
        (reviewer, "meetings/notices/finding_answered"),
    ]
    texts = [outbox.text_of(notice) for notice in Notice.objects.order_by("pk")]
    assert texts[0].endswith("发现 1 个问题，请在8月14日前答复整改情况：\n1. 讨论发言没有记到人")
    assert texts[1] == "滨河社区党支部已答复整改情况，请核实：讨论发言没有记到人"
    assert texts[2].endswith("讨论发言没有记到人。退回理由：还差两位同志的")


def test_steps_sent_twice_are_one(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    for _ in range(2):
        services.answer_finding(finding=finding, by=street.secretary, result="已补记")
    for _ in range(2):
        services.return_finding(finding=finding, by=street.reviewer, reason="不够")
    services.answer_finding(finding=finding, by=street.secretary, result="补齐")
    for _ in range(2):
        services.close_finding(finding=finding, by=street.reviewer)
    assert Notice.objects.count() == 4


def test_whoever_answered_does_not_close(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.chief)
    services.answer_finding(finding=finding, by=street.reviewer, result="替支部登记：已补")
    verbs: list[tuple[Any, dict[str, str]]] = [
        (services.close_finding, {}),
        (services.return_finding, {"reason": "不够"}),
    ]
    for verb, more in verbs:
        assert refusal(verb, finding=finding, by=street.reviewer, **more).code == "forbidden"
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.unscoped.filter(pk=finding.pk).update(state="closed", decided_by=street.reviewer)
    services.close_finding(finding=finding, by=street.chief)


def test_steps_are_not_skipped_and_need_words(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    by = street.reviewer
    assert refusal(services.close_finding, finding=finding, by=by).code == "conflict"
    assert refusal(services.return_finding, finding=finding, by=by, reason="x").code == "conflict"
    assert refusal(services.return_finding, finding=finding, by=by, reason=" ").field == "reason"
    verb = services.answer_finding
    assert refusal(verb, finding=finding, by=street.secretary, result="\x00 ").field == "result"


@pytest.mark.parametrize(("before", "after"), list(product(FindingState, repeat=2)))
def test_the_database_knows_the_moves_of_a_finding(
    street: Street, before: FindingState, after: FindingState
) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    paths: dict[FindingState, list[FindingState]] = {
        FindingState.OPEN: [],
        FindingState.ANSWERED: [FindingState.ANSWERED],
        FindingState.RETURNED: [FindingState.ANSWERED, FindingState.RETURNED],
        FindingState.CLOSED: [FindingState.ANSWERED, FindingState.CLOSED],
    }
    row = Finding.unscoped.filter(pk=finding.pk)
    for state in paths[before]:
        row.update(state=state, result="已改", answered_at=timezone.now())
    moved = {"state": after, "result": "已改", "answered_at": timezone.now()}
    if before == after or (before, after) in FINDING_MOVES:
        assert row.update(**moved) == 1
        return
    with pytest.raises(IntegrityError, match="illegal move"), transaction.atomic():
        row.update(**moved)


def test_a_closed_finding_keeps_its_words(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    services.answer_finding(finding=finding, by=street.secretary, result="已补")
    services.close_finding(finding=finding, by=street.reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.unscoped.filter(pk=finding.pk).update(result="另一句")


# --- Races -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_one_drawn_record_make_one_check(transactional_db: None) -> None:
    committee = make_committee()
    branch = make_branch(committee)
    readers = [make_user(Role.COMMITTEE_STAFF, committee) for _ in range(2)]
    meeting = make_meeting(branch)
    make_draw(committee, readers[0])
    drawn = DrawnRecord.unscoped.get()

    def read(by: Any) -> str:
        try:
            make_check(meeting, by, drawn=drawn)
        except Refusal as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(read, readers)) == ["conflict", "done"]
    assert SpotCheck.unscoped.count() == 1
