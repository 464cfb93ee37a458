"""Input of quotas, appointments, oversight, matters and training."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from cadres.enums import (
    AuditItemKind,
    Conclusion,
    DutyKind,
    Level,
    MatterOutcome,
    Must,
    MustOutcome,
    OrderKind,
    OrderOutcome,
    OrderReason,
    Step,
    TagKind,
    TrainingKind,
    Trial,
    Way,
)
from cadres.forms.base import (
    DeedForm,
    OnceForm,
    cadre_field,
    cadres_field,
    chips_field,
    day_field,
    hours_field,
    line_field,
    number_field,
    paper_field,
    pick_field,
    unit_field,
)
from cadres.limits import shown_limits
from cadres.models import AuditItem, Cadre, MatterReport, TagCriterion
from cadres.rules.appointments import publicity_end
from core.holidays import calendar_around

_LEADING = [choice for choice in Level.choices if choice[0] != Level.STAFF]
_NO_NAME = "公示以前不写酝酿的人选姓名。"


class QuotaForm(DeedForm):
    """核定职数."""

    unit = unit_field()
    level = pick_field("职务层次", _LEADING)
    approved = number_field("核定职数", most=99)
    valid_from = day_field("启用日期")
    document = line_field("核定文号", 80)

    def prepare(self) -> None:
        """From today."""
        self.units()
        self.begin(valid_from=self.on, unit=self.asked)


class MotionForm(OnceForm):
    """职数预审和动议."""

    unit = unit_field("职位所在单位")
    post = line_field("拟任职务", 100, hint="例如：副局长", help_text=_NO_NAME)
    level = pick_field("职务层次", _LEADING)
    way = chips_field("方式", Way.choices)
    frees = chips_field("同时拟免", [("0", "不免"), ("1", "免 1 名，由新任接替")])
    has_trial = forms.BooleanField(
        label="实行试用期", required=False, initial=True,
        help_text="非选举产生的领导职务试用一年；选任制的不打勾。",
    )  # fmt: skip
    day = day_field("动议日期")
    document = line_field("文号", 80, required=False)
    paper = paper_field(required=False)

    def prepare(self) -> None:
        """Today, one by one."""
        self.units()
        self.begin(day=self.on, way=Way.SINGLE, frees="0", unit=self.asked)

    def clean(self) -> dict[str, Any]:
        """As above, with whole numbers."""
        data = super().clean()
        return {**data, "frees": int(data.get("frees") or 0)}


class StepForm(DeedForm):
    """The next step; which fields it has follows from the step."""

    day = day_field("日期")
    until = day_field("公示最后一天", help_text="第一天、最后一天都算；按工作日计，节假日不算。")
    cadre = cadre_field("考察对象")
    talked = number_field("谈话人数", most=2000, required=False)
    invited = number_field("参加推荐人数", most=5000, required=False)
    issued = number_field("发出推荐票", most=5000, required=False)
    returned = number_field("收回推荐票", most=5000, required=False)
    members = number_field("应到会", least=1, most=500)
    present = number_field("到会", most=500)
    yes = number_field("同意", most=500)
    trial = chips_field("试用期满考核", Trial.choices)
    document = line_field("文号", 80, required=False)
    paper = paper_field(required=False)

    _OWN: dict[str, tuple[str, ...]] = {
        Step.TALKS: ("talked",),
        Step.MEETING: ("invited", "issued", "returned"),
        Step.INSPECT: ("cadre",),
        Step.DECIDE: ("members", "present", "yes"),
        Step.PUBLICITY: ("until",),
        Step.CONFIRM: ("trial",),
    }

    def prepare(self) -> None:
        """Only what the next step needs; a 公示 of the least length from today."""
        step = self.next_step
        keep = {"day", "document", "paper", *self._OWN.get(step, ())}
        for name in [name for name in self.fields if name not in keep]:
            del self.fields[name]
        self.begin(day=self.on)
        if "cadre" in self.fields:
            self.people()
        if "until" in self.fields:
            limits, calendar = shown_limits(self.on), calendar_around(self.on)
            self.begin(until=publicity_end(self.on, limits, calendar))

    @property
    def next_step(self) -> str:
        """Which step is written down: what follows the last one."""
        steps = self.thing.sequence
        place = steps.index(self.thing.step) + 1 if self.thing.step in steps else len(steps)
        return steps[place] if place < len(steps) else ""

    @property
    def step_label(self) -> str:
        """The same in words."""
        return str(Step(self.next_step).label) if self.next_step else ""


class StopForm(DeedForm):
    """终止."""

    day = day_field("终止日期")
    reason = line_field("终止原因", 100, hint="例如：机构调整，职位撤销", help_text=_NO_NAME)

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class MustForm(DeedForm):
    """凡提四必的一项."""

    kind = chips_field("事项", [one for one in Must.choices if one[0] != Must.ARCHIVE])
    done_on = day_field("完成日期")
    outcome = chips_field("结论", MustOutcome.choices)
    paper = paper_field()

    def prepare(self) -> None:
        """Today."""
        self.begin(done_on=self.on, kind=self.asked or Must.MATTERS)


class AuditItemForm(DeedForm):
    """三龄两历一身份的一项."""

    kind = chips_field("项目", AuditItemKind.choices)
    recorded = line_field("档案记载", 100, help_text="只写日期、学历、身份这样的结果，不抄材料。")
    conclusion = chips_field("结论", Conclusion.choices)
    confirmed = line_field("认定", 100, required=False, help_text="不一致的，写最后认定的内容。")
    basis = line_field("认定依据（材料名称）", 100, required=False, hint="例如：入党志愿书")

    def prepare(self) -> None:
        """As it stands."""
        self.begin(kind=self.asked or AuditItemKind.AGE, conclusion=Conclusion.SAME)
        known = AuditItem.unscoped.filter(audit=self.thing, kind=self.asked).first()
        if known is not None:
            self.begin(
                recorded=known.unseal("recorded"), confirmed=known.unseal("confirmed"),
                basis=known.basis, conclusion=known.conclusion,
            )  # fmt: skip


class ReviewForm(DeedForm):
    """复审."""

    day = day_field("复审日期")
    paper = paper_field("审核表存放处")

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class IssueForm(OnceForm):
    """发出三单."""

    cadre = cadre_field("对象")
    kind = chips_field("种类", OrderKind.choices)
    reason = chips_field("事由类别", OrderReason.choices, help_text="只选类别，不写具体情况。")
    approved_by = line_field("批准人", 40, hint="部长、书记…")
    approved_on = day_field("批准日期")
    issued_on = day_field("发出日期")
    paper = paper_field()

    def prepare(self) -> None:
        """Today."""
        self.people()
        self.begin(issued_on=self.on, approved_on=self.on, kind=OrderKind.INQUIRE, cadre=self.asked)


class ReplyForm(DeedForm):
    """收到书面回复."""

    replied_on = day_field("回复日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(replied_on=self.on)


class CloseForm(DeedForm):
    """了结."""

    closed_on = day_field("了结日期")
    outcome = chips_field("了结情况", OrderOutcome.choices)

    def prepare(self) -> None:
        """Today."""
        self.begin(closed_on=self.on)


class DutyForm(DeedForm):
    """发出三责告知书."""

    kind = chips_field("种类", DutyKind.choices)
    number = line_field("告知书编号", 60)
    issued_on = day_field("发出日期")
    cadres = cadres_field("告知对象")

    def prepare(self) -> None:
        """Today; whoever leads."""
        self.people("cadres")
        self.begin(issued_on=self.on)


class ReceiveForm(DeedForm):
    """签收."""

    received_on = day_field("签收日期")
    paper = paper_field("签收回执存放处")

    def prepare(self) -> None:
        """Today."""
        self.begin(received_on=self.on)


class YearForm(DeedForm):
    """开始一个年度的报告."""

    unit = unit_field()
    year = number_field("年度", least=2000, most=2100, help_text="报告哪一年的事项。")

    def prepare(self) -> None:
        """This year, the whole of what is in reach."""
        self.units()
        self.begin(year=self.on.year, unit=self.reach[0].code if self.reach else "")


class FilingForm(DeedForm):
    """登记交来的报告."""

    reports = forms.ModelMultipleChoiceField(
        label="交来报告的同志", queryset=MatterReport.unscoped.none(), to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先勾选交来报告的同志。", "invalid_choice": "没有这份报告。"},
    )  # fmt: skip
    filed_on = day_field("报告日期")
    paper = paper_field("报告原件存放处")

    def prepare(self) -> None:
        """Those of the latest years that are owed still."""
        rows = MatterReport.objects.within(*self.reach).filter(filed_on=None)
        self.rows("reports", rows.select_related("cadre").order_by("-year", "cadre__unit__path"))
        self.begin(filed_on=self.on)


class DrawForm(OnceForm):
    """随机抽查."""

    unit = unit_field()
    year = number_field("年度", least=2000, most=2100)
    percent = number_field("抽查比例", least=1, most=100, help_text="百分之几，向上取整。")
    witness = line_field("监督人", 60, hint="机关纪委或派驻组的同志")
    seed = line_field(
        "种子", 64, required=False,
        help_text="现场摇号得来的数字；留空由系统随机产生。同一名单、同一种子，结果总是一样。",
    )  # fmt: skip

    def prepare(self) -> None:
        """This year, the share of the rules."""
        self.units()
        percent = shown_limits(self.on).check_percent
        self.begin(
            year=self.on.year, percent=percent, unit=self.reach[0].code if self.reach else ""
        )


class SettleForm(DeedForm):
    """核实结果."""

    outcome = chips_field("核实结果", MatterOutcome.choices, help_text="只登记代码，不写内容。")
    checked_on = day_field("核实日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(checked_on=self.on)


class CourseForm(DeedForm):
    """培训班次."""

    unit = unit_field("主办单位")
    title = line_field("班次", 100)
    kind = chips_field("方式", TrainingKind.choices)
    starts_on = day_field("开始")
    ends_on = day_field("结束")
    hours = hours_field("学时")

    def prepare(self) -> None:
        """A week that ends today."""
        self.units()
        self.begin(
            starts_on=self.on - timedelta(days=4), ends_on=self.on, kind=TrainingKind.SCHOOL,
            unit=self.reach[0].code if self.reach else "",
        )  # fmt: skip


class EnrolForm(DeedForm):
    """参训人员."""

    cadres = cadres_field("参训人员")
    absent = hours_field("请假学时", least="0")

    def prepare(self) -> None:
        """Nobody missed an hour."""
        self.people("cadres")
        self.fields["absent"].help_text = "请假超过总学时七分之一的，不计学时。"
        self.begin(absent=0)


class CriterionForm(DeedForm):
    """五型队伍的标准."""

    unit = unit_field()
    kind = chips_field("类型", TagKind.choices)
    text = line_field("标准", 300)

    def prepare(self) -> None:
        """For the whole of what is in reach."""
        self.units()
        self.begin(unit=self.reach[0].code if self.reach else "")


class TagForm(DeedForm):
    """五型队伍标签."""

    criterion = forms.ModelChoiceField(
        label="标签", queryset=TagCriterion.unscoped.none(), to_field_name="uuid",
        error_messages={"required": "请选择标签。", "invalid_choice": "没有这个标签。"},
    )  # fmt: skip
    year = number_field("年度", least=2000, most=2100)
    basis = line_field("依据", 200, hint="对照标准，写事实")

    def prepare(self) -> None:
        """The standards that hold for this person."""
        cadre: Cadre = self.thing
        rows = TagCriterion.objects.within(*self.reach).select_related("unit")
        fit = [row.pk for row in rows if cadre.unit.path.startswith(row.unit.path)]
        self.rows("criterion", rows.filter(pk__in=fit))
        self.begin(year=self.on.year)
