"""Everything that may be done here: form and verb of each, by its name.

One page serves them all (:mod:`cadres.views.act`). A deed is about a row within the officer's
reach, or about none. What belongs to one person's file asks for the file to be open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches.models import Unit
from cadres import services
from cadres.enums import Trial
from cadres.forms import files as file_forms
from cadres.forms import work
from cadres.forms.base import DeedForm
from cadres.models import (
    Appointment,
    Appraisal,
    Audit,
    Cadre,
    Course,
    Drawn,
    DutyNotice,
    Family,
    Order,
    RankStep,
    Stint,
)
from cadres.views.door import DeskRequest, reach


@dataclass(frozen=True)
class Told:
    """What a deed is done with."""

    request: DeskRequest
    thing: Any
    form: Any
    on: date

    @property
    def data(self) -> dict[str, Any]:
        """The checked input, without the declaration."""
        found = {k: v for k, v in self.form.cleaned_data.items() if k != "declared"}
        return found

    @property
    def by(self) -> Any:
        """Who does it."""
        return self.request.user


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``model`` None: about no row. ``path`` leads to its cadre."""

    title: str
    button: str
    form: type[DeedForm]
    do: Callable[[Told], Any]
    done: str
    back: Callable[[Any], str]
    model: Any = None
    join: tuple[str, ...] = ()
    path: str = ""
    note: str = ""
    icon: str = "check"
    file: bool = False

    def find(self, request: DeskRequest, uuid: UUID | None) -> Any:
        """The row, within reach; 404 otherwise."""
        if self.model is None:
            return None
        rows = self.model.objects.within(*reach(request)).select_related(*self.join)
        return get_object_or_404(rows, uuid=uuid)

    def cadre(self, thing: Any) -> Cadre | None:
        """Whose file it belongs to, when it must be open."""
        if not self.file:
            return None
        for name in self.path.split("."):
            thing = getattr(thing, name) if name else thing
        found: Cadre | None = thing
        return found


def unit_behind(thing: Any, request: DeskRequest) -> Unit:
    """The organisation that a line of the log belongs to."""
    for name in ("unit", "cadre", "appointment", "draw", "audit"):
        found = getattr(thing, name, None)
        if isinstance(found, Unit):
            return found
        if found is not None:
            return unit_behind(found, request)
    return reach(request)[0]


def _file(thing: Any) -> str:
    cadre = thing if isinstance(thing, Cadre) else thing.cadre
    return reverse("cadres:file", args=[cadre.uuid])


def _appointment(thing: Any) -> str:
    row = thing if isinstance(thing, Appointment) else thing.appointment
    return reverse("cadres:appointment", args=[row.uuid])


def _page(name: str) -> Callable[[Any], str]:
    return lambda thing: reverse(f"cadres:{name}")


def _on_cadre(verb: Callable[..., Any]) -> Callable[[Told], Any]:
    return lambda t: verb(cadre=t.thing, **t.data)


def _step(t: Told) -> Any:
    data = t.data
    passed = data.pop("trial", Trial.PASSED) == Trial.PASSED
    return services.advance(
        appointment=t.thing, step=t.form.next_step, by=t.by, on=t.on, passed=passed, **data
    )


def _with_mark(verb: Callable[..., Any], name: str) -> Callable[[Told], Any]:
    return lambda t: verb(**{name: t.thing}, on=t.on, **t.data)


OF_CADRE: dict[str, Deed] = {
    "edit": Deed(
        "基本情况", "保存", file_forms.CadreForm, _on_cadre(services.edit_cadre), "已保存。",
        _file, Cadre, ("unit",), icon="edit", file=True,
    ),
    "stint": Deed(
        "添一段简历", "添上", file_forms.StintForm, _on_cadre(services.add_stint), "已添上。",
        _file, Cadre, ("unit",), icon="plus", file=True,
        note="简历由各段任职自动生成，按时间先后排列。",
    ),
    "family": Deed(
        "添家庭成员", "添上", file_forms.FamilyForm, _on_cadre(services.add_family), "已添上。",
        _file, Cadre, ("unit",), icon="plus", file=True, note="姓名、出生年月和单位加密保存。",
    ),
    "rank": Deed(
        "登记职级", "登记", file_forms.RankForm, _on_cadre(services.add_rank), "已登记。",
        _file, Cadre, ("unit",), icon="plus", file=True,
    ),
    "appraisal": Deed(
        "登记年度考核", "登记", file_forms.AppraisalForm,
        lambda t: services.appraise(cadre=t.thing, on=t.on, **t.data), "已登记。",
        _file, Cadre, ("unit",), icon="plus", file=True,
    ),
    "photo": Deed(
        "上传照片", "上传", file_forms.PhotoForm,
        lambda t: services.keep_photo(cadre=t.thing, by=t.by, upload=t.data["photo"]),
        "照片已保存。", _file, Cadre, ("unit",), icon="camera", file=True,
    ),
    "tag": Deed(
        "五型队伍标签", "贴标签", work.TagForm,
        lambda t: services.give_tag(cadre=t.thing, by=t.by, on=t.on, **t.data), "已贴上。",
        _file, Cadre, ("unit",), icon="award", file=True, note="标签只表扬，不排名。",
    ),
}  # fmt: skip


