"""宣传推广: reports in the media, meetings where brands are shown, honours they earned."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from brands.enums import MediaLevel, ShowingKind
from brands.models.brand import Brand, BrandFile
from brands.querysets import ThroughBrand
from core.history import tracked


class Registered(models.Model):
    """What was registered of brands, the latest first: who wrote it down and when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-on", "-id"]


@tracked()
class MediaReport(Registered):
    """媒体报道 of a brand: with its link, or a scan of the page."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="media", verbose_name="品牌")
    level = models.CharField("层级", max_length=10, choices=MediaLevel)
    outlet = models.CharField("媒体", max_length=60)
    title = models.CharField("标题", max_length=120)
    on = models.DateField("刊播日期")
    link = models.URLField("链接", blank=True)
    scan = models.ForeignKey(
        BrandFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="扫描件"
    )

    unscoped = models.Manager()
    objects = ThroughBrand.as_manager()

    class Meta(Registered.Meta):
        default_manager_name = "unscoped"
        verbose_name = "媒体报道"
        verbose_name_plural = "媒体报道"
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "outlet", "title", "on"],
                name="brands_media_once",
                violation_error_message="这篇报道已经登记过了。",
            ),
            models.CheckConstraint(
                condition=~Q(link="") | Q(scan__isnull=False),
                name="brands_media_seen",
                violation_error_message="请填链接，或者上传版面、截图。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Showing(Registered):
    """推广活动: a 经验交流会 or a 现场观摩会 with the brands that were shown."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    kind = models.CharField("形式", max_length=10, choices=ShowingKind)
    title = models.CharField("名称", max_length=100)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=100)
    attendance = models.PositiveIntegerField("参加人数")
    note = models.CharField("收获", max_length=500, blank=True)
    brands = models.ManyToManyField(
        Brand, related_name="showings", verbose_name="展示的品牌", blank=True
    )

    unscoped = models.Manager()
    objects = ScopedQuerySet["Showing"].as_manager()

    class Meta(Registered.Meta):
        default_manager_name = "unscoped"
        verbose_name = "推广活动"
        verbose_name_plural = "推广活动"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title", "on"],
                name="brands_showing_once",
                violation_error_message="这次活动已经登记过了。",
            )
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Honour(Registered):
    """评先评优: where a brand's result was used."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="honours", verbose_name="品牌")
    title = models.CharField("荣誉或评选", max_length=100)
    level = models.CharField("层级", max_length=10, choices=MediaLevel)
    on = models.DateField("日期")
    document = models.CharField("文件依据", max_length=100, blank=True)

    unscoped = models.Manager()
    objects = ThroughBrand.as_manager()

    class Meta(Registered.Meta):
        default_manager_name = "unscoped"
        verbose_name = "评先评优"
        verbose_name_plural = "评先评优"
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "title", "on"],
                name="brands_honour_once",
                violation_error_message="这项荣誉已经登记过了。",
            )
        ]

    def __str__(self) -> str:
        return self.title
