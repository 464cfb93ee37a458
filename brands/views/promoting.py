"""宣传推广: reports, honours, and meetings where brands are shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.models import Unit
from branches.permissions import STAFF
from brands import permissions
from brands.enums import MediaLevel, Step
from brands.forms.work import HonourForm, MediaForm, ShowingForm
from brands.models import Brand, MediaReport, Showing
from brands.services import promotion
from brands.views.parts import DeskRequest, asked_year, brand_of, demand, filled, looks_on
from core.htmx import page
from core.pages import page_of


@login_required
@require_http_methods(["GET", "POST"])
def media_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """登记媒体报道."""
    brand, today = brand_of(request, uuid), timezone.localdate()
    demand(permissions.may_publicise(request.scope, brand.unit.path))
    form = MediaForm(request.POST or None, request.FILES or None, initial={"on": today})

    def verb() -> Any:
        given = dict(form.cleaned_data)
        upload = given.pop("file") or None
        return promotion.add_media(
            brand=brand, by=request.user, today=today, upload=upload, **given
        )

    return filled(
        request, form=form, verb=verb, done="报道已登记。",
        context={
            "heading": "登记媒体报道",
            "note": "填链接，或者上传版面、截图。",
            "submit": "登记报道",
            "brand": brand,
        },
        to=("brands:brand_detail", brand.uuid),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def honour_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """登记评先评优."""
    brand, today = brand_of(request, uuid), timezone.localdate()
    demand(permissions.may_rule(request.scope, brand.unit.path) or _above(request, brand))
    form = HonourForm(request.POST or None, initial={"on": today, "level": "district"})

    def verb() -> Any:
        return promotion.add_honour(brand=brand, by=request.user, today=today, **form.cleaned_data)

    return filled(
        request, form=form, verb=verb, done="已登记。",
        context={
            "heading": "登记评先评优",
            "note": "品牌创建成效用于评先评优的，登记在这里，考核时作依据。",
            "submit": "登记",
            "brand": brand,
        },
        to=("brands:brand_detail", brand.uuid),
    )  # fmt: skip


def _above(request: DeskRequest, brand: Brand) -> bool:
    return permissions.may_judge(request.scope, brand.unit.path)


@login_required
@require_GET
def media_list(request: DeskRequest) -> HttpResponse:
    """Reports of a year in reach, with how many of each level."""
    year = asked_year(request)
    rows = MediaReport.objects.within(*request.scope.units).filter(on__year=year)
    counted = dict(rows.order_by().values_list("level").annotate(Count("pk")))
    context = {
        "page": page_of(rows.select_related("brand", "scan").order_by("-on", "-pk"), request.GET),
        "year": year,
        "levels": [{"label": one.label, "count": counted.get(one, 0)} for one in MediaLevel],
        "is_staff": looks_on(request),
    }
    return page(request, "brands/media_list.html", context)


@login_required
@require_GET
def showing_list(request: DeskRequest) -> HttpResponse:
    """经验交流会 and 现场观摩会 of the units in reach, the latest first."""
    rows = Showing.objects.within(*request.scope.units).select_related("unit")
    shown = page_of(rows.prefetch_related("brands").order_by("-on", "-pk"), request.GET)
    context = {
        "page": shown,
        "may_hold": bool(request.scope.units_as(*STAFF)),
        "is_staff": looks_on(request),
    }
    return page(request, "brands/showing_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def showing_new(request: DeskRequest) -> HttpResponse:
    """登记推广活动 of one's own committee or district."""
    demand(bool(request.scope.units_as(*STAFF)))
    roots = Unit.objects.within(*request.scope.units_as(*STAFF))
    unit = get_object_or_404(roots, pk=request.scope.units_as(*STAFF)[0].pk)
    trained = Brand.objects.within(*request.scope.units_as(*STAFF)).filter(
        step__in=(Step.NURTURED, Step.RECOGNISED, Step.PROMOTED)
    )
    form = ShowingForm(request.POST or None, brands=trained.order_by("-step", "name"))
    today = timezone.localdate()

    def verb() -> Any:
        given = dict(form.cleaned_data)
        chosen = list(given.pop("brands"))
        return promotion.hold_showing(
            unit=unit, by=request.user, today=today, brands=chosen, **given
        )

    return filled(
        request, template="brands/showing_form.html", form=form, verb=verb, done="活动已登记。",
        context={"unit": unit}, to=("brands:showing_list",),
    )  # fmt: skip