def _drop(model: Any, title: str) -> Deed:
    return Deed(
        title, "删去", file_forms.SureForm, lambda t: services.drop(row=t.thing),
        "已删去，变更历史里还在。", _file, model, ("cadre__unit",), path="cadre", icon="trash",
        file=True, note="登记错了才删；离任的请登记结束日期。",
    )  # fmt: skip


OF_STINT: dict[str, Deed] = {
    "end": Deed(
        "登记任职结束", "登记", file_forms.EndStintForm,
        lambda t: services.end_stint(stint=t.thing, on=t.on, **t.data), "已登记，职数随即空出。",
        _file, Stint, ("cadre__unit",), path="cadre", icon="flag", file=True,
    ),
    "drop": _drop(Stint, "删去这一段"),
}  # fmt: skip
OF_APPOINTMENT: dict[str, Deed] = {
    "step": Deed(
        "登记下一步", "登记", work.StepForm, _step, "已记入纪实。", _appointment, Appointment,
        ("unit", "cadre"), note="登记以后不能修改或删除，请核对日期和数字。",
    ),
    "must": Deed(
        "凡提四必", "登记", work.MustForm,
        lambda t: services.record_must(appointment=t.thing, by=t.by, on=t.on, **t.data),
        "已登记。", _appointment, Appointment, ("unit",), icon="list-check",
        note="只登记办没办、哪天办、结论代码；意见和核查材料留在纸质卷宗里。",
    ),
    "stop": Deed(
        "终止", "终止", work.StopForm,
        lambda t: services.stop(appointment=t.thing, by=t.by, on=t.on, **t.data),
        "已终止，过程留在纪实里。", _appointment, Appointment, ("unit",), icon="ban",
    ),
}  # fmt: skip
OF_AUDIT: dict[str, Deed] = {
    "item": Deed(
        "任前档案审核", "保存", work.AuditItemForm,
        lambda t: services.audit_item(audit=t.thing, by=t.by, **t.data), "已保存。",
        _appointment, Audit, ("appointment__unit", "appointment__cadre__unit"),
        path="appointment.cadre", icon="clipboard-check", file=True,
    ),
    "review": Deed(
        "复审", "复审通过", work.ReviewForm,
        lambda t: services.review_audit(audit=t.thing, by=t.by, on=t.on, **t.data),
        "已复审，“干部档案必审”已登记。", _appointment, Audit,
        ("appointment__unit", "appointment__cadre__unit"), path="appointment.cadre",
        icon="checks", file=True, note="由初审人以外的干部工作人员复审；六项都审定才能通过。",
    ),
}  # fmt: skip
OF_ORDER: dict[str, Deed] = {
    "reply": Deed(
        "收到书面回复", "登记", work.ReplyForm, _with_mark(services.reply, "order"), "已登记。",
        _page("oversight"), Order, ("cadre__unit",), icon="message-check",
        note="只登记收到的日期，回复原件存卷。",
    ),
    "close": Deed(
        "了结", "了结", work.CloseForm, _with_mark(services.close, "order"), "已了结。",
        _page("oversight"), Order, ("cadre__unit",), icon="circle-check",
    ),
}  # fmt: skip
OF_NOTICE: dict[str, Deed] = {
    "receive": Deed(
        "签收", "登记签收", work.ReceiveForm, _with_mark(services.receive, "notice"),
        "已登记签收。", _page("oversight"), DutyNotice, ("cadre__unit",), icon="rubber-stamp",
    ),
}  # fmt: skip
OF_DRAWN: dict[str, Deed] = {
    "settle": Deed(
        "登记核实结果", "登记", work.SettleForm,
        lambda t: services.settle(drawn=t.thing, by=t.by, on=t.on, **t.data), "已登记。",
        lambda thing: reverse("cadres:draw", args=[thing.draw.uuid]), Drawn,
        ("draw__unit", "report__cadre"), icon="check",
    ),
}  # fmt: skip
OF_COURSE: dict[str, Deed] = {
    "enrol": Deed(
        "登记参训人员", "登记", work.EnrolForm,
        lambda t: services.enrol(course=t.thing, **t.data), "已登记，学时随即计入。",
        lambda thing: reverse("cadres:course", args=[thing.uuid]), Course, ("unit",),
        icon="user-plus",
    ),
}  # fmt: skip


