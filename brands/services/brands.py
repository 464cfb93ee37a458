"""Writing a brand down: the 五有, the case, its pictures; opening a year."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from brands.entries import Five
from brands.enums import TRAINED, BrandKind, FileKind, Ladder, Stage, Step
from brands.models import Brand, BrandFile, BrandMove, BrandYear
from brands.reading import scheme_of
from brands.rules import case_length
from brands.services.files import keep
from brands.services.parts import latest_year, lock_brand, plain
from brands.services.schemes import ensure_scheme
from core import files
from core.errors import Refusal
from core.pinyin import search_key
from core.screening import mark_in_name, refusal_of

# The year's creation has been judged on these: while it is, they stand.
_FROZEN = (Stage.APPLIED, Stage.INSPECTED)
_LONGEST = {
    "name": (40, "品牌名称"), "theme": (60, "主题"), "concept": (200, "理念"),
    "meaning": (800, "内涵"), "goal": (500, "目标"),
}  # fmt: skip


@transaction.atomic
def create_brand(*, unit: Unit, by: User | None, year: int, on: date, five: Five) -> Brand:
    """选题: a unit's new brand and its first year. The same name again is the brand that is there.

    Raises Refusal: a unit that owns no brand, no name, a name that carries a mark of secrecy.
    """
    if unit.kind in (UnitKind.DISTRICT, UnitKind.GROUP):
        raise Refusal("品牌由党（工）委、党总支或党支部创建，请选择这样的单位。", field="unit")
    if unit.dissolved_on is not None and unit.dissolved_on < on:
        raise Refusal("这个党组织已经撤销，不能再创建品牌。", field="unit")
    texts = _texts(five)
    ensure_scheme(unit, year)
    # Two sendings of one form queue up here, so that the second finds what the first wrote.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    known = Brand.unscoped.filter(unit=unit, name=texts["name"]).first()
    if known is not None:
        return known
    brand = Brand(unit=unit, created_by=by, kind=BrandKind(five.kind), **texts)
    brand.name_key = search_key(brand.name, brand.theme)
    brand.save()
    _open(brand, year, by, on)
    return brand


@transaction.atomic
def change_brand(*, brand: Brand, by: User | None, five: Five) -> Brand:
    """Write the 五有 anew. Raises Refusal: they are being judged, or the name is taken."""
    brand = lock_brand(brand.pk)
    latest = latest_year(brand)
    if latest is not None and latest.stage in _FROZEN:
        word = Stage(latest.stage).label
        raise Refusal(f"品牌正在“{word}”环节审看，内容先不能改；退回后可以修改。", code="conflict")
    texts = _texts(five)
    if brand.step in (Step.RECOGNISED, Step.PROMOTED) and texts["name"] != brand.name:
        raise Refusal("已经认定的品牌名称不再改动；要换名称，先由组织部重新定位。", field="name")
    for name, text in texts.items():
        setattr(brand, name, text)
    brand.kind = BrandKind(five.kind)
    brand.name_key = search_key(brand.name, brand.theme)
    try:
        with transaction.atomic():
            brand.save()
    except IntegrityError as error:
        raise Refusal("这个单位已有同名的品牌，请换一个名称。", field="name") from error
    return brand


def _texts(five: Five) -> dict[str, str]:
    texts = {
        name: plain(getattr(five, name), word, longest=longest, field=name, needed=name == "name")
        for name, (longest, word) in _LONGEST.items()
    }
    mark = mark_in_name(texts["name"])
    if mark:
        raise Refusal(refusal_of(mark, "品牌名称"), field="name")
    if five.kind not in BrandKind.values:
        raise Refusal("请选择品牌类别。", field="kind")
    return texts


def _open(brand: Brand, year: int, by: User | None, on: date) -> BrandYear:
    found = BrandYear.unscoped.create(brand=brand, year=year, stage_on=on)
    BrandMove.unscoped.create(
        brand=brand, year=found, ladder=Ladder.STAGE, before=None, after=Stage.TOPIC, on=on, by=by
    )
    return found


@transaction.atomic
def open_year(*, brand: Brand, year: int, by: User | None, on: date) -> BrandYear:
    """Begin another year's creation with 选题; asked twice it is one year.

    Raises Refusal: an earlier year is not over, or a later one is there.
    """
    brand = lock_brand(brand.pk)
    latest = latest_year(brand)
    if latest is not None and latest.year == year:
        return latest
    if latest is not None and latest.year > year:
        raise Refusal(f"{latest.year}年的创建已经开始，不能再补开{year}年的。", field="year")
    if latest is not None and latest.stage != Stage.CLOSED:
        raise Refusal(f"{latest.year}年的创建还没有办结，办结后再开始新的一年。", code="conflict")
    ensure_scheme(brand.unit, year)
    return _open(brand, year, by, on)


@transaction.atomic
def write_case(
    *, brand: Brand, by: User | None, background: str, practice: str, results: str, year: int
) -> Brand:
    """典型案例: 背景, 做法, 成效启示, together no longer than the scheme of ``year`` allows.

    Raises Refusal: too long, marked secret, or a brand that is not trained yet.
    """
    brand = lock_brand(brand.pk)
    if brand.step not in TRAINED:
        raise Refusal("品牌进入培育以后再写典型案例。", code="conflict")
    parts = {
        name: plain(text, word, longest=20_000, field=name, needed=False)
        for name, text, word in (
            ("background", background, "背景"),
            ("practice", practice, "做法"),
            ("results", results, "成效启示"),
        )
    }
    limit, length = scheme_of(brand.unit, year).case_limit, case_length(*parts.values())
    if length > limit:
        raise Refusal(
            f"典型案例共 {length} 字，超过 {limit} 字；请再精炼 {length - limit} 字。",
            field="practice",
        )
    for name, text in parts.items():
        setattr(brand, name, text)
    brand.save()
    return brand


@transaction.atomic
def add_picture(
    *, brand: Brand, by: User | None, upload: files.Upload, kind: FileKind, year: int
) -> BrandFile:
    """A cover (the new one takes the old one's place) or a photo of the case.

    Raises Refusal: not a picture, or as many photos as the scheme allows are there.
    """
    brand = lock_brand(brand.pk)
    kept = keep(brand=brand, by=by, upload=upload, kind=kind)
    if kind == FileKind.COVER:
        brand.cover = kept
        brand.save(update_fields=["cover", "updated_at"])
        return kept
    limit = scheme_of(brand.unit, year).case_photos
    if BrandFile.unscoped.filter(brand=brand, kind=FileKind.PHOTO).count() > limit:
        files.discard(kept.path, kept.thumbnail)
        raise Refusal(f"典型案例最多 {limit} 张照片，请先移去一张再传。", field="file")
    return kept


@transaction.atomic
def remove_picture(*, file: BrandFile, by: User | None) -> None:
    """Take a cover or a photo away; its bytes go when that is certain.

    Raises Refusal: it is a paper of a move, which stays.
    """
    brand = lock_brand(file.brand_id)
    if file.kind not in (FileKind.COVER, FileKind.PHOTO):
        raise Refusal("办理过程的文件依据要长期保存，不能移去。", code="forbidden")
    if brand.cover_id == file.pk:
        brand.cover = None
        brand.save(update_fields=["cover", "updated_at"])
    path, thumbnail = file.path, file.thumbnail
    BrandFile.unscoped.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: files.discard(path, thumbnail))
