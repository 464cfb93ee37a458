"""What every page of the data administration stands on: cheap counts, no deletion, verbs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import MAXYEAR, date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.downloads import workbook_download
from core.errors import Refusal
from core.workbooks import stream_rows

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


class KeyedSelect(AutocompleteSelect):
    """Django's own, but a value that is no key is left out: it would be asked of the database."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """The chosen rows."""
        return super().optgroups(name, [one for one in value if self._is_key(one)], attr)

    def _is_key(self, value: Any) -> bool:
        try:
            self.field.remote_field.model._meta.pk.to_python(value)
        except ValidationError:
            return bool(value == "")
        return True


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


class PeriodFilter(admin.SimpleListFilter):
    """时间: a year, then its months; ``field`` is the day.

    Django's own hierarchy of dates asks the whole table which days there are; over millions of
    records that is slower than everything else on the page. This one asks nothing.
    """

    title = "时间"
    parameter_name = "period"
    field = ""
    years = 5

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The last years, newest first, the chosen one with its months."""
        this, chosen = timezone.localdate().year, (self.value() or "")[:4]
        found = []
        for year in range(this + 1, this - self.years, -1):
            found.append((str(year), f"{year}年"))
            if str(year) == chosen:
                found += [(f"{year}-{month:02}", f"　{month}月") for month in range(1, 13)]
        return found

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Days of the year or month; what is neither is as if nothing were chosen."""
        match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", self.value() or "", re.ASCII)
        if match is None or not 1 < int(match[1]) < MAXYEAR:
            return queryset
        year, month = int(match[1]), int(match[2] or 0)
        first = date(year, month or 1, 1)
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return queryset.filter(**{f"{self.field}__gte": first, f"{self.field}__lt": after})


def by_period(field: str) -> type[PeriodFilter]:
    """A :class:`PeriodFilter` of this field."""
    return type("PeriodFilter", (PeriodFilter,), {"field": field})


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

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Fields that are filled by typing show a wrong value again instead of falling over it."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeyedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

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

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The table's own, and taking the chosen rows away as a workbook."""
        actions: dict[str, Any] = super().get_actions(request)
        return {**actions, "export_rows": (export_rows, "export_rows", "导出为表格")}

    def exported(self, request: HttpRequest) -> None:
        """Called before rows are taken out of the house; what is personal notes it."""

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


def export_rows(model_admin: DeskAdmin, request: HttpRequest, rows: Any) -> StreamingHttpResponse:
    """导出为表格: the chosen rows (or all that match) with the columns of the list, streamed.

    The rows come from the list's own queryset, so that they are what the asker may see, numbers
    masked as on the page; every cell is a string.
    """
    names = [name for name in model_admin.get_list_display(request) if name != "action_checkbox"]
    model_admin.exported(request)
    title = str(model_admin.opts.verbose_name_plural)
    cover = {
        "内容": title,
        "导出人": str(request.user),
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "筛选条件": request.GET.urlencode() or "无",
    }
    headers = [str(label_for_field(name, model_admin.model, model_admin)) for name in names]
    lines = (
        [_exported(name, row, model_admin) for name in names]
        for row in rows.iterator(chunk_size=2000)
    )
    pieces = stream_rows(headers, lines, cover=cover, sheet=title)
    return workbook_download(pieces, f"{title}{timezone.localdate():%Y%m%d}.xlsx")


def _exported(name: Any, row: Any, model_admin: DeskAdmin) -> object:
    """One cell: the label of a choice, local time, the text of what is linked."""
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and getattr(field, "flatchoices", None):
        return dict(field.flatchoices).get(value, value)
    if isinstance(value, datetime):
        return timezone.localtime(value)
    return value


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
