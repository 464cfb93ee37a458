"""通知渠道: the robots by which a committee's own group is told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from branches.enums import RobotKind, RobotTopic
from branches.models.unit import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from core.sealed import SealedField, SealedMixin

# Long enough that it tells one robot from another, too short to guess the rest.
_SHOWN = 4


@tracked(exclude=["token", "token_index", "secret"])
class Robot(SealedMixin, models.Model):
    """群机器人: a robot in a committee's group, and what it tells there.

    Its address is a secret: who has it writes into the group. So the token is sealed with the row
    bound in, left out of the history and shown by its last characters only. Where it is sent to is
    not part of it: that is a setting (S37).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("平台", max_length=10, choices=RobotKind)
    token = SealedField("地址", index_field="token_index")
    token_index = models.BinaryField("地址索引", editable=False)
    secret = SealedField("加签密钥", null=True)
    topics = ArrayField(
        models.CharField(max_length=10, choices=RobotTopic), verbose_name="消息类别", default=list
    )
    is_active = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Robot"].as_manager()

    class Meta:
        verbose_name = "群机器人"
        verbose_name_plural = "群机器人"
        ordering = ["unit", "name"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "token_index"],
                name="branches_robot_once",
                violation_error_message="这个机器人在这个党组织已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RobotKind.values), name="branches_robot_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_address(self) -> str:
        """企业微信 …1f9c."""
        return f"{self.get_kind_display()} …{self.unseal('token')[-_SHOWN:]}"

    @property
    def topic_labels(self) -> list[str]:
        """What it tells, in words."""
        return [RobotTopic(topic).label for topic in self.topics]
