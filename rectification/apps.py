"""Programme 后进社区整顿."""

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    """后进社区整顿。"""

    name = "rectification"
    verbose_name = "后进社区整顿"
