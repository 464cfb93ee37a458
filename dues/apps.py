"""Programme 党费与经费: monthly dues, allotments, budgets."""

from django.apps import AppConfig


class DuesConfig(AppConfig):
    """党费与经费。"""

    name = "dues"
    verbose_name = "党费与经费"
