"""账号: given out by whoever keeps the system running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from accounts.models import User
from core.admin_base import CappedPaginator

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[User]
    _CreationForm = AdminUserCreationForm[User]
else:
    _UserAdmin = UserAdmin
    _CreationForm = AdminUserCreationForm


class AccountForm(_CreationForm):
    """A new account with a first password, which is changed at the first sign-in."""

    class Meta:
        model = User
        fields = ("username", "name", "is_staff", "must_change_password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["must_change_password"].initial = True


class AccountAdmin(_UserAdmin):
    """Only for superusers. Registered one floor up, where it is known who may find whom."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    add_form = AccountForm
    list_display = ("username", "name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("username", "name")
    search_help_text = "按用户名或姓名查找。"
    ordering = ("-pk",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "name", "email", "password")}),
        ("状态", {"fields": ("is_active", "must_change_password", "is_staff", "is_superuser")}),
        ("时间", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username", "name", "usable_password", "password1", "password2", "is_staff",
                    "must_change_password",
                )
            },
        ),
    )  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only."""
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what somebody did stays told of; an account is switched off."""
        return False
