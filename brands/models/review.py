"""评审: several reviewers, each with a sheet of his own."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.querysets import ScopedQuerySet
from brands.models.brand import BrandYear
from brands.models.scheme import StandardItem
from brands.querysets import ReviewQuerySet
from core.history import tracked_after_insert

_LOCKED = (
    "IF EXISTS (SELECT 1 FROM brands_brandyear y WHERE y.id = {year} AND y.review_state = 2) "
    "THEN RAISE EXCEPTION 'the review is closed' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN COALESCE(NEW, OLD);"
)


@tracked_after_insert()
class Review(models.Model):
    """评分表: one reviewer's judgement of one brand's year. Others see it when all is closed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(
        BrandYear, models.PROTECT, related_name="reviews", verbose_name="年度创建"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评委"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="指定人"
    )
    assigned_at = models.DateTimeField("指定时间", auto_now_add=True)
    total = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, blank=True)
    remark = models.CharField("评语", max_length=500, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    unscoped = models.Manager()
    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "评分表"
        verbose_name_plural = "评分表"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "reviewer"],
                name="brands_review_once",
                violation_error_message="这位评委已经指定过了。",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, total__isnull=True)
                | Q(submitted_at__isnull=False, total__gte=0, total__lte=100),
                name="brands_review_total",
                violation_error_message="得分应在 0 到 100 之间。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_is_locked",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_LOCKED.format(year="COALESCE(NEW.year_id, OLD.year_id)"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.reviewer}"


class ScoreQuerySet(ScopedQuerySet["ReviewScore"]):
    """Words about the lines of sheets."""

    unit_path = "review__year__brand__unit__path"


class ReviewScore(models.Model):
    """评分: the points of one item on one sheet."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name="评分表")
    item = models.ForeignKey(StandardItem, models.PROTECT, related_name="+", verbose_name="条目")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2)

    unscoped = models.Manager()
    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "评分"
        verbose_name_plural = "评分"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["review", "item"], name="brands_score_once"),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100),
                name="brands_score_points",
                violation_error_message="得分应在 0 到 100 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"
