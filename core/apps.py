"""Floor 1: what at least two others need."""

from django.apps import AppConfig

from core.wording import say_it_plainly


class CoreConfig(AppConfig):
    """公共部件。"""

    name = "core"
    verbose_name = "系统公共"

    def ready(self) -> None:
        """Before any form is made."""
        say_it_plainly()
