"""“大党委”: the joint committee of a community, its member units, lists and projects."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from core.states import begins_at, legal_moves
from support.enums import JOINT_MOVES, RUNNING, EntryKind, JointState
from support.querysets import ThroughJoint, ThroughProject

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class JointCommittee(models.Model):
    """大党委 of the community organisation ``unit``; one each."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="社区党组织")
    name = models.CharField("名称", max_length=80)
    founded_on = models.DateField("成立日期")
    duties = models.TextField("工作机制", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["JointCommittee"].as_manager()

    class Meta:
        verbose_name = "大党委"
        verbose_name_plural = "大党委"
        ordering = ["unit__path"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                name="support_joint_once",
                violation_error_message="这个社区的大党委已经登记。",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class JointMember(models.Model):
    """成员单位: a unit of the neighbourhood; ``contact_post`` is a post, no name, no phone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    joint = models.ForeignKey(
        JointCommittee, models.CASCADE, related_name="members", verbose_name="大党委"
    )
    name = models.CharField("单位", max_length=80)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    contact_post = models.CharField("联系岗位", max_length=60)
    since = models.DateField("加入日期")
    until = models.DateField("退出日期", null=True, blank=True)

    unscoped = models.Manager()
    objects = ThroughJoint.as_manager()

    class Meta:
        verbose_name = "大党委成员单位"
        verbose_name_plural = "大党委成员单位"
        ordering = ["until", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["joint", "name"],
                condition=Q(until__isnull=True),
                name="support_member_once",
                violation_error_message="这个单位已经是成员单位。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="support_member_span",
                violation_error_message="退出日期不能早于加入日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class JointEntry(models.Model):
    """资源清单、需求清单的一条; whose it is, the community's own when ``member`` is empty."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    joint = models.ForeignKey(
        JointCommittee, models.CASCADE, related_name="entries", verbose_name="大党委"
    )
    kind = models.CharField("清单", max_length=8, choices=EntryKind)
    member = models.ForeignKey(
        JointMember, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="成员单位",
    )  # fmt: skip
    title = models.CharField("内容", max_length=120)
    is_open = models.BooleanField("还在清单上", default=True)
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughJoint.as_manager()

    class Meta:
        verbose_name = "大党委清单"
        verbose_name_plural = "大党委清单"
        ordering = ["-is_open", "id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.title


@tracked()
class JointProject(models.Model):
    """共建项目: a resource that meets a need (both may be empty), with progress and result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    joint = models.ForeignKey(
        JointCommittee, models.CASCADE, related_name="projects", verbose_name="大党委"
    )
    title = models.CharField("项目", max_length=120)
    resource = models.ForeignKey(
        JointEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="资源"
    )
    need = models.ForeignKey(
        JointEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="需求"
    )
    owner = models.CharField("责任单位", max_length=80)
    due_on = models.DateField("完成期限")
    percent = models.PositiveSmallIntegerField(
        "进度（%）", default=0, validators=[MaxValueValidator(100)]
    )
    state = models.PositiveSmallIntegerField("状态", choices=JointState, default=JointState.MATCHED)
    result = models.TextField("成效", blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughJoint.as_manager()

    class Meta:
        verbose_name = "大党委项目"
        verbose_name_plural = "大党委项目"
        ordering = ["state", "due_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="support_project_percent",
                violation_error_message="进度在 0 到 100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[int(state) for state in RUNNING])
                | (Q(ended_on__isnull=False) & ~Q(result="")),
                name="support_project_ended",
                violation_error_message="完成或终止须有日期和成效（原因）。",
            ),
        ]
        triggers = [legal_moves(JOINT_MOVES), begins_at(JointState.MATCHED)]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Whether it runs after its last day."""
        return self.state in RUNNING and self.due_on < on


class JointProgress(models.Model):
    """项目进展: how far a project had come on a day."""

    project = models.ForeignKey(
        JointProject, models.CASCADE, related_name="steps", verbose_name="项目"
    )
    day = models.DateField("日期")
    percent = models.PositiveSmallIntegerField("进度（%）", validators=[MaxValueValidator(100)])
    what = models.CharField("进展", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)

    unscoped = models.Manager()
    objects = ThroughProject.as_manager()

    class Meta:
        verbose_name = "大党委项目进展"
        verbose_name_plural = "大党委项目进展"
        ordering = ["day", "id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.percent}%"
