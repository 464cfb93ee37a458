"""The moves of both ladders: one small form for each, one verb behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.scope import Scope
from brands import permissions
from brands.forms.brand import AdjustForm, DocumentForm, MoveForm, ReasonForm
from brands.models import Brand, BrandYear
from brands.services import brands, career, reviews, years
from brands.views.parts import (
    DeskRequest,
    Words,
    brand_form,
    brand_of,
    demand,
    sent,
    this_year,
    year_of,
)


@dataclass(frozen=True)
class Act(Words):
    """A move as a page shows it: its words, whose it is, what it asks for, what it does.

    ``do`` takes the object, who asks, the day, and what the form gives.
    """

    may: Callable[[Scope, str], bool]
    do: Callable[..., Any]
    form: type[MoveForm] = DocumentForm
    icon: str = "check"


def _year(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda thing, by, on, facts: verb(year=thing, by=by, on=on, **facts)


def _brand(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda thing, by, on, facts: verb(brand=thing, by=by, on=on, **facts)


_keep, _judge, _rule = permissions.may_keep, permissions.may_judge, permissions.may_rule
YEAR_ACTS: dict[str, Act] = {
    "apply": Act(
        "申报", "申报后由上级党（工）委审核，审核期间内容不能改。",
        "已申报，等上级党（工）委审核。",
        _keep, _year(years.apply), icon="send",
    ),
    "withdraw": Act(
        "撤回", "撤回后这一年不再创建；需要时可以重新开始。", "已撤回。", _keep,
        _year(years.withdraw), MoveForm, "ban",
    ),
    "approve": Act(
        "批准实施", "批准后进入实施，品牌转为培育，占用本党（工）委的一个培树名额。",
        "已批准，品牌进入实施和培育。", _judge, _year(years.approve),
    ),
    "return": Act(
        "退回修改", "创建单位按意见修改后再申报。", "已退回，创建单位会收到意见。", _judge,
        _year(years.return_), ReasonForm, "arrow-back-up",
    ),
    "report": Act(
        "报请督查", "计划全部完成、创建清单填好后报请督查。", "已报请督查。", _keep,
        _year(years.report), icon="send",
    ),
    "rework": Act(
        "退回整改", "还没有做到位的，退回继续实施。", "已退回整改。", _judge, _year(years.rework),
        ReasonForm, "arrow-back-up",
    ),
    "pick": Act(
        "选为拳头品牌", "占用全区一个拳头品牌名额。", "已选为拳头品牌。", _rule, _year(years.pick),
        MoveForm, "trophy",
    ),
    "unpick": Act(
        "退出拳头品牌", "名额空出来，可以另选。", "已退出拳头品牌，名额已空出。", _rule,
        _year(years.unpick), MoveForm, "circle-minus",
    ),
    "sum": Act(
        "汇总评审", "取各位评委得分的平均数，汇总后评分表公开，不能再改。", "评审已汇总。", _rule,
        lambda thing, by, on, facts: reviews.close(year=thing, by=by), MoveForm, "clipboard-check",
    ),
    "adjust": Act(
        "调整等次", "按分数得出的等次与实际不符时调整；由另一位同志审定。",
        "已调整，请另一位同志审定。",
        _rule, lambda thing, by, on, facts: reviews.adjust(year=thing, by=by, **facts), AdjustForm,
        "adjustments-horizontal",
    ),
    "decide": Act(
        "审定等次", "审定后等次按年度保存，不再变动，这一年的创建办结。",
        "已审定，这一年的创建办结。",
        _rule, _year(years.decide), icon="rubber-stamp",
    ),
}  # fmt: skip
BRAND_ACTS: dict[str, Act] = {
    "recognise": Act(
        "认定品牌", "当年审定为“优”或“良”的品牌，由组织部发文认定。", "已认定。", _rule,
        _brand(career.recognise), icon="certificate",
    ),
    "promote": Act(
        "列入推广", "推广的品牌和它的典型案例，全区各单位都能在资源库里看到。",
        "已列入推广，全区都能看到。", _rule, _brand(career.promote), icon="speakerphone",
    ),
    "reposition": Act(
        "重新定位", "不符合标准的品牌退回，改了定位才能再申报。", "已退回重新定位。", _judge,
        _brand(career.reposition), ReasonForm, "refresh",
    ),
    "open": Act(
        "开始今年的创建", "从选题开始，走完申报、实施、督查四个环节。",
        "已开始，先定今年的计划。", _keep,
        lambda thing, by, on, facts: brands.open_year(brand=thing, by=by, on=on, year=this_year()),
        MoveForm, "plus",
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def year_move(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """One move of a year."""
    year = year_of(request, uuid)
    return _move(request, YEAR_ACTS[verb], year, year.brand)


@login_required
@require_http_methods(["GET", "POST"])
def brand_move(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """One move of a career."""
    brand = brand_of(request, uuid)
    return _move(request, BRAND_ACTS[verb], brand, brand)


def _move(request: DeskRequest, act: Act, thing: Brand | BrandYear, brand: Brand) -> HttpResponse:
    demand(act.may(request.scope, brand.unit.path))
    form, on = act.form(*sent(request)), timezone.localdate()
    return brand_form(
        request, act, form, lambda: act.do(thing, request.user, on, form.facts),
        brand=brand, icon=act.icon,
    )  # fmt: skip
