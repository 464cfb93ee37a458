"""Admin pages that show what the asker's grants reach, and let him do what the predicates say.

Accounts of staff hold none of Django's own permissions: Where is the scope, What is a predicate of
``permissions.py``, as on the pages.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from branches.models import Unit
from branches.permissions import STAFF
from branches.querysets import ScopedQuerySet
from branches.scope import Scope
from core.admin_base import DeskAdmin


def scope_of(request: HttpRequest) -> Scope:
    """The scope that the middleware gave the request."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


class ScopedAdmin(DeskAdmin):
    """An admin page of a model that belongs to a unit.

    ``sees`` are the roles that see it, ``joined`` what is read along, so that a list costs the
    same number of queries whatever its length. ``own_search`` are lookups beside the unit's.
    """

    sees: tuple[str, ...] = STAFF
    joined: ClassVar[tuple[str, ...]] = ("unit",)
    own_search: tuple[str, ...] = ()
    # How a row reaches its unit.
    unit_lookup: str = "unit"
    # The primary key is an order that every table has an index for.
    ordering: ClassVar[Any] = ("-pk",)
    # Says that there is a search box; what it does is get_search_results.
    search_fields = ("unit__name",)
    search_help_text = "按党组织的名称、代码或拼音首字母查找。"

    def may_write(self, scope: Scope, path: str) -> bool:
        """The predicate: whether rows of the unit at ``path`` may be added and changed."""
        return False

    def path_of(self, obj: Any) -> str:
        """Where the row belongs."""
        return str(attrgetter(self.unit_lookup.replace("__", "."))(obj).path)

    def describe(self, obj: Any) -> str:
        """How it stands in the list of an autocompleted field."""
        return str(obj)

    def reach(self, request: HttpRequest) -> tuple[Unit, ...]:
        """The subtrees in which the asker holds a role that sees it."""
        return scope_of(request).units_as(*self.sees)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows in reach only."""
        rows = self.model.objects.within(*self.reach(request)).select_related(*self.joined)
        return cast("QuerySet[Any]", rows.order_by(*self.get_ordering(request)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the unit's name, code, pinyin or initials, and by ``own_search``."""
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        units = Unit.objects.within(*self.reach(request)).search(text)
        found = Q(**{f"{self.unit_lookup}__in": units.order_by().values("pk")})
        for lookup in self.own_search:
            found |= Q(**{lookup: text})
        return queryset.filter(found), False

    def get_field_queryset(self, db: str | None, db_field: Any, request: Any) -> Any:
        """A posted id never decides access: choices are what is in reach."""
        manager = getattr(db_field.remote_field.model, "objects", None)
        rows = manager.all() if manager is not None else None
        if isinstance(rows, ScopedQuerySet):
            return rows.within(*self.reach(request))
        return super().get_field_queryset(db, db_field, request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds a role that sees it; a superuser also before there is any district."""
        if obj is None:
            return bool(request.user.is_superuser or self.reach(request))
        return scope_of(request).covers(self.path_of(obj), *self.sees)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where there is a form, and somewhere to put the row."""
        return self.add_form is not None and self._may_somewhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where there is a form, and the predicate says so."""
        if self.change_form is None:
            return False
        if obj is None:
            return self._may_somewhere(request)
        return self.may_write(scope_of(request), self.path_of(obj))

    def _may_somewhere(self, request: HttpRequest) -> bool:
        scope = scope_of(request)
        return bool(
            request.user.is_superuser
            or any(self.may_write(scope, unit.path) for unit in self.reach(request))
        )
