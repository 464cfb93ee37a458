"""Reading records: the list, one record with all that hangs on it, and what may be done to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.models import Unit
from branches.permissions import WRITERS
from core.dates import add_months
from core.downloads import workbook_download
from core.htmx import go, page
from core.pages import Page, page_of
from meetings import permissions, services
from meetings.duties import Duty, duties
from meetings.enums import COUNTING, KIND_SLUGS, STATUS_SLUGS, Kind, Status
from meetings.filters import MeetingFilter
from meetings.forms.record import RETURN_REASONS, ReasonForm
from meetings.ground import rulebook
from meetings.lateness import was_late
from meetings.models import Meeting
from meetings.rules import Rulebook, verdict, votes_needed
from meetings.sheets import workbook
from meetings.studying import of_record
from meetings.views.beside import beside
from meetings.views.parts import DeskRequest, attempt, demand, record_of, records

LIST = "meetings/meeting_list.html"


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The records in reach, newest first, filtered."""
    # The list shows none of the long texts.
    listed = records(request).for_list().defer("agenda", "minutes", "resolution")
    filtered = MeetingFilter(request.GET, queryset=listed)
    rows: Page[Meeting] = page_of(filtered.qs, request.GET)
    context = {
        "filter": filtered,
        "page": rows,
        "lines": lines(rows),
        "may_record": bool(request.scope.units_as(*permissions.RECORDERS)),
        "only_unit": request.GET.get("unit", ""),
        "ledgers": _ledgers(request),
    }
    return page(request, LIST, context, fragment="meetings/_meeting_rows.html")


