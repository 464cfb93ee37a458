"""A new case, a person's facts, and one step, whose fields follow from its number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from branches.enums import Sex, UnitKind
from branches.models import Member, Unit
from membership.enums import ASKED_FOR, END_CHOICES, OUTCOMES, STAGE_SLUGS, Number, Stage
from membership.forms.base import (
    EDUCATIONS,
    ETHNICITIES,
    OnceForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    words_field,
)
from membership.models import Candidate
from membership.rules import Limit

_NOT_HERE = "谈话、政审、考察的内容不要写在这里，只写材料放在哪里。"
STAGES = [
    ("", "正在办理的"),
    *((STAGE_SLUGS[stage], str(stage.label)) for stage in Stage),
    ("all", "全部"),
]


DID = [
    ("", "不限"), ("applied", "递交申请"), ("activist", "确定为积极分子"),
    ("target", "列为发展对象"), ("accepted", "接收为预备党员"), ("confirmed", "转为正式党员"),
]  # fmt: skip


class PersonForm(OnceForm):
    """Who it is."""

    name = line_field("姓名", 60)
    id_number = line_field(
        "公民身份号码", 30, required=False, help_text="加密保存；出生日期和性别由号码得出。"
    )
    birth_date = day_field("出生日期", required=False, help_text="填了身份号码的不用填。")
    sex = forms.ChoiceField(label="性别", choices=Sex.choices, required=False)
    phone = line_field("手机号码", 30, required=False)
    ethnicity = forms.ChoiceField(label="民族", choices=ETHNICITIES, required=False)
    education = forms.ChoiceField(label="学历", choices=EDUCATIONS, required=False)
    job = line_field("工作岗位", 60, required=False)

    def __init__(self, *args: Any, candidate: Candidate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sex"].initial = Sex.UNKNOWN
        if candidate is None:
            return
        for name in ("name", "birth_date", "sex", "ethnicity", "education", "job"):
            self.fields[name].initial = getattr(candidate, name)
        known = f"现为 {candidate.masked_id_number}，不改的不用填。"
        self.fields["id_number"].help_text = known if candidate.id_number else "加密保存。"
        self.fields["phone"].help_text = (
            f"现为 {candidate.masked_phone}，不改的不用填。" if candidate.phone else ""
        )


class RegisterForm(PersonForm):
    """入党申请书."""

    applied_on = day_field("递交申请书的日期", help_text="按这一天适用的规定版本办理。")
    paper = line_field("申请书存放处", 100, required=False, hint="例如：支部档案柜 2 号")
    field_order = ["name", "applied_on", "id_number", "birth_date", "sex", "phone"]

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applied_on"].initial = on


class EndForm(forms.Form):
    """终止."""

    reason = chips_field("终止的原因", [(one.value, one.label) for one in END_CHOICES])


class BackForm(forms.Form):
    """撤销一步."""

    reason = words_field("撤销的原因")


class FilterForm(forms.Form):
    """The list's filters; what is no choice falls back to the first."""

    q = forms.CharField(label="姓名", required=False, max_length=60)
    stage = forms.ChoiceField(label="阶段", choices=STAGES, required=False)
    unit = forms.ChoiceField(label="党组织", required=False)
    did = forms.ChoiceField(label="办理事项", choices=DID, required=False)
    year = forms.ChoiceField(label="办理年度", required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = self.fields["year"]
        assert isinstance(years, forms.ChoiceField)
        years.choices = [("", "不限"), *((str(y), f"{y}年") for y in range(year, year - 6, -1))]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *units]

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing sensible."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


# --- Steps -----------------------------------------------------------------------------------

_PERSONS: dict[int, tuple[str, str]] = {
    Number.TALK: ("谈话人", "只记谁谈的、哪天谈的，不记谈话内容。"),
    Number.CONTACTS: ("培养联系人", "一至两名正式党员，用顿号分开。"),
    Number.OBSERVE: ("考察人", _NOT_HERE),
    Number.INTRODUCERS: ("入党介绍人", "两名正式党员，用顿号分开。"),
    Number.REVIEW: ("政审人员", _NOT_HERE),
    Number.UPPER_TALK: ("谈话人", "只记谁谈的、哪天谈的，不记谈话内容。"),
    Number.PROBATION: ("考察人", _NOT_HERE),
}
_DAYS: dict[int, tuple[str, str]] = {
    Number.TALK: ("谈话日期", ""),
    Number.PUBLISH: ("公示结束日期", "公示不少于规定的工作日，调休的周末算工作日。"),
    Number.PROPOSE: ("支委会日期", "听取党小组、培养联系人、党员和群众意见以后召开。"),
    Number.PRECHECK: ("预审日期", "预审合格后一个月内召开支部大会。"),
    Number.MEETING: ("支部大会日期", "预备期从这一天算起。"),
    Number.APPROVE: ("审批日期", "批准后自动列入支部名册，为预备党员。"),
    Number.CONFIRM: ("支部大会日期", ""),
    Number.CONFIRM_APPROVE: ("审批日期", "批准后自动改写名册。"),
    Number.TRAIN: ("结业日期", ""),
}
_DOCUMENTS: dict[int, str] = {
    Number.RECORD: "备案文号", Number.TRAIN: "结业证编号", Number.PRECHECK: "预审批复文号",
    Number.FORM: "入党志愿书编号", Number.APPROVE: "批复文号", Number.CONFIRM_APPROVE: "批复文号",
}  # fmt: skip
_PLACES: dict[int, str] = {Number.PUBLISH: "公示地点", Number.OATH: "宣誓地点"}
_TALLY = {
    "eligible": "应到会有表决权的党员", "present": "实到会有表决权的党员", "yes": "赞成",
    "no": "反对", "abstain": "弃权",
}  # fmt: skip


