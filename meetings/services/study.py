"""全年学习计划: the district's phases and texts, a branch's plan, and what a record studied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.enums.study import Split, TextKind
from meetings.models import Meeting, StudyItem, StudyMark, StudyPhase, StudyPlan, StudyText
from meetings.rules.study import spans

MOST_ITEMS = 200
_YEARS = range(2000, 2101)


@dataclass(frozen=True)
class TextEntry:
    """One text of the district's list, as a page, the admin or a workbook gives it."""

    title: str
    kind: str
    phase_id: int
    pages: str = ""
    description: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Taken:
    """What a list brought: how many rows were new, changed, and as they had been."""

    created: int
    changed: int
    same: int


def clean(text: str, *, longest: int, what: str, field: str) -> str:
    """A line without marks of secrecy, no longer than that. Raises Refusal."""
    text = text.replace("\x00", "").strip()
    if len(text) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(text)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return text


def _district(unit: Unit) -> Unit:
    """The district, its row locked: one hand at a time in its list."""
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("学习清单和阶段由区里统一安排，请选择区委。", field="unit")
    found: Unit = Unit.unscoped.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    return found


# --- The district's year -------------------------------------------------------------------------


@transaction.atomic
def set_phases(*, district: Unit, year: int, split: str, by: User) -> list[StudyPhase]:
    """Divide a year into phases; asked again, the same phases.

    Raises Refusal: another division while texts already stand in the present one.
    """
    district = _district(district)
    if year not in _YEARS:
        raise Refusal("请核对年份。", field="year")
    if split not in Split.values:
        raise Refusal("请选择怎样划分阶段。", field="split")
    wanted = spans(year, split)
    present = list(StudyPhase.unscoped.filter(unit=district, year=year).order_by("starts_on"))
    if [(p.name, p.starts_on, p.ends_on) for p in present] == [
        (span.name, span.first, span.last) for span in wanted
    ]:
        return present
    used = StudyText.unscoped.filter(phase__in=present).exists()
    if used or StudyItem.unscoped.filter(phase__in=present).exists():
        raise Refusal(
            f"{year}年的阶段里已经安排了学习内容，不能整体重分；请逐个修改阶段的名称和起止日期。",
            code="conflict",
        )
    StudyPhase.unscoped.filter(pk__in=[phase.pk for phase in present]).delete()
    return StudyPhase.unscoped.bulk_create(
        StudyPhase(
            unit=district,
            year=year,
            number=span.number,
            name=span.name,
            starts_on=span.first,
            ends_on=span.last,
        )
        for span in wanted
    )


@transaction.atomic
def save_phase(
    *,
    district: Unit,
    year: int,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User,
    phase: StudyPhase | None = None,
) -> StudyPhase:
    """Add a phase to a year, or change one's name and days.

    Raises Refusal: days of another year, in the wrong order, or in another phase already.
    """
    district = _district(district)
    name = clean(name, longest=20, what="阶段名称", field="name")
    if not name:
        raise Refusal("请写明阶段名称，例如“第一季度”。", field="name")
    if ends_on < starts_on:
        raise Refusal("结束日期不能早于开始日期。", field="ends_on")
    if {starts_on.year, ends_on.year} != {year}:
        raise Refusal(f"阶段的起止日期都应在 {year} 年内。", field="starts_on")
    others = StudyPhase.unscoped.filter(unit=district, year=year)
    found = StudyPhase(unit=district, year=year, number=others.count() + 1)
    if phase is not None:
        found = StudyPhase.unscoped.select_for_update().get(pk=phase.pk)
        others = others.exclude(pk=found.pk)
    if others.filter(name=name).exists():
        raise Refusal(f"{year}年已有“{name}”。", field="name")
    clash = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if clash is not None:
        raise Refusal(
            f"与“{clash.name}”（{clash.starts_on:%m-%d} 至 {clash.ends_on:%m-%d}）有重叠的日子。",
            field="starts_on",
        )
    found.name, found.starts_on, found.ends_on = name, starts_on, ends_on
    found.save()
    return found


def _filled(text: StudyText, entry: TextEntry, phases: dict[int, StudyPhase]) -> StudyText:
    """Put an entry into a row. Raises Refusal."""
    text.title = clean(entry.title, longest=100, what="篇目", field="title")
    if not text.title:
        raise Refusal("请写明篇目，例如《中国共产党章程》。", field="title")
    if entry.kind not in TextKind.values:
        raise Refusal("请选择类型。", field="kind")
    phase = phases.get(entry.phase_id)
    if phase is None:
        raise Refusal(f"请选择{text.year}年的一个阶段。", field="phase")
    text.kind, text.phase, text.is_active = entry.kind, phase, entry.is_active
    text.pages = clean(entry.pages, longest=60, what="章节或页码", field="pages")
    text.description = clean(entry.description, longest=300, what="说明", field="description")
    return text


