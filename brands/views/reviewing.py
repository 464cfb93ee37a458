"""评审: who is asked, and each reviewer's own sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from brands import permissions
from brands.enums import ItemSet, ReviewState
from brands.forms.work import ReviewersForm, SheetForm
from brands.models import BrandFile, BrandYear, Review
from brands.reading import items_of, scheme_of
from brands.services import reviews
from brands.views.parts import DeskRequest, attempt, demand, filled, looks_on, sent, year_of
from core.htmx import go, page
from core.pages import page_of


@login_required
@require_http_methods(["GET", "POST"])
def reviewers(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """指定评委: those who may be asked, each with where he works."""
    year, on = year_of(request, uuid), timezone.localdate()
    demand(permissions.may_rule(request.scope, year.brand.unit.path))
    people = reviews.possible_reviewers(year, on)
    form = ReviewersForm(*sent(request), people=people)
    rows = list(year.reviews.select_related("reviewer"))
    scheme = scheme_of(year.brand.unit, year.year)
    context = {"year": year, "brand": year.brand, "rows": rows, "scheme": scheme, "people": people}
    return filled(
        request, template="brands/reviewers_form.html", context=context, form=form,
        verb=lambda: _assigned(request, year, people, form.cleaned_data["reviewers"]),
        done="评委已指定，已通知本人。", to=("brands:brand_detail", year.brand.uuid),
    )  # fmt: skip


def _assigned(
    request: DeskRequest, year: BrandYear, people: list[User], chosen: list[str]
) -> list[Review]:
    on = timezone.localdate()
    asked = [user for user in people if str(user.pk) in chosen]
    return [reviews.assign(year=year, reviewer=user, by=request.user, on=on) for user in asked]


@login_required
@require_POST
def excuse(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a reviewer back who has not scored."""
    rows = Review.objects.within(*request.scope.units).select_related("year__brand__unit")
    review: Review = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_rule(request.scope, review.year.brand.unit.path))
    attempt(request, lambda: reviews.excuse(review=review, by=request.user), "已取消这位评委。")
    return go(request, "brands:reviewers", review.year.uuid)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """请我评的: one's own sheets, the unfilled in front."""
    rows = Review.objects.addressed_to(request.user.pk)
    rows = rows.select_related("year__brand__unit__committee").order_by(
        "year__review_state", "submitted_at", "-pk"
    )
    context = {
        "page": page_of(rows, request.GET),
        "open": ReviewState.OPEN,
        "is_staff": looks_on(request),
    }
    return page(request, "brands/review_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sheet(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One's own sheet: what the brand says, and the points; others' sheets are not here."""
    rows = Review.objects.addressed_to(request.user.pk)
    review: Review = get_object_or_404(
        rows.select_related("year__brand__unit__committee"), uuid=uuid
    )
    year = review.year
    known = dict(review.scores.values_list("item_id", "points"))
    items = items_of(year.brand.unit, year.year, ItemSet.STANDARD)
    form = SheetForm(*sent(request), items=items, known=known, initial={"remark": review.remark})
    return filled(
        request, template="brands/review_form.html", context=_about(review), form=form,
        verb=lambda: _scored(request, review, form), done="评分已提交，汇总之前可以修改。",
        to=("brands:review_list",),
    )  # fmt: skip


def _scored(request: DeskRequest, review: Review, form: SheetForm) -> Review:
    return reviews.score(
        review=review, by=request.user, points=form.points, remark=form.cleaned_data["remark"]
    )


def _about(review: Review) -> dict[str, Any]:
    """What a reviewer reads of a brand that may stand outside of his own reach."""
    year = review.year
    return {
        "review": review,
        "year": year,
        "brand": year.brand,
        "plan": list(year.plan.all()),
        "answers": list(year.answers.select_related("item").order_by("item__position")),
        "inspections": list(year.inspections.all()),
        "open": year.review_state == ReviewState.OPEN,
        "scheme": scheme_of(year.brand.unit, year.year),
        "pictures": list(BrandFile.unscoped.filter(brand=year.brand, kind__in=("cover", "photo"))),
    }
