"""Programme 阵地与联系: venues, contact points of leaders, joint committees."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """阵地与联系。"""

    name = "support"
    verbose_name = "阵地与联系"
