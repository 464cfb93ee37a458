"""提示: what stands beside a record, for whom, and what it leaves out."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from branches.models import Unit
from meetings import services
from meetings.enums import Status
from meetings.hints import hinted, hints_of
from meetings.models import Meeting, MeetingFile
from meetings.services.hints import note_minutes
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.checks import long_minutes, photo, scene
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import DAY, Street


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests go where they vanish."""
    settings.PRIVATE_ROOT = tmp_path


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