class StepForm(OnceForm):
    """One step: its day and what :data:`membership.enums.ASKED_FOR` says."""

    def __init__(
        self, *args: Any, candidate: Candidate, limit: Limit, on: date, is_late: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.candidate, self.number = candidate, limit.number
        label, help_text = _DAYS.get(limit.number, ("办理日期", ""))
        if limit.number == Number.PUBLISH:
            self.fields["since"] = day_field("公示开始日期")
        self.fields["day"] = day_field(label, help_text=help_text)
        self.fields["day"].initial = on
        for one in ASKED_FOR[limit.number]:
            name, needed = one.rstrip("!"), one.endswith("!")
            if name not in self.fields:
                self.fields[name] = _MAKERS[name](self, needed)
        if not is_late:
            self.fields.pop("is_special", None)
        else:
            self.fields["late_reason"] = words_field(
                "超期原因", required=False, help_text="超过规定期限的须写明原因，如实登记即可。"
            )

    def outcome(self, needed: bool) -> forms.Field:
        """The outcomes of this step."""
        return chips_field("结果", OUTCOMES[self.number])

    def persons(self, needed: bool) -> forms.Field:
        """By whom."""
        label, help_text = _PERSONS.get(self.number, ("推荐单位或推荐人", ""))
        return line_field(label, 100, required=needed, help_text=help_text)

    def document(self, needed: bool) -> forms.Field:
        """Number of a paper."""
        return line_field(_DOCUMENTS.get(self.number, "文号或编号"), 80, required=needed)

    def paper(self, needed: bool) -> forms.Field:
        """Where the paper lies."""
        return line_field(
            "材料存放处", 100, required=needed, hint="例如：支部档案柜 2 号", help_text=_NOT_HERE
        )

    def place(self, needed: bool) -> forms.Field:
        """Where."""
        return line_field(_PLACES.get(self.number, "地点"), 100, required=needed)

    def answer(self, needed: bool) -> forms.Field:
        """Opinion of those above."""
        return words_field("意见", required=False, help_text="不同意的须写明。不写考察、政审内容。")

    def group(self, needed: bool) -> forms.Field:
        """A 党小组 of the branch."""
        rows = Unit.unscoped.filter(
            parent=self.candidate.unit_id, kind=UnitKind.GROUP, dissolved_on__isnull=True
        )
        return forms.ModelChoiceField(
            label="编入党小组", queryset=rows, required=False, empty_label="不设党小组"
        )

    def months(self, needed: bool) -> forms.Field:
        """How long an extension."""
        rules = self.candidate.rules
        return number_field(
            "延长几个月", least=rules.extension_least, most=rules.extension_most, required=False,
            help_text="选“延长预备期”时填，只能延长一次："
            f"{rules.extension_least} 至 {rules.extension_most} 个月。",
        )  # fmt: skip

    def special(self, needed: bool) -> forms.Field:
        """审批 within six months."""
        return forms.BooleanField(
            label="特殊情况，审批时间适当延长", required=False, help_text="勾选的须写明原因。"
        )


def _tally(name: str) -> Callable[[StepForm, bool], forms.Field]:
    def make(form: StepForm, needed: bool) -> forms.Field:
        field = number_field(_TALLY[name], most=5000)
        if name in ("no", "abstain"):
            field.initial = 0
        if name == "eligible":
            field.help_text = "预备党员、留党察看的没有表决权。"
            field.initial = (
                Member.unscoped.filter(unit=form.candidate.unit_id, kind="01", state="active")
                .order_by()
                .count()
            )
        return field

    return make


_MAKERS: dict[str, Callable[[StepForm, bool], forms.Field]] = {
    "outcome": StepForm.outcome,
    "persons": StepForm.persons,
    "document": StepForm.document,
    "paper": StepForm.paper,
    "place": StepForm.place,
    "answer": StepForm.answer,
    "group": StepForm.group,
    "months": StepForm.months,
    "is_special": StepForm.special,
    "training_days": lambda form, needed: number_field("培训天数", most=365, required=False),
    "training_hours": lambda form, needed: number_field(
        "或学时数", most=1000, required=False, help_text="天数、学时填一项即可。"
    ),
    **{name: _tally(name) for name in _TALLY},
}


class AnswerForm(forms.Form):
    """上级对报送的答复."""

    agree = chips_field("答复", [("yes", "同意"), ("no", "不同意，退回支部")])
    day = day_field("答复日期")
    document = line_field("批复（备案）文号", 80, required=False)
    answer = words_field("意见", required=False, help_text="不同意的须写明，支部能看到。")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on
