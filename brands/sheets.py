"""Brands as a workbook, out and in: the export, and the columns of the import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from brands.enums import BrandKind, Grade, Stage, Step
from core.codes import CodeError
from core.workbooks import Column
from core.workbooks.cleaning import clean_text

HEAD = (
    "党组织代码", "创建单位", "所属党（工）委", "品牌名称", "类别", "主题", "理念", "内涵", "目标",
    "步骤", "最近年度", "环节", "拳头品牌", "等次",
)  # fmt: skip


def line(brand: Any) -> tuple[object, ...]:
    """One brand (with its latest year) as a row of the export."""
    committee = brand.unit.committee
    return (
        brand.unit.code,
        brand.unit.name,
        committee.name if committee else "",
        brand.name,
        brand.get_kind_display(),
        brand.theme,
        brand.concept,
        brand.meaning,
        brand.goal,
        Step(brand.step).label,
        brand.latest_year or "",
        Stage(brand.latest_stage).label if brand.latest_stage else "",
        "是" if brand.latest_fist else "",
        Grade(brand.latest_grade).label if brand.latest_grade else "",
    )


def _short(longest: int) -> Callable[[Any], str]:
    def reader(value: object) -> str:
        text = clean_text(value)
        if len(text) > longest:
            raise CodeError(f"文字有 {len(text)} 个字，超过 {longest} 个", "请缩短")
        return text

    return reader


_KINDS = {str(label): value for value, label in BrandKind.choices}


def _kind(value: object) -> str:
    text = clean_text(value).replace(" ", "").removesuffix("品牌").removesuffix("党建")
    if text in _KINDS:
        return _KINDS[text]
    raise CodeError(f"类别“{text[:20]}”不在规定的范围内", f"请填写：{'、'.join(_KINDS)}")


COLUMNS = (
    Column(
        key="unit",
        title="党组织代码",
        synonyms=("创建单位", "单位", "党组织", "党组织名称", "创建单位代码"),
        required=True,
        filled=True,
        parse=_short(120),
    ),
    Column(
        key="name",
        title="品牌名称",
        synonyms=("名称", "党建品牌", "党建品牌名称"),
        required=True,
        filled=True,
        parse=_short(40),
    ),
    Column(
        key="kind",
        title="类别",
        synonyms=("品牌类别", "品牌类型", "领域"),
        required=True,
        filled=True,
        parse=_kind,
    ),
    Column(key="theme", title="主题", synonyms=("品牌主题", "口号"), parse=_short(60)),
    Column(key="concept", title="理念", synonyms=("品牌理念",), parse=_short(200)),
    Column(key="meaning", title="内涵", synonyms=("品牌内涵",), parse=_short(800)),
    Column(key="goal", title="目标", synonyms=("创建目标", "品牌目标"), parse=_short(500)),
)
