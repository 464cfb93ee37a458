"""宣传推广: reports, honours, and meetings where brands are shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.permissions import STAFF
from brands import permissions
from brands.enums import TRAINED, MediaLevel
from brands.forms.work import HonourForm, MediaForm, ShowingForm
from brands.models import Brand, MediaReport, Showing
from brands.services import promotion
from brands.views.parts import (
    DeskRequest,
    Words,
    asked_year,
    brand_form,
    brand_of,
    demand,
    filled,
    looks_on,
    sent,
)
from core.htmx import page
from core.pages import page_of

_MEDIA = Words("登记媒体报道", "填链接，或者上传版面、截图。", "报道已登记。", submit="登记报道")
_HONOUR = Words(
    "登记评先评优",
    "品牌创建成效用于评先评优的，登记在这里，考核时作依据。",
    "已登记。",
    submit="登记",
)


@login_required
@require_http_methods(["GET", "POST"])
def media_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """登记媒体报道."""
    brand, today = brand_of(request, uuid), timezone.localdate()
    demand(permissions.may_publicise(request.scope, brand.unit.path))
    form = MediaForm(*sent(request), initial={"on": today})
    known: dict[str, Any] = {"brand": brand, "by": request.user, "today": today}
    return brand_form(
        request, _MEDIA, form, lambda: promotion.add_media(**known, **form.facts), brand=brand
    )


@login_required
@require_http_methods(["GET", "POST"])
def honour_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """登记评先评优."""
    brand, today = brand_of(request, uuid), timezone.localdate()
    demand(permissions.may_honour(request.scope, brand.unit.path))
    form = HonourForm(*sent(request), initial={"on": today})
    known: dict[str, Any] = {"brand": brand, "by": request.user, "today": today}
    return brand_form(
        request, _HONOUR, form, lambda: promotion.add_honour(**known, **form.cleaned_data),
        brand=brand,
    )  # fmt: skip


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
    mine = request.scope.units_as(*STAFF)
    demand(bool(mine))
    trained = Brand.objects.within(*mine).filter(step__in=TRAINED).order_by("-step", "name")
    form = ShowingForm(*sent(request), brands=trained)
    known: dict[str, Any] = {"unit": mine[0], "by": request.user, "today": timezone.localdate()}
    return filled(
        request, template="brands/showing_form.html", context={"unit": mine[0]}, form=form,
        verb=lambda: promotion.hold_showing(**known, **form.cleaned_data), done="活动已登记。",
        to=("brands:showing_list",),
    )  # fmt: skip
