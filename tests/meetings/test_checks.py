"""调阅 and 审阅 through the services: draws, sheets, findings, hints, comments, the database."""

from __future__ import annotations

import hashlib
import io
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
from PIL import Image

from branches.enums import Role
from branches.models import Unit
from core.errors import Refusal
from core.models import Notice
from meetings import services
from meetings.checking import drawn_lines, items_of, sheet_for
from meetings.entries import FindingEntry
from meetings.enums import Kind, Status
from meetings.enums.checks import FINDING_MOVES, DrawnState, FindingState
from meetings.hints import hinted, hints_of
from meetings.models import (
    CheckDraw,
    CheckPoint,
    CheckSheet,
    Comment,
    DrawnRecord,
    Finding,
    Meeting,
    MeetingFile,
    SpotCheck,
)
from meetings.rules.checks import SheetItem, draw, list_digest
from meetings.services.hints import note_minutes
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.checks import (
    DUE,
    long_minutes,
    make_check,
    make_comment,
    make_draw,
    make_finding,
    photo,
    points,
    scene,
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


# --- Hints -------------------------------------------------------------------------------------


def hints(meeting: Meeting, *units: Unit) -> list[tuple[str, Meeting | None]]:
    files = list(meeting.files.all())
    found = hints_of(meeting, files, units=units, readable=lambda rows: rows)
    return [(hint.kind, hint.meeting) for hint in found]


def with_photo(unit: Unit, data: bytes, by: Any = None) -> Meeting:
    """A filed record with this photo, attached while it was a draft."""
    meeting = make_meeting(unit, status=Status.DRAFT, attendance=(3, 5), by=by)
    services.add_file(meeting=meeting, by=by, upload=photo(data))
    services.submit(meeting=meeting, by=by, on=DAY)
    meeting.refresh_from_db()
    return meeting


def test_the_same_photo_in_another_record_is_hinted_at(street: Street) -> None:
    one, other = with_photo(street.branch, scene()), with_photo(street.neighbour, scene())
    with_photo(street.neighbour, scene(2))
    assert hints(one, street.street) == [("photo", other)]
    assert hinted([one.pk, other.pk]) == {one.pk, other.pk}


def test_the_same_scene_smaller_and_poorer_is_hinted_at(street: Street) -> None:
    one = with_photo(street.branch, scene())
    other = with_photo(street.neighbour, scene(size=(400, 300), quality=40))
    digests = MeetingFile.unscoped.values_list("sha256", flat=True)
    assert len(set(digests)) == 2
    assert hints(one, street.street) == [("photo", other)]


def test_a_plain_wall_is_like_no_other_wall(street: Street) -> None:
    one = make_meeting(street.branch, status=Status.DRAFT)
    other = make_meeting(street.neighbour, status=Status.DRAFT)
    for meeting, size in ((one, (80, 60)), (other, (90, 60))):
        services.add_file(meeting=meeting, by=None, upload=photo(grey(size)))
    Meeting.unscoped.update(status=Status.SUBMITTED, first_submitted_on=DAY)
    assert hints(one, street.street) == []


def grey(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "grey").save(out, "JPEG")
    return out.getvalue()


def filed(unit: Unit, minutes: str, by: Any = None) -> Meeting:
    meeting = make_meeting(unit, status=Status.DRAFT, attendance=(3, 5), minutes=minutes, by=by)
    return services.submit(meeting=meeting, by=by, on=DAY)


def test_minutes_that_read_alike_are_hinted_at(street: Street) -> None:
    text = long_minutes()
    one, other = (
        filed(street.branch, text),
        filed(street.neighbour, f"{text[:100]}另一人{text[103:]}"),
    )
    filed(street.neighbour, long_minutes(2))
    assert hints(one, street.street) == [("minutes", other)]
    assert hints(other, street.street) == [("minutes", one)]
    assert hinted(Meeting.unscoped.values_list("pk", flat=True)) == {one.pk, other.pk}


def test_minutes_filed_anew_are_compared_anew(street: Street) -> None:
    one, other = filed(street.branch, long_minutes()), filed(street.neighbour, long_minutes())
    services.return_(meeting=other, by=street.reviewer, reason="照抄")
    other.refresh_from_db()
    Meeting.unscoped.filter(pk=other.pk).update(minutes=long_minutes(5))
    services.submit(meeting=other, by=street.secretary, on=DAY)
    assert hints(one, street.street) == []


def test_what_lies_out_of_reach_is_said_to_be_there_and_not_named(street: Street) -> None:
    elsewhere = make_branch(make_committee(street.district))
    one, other = filed(street.branch, long_minutes()), filed(elsewhere, long_minutes())
    assert hints(one, street.street) == [("minutes", None)]
    assert hints(one, street.district) == [("minutes", other)]


def test_another_district_and_what_is_not_filed_are_not_looked_at(street: Street) -> None:
    one = filed(street.branch, long_minutes())
    filed(make_branch(make_committee(make_district())), long_minutes())
    note_minutes(make_meeting(street.branch, status=Status.DRAFT, minutes=long_minutes()))
    withdrawn = filed(street.branch, long_minutes())
    services.withdraw(meeting=withdrawn, by=street.secretary)
    assert hints(one, street.district) == []
    assert hinted([one.pk]) == set()


def test_eight_records_within_an_hour_are_hinted_at(street: Street) -> None:
    meetings = [make_meeting(street.branch, by=street.secretary) for _ in range(8)]
    assert hints(meetings[0], street.street) == [("rush", None)]
    assert hinted([one.pk for one in meetings]) == {one.pk for one in meetings}
    Meeting.unscoped.filter(pk=meetings[7].pk).update(
        created_at=timezone.now() - timedelta(hours=3)
    )
    assert hints(meetings[0], street.street) == []
    assert hinted([one.pk for one in meetings]) == set()


def test_many_alike_cost_no_more_and_show_no_more(
    street: Street, django_assert_num_queries: Any
) -> None:
    text = long_minutes()
    one = filed(street.branch, text)
    filed(street.neighbour, text)
    files = list(one.files.all())

    def ask() -> int:
        with django_assert_num_queries(2):
            return len(hints_of(one, files, units=[street.street], readable=lambda rows: rows))

    assert ask() == 1
    for _ in range(7):
        filed(street.neighbour, text)
    assert ask() == 5


# --- 审阅 --------------------------------------------------------------------------------------


def test_a_comment_is_told_to_the_branch_and_its_answer_to_its_author(street: Street) -> None:
    leader = make_user(Role.LEADER, street.street)
    meeting = make_meeting(street.group, Kind.GROUP, status=Status.ACCEPTED)
    comment = make_comment(meeting, leader)
    services.answer_comment(comment=comment, by=street.secretary, text="下次改进", form_key=uuid4())
    told = set(Notice.objects.values_list("recipient", "template"))
    assert told == {
        (street.secretary.pk, "meetings/notices/comment"),
        (street.leader.pk, "meetings/notices/comment"),
        (leader.pk, "meetings/notices/comment_answered"),
    }
    meeting.refresh_from_db()
    assert meeting.status == Status.ACCEPTED


def test_a_comment_sent_twice_is_one(street: Street) -> None:
    meeting, key = make_meeting(street.branch), uuid4()
    facts = {"meeting": meeting, "text": "好", "form_key": key}
    first = services.add_comment(**facts, by=street.reviewer)
    assert services.add_comment(**facts, by=street.reviewer) == first
    assert Notice.objects.count() == 1
    assert refusal(services.add_comment, **facts, by=street.chief).code == "conflict"


@pytest.mark.parametrize("text", ["", " \x00", "长" * 501, "机密★10年"])
def test_a_comment_must_be_fit_to_stand_there(street: Street, text: str) -> None:
    meeting = make_meeting(street.branch)
    assert refusal(make_comment, meeting, street.reviewer, text).field == "text"


@pytest.mark.parametrize("status", list(Status))
def test_comments_are_possible_at_any_state_after_filing(street: Street, status: Status) -> None:
    meeting = make_meeting(street.branch, status=status, submitted_on=DAY)
    if status == Status.DRAFT:
        assert refusal(make_comment, meeting, street.reviewer).code == "conflict"
    else:
        assert make_comment(meeting, street.reviewer).pk


def test_only_the_author_takes_his_words_back_and_the_row_stays(street: Street) -> None:
    comment = make_comment(make_meeting(street.branch), street.reviewer)
    verb = services.withdraw_comment
    assert refusal(verb, comment=comment, by=street.chief).code == "forbidden"
    first = verb(comment=comment, by=street.reviewer).withdrawn_at
    assert verb(comment=comment, by=street.reviewer).withdrawn_at == first
    assert Comment.unscoped.get().text == "发言可以记得更细"
    said = {"by": street.secretary, "text": "好", "form_key": uuid4()}
    assert refusal(services.answer_comment, comment=comment, **said).code == "conflict"


def test_an_answer_is_not_answered(street: Street) -> None:
    comment = make_comment(make_meeting(street.branch), street.reviewer)
    said = {"by": street.secretary, "text": "好"}
    answer = services.answer_comment(comment=comment, **said, form_key=uuid4())
    verb = services.answer_comment
    assert refusal(verb, comment=answer, **said, form_key=uuid4()).code == "invalid"


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