def _added(t: Told) -> Any:
    return services.add_cadre(by=t.by, **t.data)


OF_NONE: dict[str, Deed] = {
    "cadre": Deed(
        "新建干部档案", "建档", file_forms.CadreForm, _added, "已建档，可以接着添简历。",
        _page("roster"), icon="user-plus",
    ),
    "quota": Deed(
        "核定职数", "登记", work.QuotaForm, lambda t: services.set_quota(by=t.by, **t.data),
        "已登记。", _page("quota"), icon="table",
    ),
    "motion": Deed(
        "职数预审和动议", "预审并登记动议", work.MotionForm,
        lambda t: services.begin(by=t.by, on=t.on, **t.data), "职数预审通过，动议已记入纪实。",
        _page("appointments"), icon="user-plus",
        note="先核职数：现配 − 拟免 + 拟配 ≤ 核定，超职数的不能动议。",
    ),
    "order": Deed(
        "发出三单", "登记发出", work.IssueForm,
        lambda t: services.issue(by=t.by, on=t.on, **t.data), "已登记，期限按工作日推算。",
        _page("oversight"), icon="send", note="三单须经批准。这里不存放具体问题和谈话内容。",
    ),
    "duty": Deed(
        "发出三责告知书", "登记发出", work.DutyForm,
        lambda t: services.notify_duty(by=t.by, on=t.on, **t.data), "已登记发出。",
        _page("oversight"), icon="send",
    ),
    "year": Deed(
        "开始年度报告", "列出应报告的人", work.YearForm,
        lambda t: services.open_year(by=t.by, on=t.on, **t.data), "应报告的名单已列出。",
        _page("matters"), icon="calendar-plus",
    ),
    "filing": Deed(
        "登记交来的报告", "登记", work.FilingForm,
        lambda t: services.file_reports(by=t.by, on=t.on, **t.data), "已登记。",
        _page("matters"), icon="inbox", note="只登记交没交、哪天交；报告不录入、不扫描。",
    ),
    "draw": Deed(
        "随机抽查", "抽取", work.DrawForm, lambda t: services.start_draw(by=t.by, **t.data),
        "已抽取，名单、摘要和种子都留存。", _page("matters"), icon="arrows-sort",
        note="从已交报告的名单里抽。拿着名单和种子，任何人都能抽出同样的人。",
    ),
    "course": Deed(
        "登记培训班次", "登记", work.CourseForm,
        lambda t: services.add_course(by=t.by, **t.data), "已登记，接着登记参训人员。",
        _page("training"), icon="school",
    ),
    "criterion": Deed(
        "五型队伍标准", "保存", work.CriterionForm,
        lambda t: services.set_criterion(**t.data), "已保存。", _page("training"), icon="award",
    ),
}  # fmt: skip

# The address of each kind of row → its deeds.
ALL: dict[str, dict[str, Deed]] = {
    "people": OF_CADRE,
    "stints": OF_STINT,
    "family": {"drop": _drop(Family, "删去这位家庭成员")},
    "ranks": {"drop": _drop(RankStep, "删去这个职级")},
    "appraisals": {"drop": _drop(Appraisal, "删去这一年的考核")},
    "appointments": OF_APPOINTMENT,
    "audits": OF_AUDIT,
    "orders": OF_ORDER,
    "duties": OF_NOTICE,
    "drawn": OF_DRAWN,
    "courses": OF_COURSE,
    "do": OF_NONE,
}
