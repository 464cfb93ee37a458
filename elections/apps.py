"""Programme 换届选举: terms, elections, the wave of village and community bodies."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """换届选举。"""

    name = "elections"
    verbose_name = "换届选举"
