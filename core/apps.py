"""Floor 1: what at least two others need."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """公共部件。"""

    name = "core"
    verbose_name = "系统公共"
