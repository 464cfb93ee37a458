"""Files that hang on a row: once each, never more than allowed, no bytes without a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from core import attachments, files
from core.errors import Refusal
from meetings.models import Meeting, MeetingFile
from tests.core.samples import files as samples
from tests.core.samples.files import upload
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.meetings import make_meeting

TOO_MANY = "最多 2 个附件。"


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path
    settings.PRIVATE_ACCEL_PREFIX = ""
    return tmp_path


@pytest.fixture
def meeting(db: None) -> Meeting:
    return make_meeting(make_branch(make_committee(make_district())))


def photo(size: int = 80) -> files.CleanFile:
    return attachments.accept(upload("会场.png", samples.photo("PNG", size=(size, 60))))


def keep(meeting: Meeting, clean: files.CleanFile) -> tuple[MeetingFile, bool]:
    rows = MeetingFile.unscoped.filter(meeting=meeting)
    with attachments.storing(clean) as stored:
        return attachments.keep(
            rows, stored, most=2, too_many=TOO_MANY, field="files", meeting=meeting
        )


def on_disk(root: Path) -> set[str]:
    return {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("given", "is_photo"),
    [
        (upload("会场.PNG", samples.photo("PNG")), True),
        (upload("没有后缀", samples.photo()), True),
        (upload("通知.PDF", samples.pdf()), False),
    ],
)
def test_photos_and_papers_are_told_apart_by_name(
    root: Path, given: files.Upload, is_photo: bool
) -> None:
    with attachments.storing(attachments.accept(given)) as stored:
        assert stored.is_photo is is_photo


def test_an_old_word_file_is_refused_with_advice() -> None:
    with pytest.raises(files.FileRefused, match=r"另存为 \.docx"):
        attachments.accept(upload("总结.doc", b"\xd0\xcf\x11\xe0"))


def test_a_row_knows_where_its_file_lies_and_what_it_is(meeting: Meeting, root: Path) -> None:
    kept, is_new = keep(meeting, photo())
    assert is_new
    assert on_disk(root) == {kept.path, kept.thumbnail}
    assert (kept.name, kept.content_type) == ("会场.png", "image/png")
    assert kept.size == (root / kept.path).stat().st_size


def test_the_same_bytes_again_are_the_same_row_and_lie_there_once(
    meeting: Meeting, root: Path
) -> None:
    kept, _ = keep(meeting, photo())
    before = on_disk(root)
    assert keep(meeting, photo()) == (kept, False)
    assert on_disk(root) == before


def test_one_too_many_is_refused_and_leaves_nothing_behind(meeting: Meeting, root: Path) -> None:
    for size in (80, 90):
        keep(meeting, photo(size))
    before = on_disk(root)
    with pytest.raises(Refusal) as caught:
        keep(meeting, photo(100))
    assert (caught.value.message, caught.value.field) == (TOO_MANY, "files")
    assert on_disk(root) == before
    assert MeetingFile.unscoped.count() == 2


def test_bytes_whose_row_cannot_be_written_go_again(root: Path) -> None:
    def write_in_vain() -> None:
        with attachments.storing(photo()):
            assert on_disk(root)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_in_vain()
    assert not on_disk(root)


def test_a_file_is_sent_under_its_own_name_or_another(meeting: Meeting, root: Path) -> None:
    kept, _ = keep(meeting, photo())
    kept.name = "hall.png"
    asked = RequestFactory().get("/")
    for reply, words in (
        (attachments.serve(asked, kept), 'inline; filename="hall.png"'),
        (attachments.serve(asked, kept, name="photo.png"), 'inline; filename="photo.png"'),
        (attachments.serve_small(asked, kept), 'inline; filename="hall.png.jpg"'),
        (attachments.serve_small(asked, kept, name="photo.jpg"), 'inline; filename="photo.jpg"'),
    ):
        assert reply["Content-Disposition"] == words
        reply.close()


def test_a_paper_has_no_small_picture(meeting: Meeting, root: Path) -> None:
    kept, _ = keep(meeting, attachments.accept(upload("通知.pdf", samples.pdf())))
    asked = RequestFactory().get("/")
    with pytest.raises(Http404):
        attachments.serve_small(asked, kept)
    reply = attachments.serve(asked, kept)
    assert reply["Content-Disposition"].startswith("attachment; ")
    reply.close()
