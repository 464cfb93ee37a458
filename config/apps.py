"""The top floor as an application, and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TopConfig(AppConfig):
    """Commands that need every floor."""

    name = "config"
    verbose_name = "工作台"


class DeskAdminConfig(AdminConfig):
    """Django's admin with our own site class."""

    default = False
    default_site = "config.site.DeskAdminSite"
