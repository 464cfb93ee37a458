"""The way of a year through the four 环节; each move takes the brand's career along."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from brands.enums import (
    Grade,
    InspectionState,
    ItemSet,
    ReviewState,
    Stage,
    Step,
)
from brands.models import Brand, BrandMove, BrandYear, CreationAnswer, Inspection, PlanItem
from brands.reading import items_of
from brands.rules import counts, missing_five
from brands.services.parts import at_stage, lock_year, move_stage, paper, reason
from brands.services.schemes import give_place, take_place
from brands.telling import above, district, keepers, tell_about
from core import files
from core.errors import Refusal


def position_mark(brand: Brand) -> str:
    """What a brand says of itself, in 64 characters: after 重新定位 it must say something else."""
    return hashlib.sha256("\n".join(brand.five.values()).encode()).hexdigest()


@transaction.atomic
def apply(
    *,
    year: BrandYear,
    by: User | None,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> BrandYear:
    """申报: the unit nominates its brand (推选). A second arrival changes nothing.

    Raises Refusal: one of the 五有 is empty, no 五定 plan, no document, the old 定位 unchanged.
    """
    year = lock_year(year)
    if year.stage == Stage.APPLIED:
        return year
    at_stage(year, Stage.TOPIC)
    brand = year.brand
    lost = missing_five(brand.five)
    if lost:
        raise Refusal(f"“五有”还缺：{'、'.join(lost)}。请补齐后再申报。", field="five")
    if brand.step == Step.REPOSITIONED and brand.mark == position_mark(brand):
        raise Refusal(
            "这个品牌要重新定位：名称、主题、理念、内涵、目标还和原来一样，请先修改再申报。",
            field="five",
        )
    if not PlanItem.unscoped.filter(year=year).exists():
        raise Refusal("还没有“五定”计划，请至少列出一项任务再申报。", field="plan")
    number, file = paper(brand=brand, by=by, document=document, upload=upload, what="申报")
    year.returned, year.applied_by = "", by
    move_stage(year, Stage.APPLIED, by=by, on=on, document=number, file=file)
    tell_about(
        brand, "applied", f"待审核：{brand.unit} 申报品牌“{brand}”", year=year, on=on,
        key=f"{year.pk}:{_nth(year)}", to=above(brand.unit, on), by_id=by.pk if by else None,
    )  # fmt: skip
    return year


@transaction.atomic
def withdraw(*, year: BrandYear, by: User | None, on: date) -> BrandYear:
    """The unit takes back a year that was not approved."""
    year = lock_year(year)
    if year.stage == Stage.WITHDRAWN:
        return year
    at_stage(year, Stage.TOPIC, Stage.APPLIED)
    move_stage(year, Stage.WITHDRAWN, by=by, on=on)
    return year


@transaction.atomic
def approve(
    *,
    year: BrandYear,
    by: User,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> BrandYear:
    """批准实施: from now on the brand is trained (培育) and fills a place of its committee's.

    Raises Refusal: decided already (``conflict``), one's own application (``forbidden``), no
    document, no place left (``conflict``).
    """
    year = lock_year(year)
    at_stage(year, Stage.APPLIED)
    _refuse_own(year, by)
    number, file = paper(brand=year.brand, by=by, document=document, upload=upload, what="批准")
    take_place(unit=committee_of(year.brand.unit), year=year.year, what="培树品牌")
    move_stage(year, Stage.UNDERWAY, by=by, on=on, document=number, file=file)
    _tell_keepers(year, "approved", f"品牌“{year.brand}”已批准实施", by=by, on=on)
    return year


@transaction.atomic
def return_(*, year: BrandYear, by: User, on: date, why: str) -> BrandYear:
    """退回 an application with the reason; the unit corrects it and applies again."""
    text = reason(why, "退回")
    year = lock_year(year)
    at_stage(year, Stage.APPLIED)
    _refuse_own(year, by)
    year.returned = text
    move_stage(year, Stage.TOPIC, by=by, on=on, why=text)
    _tell_keepers(year, "returned", f"已退回：品牌“{year.brand}”的申报", by=by, on=on, why=text)
    return year


@transaction.atomic
def report(
    *,
    year: BrandYear,
    by: User | None,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> BrandYear:
    """报请督查: the plan is done, the creation list answered. A second arrival changes nothing.

    Raises Refusal: an item of the plan is not done, a line of the list is empty, no document.
    """
    year = lock_year(year)
    if year.stage == Stage.INSPECTED:
        return year
    at_stage(year, Stage.UNDERWAY)
    undone = PlanItem.unscoped.filter(year=year, done_on__isnull=True).count()
    if undone:
        raise Refusal(f"“五定”计划还有 {undone} 项没有完成，完成后再报请督查。", field="plan")
    asked = items_of(year.brand.unit, year.year, ItemSet.CREATION)
    done = set(CreationAnswer.unscoped.filter(year=year).values_list("item_id", flat=True))
    lost = [item.title for item in asked if item.pk not in done]
    if lost:
        raise Refusal(f"创建清单还缺：{'、'.join(lost)}。请逐条填写后再报。", field="answers")
    number, file = paper(brand=year.brand, by=by, document=document, upload=upload, what="报请督查")
    year.returned = ""
    move_stage(year, Stage.INSPECTED, by=by, on=on, document=number, file=file)
    unit = year.brand.unit
    tell_about(
        year.brand, "reported", f"报请督查：{unit} 的品牌“{year.brand}”", year=year, on=on,
        key=f"{year.pk}:{_nth(year)}", to=above(unit, on) | district(unit, on),
        by_id=by.pk if by else None,
    )  # fmt: skip
    return year


@transaction.atomic
def rework(*, year: BrandYear, by: User, on: date, why: str) -> BrandYear:
    """退回整改: what was reported as done is not; the year goes on.

    Raises Refusal: no reason, or reviewers are at it already.
    """
    text = reason(why, "退回整改")
    year = lock_year(year)
    at_stage(year, Stage.INSPECTED)
    if year.review_state != ReviewState.NONE:
        raise Refusal("评审已经开始，不能再退回整改。", code="conflict")
    year.returned = text
    move_stage(year, Stage.UNDERWAY, by=by, on=on, why=text)
    _tell_keepers(year, "returned", f"退回整改：品牌“{year.brand}”", by=by, on=on, why=text)
    return year


@transaction.atomic
def pick(*, year: BrandYear, by: User, on: date) -> BrandYear:
    """选为拳头品牌: one of the district's few places. Asked twice it is one.

    Raises Refusal: not under way yet, or no place left (``conflict``).
    """
    year = lock_year(year)
    if year.is_fist:
        return year
    if not counts(year.stage):
        raise Refusal("批准实施以后才能选为拳头品牌。", code="conflict")
    take_place(unit=_district_of(year.brand.unit), year=year.year, what="拳头品牌")
    year.is_fist = True
    year.save(update_fields=["is_fist", "updated_at"])
    _tell_keepers(year, "picked", f"“{year.brand}”选为{year.year}年拳头品牌", by=by, on=on)
    return year


@transaction.atomic
def unpick(*, year: BrandYear, by: User, on: date) -> BrandYear:
    """退出拳头品牌: the place is free again."""
    year = lock_year(year)
    if not year.is_fist:
        return year
    if year.stage == Stage.CLOSED:
        raise Refusal("这一年已经办结，拳头品牌名单不再变动。", code="conflict")
    year.is_fist = False
    year.save(update_fields=["is_fist", "updated_at"])
    give_place(unit=_district_of(year.brand.unit), year=year.year)
    return year


@transaction.atomic
def decide(
    *,
    year: BrandYear,
    by: User,
    on: date,
    document: str = "",
    upload: files.Upload | None = None,
) -> BrandYear:
    """审定: the grade of the year is fixed and kept; the year is over.

    Raises Refusal: the review is not summed up, no inspection, findings open, one's own summing up
    or adjustment (``forbidden``), no document.
    """
    year = lock_year(year)
    at_stage(year, Stage.INSPECTED)
    if year.review_state != ReviewState.CLOSED or year.computed is None:
        raise Refusal("评审还没有汇总，不能审定。", code="conflict")
    if by.pk in (year.review_closed_by_id, year.adjusted_by_id):
        raise Refusal("汇总、调整的同志不能再审定，请由另一位同志审定。", code="forbidden")
    inspections = Inspection.unscoped.filter(year=year)
    if not inspections.exists():
        raise Refusal("还没有督查记录，先督查再审定。", code="conflict")
    if inspections.exclude(state=InspectionState.CLOSED).exists():
        raise Refusal("督查发现的问题还没有全部销号，销号后再审定。", code="conflict")
    number, file = paper(brand=year.brand, by=by, document=document, upload=upload, what="审定")
    year.grade = year.adjusted or year.computed
    year.decided_by, year.decided_on = by, on
    move_stage(year, Stage.CLOSED, by=by, on=on, document=number, file=file)
    word = Grade(year.grade).label
    _tell_keepers(
        year, "graded", f"{year.year}年品牌“{year.brand}”评为“{word}”", by=by, on=on, grade=word
    )
    return year


# --- Parts -----------------------------------------------------------------------------------


def committee_of(unit: Unit) -> Unit:
    """The 党(工)委 whose quota a unit's brand fills: the ancestor below the district."""
    return unit.committee or unit


def _district_of(unit: Unit) -> Unit:
    return Unit.unscoped.get(pk=unit.district_id or 0)


def _refuse_own(year: BrandYear, by: User) -> None:
    """Nobody decides on what he wrote or applied for himself (S16)."""
    if by.pk in (year.applied_by_id, year.brand.created_by_id):
        raise Refusal("这个品牌是您本人录入或申报的，请由另一位同志审核。", code="forbidden")


def _nth(year: BrandYear) -> int:
    """How many moves a year has made: the same thing may be told again after a return."""
    return BrandMove.unscoped.filter(year=year).count()


def _tell_keepers(
    year: BrandYear, name: str, title: str, *, by: User, on: date, **payload: str
) -> None:
    tell_about(
        year.brand, name, title, key=f"{year.pk}:{_nth(year)}", to=keepers(year.brand.unit, on),
        on=on, by_id=by.pk, year=year, **payload,
    )  # fmt: skip
