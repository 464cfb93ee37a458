"""Everything that may be done in a case: form, predicate and verb of each, by its name.

One page serves them all (:mod:`rectification.views.act`). A deed is about a case or about a row
that hangs on one; ``find`` looks within the asker's scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.scope import Scope
from core.errors import Refusal
from rectification import permissions as may
from rectification import services
from rectification.forms import cases as case_forms
from rectification.forms import work as work_forms
from rectification.forms.base import DeedForm
from rectification.models import (
    Case,
    Closing,
    FigureEntry,
    Helper,
    Inspection,
    Poll,
    Problem,
    Promise,
    ReportDue,
)
from rectification.views.parts import DeskRequest, case_of, through

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


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``on_what`` is the model it is about; None a case."""

    title: str
    button: str
    form: type[DeedForm]
    allowed: Callable[[Scope, str], bool]
    do: Done
    done: str
    on_what: Any = None
    note: str = ""
    icon: str = "check"
    anchor: str = ""
    form_for: Callable[[Scope, str], type[DeedForm]] | None = field(default=None)

    def find(self, request: DeskRequest, uuid: UUID) -> Any:
        """The case or row, within scope; 404 otherwise."""
        if self.on_what is None:
            return case_of(request, uuid)
        rows = through(request, self.on_what).select_related(
            "case__unit", "case__batch", "case__unit__committee"
        )
        return get_object_or_404(rows, uuid=uuid)


def case_behind(thing: Any) -> Case:
    """The case that a thing belongs to."""
    case: Case = thing if isinstance(thing, Case) else thing.case
    return case


def _plain(verb: Callable[..., Any], thing: str = "case") -> Done:
    """The verb with the thing (so it calls it), who, which day, and the checked input."""
    return lambda t: verb(**{thing: t.thing}, by=t.by, on=t.on, **t.data)


def _describe(t: Told) -> Any:
    return services.describe(case=t.thing, **t.data)


def _describe_form(scope: Scope, path: str) -> type[DeedForm]:
    above = may.may_oversee(scope, path)
    return case_forms.DescribeForm if above else case_forms.BranchDescribeForm


def _visit(t: Told) -> Any:
    data = t.data
    helper = Helper.unscoped.filter(case=t.thing, pk=data.pop("helper")).first()
    return services.record_visit(case=t.thing, by=t.by, on=t.on, helper=helper, **data)


def _promise(t: Told) -> Any:
    data = t.data
    chosen = data.pop("problem")
    problem = Problem.unscoped.filter(case=t.thing, uuid=chosen).first() if chosen else None
    return services.promise(case=t.thing, by=t.by, on=t.on, problem=problem, **data)


def _report(t: Told) -> Any:
    data = t.data
    due = ReportDue.unscoped.filter(batch=t.thing.batch_id, pk=data["due"]).first()
    if due is None:
        raise Http404
    return services.file_report(
        case=t.thing, due=due, by=t.by, filed_on=t.on, summary=data["summary"], upload=data["file"]
    )


def _accept(t: Told) -> Any:
    data = t.data
    return services.accept(
        case=t.thing, by=t.by, on=t.on, scores=t.form.scores, day=data["day"],
        examiners=data["examiners"], opinion=data["opinion"], form_key=data["form_key"],
    )  # fmt: skip


def _approve(t: Told) -> Any:
    path = t.thing.case.unit.path
    first = may.may_approve_first(t.request.scope, path)
    if not first:
        raise Refusal("销号由党（工）委和组织部审批。", code="forbidden")
    return services.approve_closing(
        closing=t.thing, by=t.by, on=t.on, may_last=may.may_approve_last(t.request.scope, path)
    )


