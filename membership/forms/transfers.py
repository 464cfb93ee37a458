"""What is typed to ask for a transfer, to answer it, and to keep its letters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from branches.enums import MemberKind, UnitKind
from branches.models import Member, Unit
from membership.enums import TransferState, Way
from membership.forms.base import (
    OnceForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    words_field,
)
from membership.limits import limits
from membership.models import Clock, Transfer

STATES = [
    ("", "全部"),
    ("under_way", "正在办理的"),
    ("overdue", "介绍信过期没有回执"),
    *((state.name.lower(), str(state.label)) for state in TransferState),
]
_FEW = 8


class LeaveForm(OnceForm):
    """转出: to another branch of the district, or outside."""

    way = chips_field("转到哪里", [(Way.INSIDE.value, "本区的党支部"), (Way.OUT.value, "区外")])
    to = line_field(
        "接收党支部", 120, required=False, hint="名称或代码",
        help_text="转到本区的填写：写党支部全称、简称或代码。",
    )  # fmt: skip
    outside = line_field(
        "区外党组织", 120, required=False, hint="例如：中共某某市某某区委组织部转某某社区党支部",
        help_text="转到区外的填写：写接收党组织的全称。",
    )  # fmt: skip
    reason = line_field("转接原因", 100, required=False, hint="例如：工作调动、居住地变化")
    dues_until = day_field("党费交到哪个月", required=False, help_text="选该月任意一天即可。")

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["way"].initial = Way.INSIDE.value

    def clean(self) -> dict[str, Any]:
        """The branch that is meant, or the words for outside."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("way") == Way.OUT and not data.get("outside"):
            self.add_error("outside", "请写明区外接收党组织的全称。")
        if data.get("way") == Way.INSIDE:
            data["to"] = self._branch(str(data.get("to", "")))
        return data

    def _branch(self, said: str) -> Unit | None:
        said = said.replace("\x00", "").strip()
        if not said:
            self.add_error("to", "请写接收党支部的名称或代码。")
            return None
        rows = (
            Unit.objects.everywhere("a transfer goes to any branch of the district")
            .branches()
            .filter(district=self.member.unit.district_id, dissolved_on__isnull=True)
        )
        exact = list(rows.filter(code=said)[:1]) or list(rows.filter(name=said)[:2])
        found = exact or list(rows.search(said).order_by("path")[: _FEW + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            self.add_error("to", "本区没有找到这个党支部，请核对名称或代码。")
        elif len(found) > _FEW:
            self.add_error("to", "名称相近的党支部太多，请写全称或代码。")
        else:
            names = "、".join(unit.name for unit in found)
            self.add_error("to", f"请写清是哪一个：{names}。")
        return None


class AskForm(OnceForm):
    """The new branch asks for somebody."""

    name = line_field("姓名", 60)
    id_number = line_field(
        "公民身份号码", 30, help_text="姓名和号码都与名册相符才能提出；号码不在这里保存。"
    )
    reason = line_field("转接原因", 100, required=False)


class ArriveForm(OnceForm):
    """凭介绍信转入."""

    name = line_field("姓名", 60)
    id_number = line_field("公民身份号码", 30, help_text="加密保存。")
    phone = line_field("手机号码", 30, required=False)
    kind = chips_field("人员类别", MemberKind.choices)
    joined_on = day_field("入党日期")
    confirmed_on = day_field("转正日期", required=False, help_text="预备党员不填。")
    outside = line_field("转出党组织", 120, help_text="照介绍信写。")
    letter_number = line_field("介绍信编号", 40)
    letter_on = day_field("介绍信开具日期")
    valid_days = number_field("有效天数", least=1, most=365)
    dues_until = day_field("党费交到哪个月", required=False, help_text="选该月任意一天即可。")
    late_reason = words_field(
        "超期原因", required=False, help_text="介绍信已过有效期的，须写明原因。"
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = MemberKind.FULL.value
        self.fields["valid_days"].initial = limits(on).letter_days


class DeedForm(forms.Form):
    """An answer to a transfer."""

    def __init__(self, *args: Any, transfer: Transfer, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transfer, self.on = transfer, on
        self.prepare()

    def prepare(self) -> None:
        """First values."""

    def begin(self, **values: object) -> None:
        """First values of fields that are there."""
        for name, value in values.items():
            self.fields[name].initial = value

    def groups(self) -> None:
        """The 党小组 of the new branch."""
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.unscoped.filter(
            parent=self.transfer.to_unit_id, kind=UnitKind.GROUP, dissolved_on__isnull=True
        )


def _group_field() -> Any:
    return forms.ModelChoiceField(
        label="编入党小组", queryset=Unit.unscoped.none(), required=False, empty_label="以后再编"
    )


class AgreeForm(DeedForm):
    """The new side: from which day, into which group."""

    effective_on = day_field("从哪天起在新支部", help_text="到这一天名册自动变动。")
    group = _group_field()

    def prepare(self) -> None:
        """Today."""
        self.begin(effective_on=self.on)
        self.groups()


class ReleaseForm(DeedForm):
    """The old side agrees to what the new one asked."""

    effective_on = day_field("从哪天起在新支部", help_text="到这一天名册自动变动。")

    def prepare(self) -> None:
        """Today."""
        self.begin(effective_on=self.on)


class SureForm(DeedForm):
    """Nothing to fill in."""


class ReasonForm(DeedForm):
    """A reason."""

    answer = words_field("理由")


class IssueForm(DeedForm):
    """介绍信."""

    letter_on = day_field("开具日期")
    valid_days = number_field("有效天数", least=1, most=365)
    letter_number = line_field(
        "介绍信编号", 40, required=False, help_text="不填就按年度顺序自动编号。"
    )

    def prepare(self) -> None:
        """Today, as long as letters usually hold."""
        self.begin(letter_on=self.on, valid_days=limits(self.on).letter_days)


class ReceiptForm(DeedForm):
    """回执."""

    receipt_on = day_field("回执日期", help_text="对方在回执上写的接收日期。")

    def prepare(self) -> None:
        """Today."""
        self.begin(receipt_on=self.on)


class AcceptForm(DeedForm):
    """接收."""

    effective_on = day_field("报到日期", help_text="从这一天起在支部名册上。")
    group = _group_field()

    def prepare(self) -> None:
        """Today."""
        self.begin(effective_on=self.on)
        self.groups()


class ReplyForm(DeedForm):
    """回执寄回."""

    receipt_on = day_field("回执寄出日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(receipt_on=self.on)


class FilterForm(forms.Form):
    """The list's filters."""

    state = forms.ChoiceField(label="情况", choices=STATES, required=False)
    way = forms.ChoiceField(label="方向", choices=[("", "全部"), *Way.choices], required=False)
    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *units]

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing sensible."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class ImportForm(forms.Form):
    """A workbook of letters."""

    file = forms.FileField(
        label="转入名单", help_text="Excel（.xlsx、.xls）或 CSV，最多 300 行。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip


class ClockForm(forms.Form):
    """Since when, where to, last word."""

    since = day_field("从哪天起")
    place = line_field("流动去向", 100, required=False, hint="省、市、县")
    contacted_on = day_field("最近一次联系（查找）的日期", required=False)

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(clock, name)
