"""教育培训: courses, hours per person; 五型队伍 as tags with criteria."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from cadres.enums import TagKind, TrainingKind
from cadres.models.cadre import PERSON, Cadre
from cadres.querysets import ThroughCadre
from core.history import tracked


@tracked()
class Course(models.Model):
    """培训班次; it counts in the year in which it ends."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    title = models.CharField("班次", max_length=100)
    kind = models.CharField("方式", max_length=8, choices=TrainingKind)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    hours = models.DecimalField("学时", max_digits=5, decimal_places=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Course"].as_manager()

    class Meta:
        verbose_name = "培训班次"
        verbose_name_plural = "培训班次"
        ordering = ["-ends_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title", "starts_on"],
                name="cadres_course_once",
                violation_error_message="这个班次已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & Q(hours__gt=0),
                name="cadres_course_span",
                violation_error_message="结束不能早于开始，学时应大于 0。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Training(models.Model):
    """参训: one person on one course; ``hours`` are those that count (请假 ≤ 1/7)."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="people", verbose_name="班次")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="trainings", verbose_name="干部")
    absent = models.DecimalField("请假学时", max_digits=5, decimal_places=1, default=0)
    hours = models.DecimalField("计入学时", max_digits=5, decimal_places=1)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "参训"
        verbose_name_plural = "参训"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["course", "cadre"], name="cadres_training_once"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="cadres_training_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.course}"


@tracked()
class TagCriterion(models.Model):
    """五型队伍的标准: what a unit asks for a tag."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("类型", max_length=8, choices=TagKind)
    text = models.CharField("标准", max_length=300)

    unscoped = models.Manager()
    objects = ScopedQuerySet["TagCriterion"].as_manager()

    class Meta:
        verbose_name = "五型队伍标准"
        verbose_name_plural = "五型队伍标准"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind"], name="cadres_criterion_once")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@tracked()
class Tag(models.Model):
    """五型队伍标签: given by a standard, for a year. Nobody is ranked by them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="tags", verbose_name="干部")
    criterion = models.ForeignKey(
        TagCriterion, models.PROTECT, related_name="tags", verbose_name="标准"
    )
    year = models.PositiveSmallIntegerField("年度")
    basis = models.CharField("依据", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "五型队伍标签"
        verbose_name_plural = "五型队伍标签"
        ordering = ["-year", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "criterion", "year"],
                name="cadres_tag_once",
                violation_error_message="这个标签今年已经有了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.year}"
