"""固定组织生活日 for staff: the month at a glance, its rows, the programme, the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import DutyKind, Role
from branches.models import Unit
from branches.permissions import STAFF
from core.dates import Period
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from meetings import permissions
from meetings.coverage import CoverageRow, coverage, rows_url
from meetings.day_log import entries, told
from meetings.enums import Item, Kind
from meetings.enums.programme import PostponeState, ShareState
from meetings.fixed_days import fixed_days
from meetings.forms.programme import ItemForm, ProgrammeForm, item_forms
from meetings.models import Meeting, Postponement, Programme, Share
from meetings.programmes import gallery, plan_for
from meetings.rules.programme import is_time_to_write
from meetings.services.programme import WRITING_KINDS, publish, recall, write_programme
from meetings.views.day_parts import month_of
from meetings.views.parts import DeskRequest, attempt, demand, is_key, subtree
from meetings.views.records import line

ITEM_LABELS = dict(Item.choices)
_PUBLISHED = "已发布，已通知所属各支部。"
_KEPT = "已存草稿，发布后支部才看得到。"


# --- The month -----------------------------------------------------------------------------------


def staff_month(request: DeskRequest, month: Period, on: date) -> HttpResponse:
    """Who has held the day and what was done there, by committee; the programme beside it."""
    roots = request.scope.units_as(*STAFF, Role.LEADER)
    found = coverage(units=roots, month=month, on=on)
    first = roots[0]
    (day,) = fixed_days(district=_district(first), months=[month])
    context = {
        "month": month,
        "before": month.previous(),
        "after": month.next(),
        "today": on,
        "day": day,
        "coverage": found,
        "lines": [_line(row, month, found.acts) for row in found.rows],
        "total": _line(found.total, month, found.acts),
        "acts": found.acts,
        "plan": plan_for(first, month),
        "written": _written(request, month),
        "due_to_write": is_time_to_write(on),
        "shares": gallery(roots, month),
        **_waiting(request),
    }
    return page(request, "meetings/fixed_day_desk_month.html", context)


def _district(unit: Unit) -> Unit | None:
    return unit if unit.parent_id is None else unit.district


def _line(row: CoverageRow, month: Period, acts: Sequence[Item]) -> dict[str, Any]:
    """A committee's figures, each with the address of the rows behind it."""
    place = {"unit": row.unit_id} if row.unit_id else {}
    duties = {"month": month.label, "kind": DutyKind.FIXED_DAY.value, **place}
    address = reverse("meetings:duty_list")
    return {
        "row": row,
        "owed_url": f"{address}?{urlencode(duties)}",
        "done_url": f"{address}?{urlencode({**duties, 'state': 'done'})}",
        "missing_url": f"{address}?{urlencode({**duties, 'state': 'missing'})}",
        "items": [
            {
                "label": item.label,
                "count": row.items.get(item.value, 0),
                "url": rows_url(month, row.unit_id, item.value),
            }
            for item in acts
        ],
    }


def _written(request: DeskRequest, month: Period) -> list[dict[str, Any]]:
    """The programmes of the asker's own places, with who was told and has read it."""
    places = [unit for unit in request.scope.units_as(*STAFF) if unit.kind in WRITING_KINDS]
    rows = Programme.objects.within(*places).filter(
        month=month.start, unit__in=[unit.pk for unit in places]
    )
    known = {row.unit_id: row for row in rows.select_related("unit", "published_by")}
    heard = told((f"programme:{row.pk}:{row.issue}", row.unit) for row in known.values())
    found = []
    for unit in places:
        row = known.get(unit.pk)
        key = f"programme:{row.pk}:{row.issue}" if row else ""
        found.append({"unit": unit, "programme": row, "told": heard.get(key)})
    return found


def _waiting(request: DeskRequest) -> dict[str, int]:
    """What waits for the asker's decision."""
    roots = request.scope.units_as(*STAFF)
    me = request.user.pk
    postponements = Postponement.objects.within(*roots).filter(state=PostponeState.PROPOSED)
    shares = Share.objects.within(*roots).filter(
        state=ShareState.PROPOSED, consented_by__isnull=False
    )
    return {
        "waiting": postponements.exclude(proposed_by=me).count()
        + shares.exclude(proposed_by=me).exclude(consented_by=me).count()
    }


@login_required
@require_GET
def rows(request: DeskRequest, label: str) -> HttpResponse:
    """The records of a month's day: of one committee, with one item, as asked."""
    roots = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    month, item = month_of(label), request.GET.get("item", "")
    if item and item not in Item.values:
        raise Http404
    found = Meeting.objects.within(*((chosen,) if chosen else roots)).counting()
    found = found.held_in(month.start, month.end).of_kind(Kind.FIXED_DAY).for_list()
    if item:
        found = found.filter(items__contains=[item])
    shown = page_of(found.defer("agenda", "minutes", "resolution"), request.GET)
    context = {
        "month": month,
        "item": item,
        "acts": Item.choices,
        "chosen": chosen,
        "committees": list(committees),
        "page": shown,
        "lines": [
            line(one) | {"labels": [ITEM_LABELS.get(code, code) for code in one.items]}
            for one in shown
        ],
    }
    return page(request, "meetings/fixed_day_rows.html", context)


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
    known = Programme.objects.within(unit).filter(unit=unit, month=month.start)
    programme = known.prefetch_related("items").first()
    sending = request.method == "POST"
    data, uploads = (request.POST, request.FILES) if sending else (None, None)
    initial = {"theme": programme.theme, "note": programme.note} if programme else {}
    form, parts = ProgrammeForm(data, initial=initial), item_forms(data, uploads, programme)
    if sending and all([form.is_valid(), *(part.is_valid() for part in parts)]):
        written = _write(request, unit, month, form, parts)
        if written is not None:
            return go(request, _month_url(month))
    context = {"unit": unit, "month": month, "programme": programme, "form": form, "parts": parts}
    status = 422 if sending else 200
    return page(request, "meetings/programme_form.html", context, status=status)


def _write(
    request: DeskRequest, unit: Unit, month: Period, form: ProgrammeForm, parts: list[ItemForm]
) -> Programme | None:
    try:
        programme = write_programme(
            unit=unit,
            month=month,
            by=request.user,
            items=[part.entry() for part in parts if part.cleaned_data["on"]],
            **form.cleaned_data,
        )
        if "publish" in request.POST:
            publish(programme=programme, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    said = _PUBLISHED if "publish" in request.POST else _KEPT
    messages.success(request, said)
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