def _ledgers(request: DeskRequest) -> list[dict[str, str]]:
    """The year's ledger and the last one's, of the branch looked at or of the asker's only one."""
    asked = request.GET.get("unit", "")
    own = request.scope.units_as(*WRITERS)
    branches = Unit.objects.within(*own).branches()
    mine = [unit for unit in own if unit.is_branch]
    found = list(branches.filter(code=asked)) if asked else mine
    if len(found) != 1:
        return []
    this = timezone.localdate().year
    return [
        {"label": f"{year}年", "url": reverse("meetings:ledger", args=[found[0].code, year])}
        for year in (this, this - 1)
    ]


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered list as a workbook, streamed; its cover says who took it out and when."""
    filtered = MeetingFilter(request.GET, queryset=records(request).for_list())
    cover = {
        "内容": "会议记录",
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "范围": "、".join(unit.name for unit in request.scope.units[:10]),
        "筛选条件": "；".join(_conditions(filtered)) or "无",
    }
    rows = filtered.qs.order_by("-held_on", "-pk")
    pieces = workbook(rows, cover=cover)
    return workbook_download(pieces, f"会议记录{timezone.localdate():%Y%m%d}.xlsx")


def _conditions(filtered: MeetingFilter) -> list[str]:
    form = filtered.form
    if not form.is_valid():
        return []
    return [f"{form[name].label}：{value}" for name, value in form.cleaned_data.items() if value]


def lines(meetings: Iterable[Meeting]) -> list[dict[str, Any]]:
    """Records as lists show them; one query for the rules they are judged by."""
    book = rulebook()
    return [_line(meeting, book) for meeting in meetings]


def _line(meeting: Meeting, book: Rulebook) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "status": STATUS_SLUGS[Status(meeting.status)],
        "late": was_late(meeting, book),
        "rate": rate(meeting),
    }


def rate(meeting: Meeting) -> int | None:
    """到会率 in whole percent; None without a roll."""
    if not meeting.eligible_count:
        return None
    return round(100 * meeting.present_count / meeting.eligible_count)


def served(meeting: Meeting) -> list[Duty]:
    """The duties that this record is the best record of, with their credit."""
    if meeting.status not in COUNTING:
        return []
    branch = meeting.unit.parent if meeting.unit.is_group else meeting.unit
    if branch is None:
        return []
    found = duties(
        units=[branch],
        first=meeting.held_on,
        last=add_months(meeting.held_on, 6) + timedelta(days=31),
        on=timezone.localdate(),
    )
    return [duty for duty in found if duty.record_id == meeting.pk]


def facts(request: DeskRequest, meeting: Meeting) -> dict[str, Any]:
    """Everything about one record: a constant number of questions."""
    path, status, scope = meeting.unit.path, meeting.status, request.scope
    people = list(meeting.attendance.all())
    votes = list(meeting.votes.all())
    authors = {meeting.created_by_id}
    files = list(meeting.files.all())
    steps = list(meeting.steps.select_related("by"))
    authors |= {step.by_id for step in steps if step.after in (Status.DRAFT, Status.SUBMITTED)}
    own = permissions.is_own_work(authors, request.user.pk)
    returns = [step for step in steps if step.after == Status.RETURNED]
    return {
        **_line(meeting, rulebook()),
        "here": [row for row in people if row.present and row.eligible],
        "away": [row for row in people if not row.present],
        "guests": [row for row in people if not row.eligible and row.present],
        "votes": [
            {
                "vote": vote,
                "verdict": verdict(eligible=vote.eligible, present=vote.present, yes=vote.yes),
                "needed": votes_needed(vote.eligible),
            }
            for vote in votes
        ],
        "item_labels": meeting.item_labels,
        "files": files,
        "studied": of_record(meeting.pk, meeting.unit),
        "steps": steps,
        "returned": returns[-1] if returns and status == Status.RETURNED else None,
        "served": served(meeting),
        "own": own,
        "may_edit": permissions.may_edit(scope, path, status),
        "may_correct": permissions.may_correct(scope, path, status),
        "corrections": list(
            meeting.corrections.defer("before", "after").select_related("by").order_by("-id")
        ),
        "may_withdraw": permissions.may_withdraw(scope, path, status),
        "may_decide": permissions.may_decide(scope, path, status) and not own,
        "may_reverse": permissions.may_reverse(scope, path, status) and not own,
        "may_check": permissions.may_spot_check(scope, path) and status in COUNTING and not own,
        "may_record": permissions.may_record(scope, path),
        "may_share": status == Status.ACCEPTED
        and bool(meeting.kind_mask & Kind.FIXED_DAY)
        and permissions.may_share(scope, path),
        "preset_reasons": RETURN_REASONS,
        **beside(request, meeting, files),
    }


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One record: facts, roll, votes, files, its way, and the duties it serves."""
    meeting = record_of(request, uuid)
    saved = request.GET.get("saved", "")
    record = facts(request, meeting)
    context = record | {
        "record": record,
        "saved": saved if saved in ("1", "draft") else "",
        "draft_keys": [f"meeting-{meeting.uuid}", *_new_keys(meeting)],
    }
    return page(request, "meetings/meeting_detail.html", context)


def _new_keys(meeting: Meeting) -> list[str]:
    """Where a new form that became this record may have kept its words."""
    slugs = [slug for kind, slug in KIND_SLUGS.items() if meeting.kind_mask & kind]
    return [f"meeting-new-{meeting.unit_id}{end}" for end in ("", *(f"-{s}" for s in slugs))]


def _reason(request: DeskRequest) -> str:
    form = ReasonForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("reason", ""))


@login_required
@require_POST
def submit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """File a draft or a corrected record as it is stored."""
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    today = timezone.localdate()
    if attempt(request, lambda: services.submit(meeting=meeting, by=request.user, on=today), ""):
        return go(request, f"{reverse('meetings:meeting_detail', args=[uuid])}?saved=1")
    return go(request, "meetings:meeting_edit", uuid)


@login_required
@require_POST
def withdraw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The branch takes a record back."""
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    reason = _reason(request)
    attempt(
        request,
        lambda: services.withdraw(meeting=meeting, by=request.user, reason=reason),
        "已撤回，这条记录不再计入。",
    )
    return go(request, "meetings:meeting_detail", uuid)


@login_required
@require_POST
def reverse_(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take an approval back, with the reason."""
    meeting = record_of(request, uuid)
    demand(permissions.may_review(request.scope, meeting.unit.path))
    reason = _reason(request)
    attempt(
        request,
        lambda: services.reverse(meeting=meeting, by=request.user, reason=reason),
        "已撤销审核并退回支部更正。",
    )
    return go(request, "meetings:meeting_detail", uuid)
