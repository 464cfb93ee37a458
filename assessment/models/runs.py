"""Schemes, runs and their frozen rows.

A row holds text and numbers only: what a programme changes later never reaches a run.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assessment.enums import RunState
from branches.enums import Field
from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked, tracked_after_insert


@tracked()
class Scheme(models.Model):
    """评分方案: weights and rules of credit, by version; valid for periods that end after a day.

    ``parameters`` is read and checked by ``assessment.rules.SchemeParameters``.
    """

    version = models.PositiveIntegerField("版本", unique=True)
    title = models.CharField("名称", max_length=100)
    valid_from = models.DateField("适用起始日期", unique=True)
    parameters = models.JSONField("参数")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "评分方案"
        verbose_name_plural = "评分方案"
        ordering = ["-version"]
        triggers = [
            # What was adopted stays, word for word; a change is a new version.
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            # A quarter that was run keeps the scheme it was run by.
            pgtrigger.Trigger(
                name="ahead_of_runs",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="IF EXISTS (SELECT 1 FROM assessment_run WHERE period_end >= "
                "NEW.valid_from) THEN RAISE EXCEPTION 'a quarter from that day on was run' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.version}版）"


@tracked_after_insert()
class Run(models.Model):
    """季度考核: one computation of one district's ranking for one quarter; frozen once computed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    period = models.CharField("考核期", max_length=10, help_text="例如 2026Q3。")
    period_start = models.DateField("起始日")
    period_end = models.DateField("截止日")
    version = models.PositiveIntegerField("版本", default=1)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name="评分方案")
    state = models.CharField("状态", max_length=12, choices=RunState, default=RunState.COMPUTING)
    data_at = models.DateTimeField("数据时点", null=True, blank=True)
    # What stands at each place of a row's arrays: kind, cause, period, due day, fixed day.
    slots = models.JSONField("职责表", default=list)
    ranked = models.PositiveIntegerField("参评数", default=0)
    unranked = models.PositiveIntegerField("不参评数", default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发起人",
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Run"].as_manager()

    class Meta:
        verbose_name = "季度考核"
        verbose_name_plural = "季度考核"
        ordering = ["-period_end", "-version"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "version"], name="assessment_run_version"
            ),
            models.UniqueConstraint(
                fields=["unit", "period"],
                condition=Q(state="published"),
                name="assessment_run_one_published",
                violation_error_message="这个季度已有发布的考核结果。",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="assessment_run_span"
            ),
        ]
        triggers = [
            # The database's copy of assessment.enums.RUN_TRANSITIONS (S17), and of “frozen”.
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('computing','computed'),('computed','published'),"
                    "('computed','superseded'),('published','superseded'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'computing' AND (OLD.unit_id, OLD.period, OLD.period_start, "
                    "OLD.period_end, OLD.version, OLD.scheme_id, OLD.data_at, OLD.slots, "
                    "OLD.ranked, OLD.unranked) IS DISTINCT FROM (NEW.unit_id, NEW.period, "
                    "NEW.period_start, NEW.period_end, NEW.version, NEW.scheme_id, NEW.data_at, "
                    "NEW.slots, NEW.ranked, NEW.unranked)"
                ),
                func="RAISE EXCEPTION 'a computed run is frozen' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'computing'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.period} 第{self.version}版"


class RunRow(models.Model):
    """考核结果: one ranked unit of one run, with each duty, its credit and its record.

    ``credits[i]`` (1/10000; null where the duty does not apply) and ``records[i]`` (id of the
    record that gave it, null for none) belong to ``run.slots[i]``; ``extras`` lists the duties of
    groups and events, which differ from unit to unit: ``groups`` [[id, code, name, credits,
    records]] by the run's three months, ``events`` [[id, cause, title, day, window_end, credit,
    record]], and, where the district ruled on an appeal, ``rulings`` [[duty, credit, appeal id]].
    ``assessment.explain`` reads them. ``duty_score`` and ``quality`` (the mean of the
    ``checks`` spot checks) are out of 100.
    """

    # The trigger below sees to it that the run exists, once for all rows of a statement: a foreign
    # key of the database asks once a row, which is a third of a ranking's time.
    run = models.ForeignKey(
        Run,
        models.CASCADE,
        related_name="+",
        verbose_name="考核",
        db_constraint=False,
        db_index=False,
    )
    unit_id = models.BigIntegerField("党组织编号")
    path = models.CharField("树路径", max_length=64, db_collation="C")
    code = models.CharField("党组织代码", max_length=40)
    name = models.CharField("党组织名称", max_length=120)
    committee_code = models.CharField("党（工）委代码", max_length=40, blank=True)
    committee_name = models.CharField("党（工）委", max_length=120, blank=True)
    field = models.CharField("领域", max_length=20, choices=Field)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    duty_score = models.DecimalField("职责得分", max_digits=9, decimal_places=6, null=True)
    present = models.PositiveIntegerField("实到人次", default=0)
    eligible = models.PositiveIntegerField("应到人次", default=0)
    quality = models.DecimalField("质量得分", max_digits=9, decimal_places=6, null=True)
    checks = models.PositiveIntegerField("调阅次数", default=0)
    rank_committee = models.PositiveIntegerField("党（工）委内名次", null=True)
    rank_field = models.PositiveIntegerField("领域内名次", null=True)
    rank_district = models.PositiveIntegerField("全区名次", null=True)
    credits = ArrayField(models.SmallIntegerField(null=True), verbose_name="得分率", default=list)
    records = ArrayField(models.BigIntegerField(null=True), verbose_name="记录", default=list)
    extras = models.JSONField("小组与事项", null=True)

    class RowQuerySet(ScopedQuerySet["RunRow"]):
        """Rows are scoped by the path they were frozen with."""

        unit_path = "path"

    unscoped = models.Manager()
    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "考核结果"
        verbose_name_plural = "考核结果"
        ordering = ["rank_district", "code"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["run", "unit_id"], name="assessment_row_once")
        ]
        indexes = [
            models.Index(fields=["run", "rank_district", "code"], name="assessment_row_rank"),
            models.Index(fields=["run", "committee_code"], name="assessment_row_committee"),
        ]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="while_computing",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
                func="IF EXISTS (SELECT 1 FROM (SELECT DISTINCT run_id FROM new_rows) n "
                "LEFT JOIN assessment_run r ON r.id = n.run_id AND r.state = 'computing' "
                "WHERE r.id IS NULL) THEN RAISE EXCEPTION 'rows are written only while their run "
                "is computed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.score}"
