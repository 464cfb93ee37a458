"""典型案例 as a Word file of GB/T 9704, from the same rows as the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from brands.enums import FileKind
from brands.models import Brand, BrandFile, BrandYear
from brands.reading import scheme_of
from core.papers import Paper


def case_paper(brand: Brand, *, on: date) -> bytes:
    """The case: 五有 as a table, 背景, 做法, 成效启示, the photos that the scheme of ``on`` allows.

    Three questions to the database; a photo whose bytes are gone is left out.
    """
    graded = BrandYear.unscoped.filter(brand=brand, grade__isnull=False).order_by("-year").first()
    note = f"（{graded.year}年评为“{graded.get_grade_display()}”）" if graded else ""
    paper = Paper(f"“{brand.name}”党建品牌典型案例", subtitle=note)
    paper.facts(
        (
            ("创建单位", brand.unit.name),
            ("类别", brand.get_kind_display()),
            *(pair for pair in brand.five.items() if pair[0] != "名称" and pair[1]),
        )
    )
    for title, text in (
        ("一、背景", brand.background),
        ("二、做法", brand.practice),
        ("三、成效启示", brand.results),
    ):
        if text.strip():
            paper.heading(title)
            paper.text(text)
    limit = scheme_of(brand.unit, on.year).case_photos
    photos = BrandFile.unscoped.filter(brand=brand, kind=FileKind.PHOTO)
    for photo in photos.order_by("pk")[:limit]:
        image = _bytes(photo)
        if image:
            paper.picture(image)
    return paper.data()


def _bytes(photo: BrandFile) -> bytes:
    try:
        return Path(settings.PRIVATE_ROOT, photo.path).read_bytes()
    except OSError:
        return b""
