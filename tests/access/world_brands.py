"""Brands full of canaries: one in each branch, with everything that hangs on it."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brands.enums import FileKind, InspectionKind, InspectionState, ReviewState, Stage, Step
from brands.models import (
    Brand,
    BrandFile,
    BrandMove,
    BrandYear,
    CreationAnswer,
    Honour,
    Inspection,
    MediaReport,
    PlanItem,
    Quota,
    Review,
    Scheme,
    Showing,
    StandardItem,
)
from brands.services.schemes import open_scheme

YEAR = 2026
# Who has a sheet, of the brand in which branch: within his own reach, so that whatever he sees of
# others is a leak.
SHEETS = {"district_1": "1a1", "district_2": "2a1"}


def add_brands(world: Any) -> None:
    """Schemes for both districts; a brand, its year and all that hangs on it in each branch."""
    for number in ("1", "2"):
        district = world.units[number]
        open_scheme(district=district, year=YEAR)
        StandardItem.unscoped.filter(unit=district).update(note=f"要求zu{number}z")
        world.objects["brand_scheme"][number] = Scheme.unscoped.get(unit=district)
        world.objects["brand_item"][number] = StandardItem.unscoped.filter(unit=district).first()
        world.objects["brand_quota"][number] = Quota.unscoped.get(unit=district)
    for key in ("1a1", "1a2", "1b1", "2a1"):
        _brand(world, key)
    for name, key in SHEETS.items():
        _sheet(world, name, key)


def _brand(world: Any, key: str) -> None:
    unit, author, things = world.units[key], world.objects["author"][key], world.objects
    brand = Brand.unscoped.create(
        unit=unit, name=f"品牌zo{key}z", name_key=f"pinpai zo{key}z", kind="community",
        theme=f"主题zo{key}z", concept=f"理念zo{key}z", meaning=f"内涵zo{key}z",
        goal=f"目标zo{key}z", background=f"背景zo{key}z", practice=f"做法zo{key}z",
        results=f"成效zo{key}z", step=Step.NURTURED, created_by=author,
    )  # fmt: skip
    year = BrandYear.unscoped.create(
        brand=brand, year=YEAR, stage=Stage.INSPECTED, stage_on=date(YEAR, 7, 1),
        returned=f"退回zo{key}z", applied_by=author,
    )  # fmt: skip
    kept = BrandFile.unscoped.create(
        brand=brand, kind=FileKind.COVER, name=f"封面zo{key}z.jpg", path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg", content_type="image/jpeg", size=10, by=author,
        sha256=f"{len(things['brand']):064d}",
    )  # fmt: skip
    things["brand"][key], things["brand_year"][key], things["brand_file"][key] = brand, year, kept
    things["brand_move"][key] = BrandMove.unscoped.create(
        brand=brand, year=year, ladder="stage", before=Stage.UNDERWAY, after=Stage.INSPECTED,
        on=date(YEAR, 7, 1), document=f"文件zo{key}z", reason=f"意见zo{key}z", by=author,
    )  # fmt: skip
    things["brand_plan"][key] = PlanItem.unscoped.create(
        year=year, name=f"任务zo{key}z", owner=f"人员zo{key}z", due_on=date(YEAR, 6, 1),
        measure=f"措施zo{key}z", answerable=f"责任zo{key}z",
    )  # fmt: skip
    CreationAnswer.unscoped.create(
        year=year, text=f"落实zo{key}z",
        item=StandardItem.unscoped.filter(unit=world.units[key[0]], set="creation").first(),
    )  # fmt: skip
    things["brand_inspection"][key] = Inspection.unscoped.create(
        year=year, kind=InspectionKind.TRACKING, on=date(YEAR, 7, 2), people=f"督查zo{key}z",
        findings=f"问题zo{key}z", state=InspectionState.ANSWERED, due_on=date(YEAR, 7, 20),
        answer=f"整改zo{key}z", answered_on=date(YEAR, 7, 5), answered_by=author,
    )  # fmt: skip
    things["brand_media"][key] = MediaReport.unscoped.create(
        brand=brand, level="city", outlet=f"报纸zo{key}z", title=f"报道zo{key}z",
        on=date(YEAR, 7, 3), link="https://news.example.invalid/1",
    )  # fmt: skip
    things["brand_honour"][key] = Honour.unscoped.create(
        brand=brand, title=f"荣誉zo{key}z", level="district", on=date(YEAR, 7, 4)
    )
    showing = Showing.unscoped.create(
        unit=unit, kind="visit", title=f"观摩zo{key}z", on=date(YEAR, 7, 6),
        place=f"地点zo{key}z", attendance=20, note=f"收获zo{key}z",
    )  # fmt: skip
    showing.brands.add(brand)
    things["brand_showing"][key] = showing


def _sheet(world: Any, name: str, key: str) -> None:
    year: BrandYear = world.objects["brand_year"][key]
    year.review_state = ReviewState.OPEN
    year.save()
    world.objects["brand_sheet"][name] = Review.unscoped.create(
        year=year, reviewer=world.users[name], total=Decimal(80), submitted_at=timezone.now(),
        remark=f"评语zp{name}z",
    )  # fmt: skip
    world.objects["brand_review"][key] = world.objects["brand_sheet"][name]
