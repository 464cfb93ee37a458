"""Programme “两新”星级创评、分类定级."""

from django.apps import AppConfig


class StarRatingConfig(AppConfig):
    """两新星级。"""

    name = "starrating"
    verbose_name = "两新星级"
