"""The upper rungs of a brand's career: 认定, 推广, and back to 重新定位."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from brands.enums import Stage, Step
from brands.models import Brand, BrandYear
from brands.rules import may_recognise, may_reposition
from brands.services.parts import (
    latest_year,
    lock_brand,
    move_stage,
    move_step,
    paper,
    reason,
)
from brands.services.years import position_mark
from brands.telling import keepers, tell_about
from core import files
from core.errors import Refusal


@transaction.atomic
def recognise(
    *,
    brand: Brand,
    by: User,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> Brand:
    """认定 a brand whose year ended with 优 or 良. Asked twice it is one.

    Raises Refusal: not trained, not graded well, no document.
    """
    brand = lock_brand(brand.pk)
    if brand.step == Step.RECOGNISED:
        return brand
    year = latest_year(brand)
    if year is None or not may_recognise(brand.step, year.stage, year.grade):
        raise Refusal("培育中的品牌，当年审定为“优”或“良”以后才能认定。", code="conflict")
    number, file = paper(brand=brand, by=by, document=document, upload=upload, what="认定")
    move_step(brand, Step.RECOGNISED, by=by, on=on, year=year, document=number, file=file)
    _tell(brand, year, "recognised", f"品牌“{brand}”已认定", by, on, document=number)
    return brand


@transaction.atomic
def promote(
    *,
    brand: Brand,
    by: User,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> Brand:
    """推广: the brand is shown to the whole district, with its case. Asked twice it is one.

    Raises Refusal: not recognised, the case is not written, no document.
    """
    brand = lock_brand(brand.pk)
    if brand.step == Step.PROMOTED:
        return brand
    if brand.step != Step.RECOGNISED:
        raise Refusal("先认定，再推广。", code="conflict")
    if not brand.is_told:
        raise Refusal("典型案例的背景、做法、成效启示还没有写全，写全后再推广。", field="case")
    number, file = paper(brand=brand, by=by, document=document, upload=upload, what="推广")
    year = latest_year(brand)
    move_step(brand, Step.PROMOTED, by=by, on=on, year=year, document=number, file=file)
    _tell(brand, year, "promoted", f"品牌“{brand}”在全区推广", by, on, document=number)
    return brand


@transaction.atomic
def reposition(*, brand: Brand, by: User, on: date, why: str) -> Brand:
    """重新定位 a brand below the standard: an application, or a year graded 一般.

    It must say something else before it is applied for again. Raises Refusal.
    """
    text = reason(why, "重新定位")
    brand = lock_brand(brand.pk)
    if brand.step == Step.REPOSITIONED:
        return brand
    year = latest_year(brand)
    if year is None or not may_reposition(brand.step, year.stage, year.grade):
        raise Refusal(
            "只有申报不符合标准，或者当年审定为“一般”的品牌，才退回重新定位。", code="conflict"
        )
    if by.pk in (year.applied_by_id, brand.created_by_id):
        raise Refusal("这个品牌是您本人录入或申报的，请由另一位同志办理。", code="forbidden")
    brand.mark = position_mark(brand)
    if year.stage == Stage.APPLIED:
        year.brand, year.returned = brand, text
        move_stage(year, Stage.TOPIC, by=by, on=on, why=text)
    move_step(brand, Step.REPOSITIONED, by=by, on=on, year=year, why=text)
    _tell(brand, year, "repositioned", f"品牌“{brand}”要重新定位", by, on, why=text)
    return brand


def _tell(
    brand: Brand,
    year: BrandYear | None,
    name: str,
    title: str,
    by: User,
    on: date,
    **payload: str,
) -> None:
    tell_about(
        brand, name, title, key=f"{brand.pk}:{year.pk if year else 0}:{on}",
        to=keepers(brand.unit, on), on=on, by_id=by.pk, year=year, **payload,
    )  # fmt: skip
