"""组织工作台 admin site: Chinese, and only for staff."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role, UnitKind
from branches.models import Unit

# The first page in the order of the work, machinery last. An empty name keeps the app's own. What
# other apps register (libraries' tables that no hand should touch) stays out.
_SECTIONS = {
    "branches": "",
    "meetings": "",
    "brands": "",
    "rectification": "",
    "starrating": "",
    "cadres": "",
    "dues": "",
    "elections": "",
    "membership": "",
    "support": "",
    "works": "",
    "portal": "",
    "assessment": "",
    "core": "",
    "accounts": "",
}


class DescribingJsonView(AutocompleteJsonView):
    """Finds rows for a field; people and branches of the same name are told apart."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """One line of the list."""
        line: dict[str, str] = super().serialize_result(obj, to_field_name)
        if isinstance(self.model_admin, ScopedAdmin):
            line["text"] = self.model_admin.describe(obj)
        return line


class DeskAdminSite(AdminSite):
    """Who may enter is decided by the account; what is seen by each admin's scope."""

    site_header = "组织工作台"
    site_title = "组织工作台"
    index_title = "数据管理"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own tables only."""
        single = isinstance(model_or_iterable, type)
        models = [model_or_iterable] if single else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in _SECTIONS]
        if ours:
            super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff accounts that hold a role, and superusers."""
        user = request.user
        return bool(user.is_active and user.is_staff)

    def may_keep_common(self, request: HttpRequest) -> bool:
        """Who may change what holds for all districts alike: whoever is staff in each of them."""
        if request.user.is_superuser:
            return True
        held = {unit.pk for unit in scope_of(request).units_as(Role.DISTRICT_STAFF)}
        roots = Unit.objects.everywhere("what holds for all is decided by who works for all")
        districts = set(roots.filter(kind=UnitKind.DISTRICT).values_list("pk", flat=True)[:100])
        return bool(districts) and districts <= held

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """The one door of the desk, with its lock-out and second factor (S11, S12)."""
        target = request.GET.get("next") or reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def get_urls(self) -> list[Any]:
        """Without the jump to an object's page: it finds objects outside of all scopes."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """See :class:`DescribingJsonView`."""
        view = DescribingJsonView.as_view(admin_site=self)
        return cast(HttpResponse, view(request))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The programmes in the order of the work."""
        order = list(_SECTIONS)
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = _SECTIONS[app["app_label"]] or app["name"]
        return sorted(apps, key=lambda app: order.index(app["app_label"]))
