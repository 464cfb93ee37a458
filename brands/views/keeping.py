"""Writing a brand down: 五有, the case, pictures; the keeper's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import Field, UnitKind
from branches.models import Unit
from branches.permissions import WRITERS
from branches.querysets import UnitQuerySet
from brands import permissions
from brands.enums import BrandKind, FileKind
from brands.forms.brand import BrandForm, CaseForm, PictureForm
from brands.mine import mine
from brands.models import Brand, BrandFile
from brands.reading import scheme_of
from brands.services import brands
from brands.views.parts import (
    DeskRequest,
    attempt,
    brand_of,
    demand,
    filled,
    owners,
    sent,
    this_year,
)
from core.errors import Refusal
from core.htmx import go, page

_KINDS = {
    Field.STREET: BrandKind.STREET,
    Field.COMMUNITY: BrandKind.COMMUNITY,
    Field.VILLAGE: BrandKind.COMMUNITY,
    Field.SCHOOL: BrandKind.SCHOOL,
    Field.PRIVATE_FIRM: BrandKind.TWO_NEW,
    Field.SOCIAL: BrandKind.TWO_NEW,
}


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """我的品牌: what is asked of me now, one next step for each brand."""
    units = list(owners(request))
    context = {
        "lines": mine(units, on=timezone.localdate()),
        "today": timezone.localdate(),
        "year": this_year(),
        "may_create": any(unit.depth > 1 for unit in units),
    }
    return page(request, "brands/mine.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest) -> HttpResponse:
    """选题: a new brand of a unit of one's own."""
    unit = _chosen(request)
    if unit is None:
        return page(request, "brands/brand_unit.html", {"units": _choice(request)[:200]})
    demand(permissions.may_keep(request.scope, unit.path))
    form = BrandForm(
        request.POST or None, initial={"kind": _KINDS.get(Field(unit.field), "office")}
    )
    status = 200
    if request.method == "POST":
        made = _created(request, unit, form) if form.is_valid() else None
        if made is not None:
            return go(request, "brands:plan_new", made.years.latest("year").uuid)
        status = 422
    context = {"form": form, "unit": unit, "year": this_year(), "brand": None}
    return page(request, "brands/brand_form.html", context, status=status)


def _choice(request: DeskRequest) -> UnitQuerySet:
    """The units whose brand the asker may write down."""
    rows: UnitQuerySet = Unit.objects.within(*request.scope.units_as(*WRITERS))
    rows = rows.exclude(kind__in=(UnitKind.DISTRICT, UnitKind.GROUP)).standing(
        on=timezone.localdate()
    )
    return rows.select_related("committee").order_by("path")


def _chosen(request: DeskRequest) -> Unit | None:
    """The unit asked for, or the only one there is; 404 for what is not his."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    if asked:
        return get_object_or_404(_choice(request), code=asked.replace("\x00", "")[:40])
    own = list(_choice(request)[:2])
    return own[0] if len(own) == 1 else None


def _created(request: DeskRequest, unit: Unit, form: BrandForm) -> Brand | None:
    try:
        brand = brands.create_brand(
            unit=unit, by=request.user, year=this_year(), on=timezone.localdate(), five=form.five
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, "品牌已建好。接着定“五定”计划。")
    return brand


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Write the 五有 anew."""
    brand = brand_of(request, uuid)
    demand(permissions.may_keep(request.scope, brand.unit.path))
    known = {name: getattr(brand, name) for name in BrandForm.base_fields}
    form = BrandForm(request.POST or None, initial=known)
    return filled(
        request,
        template="brands/brand_form.html",
        context={"unit": brand.unit, "brand": brand, "year": this_year()},
        form=form,
        verb=lambda: brands.change_brand(brand=brand, by=request.user, five=form.five),
        done="已保存。",
        to=("brands:brand_detail", brand.uuid),
    )


@login_required
@require_http_methods(["GET", "POST"])
def case(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """典型案例: 背景, 做法, 成效启示."""
    brand = brand_of(request, uuid)
    demand(permissions.may_keep(request.scope, brand.unit.path))
    known = {name: getattr(brand, name) for name in CaseForm.base_fields}
    form = CaseForm(request.POST or None, initial=known)
    context = {"brand": brand, "scheme": scheme_of(brand.unit, this_year())}

    def verb() -> Any:
        return brands.write_case(
            brand=brand, by=request.user, year=this_year(), **form.cleaned_data
        )

    return filled(
        request, template="brands/case_form.html", context=context, form=form, verb=verb,
        done="典型案例已保存。", to=("brands:brand_detail", brand.uuid),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def pictures(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Cover and photos: what is there, and one more."""
    brand = brand_of(request, uuid)
    demand(permissions.may_keep(request.scope, brand.unit.path))
    form = PictureForm(*sent(request))
    photos = BrandFile.unscoped.filter(brand=brand, kind=FileKind.PHOTO)
    context = {"brand": brand, "photos": photos, "scheme": scheme_of(brand.unit, this_year())}
    known: dict[str, Any] = {"brand": brand, "by": request.user, "year": this_year()}
    return filled(
        request, template="brands/picture_form.html", context=context, form=form,
        verb=lambda: brands.add_picture(**known, **form.facts), done="图片已保存。",
        to=("brands:pictures", brand.uuid),
    )  # fmt: skip


@login_required
@require_POST
def remove(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a picture away."""
    kept: BrandFile = get_object_or_404(
        BrandFile.objects.within(*request.scope.units).select_related("brand__unit"), uuid=uuid
    )
    demand(permissions.may_keep(request.scope, kept.brand.unit.path))
    attempt(request, lambda: brands.remove_picture(file=kept, by=request.user), "图片已移去。")
    return go(request, "brands:pictures", kept.brand.uuid)
