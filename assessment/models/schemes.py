"""评分方案的草案, and what a draft would have made of a quarter that is over (试算)."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessment.enums import DraftState
from assessment.models.runs import Run, Scheme
from branches.enums import Field
from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked


def _who(label: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


@tracked()
class SchemeDraft(models.Model):
    """评分方案草案: worked on by anybody of the district's staff, adopted by a second person.

    What is adopted becomes a new row of :class:`Scheme`, which nothing can change any more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    based_on = models.ForeignKey(
        Scheme, models.PROTECT, related_name="+", verbose_name="依据的方案"
    )
    title = models.CharField("名称", max_length=100)
    valid_from = models.DateField("适用起始日期")
    parameters = models.JSONField("参数")
    reason = models.TextField("修改说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=DraftState, default=DraftState.DRAFT)
    edited_by = _who("起草人")
    proposed_by = _who("送审人")
    proposed_at = models.DateTimeField("送审时间", null=True, blank=True)
    decided_by = _who("批准人")
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=500, blank=True)
    scheme = models.OneToOneField(
        Scheme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="draft",
        verbose_name="形成的方案",
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["SchemeDraft"].as_manager()

    class Meta:
        verbose_name = "评分方案草案"
        verbose_name_plural = "评分方案草案"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="adopted")
                | Q(scheme__isnull=False, decided_by__isnull=False, proposed_by__isnull=False)
                & ~Q(decided_by=F("proposed_by"))
                & ~Q(decided_by=F("edited_by")),
                name="assessment_draft_two_people",
                violation_error_message="起草人和送审人不能批准自己的方案，请由另一位同志批准。",
            )
        ]
        triggers = [
            # The database's copy of assessment.enums.DRAFT_TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('draft','proposed'),('draft','dropped'),('proposed','draft'),"
                    "('proposed','adopted'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.unit_id, OLD.based_on_id, OLD.title, "
                    "OLD.valid_from, OLD.parameters, OLD.reason, OLD.edited_by_id) IS DISTINCT "
                    "FROM (NEW.unit_id, NEW.based_on_id, NEW.title, NEW.valid_from, "
                    "NEW.parameters, NEW.reason, NEW.edited_by_id)"
                ),
                func="RAISE EXCEPTION 'a proposed draft is not written in' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（草案）"


class Trial(models.Model):
    """试算: what a draft makes of a quarter that is over, beside what was published.

    Never a run: it has a table of its own, can not be published, and goes when the draft is tried
    again. ``parameters`` are those that were tried; ``data_at`` is null until it is done.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(
        SchemeDraft, models.CASCADE, related_name="trials", verbose_name="草案"
    )
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", verbose_name="对照的考核")
    parameters = models.JSONField("参数")
    data_at = models.DateTimeField("数据时点", null=True, blank=True)
    started_by = _who("发起人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class TrialQuerySet(ScopedQuerySet["Trial"]):
        """Trials reach the district through their draft."""

        unit_path = "draft__unit__path"

    unscoped = models.Manager()
    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = "试算"
        verbose_name_plural = "试算"
        ordering = ["-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.draft.title}试算"


class TrialRow(models.Model):
    """试算结果: one unit's score and place by the draft, and those that were published."""

    trial = models.ForeignKey(
        Trial, models.CASCADE, related_name="+", verbose_name="试算", db_index=False
    )
    unit_id = models.BigIntegerField("党组织编号")
    path = models.CharField("树路径", max_length=64, db_collation="C")
    code = models.CharField("党组织代码", max_length=40)
    name = models.CharField("党组织名称", max_length=120)
    committee_name = models.CharField("党（工）委", max_length=120, blank=True)
    field = models.CharField("领域", max_length=20, choices=Field)
    score = models.DecimalField("试算得分", max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveIntegerField("试算名次", null=True)
    old_score = models.DecimalField("发布得分", max_digits=5, decimal_places=2, null=True)
    old_rank = models.PositiveIntegerField("发布名次", null=True)

    class TrialRowQuerySet(ScopedQuerySet["TrialRow"]):
        """Rows are scoped by the path they were written with."""

        unit_path = "path"

    unscoped = models.Manager()
    objects = TrialRowQuerySet.as_manager()

    class Meta:
        verbose_name = "试算结果"
        verbose_name_plural = "试算结果"
        ordering = ["rank", "code"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["trial", "unit_id"], name="assessment_trialrow_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.score}"
