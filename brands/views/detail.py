"""What the page of a brand shows: to everybody what it is, to those who work with it the rest."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from brands import permissions
from brands.enums import FileKind, InspectionState, ItemSet, ReviewState, Stage, Step
from brands.models import (
    Brand,
    BrandFile,
    BrandMove,
    BrandYear,
    CreationAnswer,
    Honour,
    Inspection,
    MediaReport,
    PlanItem,
    Review,
    Showing,
)
from brands.reading import items_of, scheme_of
from brands.rules import case_length, is_overdue, may_recognise, may_reposition
from brands.steps import YearFacts, next_step, stage_rungs, step_rungs
from brands.views.moves import BRAND_ACTS, YEAR_ACTS, Act
from brands.views.parts import DeskRequest, this_year


def facts(request: DeskRequest, brand: Brand) -> dict[str, Any]:
    """The whole context; a constant number of queries."""
    years = list(
        BrandYear.unscoped.filter(brand=brand).exclude(stage=Stage.WITHDRAWN).order_by("-year")
    )
    for year in years:
        year.brand = brand
    moves = list(
        BrandMove.unscoped.filter(brand=brand).select_related("by", "file").order_by("on", "pk")
    )
    public = {
        "brand": brand,
        "today": timezone.localdate(),
        "years": years,
        "graded": [year for year in years if year.grade],
        "five": [pair for pair in brand.five.items() if pair[0] not in ("名称", "主题")],
        "step_rungs": step_rungs(brand, moves),
        "case": [
            (title, [line for line in text.splitlines() if line.strip()])
            for title, text in (
                ("背景", brand.background),
                ("做法", brand.practice),
                ("成效启示", brand.results),
            )
            if text.strip()
        ],
        "photos": BrandFile.unscoped.filter(brand=brand, kind=FileKind.PHOTO),
        "media": MediaReport.unscoped.filter(brand=brand).select_related("scan"),
        "showings": Showing.unscoped.filter(brands=brand).select_related("unit"),
        "honours": Honour.unscoped.filter(brand=brand),
        "length": case_length(brand.background, brand.practice, brand.results),
        "works": request.scope.covers(brand.unit.path),
        "may_keep": permissions.may_keep(request.scope, brand.unit.path),
    }
    if not public["works"]:
        return public
    asked = request.GET.get("year", "")
    shown = next((year for year in years if str(year.year) == asked), years[0] if years else None)
    inside = _inside(request, brand, shown, moves) if shown else _nothing(request, brand)
    return public | {"shown": shown, "moves": moves[::-1]} | inside


def _nothing(request: DeskRequest, brand: Brand) -> dict[str, Any]:
    """A brand whose only year was withdrawn: all it can do is begin."""
    acts = [] if not permissions.may_keep(request.scope, brand.unit.path) else ["open"]
    return {
        "acts": [_act(BRAND_ACTS, name, "brand", brand.uuid) for name in acts],
        "next": None,
        "may_rule": False,
        "may_inspect": False,
        "may_judge": permissions.may_judge(request.scope, brand.unit.path),
        "reviews": {"closed": False, "rows": []},
    }


def _inside(
    request: DeskRequest, brand: Brand, shown: BrandYear, moves: list[BrandMove]
) -> dict[str, Any]:
    on = timezone.localdate()
    plan = list(PlanItem.unscoped.filter(year=shown).select_related("file"))
    inspections = list(Inspection.unscoped.filter(year=shown).select_related("answered_by"))
    items = items_of(brand.unit, shown.year, ItemSet.CREATION)
    answers = {one.item_id: one.text for one in CreationAnswer.unscoped.filter(year=shown)}
    scheme = scheme_of(brand.unit, shown.year)
    facts_of = YearFacts(
        plan, inspections, sum(item.pk not in answers for item in items), scheme.apply_by
    )
    return {
        "stage_rungs": stage_rungs(shown, moves),
        "plan": [{"item": one, "late": is_overdue(one.due_on, one.done_on, on)} for one in plan],
        "plan_done": sum(one.done_on is not None for one in plan),
        "plan_words": f"{sum(one.done_on is not None for one in plan)} / {len(plan)} 项",
        "answers": [(item, answers.get(item.pk, "")) for item in items],
        "inspections": [
            {
                "row": one,
                "late": one.state == InspectionState.OPEN and bool(one.due_on and one.due_on < on),
                "dialog": f"back-{one.pk}",
                "own": one.answered_by_id == request.user.pk,
            }
            for one in inspections
        ],
        "reviews": _reviews(request, shown),
        "scheme": scheme,
        "next": next_step(shown, facts_of, on),
        "acts": _acts(request, brand, shown),
        "may_plan": shown.stage in (Stage.TOPIC, Stage.UNDERWAY)
        and permissions.may_keep(request.scope, brand.unit.path),
        "may_inspect": shown.stage in (Stage.UNDERWAY, Stage.INSPECTED)
        and permissions.may_inspect(request.scope, brand.unit.path),
        "may_judge": permissions.may_judge(request.scope, brand.unit.path),
        "may_rule": permissions.may_rule(request.scope, brand.unit.path),
    }


def _reviews(request: DeskRequest, shown: BrandYear) -> dict[str, Any]:
    """Who was asked and who has scored; the scores only when all is summed up."""
    rows = Review.unscoped.filter(year=shown).select_related("reviewer")
    closed = shown.review_state == ReviewState.CLOSED
    own = request.user.pk
    return {
        "closed": closed,
        "rows": [
            {
                "row": row,
                "done": row.submitted_at is not None,
                "total": row.total if closed or row.reviewer_id == own else None,
                "remark": row.remark if closed or row.reviewer_id == own else "",
            }
            for row in rows
        ],
    }


def _acts(request: DeskRequest, brand: Brand, shown: BrandYear) -> list[dict[str, Any]]:
    """The moves that are the asker's and possible now, the main one first."""
    scope, path, stage = request.scope, brand.unit.path, shown.stage
    closed = shown.review_state == ReviewState.CLOSED
    wanted = {
        "apply": stage == Stage.TOPIC,
        "approve": stage == Stage.APPLIED,
        "report": stage == Stage.UNDERWAY,
        "sum": stage == Stage.INSPECTED and shown.review_state == ReviewState.OPEN,
        "decide": stage == Stage.INSPECTED and closed,
        "return": stage == Stage.APPLIED,
        "rework": stage == Stage.INSPECTED and shown.review_state == ReviewState.NONE,
        "adjust": stage == Stage.INSPECTED and closed,
        "pick": stage in (Stage.UNDERWAY, Stage.INSPECTED) and not shown.is_fist,
        "unpick": stage in (Stage.UNDERWAY, Stage.INSPECTED) and shown.is_fist,
        "withdraw": stage in (Stage.TOPIC, Stage.APPLIED),
    }
    career = {
        "recognise": may_recognise(brand.step, stage, shown.grade),
        "promote": brand.step == Step.RECOGNISED and brand.is_told,
        "open": stage == Stage.CLOSED and shown.year < this_year(),
        "reposition": may_reposition(brand.step, stage, shown.grade),
    }
    return [
        _act(YEAR_ACTS, name, "year", shown.uuid)
        for name, now in wanted.items()
        if now and YEAR_ACTS[name].may(scope, path)
    ] + [
        _act(BRAND_ACTS, name, "brand", brand.uuid)
        for name, now in career.items()
        if now and BRAND_ACTS[name].may(scope, path)
    ]


def _act(table: dict[str, Act], name: str, ladder: str, uuid: Any) -> dict[str, Any]:
    act = table[name]
    return {
        "title": act.title,
        "icon": act.icon,
        "url": reverse(f"brands:{ladder}_{name}", args=[uuid]),
        "quiet": name in ("withdraw", "unpick", "reposition", "return", "rework", "adjust"),
    }
