"""Programme 作用发挥: pledges, model posts, members in communities, projects."""

from django.apps import AppConfig


class WorksConfig(AppConfig):
    """作用发挥。"""

    name = "works"
    verbose_name = "作用发挥"
