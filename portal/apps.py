"""Programme 网上党支部: the page of a branch, notices with read receipts."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """网上党支部。"""

    name = "portal"
    verbose_name = "网上党支部"
