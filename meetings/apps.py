"""Programme 三会一课."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """三会一课。"""

    name = "meetings"
    verbose_name = "三会一课"
