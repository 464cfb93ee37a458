"""Everything that may be done about an election: form, predicate and verb of each, by its name.

One page serves them all (:mod:`elections.views.act`). ``find`` looks within the asker's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from branches.models import Member, Unit
from branches.scope import Scope
from elections import permissions as may
from elections import services
from elections.forms import desk, steps, votes
from elections.forms.base import NAMELESS, DeedForm
from elections.models import Ballot, Election, Exclusion, ExclusionReason, Shift, WaveBody
from elections.reckoning import Fact, vote_facts
from elections.views.parts import DeskRequest, body_of, election_of, through

Done = Callable[["Told"], Any]


@dataclass(frozen=True)
class Told:
    """What a deed is done with."""

    request: DeskRequest
    thing: Any
    form: Any
    on: date

    @property
    def data(self) -> dict[str, Any]:
        """The checked input."""
        found: dict[str, Any] = dict(self.form.cleaned_data)
        return found

    @property
    def by(self) -> Any:
        """Who does it."""
        return self.request.user


def _prepares(scope: Scope, unit: Unit) -> bool:
    return may.may_prepare(scope, unit.path)


def _keeps_wave(scope: Scope, unit: Unit) -> bool:
    return may.may_keep_wave(scope, unit.path)


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``on_what`` is the model it is about; None an election.

    ``facts`` are computed numbers shown above the form, each with its article.
    """

    title: str
    button: str
    form: type[DeedForm]
    do: Done
    done: str
    allowed: Callable[[Scope, Unit], bool] = _prepares
    on_what: Any = None
    note: str = ""
    icon: str = "check"
    template: str = "elections/act_form.html"
    facts: Callable[[Election, date], Sequence[Fact]] | None = None

    def find(self, request: DeskRequest, uuid: UUID) -> Any:
        """The election or row, within scope; 404 otherwise."""
        if self.on_what is None:
            return election_of(request, uuid)
        if self.on_what is WaveBody:
            return body_of(request, uuid)
        where = "unit" if self.on_what is Shift else "election__unit"
        rows = through(request, self.on_what).select_related(where, f"{where}__committee")
        return get_object_or_404(rows, uuid=uuid)


def unit_behind(thing: Any) -> Unit:
    """The organisation that a thing belongs to."""
    owner = thing if hasattr(thing, "unit") else thing.election
    unit: Unit = owner.unit
    return unit


def _plain(verb: Callable[..., Any]) -> Done:
    """The verb with the election, who, which day, and the checked input."""
    return lambda t: verb(election=t.thing, by=t.by, on=t.on, **t.data)


def _exclude(t: Told) -> Any:
    data = t.data
    return services.exclude(
        election=t.thing, by=t.by, on=t.on, decided_on=data["decided_on"],
        consent=data["consent"],
        member=Member.objects.within(t.thing.unit).get(pk=data["member"]),
        reason=ExclusionReason.objects.get(pk=data["reason"]),
    )  # fmt: skip


def _vote(t: Told) -> Any:
    data, form = t.data, t.form
    return services.record_ballot(
        election=t.thing, by=t.by, day=data["day"], on=t.on, tally=form.tally, votes=form.votes,
        others=form.others, form_key=data["form_key"], file=data["file"],
    )  # fmt: skip


def _divide(t: Told) -> Any:
    data, form = t.data, t.form
    return services.divide_work(
        election=t.thing, by=t.by, day=data["day"], on=t.on, tally=form.tally,
        form_key=data["form_key"], file=data["file"], **form.given,
    )  # fmt: skip


def _civic(t: Told) -> Any:
    return services.record_civic(
        body=t.thing, stage=t.form.stage, by=t.by, on=t.on, **t.data
    )  # fmt: skip


