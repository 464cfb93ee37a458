"""五定: the plan of a year, and how each item was done; the creation list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from brands.entries import Task
from brands.enums import FileKind, ItemSet, Stage
from brands.models import BrandYear, CreationAnswer, PlanItem
from brands.reading import items_of
from brands.services.files import keep
from brands.services.parts import at_stage, lock_year, plain
from core import files
from core.errors import Refusal

MOST_ITEMS = 40


@transaction.atomic
def add_item(*, year: BrandYear, by: User | None, task: Task) -> PlanItem:
    """Put a task into the plan; the same name again is the item that is there.

    Raises Refusal: one of the five is missing, the last day lies outside the year, the year is
    being judged.
    """
    year = _open(year)
    texts = _texts(task, year)
    known = PlanItem.unscoped.filter(year=year, name=texts["name"]).first()
    if known is not None:
        return known
    if PlanItem.unscoped.filter(year=year).count() >= MOST_ITEMS:
        raise Refusal(f"计划最多 {MOST_ITEMS} 项，请合并相近的任务。", field="name")
    return PlanItem.unscoped.create(year=year, due_on=task.due_on, **texts)


@transaction.atomic
def change_item(*, item: PlanItem, by: User | None, task: Task) -> PlanItem:
    """Write a task anew that is not done. Raises Refusal."""
    year = _open(item.year)
    item = PlanItem.unscoped.select_for_update(of=("self",)).get(pk=item.pk)
    _refuse_done(item)
    for name, text in _texts(task, year).items():
        setattr(item, name, text)
    item.due_on = task.due_on
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise Refusal("计划里已有同名的任务，请换一个名称。", field="name") from error
    return item


@transaction.atomic
def drop_item(*, item: PlanItem, by: User | None) -> None:
    """Take a task out of a plan that is not approved yet. Raises Refusal."""
    year = lock_year(item.year)
    if year.stage != Stage.TOPIC:
        raise Refusal(
            "计划已经报审，任务不能再删去；进度有变请修改期限并写明措施。", code="conflict"
        )
    PlanItem.unscoped.filter(pk=item.pk).delete()


@transaction.atomic
def finish_item(
    *,
    item: PlanItem,
    by: User | None,
    on: date,
    today: date,
    evidence: str,
    upload: files.Upload | None = None,
) -> PlanItem:
    """办结 a task on the day ``on`` with what came of it; asked twice it is one.

    Raises Refusal: not under way, a day to come, nothing written.
    """
    year = lock_year(item.year)
    item = PlanItem.unscoped.select_for_update(of=("self",)).get(pk=item.pk)
    if item.done_on is not None:
        return item
    if year.stage != Stage.UNDERWAY:
        raise Refusal("批准实施以后再登记完成情况。", code="conflict")
    if on > today:
        raise Refusal("完成日期不能在今天之后。", field="on")
    item.evidence = plain(evidence, "完成情况", longest=500, field="evidence")
    if upload is not None:
        item.file = keep(brand=year.brand, by=by, upload=upload, kind=FileKind.EVIDENCE)
    item.done_on, item.done_by = on, by
    item.save()
    return item


@transaction.atomic
def answer_list(*, year: BrandYear, by: User | None, texts: Mapping[int, str]) -> int:
    """Fill the creation list; ``texts`` maps items to what was done. Returns how many are filled.

    Raises Refusal: the year is being judged, or a text is too long.
    """
    year = lock_year(year)
    at_stage(year, Stage.TOPIC, Stage.UNDERWAY)
    items = items_of(year.brand.unit, year.year, ItemSet.CREATION)
    filled = 0
    for item in items:
        text = plain(
            texts.get(item.pk, ""), item.title, longest=500, field=f"item_{item.pk}", needed=False
        )
        if text:
            CreationAnswer.unscoped.update_or_create(year=year, item=item, defaults={"text": text})
            filled += 1
        else:
            CreationAnswer.unscoped.filter(year=year, item=item).delete()
    return filled


def _open(year: BrandYear) -> BrandYear:
    year = lock_year(year)
    if year.stage not in (Stage.TOPIC, Stage.UNDERWAY):
        raise Refusal("这个环节正在审看，计划先不能改。", code="conflict")
    return year


def _refuse_done(item: PlanItem) -> None:
    if item.done_on is not None:
        raise Refusal("已经完成的任务不再改动。", code="conflict")


def _texts(task: Task, year: BrandYear) -> dict[str, str]:
    if not date(year.year, 1, 1) <= task.due_on <= date(year.year, 12, 31):
        raise Refusal(f"完成期限应在 {year.year} 年之内。", field="due_on")
    return {
        "name": plain(task.name, "任务名称", longest=60, field="name"),
        "owner": plain(task.owner, "承办人员", longest=60, field="owner"),
        "measure": plain(task.measure, "措施", longest=300, field="measure"),
        "answerable": plain(task.answerable, "责任人", longest=60, field="answerable"),
    }
