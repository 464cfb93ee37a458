"""Who may come in (账号). What they may see is a Grant, one floor up."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from core.history import tracked


@tracked(exclude=["password", "last_login"])
class User(AbstractUser):
    """账号: one person who signs in by user name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=40)
    must_change_password = models.BooleanField(
        "下次登录须改密码", default=False, help_text="管理员设置初始密码后勾选。"
    )

    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）" if self.name else self.username

    def get_full_name(self) -> str:
        """姓名."""
        return self.name

    def get_short_name(self) -> str:
        """姓名."""
        return self.name
