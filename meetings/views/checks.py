"""不定期调阅: results and figures, the score sheet, one check with its findings."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.holidays import calendar_around
from core.htmx import form_page, go, page
from core.pages import page_of
from meetings import permissions, services
from meetings.check_facts import (
    FindingLine,
    draw_of,
    finding_lines,
    late,
    listed_findings,
    points_of,
)
from meetings.checking import figures, items_of, sheet_for, waiting_for, with_findings
from meetings.forms.checks import (
    MOST_FINDINGS,
    ChecksForm,
    FindingFormSet,
    FindingsForm,
    SheetForm,
    posted_findings,
)
from meetings.forms.record import new_key
from meetings.models import CheckSheet, Meeting, SpotCheck
from meetings.sheets import checks_workbook
from meetings.views.parts import DeskRequest, demand, record_of, subtree, taken
from meetings.views.records import facts

# Who sees the figures of many branches, and the draws.
LOOKERS = (*STAFF, Role.LEADER)
_READ = "调阅已登记，支部可以看到得分和问题。"


def _asked(request: DeskRequest, form: type[ChecksForm]) -> tuple[ChecksForm, tuple[Unit, ...]]:
    """The bound filter, and the subtrees that it leaves."""
    chosen, committees = subtree(request, request.scope.units)
    bound = form(request.GET, on=timezone.localdate(), committees=committees, chosen=chosen)
    return bound, (chosen,) if chosen else request.scope.units


def _checks(form: ChecksForm, units: tuple[Unit, ...]) -> Any:
    rows = SpotCheck.objects.within(*units)
    period = form.asked_period
    if period is not None:
        rows = rows.filter(checked_on__range=(period.start, period.end))
    return rows.select_related("unit__committee", "meeting", "by").order_by("-checked_on", "-pk")


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Checks in reach, the latest first; for those above with figures and draws."""
    form, units = _asked(request, ChecksForm)
    above = request.scope.units_as(*LOOKERS)
    context = {
        "form": form,
        "page": page_of(with_findings(_checks(form, units)), request.GET),
        "may_draw": request.scope.is_staff,
        "figures": None,
    }
    if above:
        by_unit = all(unit.kind != UnitKind.DISTRICT for unit in units)
        context["figures"] = figures(
            units=units, period=form.asked_period, on=timezone.localdate(), by_unit=by_unit
        )
        context["by_unit"] = by_unit
    return page(request, "meetings/check_list.html", context)


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered checks as a workbook, streamed, with points and findings."""
    form, units = _asked(request, ChecksForm)
    period = form.asked_period
    cover = {
        "内容": "不定期调阅",
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "范围": "、".join(unit.name for unit in units[:10]),
        "调阅时间": period.name if period else "全部",
    }
    pieces = checks_workbook(_checks(form, units), cover=cover)
    return workbook_download(pieces, f"调阅情况{timezone.localdate():%Y%m%d}.xlsx")


@login_required
@require_GET
def findings(request: DeskRequest) -> HttpResponse:
    """Findings in reach, by their last day, filtered by state."""
    form, units = _asked(request, FindingsForm)
    assert isinstance(form, FindingsForm)
    today = timezone.localdate()
    rows = listed_findings(
        units,
        states=form.states,
        period=form.asked_period,
        late_on=today if form.only_overdue else None,
    )
    shown = page_of(rows, request.GET)
    lines = [FindingLine(one, late=late(one, today)) for one in shown]
    context = {"form": form, "page": shown, "lines": lines}
    return page(request, "meetings/finding_list.html", context)


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One check: the points, and each finding with what may be done about it."""
    rows = SpotCheck.objects.within(*request.scope.units)
    check = get_object_or_404(rows.select_related("unit", "meeting__unit", "by"), uuid=uuid)
    scope, meeting = request.scope, check.meeting
    context = {
        "check": check,
        "points": points_of(check),
        "draw": draw_of(check, scope.units_as(*LOOKERS)),
        "may_read": meeting is not None and scope.covers(meeting.unit.path),
        "lines": finding_lines(check, scope, user_id=request.user.pk, on=timezone.localdate()),
    }
    return page(request, "meetings/check_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Read a record and score it by the sheet."""
    meeting = record_of(request, uuid)
    demand(permissions.may_spot_check(request.scope, meeting.unit.path))
    today = timezone.localdate()
    sheet = sheet_for(meeting.unit, today)
    posted = request.POST if request.method == "POST" else None
    initial = {"checked_on": today, "form_key": new_key()}
    form = SheetForm(posted, items=items_of(sheet), initial=initial)
    formset = FindingFormSet(posted, prefix="finding", initial=_due(sheet, today))
    if posted is not None and formset.is_valid():
        check = taken(request, form, lambda: _read(request, meeting, form, formset), _READ)
        if check is not None:
            return go(request, "meetings:check_detail", check.uuid)
    read = {"meeting": meeting, "record": facts(request, meeting)}
    return form_page(
        request, "meetings/check_form.html", {"form": form, "formset": formset, **read}
    )


def _due(sheet: CheckSheet, today: date) -> list[dict[str, Any]]:
    """The proposed last day stands in each empty row."""
    day = calendar_around(today).add_workdays(today, sheet.answer_days).day
    return [{"due_on": day}] * MOST_FINDINGS


def _read(request: DeskRequest, meeting: Meeting, form: SheetForm, formset: Any) -> SpotCheck:
    data = form.cleaned_data
    return services.check_record(
        meeting=meeting,
        by=request.user,
        checked_on=data["checked_on"],
        points=form.points,
        findings=posted_findings(formset),
        drawn=waiting_for(meeting.pk, request.scope.units_as(*STAFF)),
        form_key=data["form_key"],
    )