OF_CASE: dict[str, Deed] = {
    "decide": Deed(
        "会议研究确定", "登记决定", case_forms.ListForm, may.may_decide_listing,
        _plain(services.decide_listing),
        "已确定为整顿对象，支部可以看到。", icon="gavel",
        note="整顿名单由会议研究确定。应列尽列，不设比例、不定指标。",
    ),
    "drop": Deed(
        "不列入", "不列入", case_forms.ReasonForm, may.may_decide_listing,
        _plain(services.drop),
        "已登记为不列入，理由留在记录里。", icon="ban",
    ),
    "describe": Deed(
        "台账和一支部一策", "保存", case_forms.DescribeForm, may.may_work, _describe,
        "已保存。", icon="edit", form_for=_describe_form,
    ),
    "assign": Deed(
        "登记四位一体", "登记", case_forms.AssignForm, may.may_assign,
        _plain(services.assign),
        "已登记。", icon="users-group", anchor="four",
    ),
    "start": Deed(
        "进入整顿", "进入整顿", case_forms.StartForm, may.may_assign,
        _plain(services.start),
        "已进入整顿。", icon="flag", note="四位一体配齐、一支部一策写好，才能进入整顿。",
    ),
    "visit": Deed(
        "登记帮扶走访", "登记", case_forms.VisitForm, may.may_work, _visit,
        "走访已登记。", icon="map-pin", anchor="four",
    ),
    "problem": Deed(
        "登记问题", "登记", work_forms.ProblemForm, may.may_work,
        _plain(services.collect),
        "问题已登记，接着定责任人和期限。", icon="message", anchor="problems",
    ),
    "promise": Deed(
        "公开承诺", "登记", work_forms.PromiseForm, may.may_work, _promise,
        "承诺已登记。", icon="certificate", anchor="promises",
    ),
    "figure": Deed(
        "登记成效数字", "登记", work_forms.FigureForm, may.may_work,
        _plain(services.enter_figure),
        "数字已登记。", icon="chart-bar", anchor="figures",
    ),
    "report": Deed(
        "提交报告", "提交", work_forms.ReportForm, may.may_work, _report,
        "报告已提交。", icon="report", anchor="reports",
    ),
    "inspect": Deed(
        "登记督查", "登记", work_forms.InspectForm, may.may_oversee,
        _plain(services.inspect),
        "督查已登记，支部可以看到。", icon="eye", anchor="inspections",
    ),
    "poll": Deed(
        "发起民意测评", "发起", work_forms.PollForm, may.may_oversee,
        lambda t: services.open_poll(case=t.thing, by=t.by, **t.data),
        "测评已发起。", icon="clipboard-check", anchor="polls",
        note="测评由上级组织，不由被整顿的支部自己组织。",
    ),
    "examine": Deed(
        "申请验收", "申请验收", case_forms.NoteForm, may.may_oversee,
        _plain(services.ask_examination),
        "已申请验收。", icon="clipboard-check",
    ),
    "accept": Deed(
        "登记验收结果", "登记", case_forms.AcceptForm, may.may_examine, _accept,
        "验收结果已登记。", icon="rubber-stamp", anchor="acceptances",
        note="得分、满意率、问题办结三项由系统按本批合格线核对；不通过的退回整顿。",
    ),
    "close": Deed(
        "申请销号", "申请销号", case_forms.NoteForm, may.may_oversee,
        lambda t: services.propose_closing(case=t.thing, by=t.by, **t.data),
        "已申请销号，请另外两位同志先后审批。", icon="send", anchor="acceptances",
    ),
    "settle": Deed(
        "认定巩固", "认定巩固", case_forms.NoteForm, may.may_watch,
        _plain(services.settle),
        "已认定巩固。", icon="shield-check",
    ),
    "reopen": Deed(
        "反弹，重新整顿", "重新整顿", case_forms.ReopenForm, may.may_oversee,
        _plain(services.reopen),
        "已重新进入整顿，以前的记录都保留。", icon="refresh",
    ),
}  # fmt: skip

