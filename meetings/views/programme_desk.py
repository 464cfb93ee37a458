"""固定组织生活日 for staff: the month at a glance, its rows, the programme, the log."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.views.parts import attempt_form
from core.dates import Period
from core.htmx import form_page, go, page
from core.pages import page_of
from meetings import permissions
from meetings.coverage import day_records
from meetings.day_log import entries
from meetings.enums import Item
from meetings.forms.programme import ItemForm, ProgrammeForm, item_forms
from meetings.models import Programme
from meetings.month_desk import month_desk
from meetings.services.programme import WRITING_KINDS, publish, recall, write_programme
from meetings.views.day_parts import month_of
from meetings.views.parts import DeskRequest, attempt, demand, is_key, subtree
from meetings.views.records import lines

_PUBLISHED = "已发布，已通知所属各支部。"
_KEPT = "已存草稿，发布后支部才看得到。"


# --- The month -----------------------------------------------------------------------------------


def staff_month(request: DeskRequest, month: Period, on: date) -> HttpResponse:
    """Who has held the day and what was done there, by committee; the programme beside it."""
    scope = request.scope
    roots, own = scope.units_as(*STAFF, Role.LEADER), scope.units_as(*STAFF)
    context = month_desk(roots, own, month, user_id=request.user.pk, on=on)
    return page(request, "meetings/fixed_day_desk_month.html", context)


@login_required
@require_GET
def rows(request: DeskRequest, label: str) -> HttpResponse:
    """The records of a month's day: of one committee, with one item, as asked."""
    roots = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    month, item = month_of(label), _item(request)
    shown = page_of(day_records((chosen,) if chosen else roots, month, item), request.GET)
    context = {
        "month": month,
        "item": item,
        "acts": Item.choices,
        "chosen": chosen,
        "committees": list(committees),
        "page": shown,
        "lines": [one | {"labels": one["meeting"].item_labels} for one in lines(shown)],
    }
    return page(request, "meetings/fixed_day_rows.html", context)


def _item(request: DeskRequest) -> str:
    item = request.GET.get("item", "")
    if item and item not in Item.values:
        raise Http404
    return item


# --- The programme -------------------------------------------------------------------------------


def _place(request: DeskRequest) -> Unit:
    """The district or committee that the asker writes for; 404 when it is not his."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    reach = Unit.objects.within(*roots).filter(kind__in=WRITING_KINDS)
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    if asked and not is_key(asked):
        raise Http404
    wanted = int(asked) if asked else roots[0].pk
    found: Unit = get_object_or_404(reach.select_related("district"), pk=wanted)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, label: str) -> HttpResponse:
    """Write a month's programme, and publish it when asked."""
    month, unit = month_of(label), _place(request)
    demand(permissions.may_write_programme(request.scope, unit.path))
    programme = _programme(unit, month)
    sending = request.method == "POST"
    data, uploads = (request.POST, request.FILES) if sending else (None, None)
    initial = {"theme": programme.theme, "note": programme.note} if programme else {}
    form, parts = ProgrammeForm(data, initial=initial), item_forms(data, uploads, programme)
    passed = sending and all([form.is_valid(), *(part.is_valid() for part in parts)])
    if passed and attempt_form(form, lambda: _write(request, unit, month, form, parts)):
        messages.success(request, _PUBLISHED if "publish" in request.POST else _KEPT)
        return go(request, _month_url(month))
    context = {"unit": unit, "month": month, "programme": programme, "form": form, "parts": parts}
    return form_page(request, "meetings/programme_form.html", context)


def _programme(unit: Unit, month: Period) -> Programme | None:
    rows = Programme.objects.within(unit).filter(unit=unit, month=month.start)
    found: Programme | None = rows.prefetch_related("items").first()
    return found


def _write(
    request: DeskRequest, unit: Unit, month: Period, form: ProgrammeForm, parts: list[ItemForm]
) -> Programme:
    """Keep it, and publish it when asked; what cannot be published is kept all the same."""
    items = [part.entry() for part in parts if part.cleaned_data["on"]]
    by = request.user
    programme = write_programme(unit=unit, month=month, by=by, items=items, **form.cleaned_data)
    if "publish" in request.POST:
        publish(programme=programme, by=by, on=timezone.localdate())
    return programme


@login_required
@require_POST
def publishing(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Publish a programme as it is stored, or take it back to write in it."""
    rows = Programme.objects.within(*request.scope.units_as(*STAFF))
    programme = get_object_or_404(rows.select_related("unit"), uuid=uuid)
    demand(permissions.may_write_programme(request.scope, programme.unit.path))
    month, on = Period.containing(programme.month, "month"), timezone.localdate()
    if verb == "publish":
        attempt(request, lambda: publish(programme=programme, by=request.user, on=on), _PUBLISHED)
        return go(request, _month_url(month))
    attempt(
        request, lambda: recall(programme=programme, by=request.user), "已撤回，改好后请再发布。"
    )
    address = reverse("meetings:programme_edit", args=[month.label])
    return go(request, f"{address}?unit={programme.unit_id}")


def _month_url(month: Period) -> str:
    return reverse("meetings:fixed_day_month", args=[month.label])


# --- The log -------------------------------------------------------------------------------------


@login_required
@require_GET
def log(request: DeskRequest) -> HttpResponse:
    """All moves and postponements of a year: who asked, who decided, who was told, who has read."""
    demand(bool(request.scope.units))
    on = timezone.localdate()
    text = request.GET.get("year", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else on.year
    year = min(max(asked, on.year - 10), on.year + 1)
    context = {
        "year": year,
        "years": (year - 1, year + 1 if year <= on.year else None),
        "entries": entries(request.scope.units, year=year),
    }
    return page(request, "meetings/fixed_day_log.html", context)