def _phases(district: Unit, year: int) -> dict[int, StudyPhase]:
    return {row.pk: row for row in StudyPhase.unscoped.filter(unit=district, year=year)}


@transaction.atomic
def save_text(
    *, district: Unit, year: int, entry: TextEntry, by: User, text: StudyText | None = None
) -> StudyText:
    """Add a text to the district's list, or change one; its year stays.

    Plans that took it over keep their own phase. Raises Refusal.
    """
    district = _district(district)
    found = StudyText(unit=district, year=year)
    if text is not None:
        found = StudyText.unscoped.select_for_update().get(pk=text.pk)
        year = found.year
    found = _filled(found, entry, _phases(district, year))
    same = StudyText.unscoped.filter(unit=district, year=year, title=found.title)
    twin = same.exclude(pk=found.pk).first()
    if twin is not None and text is None:
        # The form sent twice.
        return _changed(twin, entry, _phases(district, year))
    if twin is not None:
        raise Refusal("这一年的清单里已有这一篇。", field="title")
    found.save()
    # A branch that has put the new title on its plan by itself keeps both.
    followers = StudyItem.unscoped.filter(text=found).exclude(plan__items__title=found.title)
    followers.update(title=found.title)
    return found


def _changed(text: StudyText, entry: TextEntry, phases: dict[int, StudyPhase]) -> StudyText:
    _filled(text, entry, phases).save()
    return text


@transaction.atomic
def import_texts(*, district: Unit, year: int, entries: Sequence[TextEntry], by: User) -> Taken:
    """Write a whole list, by title: new ones are added, known ones changed, others left alone.

    All or nothing. Raises Refusal.
    """
    district = _district(district)
    phases = _phases(district, year)
    known = {row.title: row for row in StudyText.unscoped.filter(unit=district, year=year)}
    created, changed, same = 0, 0, 0
    for one in {entry.title: entry for entry in entries}.values():
        row = known.get(one.title)
        before = None if row is None else _said(row)
        entry = one if row is None else replace(one, is_active=row.is_active)
        row = _filled(row or StudyText(unit=district, year=year), entry, phases)
        if before == _said(row):
            same += 1
            continue
        row.save()
        created, changed = created + (before is None), changed + (before is not None)
    return Taken(created, changed, same)


def _said(text: StudyText) -> tuple[object, ...]:
    return text.title, text.kind, text.phase_id, text.pages, text.description, text.is_active


# --- A branch's plan -----------------------------------------------------------------------------


def _plan(unit: Unit, year: int) -> StudyPlan | None:
    rows = StudyPlan.unscoped.select_for_update(of=("self",))
    found: StudyPlan | None = rows.filter(unit=unit, year=year).first()
    return found


@transaction.atomic
def adopt_plan(*, unit: Unit, year: int, by: User | None) -> StudyPlan:
    """Make the year's plan of a branch out of the district's list; one plan, however often asked.

    Asked again it takes in what the district has added since; what the branch set stays.
    Raises Refusal: no branch, or the district has listed nothing for the year.
    """
    if not unit.is_branch:
        raise Refusal("学习计划由党支部制定，请选择支部。", field="unit")
    texts = list(
        StudyText.unscoped.filter(unit=unit.district_id, year=year, is_active=True).order_by(
            "phase__starts_on", "pk"
        )
    )
    plan = _plan(unit, year)
    if plan is None:
        if not texts:
            raise Refusal(f"区里还没有下发 {year} 年的学习清单，下发后再制定计划。")
        try:
            with transaction.atomic():
                plan = StudyPlan.unscoped.create(unit=unit, year=year, by=by)
        except IntegrityError:
            plan = _plan(unit, year)
            assert plan is not None
    rows = StudyItem.unscoped.filter(plan=plan)
    there = set(rows.exclude(text=None).values_list("text_id", flat=True))
    titles = set(rows.filter(is_dropped=False, text=None).values_list("title", flat=True))
    fresh = [text for text in texts if text.pk not in there]
    # What the branch had added by itself is the district's from now on.
    for item in rows.filter(text=None, is_dropped=False, title__in=[t.title for t in fresh]):
        item.text = next(text for text in fresh if text.title == item.title)
        item.save()
    StudyItem.unscoped.bulk_create(
        StudyItem(plan=plan, text=text, title=text.title, kind=text.kind, phase_id=text.phase_id)
        for text in fresh
        if text.title not in titles
    )
    if fresh:
        plan.save()
    return plan


