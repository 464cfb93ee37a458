"""Floor 5: gathers scores, ranks, publishes."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """考核评价。"""

    name = "assessment"
    verbose_name = "考核评价"
