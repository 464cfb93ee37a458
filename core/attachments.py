"""Files that hang on a row: checked, kept once each, sent out again.

The row is each part's own :class:`core.models.AttachedFile`, and so is the question who may see it.

    clean = attachments.accept(upload)               # FileRefused says what to do
    with attachments.storing(clean) as stored:       # in a transaction, the owner locked
        row, is_new = attachments.keep(rows, stored, most=30, too_many="…", meeting=meeting)
    return attachments.serve(request, row)           # from a view that has checked who asks
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from core import files
from core.errors import Refusal
from core.models import AttachedFile

_PAPERS = ("pdf", "docx", "xlsx", "doc", "xls", "wps", "et")
Row = TypeVar("Row", bound=AttachedFile)


def accept(upload: files.Upload) -> files.CleanFile:
    """A photo drawn anew, or a PDF, Word or Excel file as it came; FileRefused otherwise."""
    extension = (upload.name or "").rpartition(".")[2].lower()
    return files.accept_document(upload) if extension in _PAPERS else files.accept_image(upload)


@contextmanager
def storing(clean: files.CleanFile) -> Iterator[files.StoredFile]:
    """The file on disk while its row is written; when that fails its bytes go again."""
    stored = files.store(clean)
    try:
        yield stored
    except BaseException:
        files.discard(stored.path, stored.thumbnail)
        raise


def keep(
    rows: QuerySet[Row],
    stored: files.StoredFile,
    *,
    most: int,
    too_many: str,
    field: str = "",
    **owner: Any,
) -> tuple[Row, bool]:
    """The row of a stored file among an owner's ``rows``, and whether it is new.

    The same bytes again are the same row, the second copy goes. Raises Refusal (``too_many``, at
    ``field``) when there are ``most`` already.
    """
    same = rows.filter(sha256=stored.sha256).first()
    if same is not None:
        files.discard(stored.path, stored.thumbnail)
        return same, False
    if rows.count() >= most:
        raise Refusal(too_many, field=field)
    return rows.create(**owner, **stored.columns), True


def serve(request: HttpRequest, row: AttachedFile, *, name: str = "") -> HttpResponseBase:
    """The file, a photo to be looked at and a paper to be saved, under its name or another."""
    return files.serve(
        request, row.path, name or row.name, content_type=row.content_type, inline=True
    )


def serve_small(request: HttpRequest, row: AttachedFile, *, name: str = "") -> HttpResponseBase:
    """The small picture of a photo; 404 for a paper."""
    shown = name or f"{row.name}.jpg"
    return files.serve(request, row.thumbnail, shown, content_type="image/jpeg", inline=True)
