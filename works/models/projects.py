"""项目化管理: any work item with owner, milestones, evidence, and the scheme it serves."""

import uuid
from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from core.history import tracked
from core.models import AttachedFile
from core.states import begins_at, legal_moves
from works.enums import RUNNING, WORK_MOVES, WorkState
from works.querysets import ProjectQuerySet, ThroughProject

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


class SchemeTag(models.Model):
    """工作载体: the scheme that a project serves (3+1 工作法 …). Staff keep the list."""

    code = models.SlugField("代码", max_length=20, unique=True)
    title = models.CharField("名称", max_length=40)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "工作载体"
        verbose_name_plural = "工作载体"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Project(models.Model):
    """项目: what, why, whose, until when; 立项 → 实施 → 完成 or 终止."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    tag = models.ForeignKey(SchemeTag, models.PROTECT, related_name="+", verbose_name="工作载体")
    title = models.CharField("项目", max_length=120)
    goal = models.TextField("目标")
    owner = models.CharField("负责人", max_length=60)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限")
    state = models.PositiveSmallIntegerField("状态", choices=WorkState, default=WorkState.PLANNED)
    result = models.TextField("结果", blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ["state", "due_on", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "state"], name="works_project_unit"),
            models.Index(fields=["updated_at", "id"], name="works_project_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),
                name="works_project_span",
                violation_error_message="完成期限不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[int(state) for state in RUNNING])
                | (Q(ended_on__isnull=False) & ~Q(result="")),
                name="works_project_ended",
                violation_error_message="完成或终止须有日期和结果（原因）。",
            ),
        ]
        triggers = [
            legal_moves(WORK_MOVES),
            begins_at(WorkState.PLANNED),
            pgtrigger.Trigger(
                name="milestones_before_done",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state = 1 AND NEW.state = 2"),
                func="IF EXISTS (SELECT 1 FROM works_milestone WHERE project_id = NEW.id "
                "AND done_on IS NULL) THEN "
                "RAISE EXCEPTION 'project % has an open milestone', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state in RUNNING

    def is_late(self, on: date) -> bool:
        """Whether it goes on after its last day."""
        return self.is_open and self.due_on < on


@tracked()
class Milestone(models.Model):
    """节点: a step of a project with its last day, and what showed that it was done."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, models.CASCADE, related_name="milestones", verbose_name="项目"
    )
    title = models.CharField("节点", max_length=100)
    due_on = models.DateField("期限")
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughProject.as_manager()

    class Meta:
        verbose_name = "项目节点"
        verbose_name_plural = "项目节点"
        ordering = ["due_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="works_milestone_result",
                violation_error_message="完成节点须写完成情况。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Whether it is not done after its last day."""
        return self.done_on is None and self.due_on < on


class ProjectFile(AttachedFile):
    """项目佐证: a photo or a paper, of the project or of one milestone."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="files", verbose_name="项目")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="节点"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughProject.as_manager()

    class Meta:
        verbose_name = "项目佐证"
        verbose_name_plural = "项目佐证"
        ordering = ["id"]
        default_manager_name = "unscoped"


class ProjectStep(models.Model):
    """项目过程: each move with its day, who and why. Never changed."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="steps", verbose_name="项目")
    after = models.PositiveSmallIntegerField("状态", choices=WorkState)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughProject.as_manager()

    class Meta:
        verbose_name = "项目过程"
        verbose_name_plural = "项目过程"
        ordering = ["id"]
        default_manager_name = "unscoped"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()} {self.day:%Y-%m-%d}"
