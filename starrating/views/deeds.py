"""Everything that may be done by one form: its words, predicate and verb, by its name.

One page serves them all (:mod:`starrating.views.act`). A deed is about a rating, an organisation, a
round or a 示范点; ``find`` looks within the asker's scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404, resolve_url

from branches.scope import Scope
from starrating import permissions as may
from starrating import services
from starrating.forms import deeds as forms
from starrating.forms.base import DeedForm
from starrating.models import ModelSite, Organisation, Rating, Round
from starrating.services import include, start_round
from starrating.views.parts import DeskRequest, organisation_of, rating_of, round_of, rounds

Done = Callable[["Told"], Any]


@dataclass(frozen=True)
class Told:
    """What a deed is done with."""

    request: DeskRequest
    thing: Any
    form: Any
    on: date

    @property
    def given(self) -> dict[str, Any]:
        """The checked input, who and when: what every verb takes."""
        return dict(self.form.cleaned_data) | {"by": self.request.user, "on": self.on}


@dataclass(frozen=True)
class Deed:
    """One thing that may be done."""

    title: str
    button: str
    form: type[DeedForm]
    allowed: Callable[[Scope, str], bool]
    do: Done
    done: str
    note: str = ""
    icon: str = "check"
    danger: bool = False


def _on(verb: Callable[..., Any], thing: str) -> Done:
    """The verb with the thing (so it calls it), who, which day, and the checked input."""
    return lambda t: verb(**{thing: t.thing}, **t.given)


def _tick(t: Told) -> Any:
    data = t.given
    return services.tick(organisation=t.thing, upload=data.pop("file"), **data)


def _include(t: Told) -> Any:
    running = rounds(t.request).filter(unit=t.thing.district_id, state=1).first()
    return include(round_=_there(running), organisation=t.thing, **t.given)


def _there(round_: Round | None) -> Round:
    return get_object_or_404(Round.unscoped, pk=round_.pk if round_ else None)


OF_RATING: dict[str, Deed] = {
    "submit": Deed(
        "提交自评", "提交", forms.SureForm, may.may_assess_self,
        _on(services.file_self, "rating"), "自评已提交，等初核。", icon="send",
        note="提交以后不能再改；要改，请上级退回。",
    ),
    "return-self": Deed(
        "退回自评", "退回", forms.ReasonForm, may.may_check, _on(services.return_self, "rating"),
        "已退回，支部改好以后再提交。", icon="arrow-back-up",
    ),
    "finish-check": Deed(
        "完成初核", "完成初核", forms.NoteForm, may.may_check,
        _on(services.finish_check, "rating"), "初核已完成，等组织部审核。", icon="checks",
        note="完成以后分数不能再改。审核由另一位同志办理。",
    ),
    "end-new": Deed(
        "新成立：看自评、办结", "办结", forms.NoteForm, may.may_check,
        _on(services.end_new, "rating"), "已办结：只自评，不定星级。",
        note="新成立的组织只自评，不定星级，下一轮参加评定。",
    ),
    "return-check": Deed(
        "退回初核", "退回", forms.ReasonForm, may.may_review, _on(services.return_check, "rating"),
        "已退回初核。", icon="arrow-back-up",
    ),
    "finish-review": Deed(
        "完成审核", "完成审核", forms.NoteForm, may.may_review,
        _on(services.finish_review, "rating"), "审核已完成，星级按本轮分数线算出。",
        icon="rubber-stamp", note="星级由系统按分数线算出，每轮最多升一级。",
    ),
    "return-review": Deed(
        "重新审核", "重新审核", forms.ReasonForm, may.may_review,
        _on(services.return_review, "rating"), "已退回重新审核。", icon="refresh",
    ),
    "except": Deed(
        "提出破格", "提出", forms.ExceptionForm, may.may_except,
        _on(services.propose_exception, "rating"), "已提出破格，请另一位同志决定。", icon="star",
        note="破格就是一轮升两级以上，由提出人以外的同志批准。",
    ),
    "except-approve": Deed(
        "批准破格", "批准", forms.SureForm, may.may_except,
        _on(services.approve_exception, "rating"), "破格已批准。", icon="checks",
    ),
    "except-refuse": Deed(
        "不批准破格", "不批准", forms.ReasonForm, may.may_except,
        _on(services.refuse_exception, "rating"), "未批准，仍升一级。", icon="ban",
    ),
    "object": Deed(
        "登记异议成立", "退回审核", forms.ReasonForm, may.may_review,
        _on(services.object_to, "rating"), "已退回审核，审核以后再公示。", icon="message",
        note="核实异议成立的才在这里登记；只写情况和结论，不写反映人。",
    ),
    "award": Deed(
        "授牌（办结）", "办结", forms.SureForm, may.may_review, _on(services.award, "rating"),
        "已办结。", icon="award", note="星级今天起生效，活动经费从本轮经费总额里支出。",
    ),
    "veto": Deed(
        "一票否决", "否决", forms.VetoForm, may.may_veto, _on(services.veto, "rating"),
        "已一票否决，现有星级随之取消。", icon="ban", danger=True,
        note="看前两年。否决以后，现有星级立即取消。",
    ),
    "lift": Deed(
        "撤销否决", "撤销", forms.ReasonForm, may.may_veto, _on(services.lift_veto, "rating"),
        "否决已撤销，恢复原星级，重新初核。", icon="refresh", note="由登记否决以外的同志办理。",
    ),
}  # fmt: skip

OF_ORGANISATION: dict[str, Deed] = {
    "tick": Deed(
        "登记“五个一”活动", "登记", forms.TickForm, may.may_tick, _tick, "已登记。", icon="check",
    ),
    "demote": Deed(
        "动态降级", "降级", forms.DemoteForm, may.may_demote,
        _on(services.demote, "organisation"), "已降级，记录留在星级变动里。", icon="arrow-down",
        danger=True,
    ),
    "model": Deed(
        "确定示范点", "确定", forms.ModelForm, may.may_name_model,
        _on(services.name_model, "organisation"), "已确定为示范点。", icon="trophy",
    ),
    "close": Deed(
        "注销", "注销", forms.CloseForm, may.may_keep_organisation,
        _on(services.close_organisation, "organisation"), "已注销。", icon="ban", danger=True,
    ),
    "include": Deed(
        "纳入本轮创评", "纳入", forms.SureForm, may.may_keep_rounds, _include,
        "已纳入本轮，请支部自评。", icon="plus",
    ),
}  # fmt: skip

OF_ROUND: dict[str, Deed] = {
    "start": Deed(
        "启动本轮创评", "启动", forms.SureForm, may.may_keep_rounds, _on(start_round, "round_"),
        "已启动，全区在册的组织都已纳入。", icon="flag",
        note="启动以后，评定标准、分数线、经费标准和公示天数不能再改。",
    ),
    "publish": Deed(
        "公示", "公示", forms.SureForm, may.may_keep_rounds, _on(services.publish, "round_"),
        "已开始公示，可以打印公示。", icon="speakerphone",
        note="待公示的一起公示，工作日按节假日和调休推算。",
    ),
    "award-all": Deed(
        "公示期满的全部授牌", "授牌", forms.SureForm, may.may_keep_rounds,
        _on(services.award_all, "round_"), "已授牌。", icon="award",
        note="公示期满的一起办结；经费不够时一家也不办，先增加经费总额。",
    ),
    "close": Deed(
        "结束本轮", "结束", forms.SureForm, may.may_keep_rounds,
        _on(services.close_round, "round_"),
        "本轮已结束。", icon="check", note="没有提交自评的记为没有参评。结束以后不能再改。",
    ),
}  # fmt: skip

OF_SITE: dict[str, Deed] = {
    "end": Deed(
        "取消示范点", "取消示范点", forms.ReasonForm, may.may_name_model,
        _on(services.end_model, "site"), "已取消，名额空出。", icon="ban", danger=True,
    ),
}  # fmt: skip

# The address of each kind of thing → its deeds.
ALL: dict[str, dict[str, Deed]] = {
    "ratings": OF_RATING,
    "organisations": OF_ORGANISATION,
    "rounds": OF_ROUND,
    "sites": OF_SITE,
}


def find(request: DeskRequest, of: str, uuid: UUID) -> Any:
    """The thing, within scope; 404 otherwise."""
    if of == "ratings":
        return rating_of(request, uuid)
    if of == "organisations":
        return organisation_of(request, uuid)
    if of == "rounds":
        return round_of(request, uuid)
    rows = ModelSite.objects.within(*request.scope.units)
    return get_object_or_404(rows.select_related("organisation__unit"), uuid=uuid)


def path_of(thing: Any) -> str:
    """The unit that a thing belongs to."""
    if isinstance(thing, Rating | ModelSite):
        return str(thing.organisation.unit.path)
    assert isinstance(thing, Organisation | Round)
    return str(thing.unit.path)


def home_of(thing: Any) -> str:
    """The page of a thing: where one goes back to."""
    if isinstance(thing, Rating):
        return resolve_url("starrating:rating_detail", thing.uuid)
    if isinstance(thing, Round):
        return f"{resolve_url('starrating:board')}?round={thing.uuid}"
    one = thing.organisation if isinstance(thing, ModelSite) else thing
    return resolve_url("starrating:organisation_detail", one.uuid)
