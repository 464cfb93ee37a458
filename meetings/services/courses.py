"""党课: the lecturers and courses that a committee or the district offers."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.enums.lectures import CourseKind
from meetings.models import Course, Lecturer
from meetings.services.study import clean


@transaction.atomic
def save_lecturer(
    *,
    unit: Unit,
    name: str,
    post: str,
    topics: str,
    is_active: bool,
    by: User,
    lecturer: Lecturer | None = None,
) -> Lecturer:
    """Add a lecturer of a committee or the district, or change one. Raises Refusal."""
    _refuse_branches(unit)
    found = Lecturer(unit=unit)
    if lecturer is not None:
        found = Lecturer.unscoped.select_for_update().get(pk=lecturer.pk)
    found.name = clean(name, longest=40, what="姓名", field="name")
    found.post = clean(post, longest=100, what="单位及职务", field="post")
    found.topics = clean(topics, longest=200, what="主讲方向", field="topics")
    found.is_active = is_active
    if not found.name or not found.post:
        raise Refusal("请写明讲师的姓名、单位及职务。", field="post" if found.name else "name")
    same = Lecturer.unscoped.filter(unit=found.unit, name=found.name, post=found.post)
    twin = same.exclude(pk=found.pk).first()
    if twin is not None and lecturer is None:
        return twin
    if twin is not None:
        raise Refusal("这位讲师已经在册。", field="name")
    found.save()
    return found


@transaction.atomic
def save_course(
    *,
    unit: Unit,
    year: int,
    title: str,
    kind: str,
    lecturer: Lecturer,
    minutes: int,
    summary: str,
    is_active: bool,
    by: User,
    course: Course | None = None,
) -> Course:
    """Offer a course to all branches below ``unit``, or change one. Raises Refusal."""
    _refuse_branches(unit)
    found = Course(unit=unit)
    if course is not None:
        found = (
            Course.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=course.pk)
        )
    if kind not in CourseKind.values:
        raise Refusal("请选择课程类型。", field="kind")
    if not 2000 <= year <= 2100:
        raise Refusal("请核对年份。", field="year")
    if not 5 <= minutes <= 480:
        raise Refusal("时长应在 5 到 480 分钟之间。", field="minutes")
    if not lecturer.unit.covers(found.unit):
        raise Refusal("讲师应由本级或上级聘请，请另选一位。", field="lecturer")
    found.title = clean(title, longest=100, what="课程", field="title")
    found.summary = clean(summary, longest=500, what="内容简介", field="summary")
    if not found.title:
        raise Refusal("请写明课程名称。", field="title")
    found.year, found.kind, found.minutes = year, kind, minutes
    found.lecturer, found.is_active = lecturer, is_active
    same = Course.unscoped.filter(
        unit=found.unit, year=year, title=found.title, lecturer=lecturer
    ).exclude(pk=found.pk)
    twin = same.first()
    if twin is not None and course is None:
        return twin
    if twin is not None:
        raise Refusal("这一年已有这门课程。", field="title")
    found.save()
    return found


def _refuse_branches(unit: Unit) -> None:
    if unit.is_branch or unit.is_group:
        raise Refusal("讲师和课程由区委或党（工）委提供，请选择区委或党（工）委。", field="unit")
