"""Photos and papers of a case."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import attachments, files
from core.errors import Refusal
from rectification.enums import FileKind
from rectification.models import Case, CaseFile

MAX_FILES = 300


@transaction.atomic
def keep_file(*, case: Case, by: User | None, upload: files.Upload, field: str) -> CaseFile:
    """Keep a checked photo or paper with a case that the caller has locked.

    Photos are drawn anew, PDF, Word and Excel come as they are. The same file again is the same
    row.

    Raises:
        Refusal: the file is not fit, or there are too many.
    """
    try:
        clean = attachments.accept(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field=field, code=refused.code) from None
    with attachments.storing(clean) as stored:
        kept: CaseFile
        kept, _ = attachments.keep(
            CaseFile.unscoped.filter(case=case), stored, most=MAX_FILES,
            too_many=f"一个整顿对象最多 {MAX_FILES} 个附件，请挑要紧的上传。",
            case=case, by=by, kind=FileKind.PHOTO if stored.is_photo else FileKind.DOCUMENT,
        )  # fmt: skip
        return kept
