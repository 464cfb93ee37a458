"""教育培训 and 五型队伍."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.models import Cadre, Course, Tag, TagCriterion, Training
from cadres.rules.training import counted
from cadres.services.common import saved, screened
from core.errors import Refusal


@transaction.atomic
def add_course(
    *, unit: Unit, title: str, kind: str, starts_on: date, ends_on: date, hours: Decimal,
    by: User | None,
) -> Course:  # fmt: skip
    """Write down a course; the same again is the same course."""
    screened(title=title)
    known = Course.unscoped.filter(unit=unit, title=title, starts_on=starts_on).first()
    if known is not None:
        return known
    row = Course(
        unit=unit, title=title, kind=kind, starts_on=starts_on, ends_on=ends_on, hours=hours, by=by
    )
    saved(row)
    return row


@transaction.atomic
def enrol(*, course: Course, cadres: Iterable[Cadre], absent: Decimal = Decimal(0)) -> int:
    """Put people on a course; more than a seventh missed gives no hours. How many there are now."""
    if not 0 <= absent <= course.hours:
        raise Refusal("请假学时不能多于总学时。", field="absent")
    hours = counted(course.hours, absent)
    Training.unscoped.bulk_create(
        (Training(course=course, cadre=one, absent=absent, hours=hours) for one in cadres),
        update_conflicts=True,
        unique_fields=["course", "cadre"],
        update_fields=["absent", "hours"],
    )
    return course.people.count()


@transaction.atomic
def set_criterion(*, unit: Unit, kind: str, text: str) -> TagCriterion:
    """Write down what a unit asks for one of the five."""
    screened(text=text)
    row, _ = TagCriterion.unscoped.update_or_create(unit=unit, kind=kind, defaults={"text": text})
    return row


@transaction.atomic
def give_tag(
    *, cadre: Cadre, criterion: TagCriterion, year: int, basis: str, by: User, on: date
) -> Tag:
    """Give a tag for a year; the same again is the same tag."""
    screened(basis=basis)
    if not on.year - 5 <= year <= on.year:
        raise Refusal("请选择最近几年。", field="year")
    if not cadre.unit.path.startswith(criterion.unit.path):
        raise Refusal("这个标准不是这名干部所在单位的。", field="criterion")
    row, _ = Tag.unscoped.get_or_create(
        cadre=cadre, criterion=criterion, year=year, defaults={"basis": basis, "by": by}
    )
    return row
