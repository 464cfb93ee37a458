"""通知, 回执 and 公开栏 in the data administration: looked at; written on their pages."""

from __future__ import annotations

from django.contrib import admin

from branches.admin_base import ScopedAdmin
from core.admin_base import by_period
from portal.models import BranchPage, Circular, Receipt


@admin.register(Circular)
class CircularAdmin(ScopedAdmin):
    joined = ("unit", "issued_by", "revoked_by", "written_by")
    list_display = ("title", "unit", "state", "needs_sign", "sign_by", "issued_at")
    list_filter = ("state", "needs_sign", by_period("issued_at"))
    shown = (
        "unit", "title", "text", "reach", "kinds", "fields", "places", "needs_sign", "sign_by",
        "state", "issued_at", "issued_by", "revoked_at", "revoked_by", "reason", "written_by",
        "created_at",
    )  # fmt: skip


@admin.register(Receipt)
class ReceiptAdmin(ScopedAdmin):
    joined = ("unit", "circular", "read_by", "signed_by", "shared_by")
    list_display = ("circular", "unit", "read_at", "signed_at", "urged", "is_public")
    list_filter = ("is_public", by_period("read_at"))
    shown = (
        "circular", "unit", "read_at", "read_by", "signed_at", "signed_by", "urged_on", "urged",
        "shared_at", "shared_by", "is_public",
    )  # fmt: skip


@admin.register(BranchPage)
class BranchPageAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("unit", "by", "updated_at")
    shown = ("unit", "introduction", "panels", "by", "updated_at")
