"""What the district sets for a year: the scheme, the two lists of the standard, the quotas."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from brands.enums import ItemSet
from core.history import tracked

_YEAR = (MinValueValidator(2000), MaxValueValidator(2100))


@tracked()
class Scheme(models.Model):
    """创建方案: one district's numbers for one year (all local: staff change them)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    fist_low = models.PositiveSmallIntegerField("拳头品牌至少", default=5)
    fist_high = models.PositiveSmallIntegerField("拳头品牌至多", default=8)
    nurture_low = models.PositiveSmallIntegerField(
        "各党（工）委至少培树", default=1, help_text="新开的名额按这个数；个别单位可在名额里另定。"
    )
    excellent_from = models.DecimalField(
        "优的分数线",
        max_digits=5,
        decimal_places=2,
        default=85,
        validators=[MaxValueValidator(100)],
    )
    good_from = models.DecimalField(
        "良的分数线",
        max_digits=5,
        decimal_places=2,
        default=70,
        validators=[MaxValueValidator(100)],
    )
    reviewers = models.PositiveSmallIntegerField("评委至少", default=3)
    apply_by = models.DateField("申报截止", null=True, blank=True)
    review_by = models.DateField("评审截止", null=True, blank=True)
    follow_up_days = models.PositiveSmallIntegerField("督查整改期限（工作日）", default=10)
    case_limit = models.PositiveSmallIntegerField("典型案例字数上限", default=3000)
    case_photos = models.PositiveSmallIntegerField("典型案例照片上限", default=2)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Scheme"].as_manager()

    class Meta:
        verbose_name = "创建方案"
        verbose_name_plural = "创建方案"
        ordering = ["-year"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="brands_scheme_once",
                violation_error_message="这一年已经有创建方案，请直接修改。",
            ),
            models.CheckConstraint(
                condition=Q(fist_high__gte=F("fist_low")) & Q(fist_high__gt=0),
                name="brands_scheme_fists",
                violation_error_message="拳头品牌的至多不能少于至少，也不能是 0。",
            ),
            models.CheckConstraint(
                condition=Q(excellent_from__gt=F("good_from"), excellent_from__lte=100)
                & Q(good_from__gt=0),
                name="brands_scheme_cuts",
                violation_error_message="优的分数线应高于良的，且在 0 到 100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(reviewers__gt=0),
                name="brands_scheme_reviewers",
                violation_error_message="评委至少要有一名。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年创建方案"


@tracked()
class StandardItem(models.Model):
    """标准条目: one line of 五有一高 (with points) or of the creation list, by year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    set = models.CharField("清单", max_length=10, choices=ItemSet)
    title = models.CharField("条目", max_length=40)
    note = models.CharField("要求", max_length=200, blank=True)
    points = models.DecimalField(
        "分值",
        max_digits=5,
        decimal_places=2,
        default=0,
        help_text="五有一高的各条合计 100 分；创建清单不计分。",
    )
    position = models.PositiveSmallIntegerField("顺序", default=1)

    unscoped = models.Manager()
    objects = ScopedQuerySet["StandardItem"].as_manager()

    class Meta:
        verbose_name = "标准条目"
        verbose_name_plural = "标准条目"
        ordering = ["-year", "set", "position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "set", "title"],
                name="brands_item_once",
                violation_error_message="这一年的清单里已有同名条目。",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100),
                name="brands_item_points",
                violation_error_message="分值应在 0 到 100 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


@tracked()
class Quota(models.Model):
    """名额: places of one year, of the district (拳头品牌) or of one 党(工)委 (培树).

    ``taken`` is written only under the row's lock, and the database refuses one place too many.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    low = models.PositiveSmallIntegerField("至少", default=1)
    high = models.PositiveSmallIntegerField(
        "至多", null=True, blank=True, help_text="留空表示不封顶。"
    )
    taken = models.PositiveSmallIntegerField("已用", default=0, editable=False)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Quota"].as_manager()

    class Meta:
        verbose_name = "名额"
        verbose_name_plural = "名额"
        ordering = ["-year", "unit"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="brands_quota_once",
                violation_error_message="这个单位这一年的名额已经定了，请直接修改。",
            ),
            models.CheckConstraint(
                condition=Q(high__isnull=True) | Q(high__gte=F("low")),
                name="brands_quota_span",
                violation_error_message="至多不能少于至少。",
            ),
            models.CheckConstraint(
                condition=Q(high__isnull=True) | Q(taken__lte=F("high")),
                name="brands_quota_not_overrun",
                violation_error_message="名额已经用完，不能再增加；上限也不能低于已用的数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年名额"
