"""村（社区）“两委”换届: the district's project, the bodies in it, and their 自治组织."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from elections.enums import CivicStage
from elections.querysets import ThroughBody

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}


@tracked()
class Wave(models.Model):
    """换届批次: a district's wave of village and community bodies, with its days."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    name = models.CharField("名称", max_length=80)
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("启动日期")
    party_by = models.DateField("党组织换届完成期限")
    civic_by = models.DateField("自治组织换届完成期限")
    regulation = models.CharField("依据", max_length=200, blank=True)
    demands = models.TextField("工作要求", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Wave"].as_manager()

    class Meta:
        verbose_name = "换届批次"
        verbose_name_plural = "换届批次"
        ordering = ["-starts_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="elections_wave_once",
                violation_error_message="同名的批次已经登记过。",
            ),
            # 先党组织，后自治组织.
            models.CheckConstraint(
                condition=Q(party_by__gt=F("starts_on")) & Q(civic_by__gte=F("party_by")),
                name="elections_wave_days",
                violation_error_message="完成期限应晚于启动日期，自治组织的期限不早于党组织。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class WaveBody(models.Model):
    """批次中的村（社区）: one village or community organisation in a wave."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="bodies", verbose_name="批次")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    at = models.DateTimeField("列入时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["WaveBody"].as_manager()

    class Meta:
        verbose_name = "批次中的村（社区）"
        verbose_name_plural = "批次中的村（社区）"
        ordering = ["unit__path"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "unit"],
                name="elections_body_once",
                violation_error_message="这个党组织已在本批次中。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}"


@tracked()
class CivicStep(models.Model):
    """自治组织换届的一步: its day and at most two counts; no name, no ballot."""

    body = models.ForeignKey(
        WaveBody, models.CASCADE, related_name="civic", verbose_name="村（社区）"
    )
    stage = models.PositiveSmallIntegerField("步骤", choices=CivicStage)
    day = models.DateField("日期")
    first = models.PositiveIntegerField("人数一", null=True, blank=True)
    second = models.PositiveIntegerField("人数二", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughBody.as_manager()

    class Meta:
        verbose_name = "自治组织换届步骤"
        verbose_name_plural = "自治组织换届步骤"
        ordering = ["stage"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["body", "stage"], name="elections_civic_once"),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | Q(second__lte=F("first")),
                name="elections_civic_counts",
                violation_error_message="后一个人数不能多于前一个。",
            ),
        ]
        triggers = [
            # 先党组织，后自治组织: no vote of the 自治组织 before the Party organisation's.
            pgtrigger.Trigger(
                name="party_first",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.stage >= 5"),
                func="IF NOT EXISTS (SELECT 1 FROM elections_election e "
                "JOIN elections_wavebody b ON b.wave_id = e.wave_id AND b.unit_id = e.unit_id "
                "WHERE b.id = NEW.body_id AND e.state BETWEEN 9 AND 12 "
                "AND e.voted_on <= NEW.day) THEN "
                "RAISE EXCEPTION 'body % votes before its Party organisation', NEW.body_id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="in_order",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="IF NEW.stage > 1 AND NOT EXISTS (SELECT 1 FROM elections_civicstep "
                "WHERE body_id = NEW.body_id AND stage = NEW.stage - 1 AND day <= NEW.day) THEN "
                "RAISE EXCEPTION 'civic step % of body % comes too early', NEW.stage, NEW.body_id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.day:%Y-%m-%d}"
