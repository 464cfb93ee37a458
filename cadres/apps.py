"""Programme 干部教育管理监督."""

from django.apps import AppConfig


class CadresConfig(AppConfig):
    """干部教育管理监督。"""

    name = "cadres"
    verbose_name = "干部工作"
