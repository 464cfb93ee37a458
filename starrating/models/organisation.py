"""“两新”组织, their stars over the years, 示范点, “五个一”, and files."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from branches.models import Unit
from core.history import tracked
from core.models import AttachedFile
from starrating.enums import (
    STAR_NAMES,
    Cause,
    Industry,
    ManagedBy,
    OrganisationKind,
    PartyForm,
)
from starrating.models.standard import Plan
from starrating.querysets import OrganisationQuerySet, ThroughOrganisation

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}
_CREDIT = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


@tracked()
class Organisation(models.Model):
    """“两新”组织: hangs on the Party organisation that works in it.

    ``stars`` are those in force: None never rated, 0 不定星级, 1 to 5. Whatever changes them leaves
    a :class:`StarChange`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类型", max_length=8, choices=OrganisationKind)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    industry = models.CharField("行业", max_length=1, choices=Industry)
    staff_count = models.PositiveIntegerField("职工人数")
    member_count = models.PositiveIntegerField("党员人数")
    party_form = models.CharField("党组织组建方式", max_length=8, choices=PartyForm)
    managed_by = models.CharField(
        "管理方式", max_length=9, choices=ManagedBy, default=ManagedBy.TERRITORY
    )
    manager = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="属地管理党组织"
    )
    founded_on = models.DateField("党组织成立日期", null=True, blank=True)
    stars = models.PositiveSmallIntegerField(
        "现有星级", null=True, editable=False, validators=[MaxValueValidator(5)],
        choices=list(STAR_NAMES.items()),
    )  # fmt: skip
    stars_since = models.DateField("定星日期", null=True, editable=False)
    closed_on = models.DateField("注销日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "“两新”组织"
        verbose_name_plural = "“两新”组织"
        ordering = ["unit__path", "name", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["updated_at", "id"], name="starrating_org_feed"),
            models.Index(fields=["unit"], name="starrating_org_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "credit_code"],
                name="starrating_org_once",
                violation_error_message="本区已经登记过这个统一社会信用代码，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(credit_code__regex=_CREDIT),
                name="starrating_org_code",
                violation_error_message="统一社会信用代码应为 18 位数字和大写字母。",
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__lte=5, stars_since__isnull=False),
                name="starrating_org_stars",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stars_name(self) -> str:
        """五星级; 没有参评 when never rated."""
        return "还没有参评" if self.stars is None else STAR_NAMES[self.stars]


class StarChange(models.Model):
    """星级变动: each change of an organisation's stars, why and by whom. Never changed."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="changes", verbose_name="组织"
    )
    before = models.PositiveSmallIntegerField("原星级", null=True)
    after = models.PositiveSmallIntegerField("新星级", validators=[MaxValueValidator(5)])
    cause = models.CharField("原因", max_length=10, choices=Cause)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    rating = models.ForeignKey(
        "starrating.Rating", models.CASCADE, null=True, related_name="+", verbose_name="创评"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughOrganisation.as_manager()

    class Meta:
        verbose_name = "星级变动"
        verbose_name_plural = "星级变动"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["organisation", "-day"], name="starrating_change_day")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {STAR_NAMES[self.after]}"

    @property
    def before_name(self) -> str:
        """What it was before, "" when it was nothing."""
        return "" if self.before is None else STAR_NAMES[self.before]

    @property
    def after_name(self) -> str:
        """What it became."""
        return STAR_NAMES[self.after]


@tracked()
class ModelSite(models.Model):
    """示范点: named by the district, ended with a reason; the plan's quota is never overrun."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="sites", verbose_name="组织"
    )
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sites", verbose_name="规划")
    named_on = models.DateField("确定日期")
    feature = models.CharField("特色做法", max_length=300)
    ended_on = models.DateField("取消日期", null=True, blank=True)
    end_reason = models.CharField("取消原因", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughOrganisation.as_manager()

    class Meta:
        verbose_name = "示范点"
        verbose_name_plural = "示范点"
        ordering = ["-named_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_on__isnull=True),
                name="starrating_model_once",
                violation_error_message="这家组织已经是示范点。",
            )
        ]
        triggers = [
            # One at a time on the plan's row: whoever is third at a quota of two is refused there.
            pgtrigger.Trigger(
                name="count_named",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NEW.ended_on IS NULL"),
                func="UPDATE starrating_plan SET models_taken = models_taken + 1 "
                "WHERE id = NEW.plan_id; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="count_ended",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("num_nulls(OLD.ended_on) <> num_nulls(NEW.ended_on)"),
                func="UPDATE starrating_plan SET models_taken = models_taken + "
                "CASE WHEN NEW.ended_on IS NULL THEN 1 ELSE -1 END "
                "WHERE id = NEW.plan_id; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} 示范点"


@tracked()
class ActivityKind(models.Model):
    """“五个一”: one of the theme activities; the same for all districts, staff may change them."""

    code = models.SlugField("代码", max_length=20, unique=True)
    title = models.CharField("活动", max_length=60)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "“五个一”活动"
        verbose_name_plural = "“五个一”活动"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Activity(models.Model):
    """“五个一”完成情况: one activity of one organisation in one year, with its day and words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="activities", verbose_name="组织"
    )
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="+", verbose_name="活动")
    year = models.PositiveSmallIntegerField("年度")
    day = models.DateField("开展日期")
    note = models.CharField("开展情况", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughOrganisation.as_manager()

    class Meta:
        verbose_name = "“五个一”完成情况"
        verbose_name_plural = "“五个一”完成情况"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "year"],
                name="starrating_activity_once",
                violation_error_message="这一年的这项活动已经登记过。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.kind}"


class StarFile(AttachedFile):
    """佐证材料: a photo or paper of an item's evidence or of an activity, stored privately."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="files", verbose_name="组织"
    )
    score = models.ForeignKey(
        "starrating.ItemScore", models.CASCADE, null=True, related_name="files",
        verbose_name="指标得分",
    )  # fmt: skip
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, related_name="files", verbose_name="活动"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughOrganisation.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        ordering = ["id"]
        default_manager_name = "unscoped"
