"""The district's year: its scheme with both lists, and the quotas that fill."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from branches.enums import UnitKind
from branches.models import Unit
from brands.defaults import ITEMS
from brands.enums import ItemSet
from brands.models import Quota, ReviewScore, Scheme, StandardItem
from brands.reading import district_id
from core.errors import Refusal


@transaction.atomic
def open_scheme(*, district: Unit, year: int) -> Scheme:
    """The scheme of a year, made when there is none: last year's numbers and lists, or the usual.

    Raises Refusal: no district.
    """
    if district.kind != UnitKind.DISTRICT:
        raise Refusal("创建方案由区里统一制定，请选择区委。", field="unit")
    Unit.unscoped.select_for_update(of=("self",)).get(pk=district.pk)
    known = Scheme.unscoped.filter(unit=district, year=year).first()
    if known is not None:
        return known
    before = Scheme.unscoped.filter(unit=district, year__lt=year).order_by("-year").first()
    scheme = Scheme(unit=district, year=year)
    if before is not None:
        for name in _COPIED:
            setattr(scheme, name, getattr(before, name))
    scheme.save()
    _open_lists(district, year, before)
    Quota.unscoped.get_or_create(
        unit=district, year=year, defaults={"low": scheme.fist_low, "high": scheme.fist_high}
    )
    return scheme


_COPIED = (
    "fist_low", "fist_high", "nurture_low", "excellent_from", "good_from", "reviewers",
    "follow_up_days", "case_limit", "case_photos",
)  # fmt: skip


def _open_lists(district: Unit, year: int, before: Scheme | None) -> None:
    old = (
        StandardItem.unscoped.filter(unit=district, year=before.year).order_by("position", "pk")
        if before
        else ()
    )
    rows = [(one.set, one.title, one.note, one.points) for one in old] or ITEMS
    StandardItem.unscoped.bulk_create(
        [
            StandardItem(
                unit=district, year=year, set=which, title=title, note=note, points=points,
                position=position,
            )
            for position, (which, title, note, points) in enumerate(rows, 1)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def ensure_scheme(unit: Unit, year: int) -> Scheme:
    """The scheme above a unit, opened by the first who needs it."""
    return open_scheme(district=Unit.unscoped.get(pk=district_id(unit)), year=year)


def locked_quota(unit: Unit, year: int) -> Quota:
    """The quota row of a district or committee, locked; made with the scheme's numbers if new."""
    scheme = ensure_scheme(unit, year)
    low = scheme.fist_low if unit.kind == UnitKind.DISTRICT else scheme.nurture_low
    high = scheme.fist_high if unit.kind == UnitKind.DISTRICT else None
    Quota.unscoped.get_or_create(unit=unit, year=year, defaults={"low": low, "high": high})
    return Quota.unscoped.select_for_update(of=("self",)).get(unit=unit, year=year)


def take_place(*, unit: Unit, year: int, what: str) -> Quota:
    """Take one place of a quota. Raises Refusal (``conflict``): none is left.

    The row's lock makes two takers queue; the table's own check stops whoever got past it.
    """
    quota = locked_quota(unit, year)
    if quota.high is not None and quota.taken >= quota.high:
        raise Refusal(
            f"{year}年{what}的名额是 {quota.high} 个，已经用完；"
            "请先退出一个，或者由组织部在数据管理里调整名额。",
            code="conflict",
        )
    quota.taken += 1
    try:
        with transaction.atomic():
            quota.save(update_fields=["taken"])
    except IntegrityError as error:
        raise Refusal(f"{year}年{what}的名额刚刚用完，请刷新后再看。", code="conflict") from error
    return quota


def give_place(*, unit: Unit, year: int) -> None:
    """Give a place back."""
    quota = locked_quota(unit, year)
    quota.taken = max(0, quota.taken - 1)
    quota.save(update_fields=["taken"])


@transaction.atomic
def set_quota(*, unit: Unit, year: int, low: int, high: int | None) -> Quota:
    """Set the places of a district or committee for a year.

    Raises Refusal: the ends are the wrong way round, or fewer places than are taken.
    """
    if high is not None and high < low:
        raise Refusal("至多不能少于至少。", field="high")
    quota = locked_quota(unit, year)
    if high is not None and high < quota.taken:
        raise Refusal(f"已经用了 {quota.taken} 个名额，上限不能更低。", field="high")
    quota.low, quota.high = low, high
    quota.save(update_fields=["low", "high"])
    return quota


@transaction.atomic
def change_scheme(*, scheme: Scheme, facts: dict[str, Any]) -> Scheme:
    """Change the numbers of a year; the district's places follow 拳头品牌.

    Raises Refusal: cut-offs the wrong way round, or fewer places than are taken.
    """
    found = Scheme.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=scheme.pk)
    for name, value in facts.items():
        setattr(found, name, value)
    if not 0 < found.good_from < found.excellent_from <= 100:
        raise Refusal("优的分数线应高于良的，且在 0 到 100 之间。", field="excellent_from")
    if not found.reviewers:
        raise Refusal("评委至少要有一名。", field="reviewers")
    if not found.fist_high:
        raise Refusal("拳头品牌至多不能是 0。", field="fist_high")
    try:
        set_quota(unit=found.unit, year=found.year, low=found.fist_low, high=found.fist_high)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="fist_high") from refusal
    found.save()
    return found


@transaction.atomic
def keep_item(*, item: StandardItem | None, facts: dict[str, Any]) -> StandardItem:
    """Write a line of a list, or a new one; no line changes under sheets that were filled.

    Raises Refusal: somebody has scored that year, or the title is there already.
    """
    found = item or StandardItem(unit=facts["unit"], year=facts["year"])
    for name, value in facts.items():
        setattr(found, name, value)
    if found.unit.kind != UnitKind.DISTRICT:
        raise Refusal("标准由区里统一制定，请选择区委。", field="unit")
    scored = ReviewScore.unscoped.filter(item__unit=found.unit, item__year=found.year)
    if found.set == ItemSet.STANDARD and scored.exists():
        raise Refusal("这一年已经有评委评分，五有一高的条目和分值不能再改。", code="conflict")
    twin = StandardItem.unscoped.filter(
        unit=found.unit, year=found.year, set=found.set, title=found.title
    ).exclude(pk=found.pk)
    if twin.exists():
        raise Refusal("这一年的清单里已有同名条目。", field="title")
    found.save()
    return found
