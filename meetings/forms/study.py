"""What people type about the study plan: the district's list, a branch's plan, the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from meetings.enums.study import Split, TextKind
from meetings.forms.filters import YearFilterForm
from meetings.models import StudyPhase

_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:
    _Choice = forms.ModelChoiceField


class _PhaseField(_Choice):
    """A phase by its name and days."""

    def label_from_instance(self, obj: Any) -> str:
        """第一季度（1月1日—3月31日）."""
        first, last = obj.starts_on, obj.ends_on
        return f"{obj.name}（{first.month}月{first.day}日—{last.month}月{last.day}日）"


def phase_field(label: str) -> Any:
    """A choice among the phases that the form is given."""
    return _PhaseField(
        label=label,
        queryset=StudyPhase.unscoped.none(),
        empty_label="请选择",
        error_messages={"required": "请选择阶段。", "invalid_choice": "请选择这一年的阶段。"},
    )


class _Phased(forms.Form):
    """A form with a phase of one district and year."""

    def __init__(self, *args: Any, phases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = phases  # type: ignore[attr-defined]


class TextForm(_Phased):
    """学习篇目."""

    title = forms.CharField(
        label="篇目",
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "例如：《中国共产党章程》总纲"}),
        error_messages={"required": "请写明篇目。", "max_length": "篇目请控制在 100 字以内。"},
    )
    kind = forms.ChoiceField(
        label="类型",
        choices=TextKind.choices,
        widget=forms.RadioSelect,
        initial=TextKind.CONSTITUTION,
    )
    phase = phase_field("建议阶段")
    pages = forms.CharField(label="章节或页码", max_length=60, required=False)
    description = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="各支部会看到。涉密内容不要写在这里。",
    )
    is_active = forms.BooleanField(
        label="在用",
        required=False,
        initial=True,
        help_text="停用后不再计入各支部的计划，已学过的记录不受影响。",
    )


class ItemForm(_Phased):
    """The branch's own text."""

    title = forms.CharField(
        label="学习内容",
        max_length=100,
        error_messages={"required": "请写明学习内容。", "max_length": "请控制在 100 字以内。"},
    )
    kind = forms.ChoiceField(
        label="类型",
        choices=TextKind.choices,
        widget=forms.RadioSelect,
        initial=TextKind.SPEECH,
    )
    phase = phase_field("安排在哪个阶段")
    leader = forms.CharField(label="领学人", max_length=60, required=False)


class ItemChangeForm(_Phased):
    """When a text is studied, and who leads."""

    phase = phase_field("安排在哪个阶段")
    leader = forms.CharField(
        label="领学人", max_length=60, required=False, help_text="由哪位同志领学，写姓名即可。"
    )


class PhaseForm(forms.Form):
    """学习阶段."""

    name = forms.CharField(
        label="阶段名称", max_length=20, error_messages={"required": "请写明阶段名称。"}
    )
    starts_on = forms.DateField(label="开始日期", widget=forms.DateInput, error_messages=_DAY)
    ends_on = forms.DateField(
        label="结束日期", widget=forms.DateInput, error_messages=_DAY, help_text="阶段的最后一天。"
    )


class SplitForm(forms.Form):
    """How the year is divided."""

    split = forms.ChoiceField(label="划分办法", choices=Split.choices, initial=Split.QUARTER)


class ListFileForm(forms.Form):
    """A workbook with the year's list."""

    file = forms.FileField(
        label="学习清单表格",
        help_text="Excel 或 CSV。表头要有：篇目、阶段；可以有：类型、章节或页码、说明。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的，请另选一个。"},
    )


STATES = (
    ("", "全部支部"),
    ("lagging", "进度落后"),
    ("none", "没有计划"),
    ("complete", "全部学完"),
)


class StudyFilterForm(YearFilterForm):
    """Year, subtree, standing."""

    state = forms.ChoiceField(label="情况", required=False, choices=STATES)
