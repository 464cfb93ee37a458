"""The district's year of study: its phases and its texts, by hand and by workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import Role, UnitKind
from branches.models import Unit
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import form_page, go, page
from meetings import study_lists
from meetings.forms.study import ListFileForm, PhaseForm, SplitForm, TextForm
from meetings.models import StudyPhase, StudyText
from meetings.services import study
from meetings.services.study import TextEntry
from meetings.views.parts import DeskRequest, attempt, demand, is_key, taken
from meetings.views.study import year_of


def _district(request: DeskRequest) -> Unit:
    """The district whose list is kept: the one in the address, or the first in reach."""
    roots = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(roots))
    rows = Unit.objects.within(*roots).filter(kind=UnitKind.DISTRICT).order_by("path")
    text = request.GET.get("district", "")
    found = rows.filter(pk=int(text)).first() if is_key(text) else rows.first()
    if found is None:
        raise Http404
    return found


def _address(name: str, district: Unit, year: int) -> str:
    return f"{reverse(f'meetings:{name}')}?year={year}&district={district.pk}"


def _around(district: Unit, year: int) -> dict[str, Any]:
    """Which list a page is about, and how the address says it."""
    query = f"year={year}&district={district.pk}"
    return {"district": district, "year": year, "query": query}


@login_required
@require_GET
def texts(request: DeskRequest) -> HttpResponse:
    """The year's texts by phase."""
    district, year = _district(request), year_of(request)
    phases = study_lists.by_phase(district, year)
    context = {
        **_around(district, year),
        "years": (year - 1, year + 1 if year <= timezone.localdate().year else None),
        "phases": phases,
        "count": sum(text.is_active for one in phases for text in one.texts),
        "split_form": SplitForm(),
    }
    return page(request, "meetings/study_texts.html", context)


@login_required
@require_POST
def phases_set(request: DeskRequest) -> HttpResponse:
    """Divide the year."""
    district, year = _district(request), year_of(request)
    split = request.POST.get("split", "")
    attempt(
        request,
        lambda: study.set_phases(district=district, year=year, split=split, by=request.user),
        "阶段已划分，可以逐个修改名称和起止日期。",
    )
    return go(request, _address("study_texts", district, year))


@login_required
@require_http_methods(["GET", "POST"])
def phase_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a phase's name and days."""
    rows = StudyPhase.objects.within(*request.scope.units_as(Role.DISTRICT_STAFF))
    phase = get_object_or_404(rows.select_related("unit"), pk=pk)
    first = {"name": phase.name, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
    form = PhaseForm(request.POST or None, initial=first)
    known = _known(request, phase.unit, phase.year) | {"phase": phase}
    if taken(request, form, lambda: study.save_phase(**known, **form.cleaned_data), "阶段已修改。"):
        return go(request, _address("study_texts", phase.unit, phase.year))
    context = {"form": form, "phase": phase, "district": phase.unit, "year": phase.year}
    return form_page(request, "meetings/study_phase_form.html", context)


def _known(request: DeskRequest, district: Unit, year: int) -> dict[str, Any]:
    """What every change of a list is told beside what was typed."""
    return {"district": district, "year": year, "by": request.user}


@login_required
@require_http_methods(["GET", "POST"])
def text_new(request: DeskRequest) -> HttpResponse:
    """Add a text to the list."""
    district, year = _district(request), year_of(request)
    return _text_page(request, district, year, None)


@login_required
@require_http_methods(["GET", "POST"])
def text_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Change a text, or take it out of use."""
    rows = StudyText.objects.within(*request.scope.units_as(Role.DISTRICT_STAFF))
    text = get_object_or_404(rows.select_related("unit"), uuid=uuid)
    return _text_page(request, text.unit, text.year, text)


def _text_page(
    request: DeskRequest, district: Unit, year: int, text: StudyText | None
) -> HttpResponse:
    names = ("title", "kind", "pages", "description", "is_active")
    first = {name: getattr(text, name) for name in names} if text else {}
    first["phase"] = text.phase_id if text else request.GET.get("phase", "")
    phases = study_lists.phases_of(district, year)
    form = TextForm(request.POST or None, initial=first, phases=phases)
    known = _known(request, district, year) | {"text": text}
    if taken(request, form, lambda: study.save_text(entry=_entry(form), **known), _saved):
        return go(request, _address("study_texts", district, year))
    context = {"form": form, "text": text, "district": district, "year": year}
    return form_page(request, "meetings/study_text_form.html", context)


def _entry(form: TextForm) -> TextEntry:
    data = dict(form.cleaned_data)
    return TextEntry(phase_id=data.pop("phase").pk, **data)


def _saved(text: StudyText) -> str:
    return f"已保存：{text.title}"


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook that can be imported again, next year with other phases."""
    district, year = _district(request), year_of(request)
    cover = {"内容": f"{year}年学习清单", "单位": district.name, "导出人": request.user.name}
    pieces = study_lists.workbook(study_lists.texts_of(district, year), cover=cover)
    return workbook_download(pieces, f"{year}年学习清单.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def take_in(request: DeskRequest) -> HttpResponse:
    """Upload a workbook: every fault named, or a preview to agree to; nothing is written yet."""
    district, year = _district(request), year_of(request)
    form = ListFileForm(request.POST or None, request.FILES or None)
    checked, phases = None, list(study_lists.phases_of(district, year))
    if request.method == "POST" and form.is_valid():
        checked = study_lists.check(form.cleaned_data["file"].read(), phases)
    context = {
        **_around(district, year),
        "form": form,
        "checked": checked,
        "phases": {phase.pk: phase.name for phase in phases},
    }
    if checked is not None and not checked.faults:
        return page(request, "meetings/study_import.html", context | {"sealed": checked.sealed})
    return form_page(request, "meetings/study_import.html", context | {"sealed": ""})


@login_required
@require_POST
def take_in_confirm(request: DeskRequest) -> HttpResponse:
    """Write what the preview showed, all or nothing; twice is once."""
    district, year = _district(request), year_of(request)
    try:
        entries = study_lists.unsealed(request.POST.get("sealed", ""))
        taken = study.import_texts(district=district, year=year, entries=entries, by=request.user)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, _address("study_import", district, year))
    messages.success(
        request, f"新增 {taken.created} 篇，修改 {taken.changed} 篇，未变 {taken.same} 篇。"
    )
    return go(request, _address("study_texts", district, year))