OF_PROBLEM: dict[str, Deed] = {
    "take-up": Deed(
        "定责任人和期限", "保存", work_forms.TakeUpForm, may.may_work,
        lambda t: services.take_up(problem=t.thing, on=t.on, **t.data),
        "已进入解决。", on_what=Problem, icon="user-check", anchor="problems",
    ),
    "done": Deed(
        "报办结", "报办结", work_forms.DoneForm, may.may_work,
        _plain(services.report_done, "problem"),
        "已报办结，等上级回访确认。", on_what=Problem, icon="check", anchor="problems",
    ),
    "confirm": Deed(
        "确认办结", "确认办结", work_forms.ConfirmForm, may.may_oversee,
        _plain(services.confirm_done, "problem"),
        "已确认办结。", on_what=Problem, icon="checks", anchor="problems",
        note="由报办结的同志以外的人回访群众后确认。",
    ),
    "back": Deed(
        "退回继续解决", "退回", case_forms.ReasonForm, may.may_oversee,
        lambda t: services.send_back(problem=t.thing, by=t.by, **t.data),
        "已退回支部继续解决。", on_what=Problem, icon="arrow-back-up", anchor="problems",
    ),
    "dismiss": Deed(
        "已解释说明", "登记", case_forms.ReasonForm, may.may_oversee,
        _plain(services.dismiss, "problem"),
        "已登记为解释说明。", on_what=Problem, icon="message-check", anchor="problems",
        note="不属于整顿能解决的事，向群众解释清楚后登记。",
    ),
}  # fmt: skip

OF_PROMISE: dict[str, Deed] = {
    "keep": Deed(
        "承诺兑现", "登记兑现", work_forms.KeepForm, may.may_work,
        _plain(services.keep_promise, "promise"),
        "兑现情况已登记。", on_what=Promise, icon="heart-handshake", anchor="promises",
    ),
}  # fmt: skip

OF_INSPECTION: dict[str, Deed] = {
    "answer": Deed(
        "回复督查", "回复", work_forms.AnswerForm, may.may_work,
        lambda t: services.answer_inspection(inspection=t.thing, answered_on=t.on, **t.data),
        "已回复。", on_what=Inspection, icon="message-check", anchor="inspections",
    ),
}  # fmt: skip

OF_FIGURE: dict[str, Deed] = {
    "void": Deed(
        "作废这个数字", "作废", work_forms.VoidForm, may.may_work,
        lambda t: services.void_figure(entry=t.thing, **t.data),
        "已作废，不再计入合计。", on_what=FigureEntry, icon="ban", anchor="figures",
    ),
}  # fmt: skip

OF_POLL: dict[str, Deed] = {
    "tally": Deed(
        "录入计票", "计票", work_forms.TallyForm, may.may_oversee,
        _plain(services.enter_tally, "poll"),
        "已计票。", on_what=Poll, icon="clipboard-list", anchor="polls",
        note="计票以后不能再改，请两位同志核对。",
    ),
    "count": Deed(
        "计票", "计票", case_forms.SureForm, may.may_oversee,
        lambda t: services.count_poll(poll=t.thing, by=t.by, on=t.on),
        "已计票。", on_what=Poll, icon="clipboard-list", anchor="polls",
        note="没有用过的测评码随即作废，结果不能再改。",
    ),
}  # fmt: skip

OF_CLOSING: dict[str, Deed] = {
    "approve": Deed(
        "审批销号", "批准", case_forms.SureForm, may.may_approve_first, _approve,
        "已批准。", on_what=Closing, icon="checks", anchor="acceptances",
        note="先初审、后终审，由申请人以外的两位同志办理；终审批准即销号，进入回头看。",
    ),
    "refuse": Deed(
        "不批准销号", "不批准", work_forms.RefuseForm, may.may_approve_first,
        _plain(services.refuse_closing, "closing"),
        "未批准，退回整顿。", on_what=Closing, icon="arrow-back-up", anchor="acceptances",
    ),
}  # fmt: skip

# The address of each kind of thing → its deeds.
ALL: dict[str, dict[str, Deed]] = {
    "cases": OF_CASE,
    "problems": OF_PROBLEM,
    "promises": OF_PROMISE,
    "inspections": OF_INSPECTION,
    "figures": OF_FIGURE,
    "polls": OF_POLL,
    "closings": OF_CLOSING,
}
