"""What every 办理过程 keeps of a move: who, when and why."""

from django.conf import settings
from django.db import models


class ProcessStep(models.Model):
    """One move of something that is handled in steps.

    Whose move it is, and ``before`` and ``after`` with their states, the table itself says.
    """

    reason = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    unscoped = models.Manager()

    class Meta:
        abstract = True
        ordering = ["id"]
        default_manager_name = "unscoped"
