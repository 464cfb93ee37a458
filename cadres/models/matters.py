"""个人有关事项: that it was filed, and the random check of it. Never what it says."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from cadres.enums import MatterOutcome
from cadres.models.cadre import PERSON, Cadre
from cadres.querysets import ThroughCadre, ThroughDraw
from core.history import tracked


@tracked()
class MatterReport(models.Model):
    """应报告人: one person and year; ``uuid`` is his number in the draw."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="matters", verbose_name="干部")
    year = models.PositiveSmallIntegerField("年度")
    due_on = models.DateField("报告期限")
    filed_on = models.DateField("报告日期", null=True, blank=True)
    paper = models.CharField("纸质材料存放处", max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "个人有关事项报告"
        verbose_name_plural = "个人有关事项报告"
        ordering = ["-year", "cadre__unit__path", "id"]
        default_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["cadre", "year"], name="cadres_matter_once")]

    def __str__(self) -> str:
        return f"{self.cadre} {self.year}"


class Draw(models.Model):
    """随机抽查: list, digest and seed as they were. Never changed: anybody can repeat it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    percent = models.PositiveSmallIntegerField("比例（%）")
    listed = models.TextField("名单")
    listed_count = models.PositiveIntegerField("名单人数")
    list_sha256 = models.CharField("名单摘要", max_length=64)
    seed = models.CharField("种子", max_length=64)
    wanted = models.PositiveIntegerField("抽取人数")
    witness = models.CharField("监督人", max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="抽取人", **PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("抽取时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Draw"].as_manager()

    class Meta:
        verbose_name = "随机抽查"
        verbose_name_plural = "随机抽查"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="cadres_draw_percent"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年抽查"

    @property
    def lines(self) -> list[str]:
        """The list, line by line."""
        return self.listed.split("\n")


@tracked()
class Drawn(models.Model):
    """抽中: a person drawn, and the code of what the check found."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="drawn", verbose_name="随机抽查")
    place = models.PositiveIntegerField("次序")
    report = models.ForeignKey(
        MatterReport, models.PROTECT, related_name="drawn", verbose_name="报告"
    )
    outcome = models.CharField("核实结果", max_length=10, choices=MatterOutcome, blank=True)
    checked_on = models.DateField("核实日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="核实人", **PERSON
    )

    unscoped = models.Manager()
    objects = ThroughDraw.as_manager()

    class Meta:
        verbose_name = "抽中"
        verbose_name_plural = "抽中"
        ordering = ["draw", "place"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["draw", "place"], name="cadres_drawn_place"),
            models.UniqueConstraint(fields=["draw", "report"], name="cadres_drawn_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(checked_on__isnull=False),
                name="cadres_drawn_checked",
                violation_error_message="核实结果须有核实日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.report}"
