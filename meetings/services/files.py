"""Photos and papers of a record."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import attachments, files
from core.errors import Refusal
from meetings.enums import FileKind
from meetings.models import Meeting, MeetingFile
from meetings.services.hints import note_photo, picture_hash

MAX_FILES = 30


def add_file(
    *,
    meeting: Meeting,
    by: User | None,
    upload: files.Upload,
    kind: FileKind = FileKind.PHOTO,
) -> MeetingFile:
    """Keep a checked file with a draft or returned record; the same file again is the same row.

    Photos are drawn anew, PDF, Word and Excel come as they are and count as 材料.

    Raises:
        Refusal: the file is not fit, there are too many, or the record is locked.
    """
    clean = attachments.accept(upload)
    with transaction.atomic():
        _open(meeting)
        with attachments.storing(clean) as stored:
            kept, is_new = attachments.keep(
                MeetingFile.unscoped.filter(meeting=meeting),
                stored,
                most=MAX_FILES,
                too_many=f"一次会议最多 {MAX_FILES} 个附件，请挑要紧的上传。",
                meeting=meeting,
                kind=kind if stored.is_photo else FileKind.DOCUMENT,
                dhash=picture_hash(clean.thumbnail),
                by=by,
            )
            if is_new:
                note_photo(kept)
            return kept


def _open(meeting: Meeting) -> None:
    """Lock the record and see that files may still be put in or taken out."""
    found = Meeting.unscoped.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not found.is_editable:
        raise Refusal("这条记录已经提交或锁定，附件不能再改；退回后可以修改。", code="conflict")


@transaction.atomic
def remove_file(*, file: MeetingFile, by: User | None) -> None:
    """Take a file off a draft or returned record; its bytes go when that is certain."""
    _open(file.meeting)
    path, thumbnail = file.path, file.thumbnail
    MeetingFile.unscoped.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: files.discard(path, thumbnail))
