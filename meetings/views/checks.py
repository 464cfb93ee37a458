"""不定期调阅: results and figures, the score sheet, one check with its findings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.errors import Refusal
from core.holidays import calendar_around
from core.htmx import go, page
from core.pages import page_of
from meetings import permissions, services
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
from meetings.models import CheckDraw, CheckPoint, CheckSheet, Finding, Meeting, SpotCheck
from meetings.rules.checks import is_overdue
from meetings.sheets import checks_workbook
from meetings.views.parts import DeskRequest, demand, record_of, subtree
from meetings.views.records import facts

# Who sees the figures of many branches, and the draws.
LOOKERS = (*STAFF, Role.LEADER)


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
    today, period = timezone.localdate(), form.asked_period
    rows = Finding.objects.within(*units).filter(state__in=form.states)
    if form.only_overdue:
        rows = rows.filter(state__in=("open", "returned"), due_on__lt=today)
    if period is not None:
        rows = rows.filter(check_of__checked_on__range=(period.start, period.end))
    shown = page_of(
        rows.select_related("unit", "check_of__meeting").order_by("due_on", "pk"), request.GET
    )
    context = {
        "form": form,
        "page": shown,
        "lines": [{"finding": one, "late": _late(one)} for one in shown],
    }
    return page(request, "meetings/finding_list.html", context)


def _late(finding: Finding) -> bool:
    return is_overdue(state=finding.state, due_on=finding.due_on, on=timezone.localdate())


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One check: the points, and each finding with what may be done about it."""
    rows = SpotCheck.objects.within(*request.scope.units)
    check = get_object_or_404(rows.select_related("unit", "meeting__unit", "by"), uuid=uuid)
    return page(request, "meetings/check_detail.html", shown(request, check))


def shown(request: DeskRequest, check: SpotCheck) -> dict[str, Any]:
    """What the page of a check shows: points, findings, the draw when it is in reach."""
    scope, path = request.scope, check.unit.path
    rows = check.finding_rows.select_related("answered_by", "decided_by").order_by("pk")
    may_answer = permissions.may_answer_finding(scope, path)
    may_settle = permissions.may_settle_finding(scope, path)
    draws = CheckDraw.objects.within(*scope.units_as(*LOOKERS)).defer("listed")
    return {
        "check": check,
        "points": [
            {"name": one.name, "points": one.points, "full": one.full, "shown": _of(one)}
            for one in check.points.all()
        ],
        "draw": draws.filter(records=check.drawn_id).first() if check.drawn_id else None,
        "may_read": _may_read(request, check.meeting),
        "lines": [
            {
                "finding": one,
                "late": _late(one),
                "dialog": f"back-{one.pk}",
                "reason_id": f"back-reason-{one.pk}",
                "may_answer": may_answer and one.state in ("open", "returned"),
                "may_settle": may_settle
                and one.state == "answered"
                and one.answered_by_id != request.user.pk,
            }
            for one in rows
        ],
    }


def _of(one: CheckPoint) -> str:
    return f"{one.points.normalize():f} / {one.full.normalize():f}"


def _may_read(request: DeskRequest, meeting: Meeting | None) -> bool:
    return meeting is not None and request.scope.covers(meeting.unit.path)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Read a record and score it by the sheet."""
    meeting = record_of(request, uuid)
    demand(permissions.may_spot_check(request.scope, meeting.unit.path))
    today = timezone.localdate()
    sheet = sheet_for(meeting.unit, today)
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(
        posted, items=items_of(sheet), initial={"checked_on": today, "form_key": new_key()}
    )
    formset = FindingFormSet(posted, prefix="finding", initial=_due(sheet))
    if posted and form.is_valid() and formset.is_valid():
        check = _read(request, meeting, form, formset)
        if check is not None:
            return go(request, "meetings:check_detail", check.uuid)
    context = {
        "form": form,
        "formset": formset,
        "meeting": meeting,
        "record": facts(request, meeting),
    }
    status = 422 if posted is not None else 200
    return page(request, "meetings/check_form.html", context, status=status)


def _due(sheet: CheckSheet) -> list[dict[str, Any]]:
    """The proposed last day stands in each empty row."""
    today = timezone.localdate()
    day = calendar_around(today).add_workdays(today, sheet.answer_days).day
    return [{"due_on": day}] * MOST_FINDINGS


def _read(
    request: DeskRequest, meeting: Meeting, form: SheetForm, formset: Any
) -> SpotCheck | None:
    data = form.cleaned_data
    try:
        check = services.check_record(
            meeting=meeting,
            by=request.user,
            checked_on=data["checked_on"],
            points=form.points,
            findings=posted_findings(formset),
            drawn=waiting_for(meeting.pk, request.scope.units_as(*STAFF)),
            form_key=data["form_key"],
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, "调阅已登记，支部可以看到得分和问题。")
    return check
