"""What the admin pages of this programme share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    _Inline = admin.TabularInline[Any, Any]
else:
    _Inline = admin.TabularInline


class ShownInline(_Inline):
    """Rows of a record, to be looked at. Whoever sees the record sees them."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All of them."""
        return tuple(str(name) for name in self.fields or ())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The record's page decides."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
