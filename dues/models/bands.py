"""党费标准: the regulation's table, a line a row, each valid over a span of days."""

from django.db import models
from django.db.models import F, Q

from core.history import tracked
from dues.enums import BandKind


@tracked()
class Band(models.Model):
    """党费标准的一档: a rate on the whole base, or a monthly amount; the same for all districts.

    Bounds are yuan a month: above ``above`` (itself not), up to ``up_to`` (itself too, None: no
    end). ``rate`` is in percent. ``least`` and ``most`` are the yuan allowed without a rate.
    """

    kind = models.CharField("种类", max_length=10, choices=BandKind)
    above = models.DecimalField("基数高于（元）", max_digits=12, decimal_places=2, default=0)
    up_to = models.DecimalField(
        "基数到（元，含）", max_digits=12, decimal_places=2, null=True, blank=True,
        help_text="不填表示以上不封顶。",
    )  # fmt: skip
    rate = models.DecimalField(
        "比例（%）", max_digits=6, decimal_places=3, null=True, blank=True,
        help_text="按全部基数计算，不分段累进。",
    )  # fmt: skip
    least = models.DecimalField(
        "每月最少（元）", max_digits=8, decimal_places=2, null=True, blank=True
    )
    most = models.DecimalField(
        "每月最多（元）", max_digits=8, decimal_places=2, null=True, blank=True
    )
    regulation = models.CharField("规定", max_length=120)
    article = models.CharField("条款", max_length=60, blank=True)
    effective_from = models.DateField("施行日期")
    effective_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "党费标准"
        verbose_name_plural = "党费标准"
        ordering = ["kind", "-effective_from", "above"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "above", "effective_from"],
                name="dues_band_once",
                violation_error_message="这一种类在同一天已有同样起点的一档。",
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=F("above")),
                name="dues_band_span",
                violation_error_message="“基数到”应大于“基数高于”。",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=False, least__isnull=True, most__isnull=True)
                | Q(rate__isnull=True, least__isnull=False, most__gte=F("least")),
                name="dues_band_rate_or_amount",
                violation_error_message="比例和金额只填一样；填金额时最少、最多都要填。",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="dues_band_dates",
                violation_error_message="失效日期不能早于施行日期。",
            ),
        ]

    def __str__(self) -> str:
        end = "以上" if self.up_to is None else f"至 {self.up_to}"
        return f"{self.get_kind_display()} {self.above} {end}"
