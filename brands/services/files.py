"""Pictures, papers and scans of a brand."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from brands.enums import FileKind
from brands.models import Brand, BrandFile
from core import files
from core.errors import Refusal

MAX_FILES = 60
_PAPERS = ("pdf", "docx", "xlsx", "doc", "xls", "wps", "et")
_PICTURES_ONLY = (FileKind.COVER, FileKind.PHOTO)


def keep(*, brand: Brand, by: User | None, upload: files.Upload, kind: FileKind) -> BrandFile:
    """Check a file, write it down and make its row; the same file again is the same row.

    Pictures are drawn anew; PDF, Word and Excel come as they are, where a picture is not asked for.
    Raises Refusal: the file is not fit, or there are too many.
    """
    extension = (upload.name or "").rpartition(".")[2].lower()
    as_paper = extension in _PAPERS and kind not in _PICTURES_ONLY
    clean = files.accept_document(upload) if as_paper else files.accept_image(upload)
    with transaction.atomic():
        Brand.unscoped.select_for_update(of=("self",)).get(pk=brand.pk)
        stored = files.store(clean)
        try:
            return _row(brand, by, stored, kind)
        except BaseException:
            files.discard(stored.path, stored.thumbnail)
            raise


def _row(brand: Brand, by: User | None, stored: files.StoredFile, kind: FileKind) -> BrandFile:
    rows = BrandFile.unscoped.filter(brand=brand)
    same: BrandFile | None = rows.filter(kind=kind, sha256=stored.sha256).first()
    if same is not None:
        files.discard(stored.path, stored.thumbnail)
        return same
    if rows.count() >= MAX_FILES:
        raise Refusal(f"一个品牌最多保存 {MAX_FILES} 个文件，请挑要紧的上传。", field="file")
    return BrandFile.unscoped.create(
        brand=brand,
        kind=kind,
        name=stored.name,
        path=stored.path,
        thumbnail=stored.thumbnail,
        content_type=stored.content_type,
        sha256=stored.sha256,
        size=stored.size,
        by=by,
    )
