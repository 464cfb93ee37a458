"""Photos and papers of a record."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import files
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
    extension = (upload.name or "").rpartition(".")[2].lower()
    paper = extension in ("pdf", "docx", "xlsx", "doc", "xls", "wps", "et")
    clean = files.accept_document(upload) if paper else files.accept_image(upload)
    with transaction.atomic():
        _open(meeting)
        stored = files.store(clean)
        try:
            look = picture_hash(clean.thumbnail)
            return _kept(meeting, by, stored, FileKind.DOCUMENT if paper else kind, look)
        except BaseException:
            files.discard(stored.path, stored.thumbnail)
            raise


def _open(meeting: Meeting) -> None:
    """Lock the record and see that files may still be put in or taken out."""
    found = Meeting.unscoped.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not found.is_editable:
        raise Refusal("这条记录已经提交或锁定，附件不能再改；退回后可以修改。", code="conflict")


def _kept(
    meeting: Meeting,
    by: User | None,
    stored: files.StoredFile,
    kind: FileKind,
    look: int | None,
) -> MeetingFile:
    rows = MeetingFile.unscoped.filter(meeting=meeting)
    same: MeetingFile | None = rows.filter(sha256=stored.sha256).first()
    if same is not None:
        files.discard(stored.path, stored.thumbnail)
        return same
    if rows.count() >= MAX_FILES:
        raise Refusal(f"一次会议最多 {MAX_FILES} 个附件，请挑要紧的上传。")
    kept: MeetingFile = MeetingFile.unscoped.create(
        meeting=meeting,
        kind=kind,
        name=stored.name,
        path=stored.path,
        thumbnail=stored.thumbnail,
        content_type=stored.content_type,
        sha256=stored.sha256,
        size=stored.size,
        dhash=look,
        by=by,
    )
    note_photo(kept)
    return kept


@transaction.atomic
def remove_file(*, file: MeetingFile, by: User | None) -> None:
    """Take a file off a draft or returned record; its bytes go when that is certain."""
    _open(file.meeting)
    path, thumbnail = file.path, file.thumbnail
    MeetingFile.unscoped.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: files.discard(path, thumbnail))
