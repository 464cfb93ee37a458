"""Floor 3: the organisations, their people, and who may act where."""

from django.apps import AppConfig


class BranchesConfig(AppConfig):
    """党组织与党员。"""

    name = "branches"
    verbose_name = "党组织与党员"
