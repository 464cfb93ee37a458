"""授权: who may act where, and which other systems may read what."""

import pgtrigger
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from branches.enums import ClientScope, DisclosureKind, Role
from branches.models.unit import Unit
from branches.querysets import GrantQuerySet, ScopedQuerySet
from core.history import tracked


@tracked()
class Grant(models.Model):
    """授权: this user has this role in this unit and everything below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号"
    )
    role = models.CharField("角色", max_length=16, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    since = models.DateField("生效日期")
    until = models.DateField("失效日期", null=True, blank=True, help_text="有效的最后一天。")

    unscoped = models.Manager()
    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        ordering = ["unit", "role"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "role"], name="branches_grant_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                name="branches_grant_once",
                violation_error_message="这个账号在这个党组织已有相同的角色。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="branches_grant_span",
                violation_error_message="失效日期不能早于生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.unit}"


@tracked()
class ApiClient(models.Model):
    """接口凭据: which subtree another system may read, from where, until when."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="+", verbose_name="客户端")
    title = models.CharField("系统名称", max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="数据范围")
    scopes = ArrayField(
        models.CharField(max_length=10, choices=ClientScope), verbose_name="接口权限", default=list
    )
    addresses = ArrayField(
        models.GenericIPAddressField(),
        verbose_name="允许的来源地址",
        default=list,
        blank=True,
        help_text="留空表示不限制。",
    )
    expires_on = models.DateField("有效期至")
    is_active = models.BooleanField("启用", default=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["ApiClient"].as_manager()

    class Meta:
        verbose_name = "接口凭据"
        verbose_name_plural = "接口凭据"
        ordering = ["title"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.title


class Disclosure(models.Model):
    """查阅记录: somebody was shown whole numbers, or took a roster out of the house.

    Kept for good: the database refuses to change or delete it.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查阅人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    kind = models.CharField("方式", max_length=8, choices=DisclosureKind)
    member = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="党员",
    )
    what = models.CharField("内容", max_length=200)

    unscoped = models.Manager()

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["member", "-id"], name="branches_disclosure_of")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"
