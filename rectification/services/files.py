"""Photos and papers of a case."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import files
from core.errors import Refusal
from rectification.enums import FileKind
from rectification.models import Case, CaseFile

MAX_FILES = 300
_PAPERS = ("pdf", "docx", "xlsx", "doc", "xls", "wps", "et")


@transaction.atomic
def keep_file(*, case: Case, by: User | None, upload: files.Upload, field: str) -> CaseFile:
    """Keep a checked photo or paper with a case that the caller has locked.

    Photos are drawn anew, PDF, Word and Excel come as they are. The same file again is the same
    row.

    Raises:
        Refusal: the file is not fit, or there are too many.
    """
    extension = (upload.name or "").rpartition(".")[2].lower()
    paper = extension in _PAPERS
    try:
        clean = files.accept_document(upload) if paper else files.accept_image(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field=field, code=refused.code) from None
    stored = files.store(clean)
    try:
        return _kept(case, by, stored, FileKind.DOCUMENT if paper else FileKind.PHOTO)
    except BaseException:
        files.discard(stored.path, stored.thumbnail)
        raise


def _kept(case: Case, by: User | None, stored: files.StoredFile, kind: FileKind) -> CaseFile:
    rows = CaseFile.unscoped.filter(case=case)
    same: CaseFile | None = rows.filter(sha256=stored.sha256).first()
    if same is not None:
        files.discard(stored.path, stored.thumbnail)
        return same
    if rows.count() >= MAX_FILES:
        raise Refusal(f"一个整顿对象最多 {MAX_FILES} 个附件，请挑要紧的上传。")
    kept: CaseFile = CaseFile.unscoped.create(
        case=case, kind=kind, name=stored.name, path=stored.path, thumbnail=stored.thumbnail,
        content_type=stored.content_type, sha256=stored.sha256, size=stored.size, by=by,
    )  # fmt: skip
    return kept
