"""Floor 2: users and the door."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号与登录。"""

    name = "accounts"
    verbose_name = "账号与登录"
