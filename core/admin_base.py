"""What every page of the data administration stands on: cheap counts, no deletion, verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.errors import Refusal

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
    _Form = forms.ModelForm[Any]
else:
    _Admin = admin.ModelAdmin
    _Paginator = Paginator
    _Form = forms.ModelForm

# As many rows are counted, and can be paged through; beyond them people search or filter.
COUNTED = 2000
# As many rows as one action takes at once.
AT_ONCE = 200


class CappedPaginator(_Paginator):
    """Counts no further than :data:`COUNTED`: a table of millions opens as fast as an empty one."""

    @cached_property
    def count(self) -> int:
        """How many rows, or :data:`COUNTED` when there are more."""
        rows: Any = self.object_list
        if isinstance(rows, models.QuerySet):
            return rows.order_by()[:COUNTED].count()
        return len(rows)

    @property
    def is_capped(self) -> bool:
        """Whether there may be more rows than were counted."""
        return self.count >= COUNTED


class ServiceForm(_Form):
    """A form whose last check is the verb itself: what it refuses stands beside its field.

    ``request`` is set by :class:`DeskAdmin`. ``fields_of`` maps the verb's names of fields to the
    form's, where they differ.
    """

    request: HttpRequest
    fields_of: dict[str, str] = {}

    def perform(self) -> models.Model:
        """Call the verb with ``cleaned_data``; return what it wrote. Raises Refusal."""
        raise NotImplementedError

    @property
    def by(self) -> Any:
        """Who asks."""
        return self.request.user

    def _post_clean(self) -> None:
        # Not Django's own: it would write the input into the instance, which is the verb's work.
        if self._errors:  # type: ignore[attr-defined]
            return
        try:
            with transaction.atomic():
                self.instance = self.perform()
        except Refusal as refusal:
            name = self.fields_of.get(refusal.field, refusal.field)
            self.add_error(name if name in self.fields else None, refusal.message)
        except IntegrityError:
            self.add_error(None, "与已有的数据冲突，没有保存；请刷新页面看最新情况后再试。")

    def save(self, commit: bool = True) -> Any:
        """What the verb wrote already."""
        return self.instance


class DeskAdmin(_Admin):
    """An admin page that stays quick on big tables and deletes nothing.

    ``shown`` are the facts that an existing row only shows. ``add_form`` and ``change_form`` with
    ``add_fields`` and ``change_fields`` are the input; without a form there is none.
    """

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    view_on_site = False

    shown: tuple[str, ...] = ()
    add_fields: tuple[str, ...] = ()
    change_fields: tuple[str, ...] = ()
    add_form: type[ServiceForm] | None = None
    change_form: type[ServiceForm] | None = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was wrong is ended, withdrawn or corrected, and stays in the history."""
        return False

    def action_checkbox(self, obj: Any) -> SafeString:
        """As Django's own, without rendering a template of the form's for each of fifty rows."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            format_html(gettext("Select this object for an action - {}"), obj),
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed at all."""
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Input for a new row; what is shown, then what may be changed, for an old one."""
        if obj is None:
            return list(self.add_fields)
        may = self.has_change_permission(request, obj)
        return [*self.shown, *(self.change_fields if may else ())]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """See ``shown``."""
        return () if obj is None else self.shown

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form of the verb, which knows who asks."""
        form = self.add_form if obj is None else self.change_form
        if form is not None and (obj is None or self.has_change_permission(request, obj)):
            kwargs["form"] = type(form.__name__, (form,), {"request": request})
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without the little buttons that open other tables' forms in a window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for name in ("can_add_related", "can_change_related", "can_view_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing more where the verb has written it."""
        if not isinstance(form, ServiceForm):
            super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: no inline takes input."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirect:
        # What is not there and what is not his look alike.
        raise Http404

    def each(
        self, request: HttpRequest, rows: Iterable[Any], verb: Callable[[Any], object], done: str
    ) -> None:
        """Do it to every chosen row; tell how many were done, and each one's reason if not."""
        chosen = list(rows[: AT_ONCE + 1]) if isinstance(rows, models.QuerySet) else list(rows)
        if len(chosen) > AT_ONCE:
            messages.warning(request, f"一次最多办理 {AT_ONCE} 条，请分几次选择。")
            return
        good = 0
        for row in chosen:
            try:
                verb(row)
                good += 1
            except Refusal as refusal:
                messages.warning(request, f"{row}：{refusal.message}")
        if good:
            messages.success(request, f"{done} {good} 条。")


class ReadOnlyAdmin(DeskAdmin):
    """Something to look at only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class ReasonForm(ActionForm):
    """The bar of actions with a line for the reason."""

    reason = forms.CharField(label="意见", required=False)


def reason_of(request: HttpRequest, *, longest: int = 300) -> str:
    """The reason given with an action. Raises Refusal when it is too long."""
    text = request.POST.get("reason", "").replace("\x00", "").strip()
    if len(text) > longest:
        raise Refusal(f"意见请控制在 {longest} 字以内。", field="reason")
    return text
