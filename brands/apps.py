"""Programme 党建品牌."""

from django.apps import AppConfig


class BrandsConfig(AppConfig):
    """“4+4” 党建品牌。"""

    name = "brands"
    verbose_name = "党建品牌"
