"""资源库: the gallery, a brand's page, its case as a Word file, its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.permissions import STAFF
from brands import sheets
from brands.enums import Grade
from brands.filters import BrandFilter
from brands.models import Brand, BrandFile
from brands.papers import case_paper
from brands.querysets import BrandQuerySet
from brands.views.detail import facts
from brands.views.parts import DeskRequest, committees, looks_on, owners, sheet, this_year
from core import attachments
from core.downloads import file_download
from core.htmx import page
from core.pages import page_of
from core.papers import DOCX_TYPE

CARDS = 24


def _filtered(request: DeskRequest) -> BrandFilter:
    rows = Brand.objects.library(*request.scope.units).with_latest()
    return BrandFilter(
        request.GET,
        queryset=rows.select_related("unit__committee", "cover"),
        committees=committees(request),
        this_year=this_year(),
    )


def _ordered(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Recognised and promoted first, 重新定位 last; the newest of each in front."""
    return rows.order_by("-is_shown", "-latest_year", "-step", "-pk")


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The gallery."""
    filtered = _filtered(request)
    rows: BrandQuerySet = filtered.qs
    shown = page_of(_ordered(rows.with_shown()), request.GET, size=CARDS)
    context = {
        "filter": filtered,
        "page": shown,
        "cards": [{"brand": brand, "grade": _grade(brand)} for brand in shown],
        "may_create": owners(request).exists(),
        "may_load": bool(request.scope.units_as(*STAFF)),
        "is_staff": looks_on(request),
    }
    return page(request, "brands/brand_list.html", context)


def _grade(brand: Any) -> str:
    return str(Grade(brand.latest_grade).label) if brand.latest_grade else ""


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered brands as a workbook."""
    rows = _ordered(_filtered(request).qs.with_shown())
    lines: Iterator[tuple[object, ...]] = (
        sheets.line(brand) for brand in rows.iterator(chunk_size=500)
    )
    return sheet(request, "党建品牌", sheets.HEAD, lines, request.GET.urlencode())


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One brand: what it is, what it did; for whoever works with it, where it stands."""
    return page(request, "brands/brand_detail.html", facts(request, _shown(request, uuid)))


@login_required
@require_GET
def case(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """典型案例 as a Word file, with its photos."""
    brand = _shown(request, uuid)
    name = f"典型案例：{brand.name}.docx"
    return file_download(case_paper(brand, on=timezone.localdate()), name, DOCX_TYPE)


def _shown(request: DeskRequest, uuid: UUID) -> Brand:
    rows = Brand.objects.library(*request.scope.units)
    found: Brand = get_object_or_404(rows.select_related("unit__committee", "cover"), uuid=uuid)
    return found


def _file(request: DeskRequest, uuid: UUID) -> BrandFile:
    """A file in reach, or a picture of a brand that the asker is to judge; else 404."""
    rows = BrandFile.objects.library(*request.scope.units)
    found: BrandFile | None = rows.filter(uuid=uuid).first()
    if found is None:
        mine: BrandFile = get_object_or_404(BrandFile.objects.judged_by(request.user.pk), uuid=uuid)
        return mine
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may see it (S5)."""
    kept = _file(request, uuid)
    return attachments.serve(request, kept)


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture, under the same guard."""
    kept = _file(request, uuid)
    return attachments.serve_small(request, kept)