_ABOVE = "由报送人以外的同志办理。"
OF_ELECTION: dict[str, Deed] = {
    "change": Deed(
        "改筹备内容", "保存", steps.ChangeForm,
        lambda t: services.change_plan(election=t.thing, on=t.on, **t.data),
        "已保存。", icon="edit",
    ),
    "ask": Deed(
        "向上级请示换届", "登记请示", steps.AskForm, _plain(services.ask),
        "请示已登记，等上级批复。", icon="send",
    ),
    "answer": Deed(
        "批复换届请示", "批复", steps.AnswerForm, _plain(services.answer),
        "已批复，下级可以接着办。", allowed=may.may_answer, icon="rubber-stamp", note=_ABOVE,
    ),
    "back": Deed(
        "退回", "退回", steps.BackForm,
        lambda t: services.send_back(election=t.thing, by=t.by, on=t.on, **t.data),
        "已退回。", allowed=may.may_answer, icon="arrow-back-up",
        note="退回请示、报告要写理由，下级看得到；退回人选的，理由在纸上或当面说明，不存入系统。",
    ),
    "plan": Deed(
        "定名额和选举办法", "登记", steps.PlanForm, _plain(services.plan),
        "名额和选举办法已登记。", icon="list-check",
    ),
    "consult": Deed(
        "酝酿初步人选", "登记", steps.ConsultForm, _plain(services.consult),
        "酝酿已登记。", icon="users", note=NAMELESS,
    ),
    "review": Deed(
        "资格审查", "登记", steps.ReviewForm, _plain(services.review),
        "审查结果已登记。", icon="shield-check", note=NAMELESS,
    ),
    "choose": Deed(
        "确定预备人选", "登记", steps.ChooseForm, _plain(services.choose),
        "预备人选已登记。", icon="users-group", note=NAMELESS,
    ),
    "file": Deed(
        "向上级报批人选", "登记报批", steps.FileForm, _plain(services.file_names),
        "报批已登记，等上级批准。", icon="send", note=NAMELESS,
    ),
    "approve": Deed(
        "批准候选人", "批准并登记名单", steps.ApproveForm, _plain(services.approve_names),
        "候选人已批准。", allowed=may.may_answer, icon="user-check",
        note=f"名单从这一步起登记。{_ABOVE}",
    ),
    "exclude": Deed(
        "登记不计入应到会的党员", "登记", steps.ExcludeForm, _exclude,
        "已登记，应到会人数已重新计算。", icon="user-check",
        note="只限规定的情形，报上级同意、支部大会通过后登记。不写病情等具体情况。",
    ),
    "vote": Deed(
        "登记大会选举", "计票", votes.VoteForm, _vote,
        "计票已登记。", icon="clipboard-list", template="elections/vote_form.html",
        facts=vote_facts,
        note="只登记票数。谁投了谁的票不登记，也不上传选票。",
    ),
    "shorten": Deed(
        "减少名额，不再选举", "登记", votes.ShortenForm, _plain(services.shorten),
        "已登记，选举结束。", icon="minus",
        note="当选人数接近应选名额，并经应到会人数一半以上同意的，可以减少名额。",
    ),
    "divide": Deed(
        "委员会选举书记、分工", "登记", votes.DivideForm, _divide,
        "已登记。", icon="certificate", template="elections/divide_form.html",
        note="书记、副书记由委员会选举产生，只登记票数。",
    ),
    "report": Deed(
        "报告选举结果", "登记报告", steps.ReportForm, _plain(services.report),
        "报告已登记，等上级批复。", icon="report",
    ),
    "confirm": Deed(
        "批复选举结果", "批复", steps.ConfirmForm, _plain(services.confirm),
        "已批复。新一届职务和届次已登记，原任职务、届次同时结束；书记变动的，请核对其账号。",
        allowed=may.may_answer, icon="rubber-stamp", note=_ABOVE,
    ),
    "cancel": Deed(
        "终止这次换届", "终止", steps.CancelForm, _plain(services.cancel),
        "已终止，记录保留。", icon="ban",
    ),
}  # fmt: skip
OF_EXCLUSION: dict[str, Deed] = {
    "count": Deed(
        "恢复计入应到会", "恢复计入", steps.SureForm,
        lambda t: services.count_again(exclusion=t.thing, by=t.by),
        "已恢复计入应到会。", on_what=Exclusion, icon="arrow-back-up",
    ),
}  # fmt: skip
OF_BALLOT: dict[str, Deed] = {
    "strike": Deed(
        "计票作废重录", "作废", votes.StrikeForm,
        lambda t: services.strike(ballot=t.thing, by=t.by, on=t.on, **t.data),
        "已作废，请重新登记。", on_what=Ballot, icon="ban",
        note="只用于录错。会议本身无效的，登记下一轮即可。",
    ),
}  # fmt: skip
OF_SHIFT: dict[str, Deed] = {
    "approve": Deed(
        "批准提前或延期", "批准", desk.DecideForm,
        lambda t: services.decide_shift(
            shift=t.thing, by=t.by, on=t.on, approve=True, answer=t.data["answer"]
        ),
        "已批准。", allowed=may.may_decide_shift, on_what=Shift, icon="check", note=_ABOVE,
    ),
    "refuse": Deed(
        "不批准提前或延期", "不批准", desk.RefuseForm,
        lambda t: services.decide_shift(
            shift=t.thing, by=t.by, on=t.on, approve=False, answer=t.data["answer"]
        ),
        "已退回。", allowed=may.may_decide_shift, on_what=Shift, icon="arrow-back-up", note=_ABOVE,
    ),
}  # fmt: skip
OF_BODY: dict[str, Deed] = {
    "civic": Deed(
        "自治组织换届", "登记", desk.CivicForm, _civic,
        "已登记。", on_what=WaveBody, icon="check",
        note="只登记日期和人数。先党组织，后自治组织。",
    ),
    "remove": Deed(
        "移出批次", "移出", steps.SureForm,
        lambda t: services.remove_body(body=t.thing, by=t.by),
        "已移出。", on_what=WaveBody, icon="x", allowed=_keeps_wave,
    ),
}  # fmt: skip

# The address of each kind of thing → its deeds.
ALL: dict[str, dict[str, Deed]] = {
    "list": OF_ELECTION,
    "exclusions": OF_EXCLUSION,
    "ballots": OF_BALLOT,
    "shifts": OF_SHIFT,
    "bodies": OF_BODY,
}