def _item_facts(plan: StudyPlan, phase: StudyPhase, leader: str) -> tuple[StudyPhase, str]:
    if (phase.unit_id, phase.year) != (plan.unit.district_id, plan.year):
        raise Refusal(f"请选择 {plan.year} 年的一个阶段。", field="phase")
    return phase, clean(leader, longest=60, what="领学人", field="leader")


@transaction.atomic
def add_item(
    *, plan: StudyPlan, title: str, kind: str, phase: StudyPhase, leader: str, by: User
) -> StudyItem:
    """Put a text of its own into the branch's plan; the same title again is the same item."""
    plan = StudyPlan.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    title = clean(title, longest=100, what="学习内容", field="title")
    if not title:
        raise Refusal("请写明学习内容。", field="title")
    if kind not in TextKind.values:
        raise Refusal("请选择类型。", field="kind")
    phase, leader = _item_facts(plan, phase, leader)
    rows = StudyItem.unscoped.filter(plan=plan, is_dropped=False)
    found: StudyItem | None = rows.filter(title=title).first()
    if found is not None:
        if found.text_id is not None:
            raise Refusal("计划里已有这一篇（区里安排的），可以直接调整阶段。", field="title")
        return found
    if rows.count() >= MOST_ITEMS:
        raise Refusal(f"一年的计划最多 {MOST_ITEMS} 篇，请挑要紧的列入。", field="title")
    item: StudyItem = StudyItem.unscoped.create(
        plan=plan, title=title, kind=kind, phase=phase, leader=leader
    )
    plan.save()
    return item


@transaction.atomic
def change_item(*, item: StudyItem, phase: StudyPhase, leader: str, by: User) -> StudyItem:
    """Move a text to another phase, or say who leads its study."""
    rows = StudyItem.unscoped.select_for_update(of=("self",)).select_related("plan__unit")
    item = rows.get(pk=item.pk)
    if item.is_dropped:
        raise Refusal("这一项已经从计划里去掉了。", code="conflict")
    item.phase, item.leader = _item_facts(item.plan, phase, leader)
    item.save()
    item.plan.save()
    return item


@transaction.atomic
def drop_item(*, item: StudyItem, by: User) -> StudyItem:
    """Take a text of the branch's own off the plan. Raises Refusal: the district's, or studied."""
    rows = StudyItem.unscoped.select_for_update(of=("self",)).select_related("plan")
    item = rows.get(pk=item.pk)
    if item.is_dropped:
        return item
    if item.text_id is not None:
        raise Refusal("区里安排的学习内容不能去掉，可以调整阶段。", code="conflict")
    if StudyMark.unscoped.filter(item=item).exists():
        raise Refusal("已经有会议记录学过这一项，不能去掉。", code="conflict")
    item.is_dropped = True
    item.save()
    item.plan.save()
    return item


# --- What a record studied -----------------------------------------------------------------------


def studied_items(*, unit: Unit, held_on: date, ids: Iterable[int]) -> list[StudyItem]:
    """The texts of the branch's plan of that year that a record names. Raises Refusal."""
    wanted = set(ids)
    if not wanted:
        return []
    rows = StudyItem.unscoped.filter(
        pk__in=wanted, plan__unit=unit, plan__year=held_on.year, is_dropped=False
    )
    found = list(rows)
    if len(found) < len(wanted):
        raise Refusal(
            f"所选的学习内容不在{held_on.year}年的学习计划里，请重新点选。", field="studied"
        )
    return found


def write_marks(meeting: Meeting, items: Sequence[StudyItem] | None) -> None:
    """Note what a locked record studied, in place of what it said before.

    None leaves it, but for the texts of another year than the record's day lies in now.
    """
    rows = StudyMark.unscoped.filter(meeting=meeting)
    years = dict(rows.values_list("item_id", "item__plan__year"))
    before = set(years)
    now = {pk for pk, year in years.items() if year == meeting.held_on.year}
    if items is not None:
        now = {item.pk for item in items}
    if before == now:
        return
    rows.filter(item_id__in=before - now).delete()
    StudyMark.unscoped.bulk_create(
        StudyMark(meeting=meeting, item_id=pk) for pk in sorted(now - before)
    )
    # A feed that reads what has changed since shall see that the plan's progress did.
    StudyPlan.unscoped.filter(items__in=[*(before - now), *(now - before)]).update(
        updated_at=meeting.updated_at
    )
