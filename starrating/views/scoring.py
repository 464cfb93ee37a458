"""Points: 自评 item by item on the phone, 初核 and 审核 class by class at the desk."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.htmx import go, page
from starrating import permissions as may
from starrating import services
from starrating.enums import Category, Stage, State
from starrating.facts import score_rows, stage_open
from starrating.forms.scoring import ItemForm, SheetForm
from starrating.models import ItemScore
from starrating.views.parts import DeskRequest, attempt_form, demand, rating_of, reader_of

_MAY = {Stage.CHECK: may.may_check, Stage.REVIEW: may.may_review}


def _place(text: str, most: int) -> int:
    """Which item or class is asked for, from 1; the first for nonsense."""
    whole = text.isascii() and text.isdigit() and len(text) < 5
    return min(max(int(text) if whole else 1, 1), most)


@login_required
@require_http_methods(["GET", "POST"])
def self_item(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """自评: one item a screen; each is kept when one goes on, so nothing is lost on the way."""
    rating = rating_of(request, uuid)
    demand(may.may_assess_self(request.scope, rating.organisation.unit.path))
    if rating.state != State.SELF or not rating.round.is_running:
        messages.info(request, "自评已经提交，不能再改；要改请上级退回。")
        return go(request, "starrating:rating_detail", uuid)
    rows = score_rows(rating)
    at = _place(request.GET.get("at") or _first_open(rows), len(rows))
    row, posted = rows[at - 1], request.method == "POST"
    form = ItemForm(request.POST if posted else None, request.FILES if posted else None, row=row)
    if posted and form.is_valid() and _kept(request, form, row):
        return go(request, _after(rating, at, len(rows)))
    context = {
        "rating": rating, "row": row, "form": form, "at": at, "count": len(rows),
        "done": sum(one.self_score is not None for one in rows),
        "before": at - 1 if at > 1 else 0, "is_last": at == len(rows),
    }  # fmt: skip
    return page(request, "starrating/self_item.html", context, status=422 if posted else 200)


def _first_open(rows: list[ItemScore]) -> str:
    open_ = (at for at, row in enumerate(rows, start=1) if row.self_score is None)
    return str(next(open_, 1))


def _kept(request: DeskRequest, form: ItemForm, row: ItemScore) -> bool:
    upload = form.cleaned_data["file"]
    verb = partial(services.assess_item, row=row, by=request.user, given=form.given, upload=upload)
    try:
        verb()
    except Refusal as refusal:
        # The verb names the row's fields; here there is one row only.
        name = refusal.field.removesuffix(f"_{row.pk}")
        form.add_error(name if name in form.fields else None, refusal.message)
        return False
    return True


def _after(rating: Any, at: int, count: int) -> str:
    if at == count:
        return resolve_url("starrating:rating_detail", rating.uuid)
    return f"{resolve_url('starrating:self', rating.uuid)}?at={at + 1}"


@login_required
@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """初核打分."""
    return _sheet(request, uuid, Stage.CHECK)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """审核打分."""
    return _sheet(request, uuid, Stage.REVIEW)


def _sheet(request: DeskRequest, uuid: UUID, stage: Stage) -> HttpResponse:
    """One class of the sheet; the points of the step before stand there already."""
    rating = rating_of(request, uuid)
    path = rating.organisation.unit.path
    demand(_MAY[stage](request.scope, path))
    if not stage_open(rating, stage, reader_of(request, path)):
        messages.info(request, f"现在不是您{stage.label}的时候，请看下面的进度。")
        return go(request, "starrating:rating_detail", uuid)
    by_class = _classes(score_rows(rating), stage)
    at = _place(request.GET.get("part", ""), len(by_class))
    posted = request.POST if request.method == "POST" else None
    came = request.FILES if posted is not None else None
    form = SheetForm(posted, came, rows=by_class[at - 1]["rows"], stage=stage)
    if posted is not None and form.is_valid() and _scored(request, rating, form):
        return go(request, _next_class(rating, stage, at, len(by_class)))
    context = {
        "rating": rating, "form": form, "stage": stage, "classes": by_class, "at": at,
        "is_last": at == len(by_class), "is_review": stage == Stage.REVIEW,
        "title": f"{stage.label}打分", "category": by_class[at - 1]["category"],
    }  # fmt: skip
    status = 200 if posted is None else 422
    return page(request, "starrating/sheet_form.html", context, status=status)


def _classes(rows: list[ItemScore], stage: Stage) -> list[dict[str, Any]]:
    found: dict[str, list[ItemScore]] = {}
    for row in rows:
        found.setdefault(row.item.category, []).append(row)
    return [
        {
            "category": one,
            "rows": found[one],
            "done": all(getattr(row, f"{stage}_score") is not None for row in found[one]),
        }
        for one in Category
        if one in found
    ]


def _scored(request: DeskRequest, rating: Any, form: SheetForm) -> bool:
    verb = partial(
        services.score_sheet, rating=rating, stage=form.stage, by=request.user, values=form.given,
        uploads=form.uploads,
    )  # fmt: skip
    return attempt_form(form, verb) is not None


def _next_class(rating: Any, stage: Stage, at: int, count: int) -> str:
    if at == count:
        return resolve_url("starrating:rating_detail", rating.uuid)
    return f"{resolve_url(f'starrating:{stage}', rating.uuid)}?part={at + 1}"
