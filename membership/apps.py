"""Programme 党员发展与转接: admission in 25 steps, transfers of membership."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """党员发展与转接。"""

    name = "membership"
    verbose_name = "党员发展与转接"
