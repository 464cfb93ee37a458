"""Pictures, papers and scans of a brand."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from brands.enums import FileKind
from brands.models import Brand, BrandFile
from core import attachments, files

MAX_FILES = 60
_PICTURES_ONLY = (FileKind.COVER, FileKind.PHOTO)


def keep(*, brand: Brand, by: User | None, upload: files.Upload, kind: FileKind) -> BrandFile:
    """Check a file, write it down and make its row; the same file again is the same row.

    Pictures are drawn anew; PDF, Word and Excel come as they are, where a picture is not asked for.
    Raises Refusal: the file is not fit, or there are too many.
    """
    picture = kind in _PICTURES_ONLY
    clean = files.accept_image(upload) if picture else attachments.accept(upload)
    with transaction.atomic():
        Brand.unscoped.select_for_update(of=("self",)).get(pk=brand.pk)
        rows = BrandFile.unscoped.filter(brand=brand)
        with attachments.storing(clean) as stored:
            # The same file may be kept once of each kind; the limit is for all kinds together.
            kept: BrandFile
            kept, _ = attachments.keep(
                rows.filter(kind=kind), stored, most=MAX_FILES - rows.exclude(kind=kind).count(),
                too_many=f"一个品牌最多保存 {MAX_FILES} 个文件，请挑要紧的上传。", field="file",
                brand=brand, by=by, kind=kind,
            )  # fmt: skip
            return kept
