"""What people type about 党课: lecturers, courses, wishes and times."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from branches.models import Unit
from meetings.enums.lectures import BookingState, CourseKind
from meetings.forms.filters import YearFilterForm
from meetings.models import Lecturer

_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}
_TIME = {"required": "请填写时间。", "invalid": "请按 14:30 的样子填写时间。"}
_CHOICE = {"required": "请选择一项。", "invalid_choice": "请从列出的里面选择。"}


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:
    _Choice = forms.ModelChoiceField


class _LecturerField(_Choice):
    """A lecturer with his post."""

    def label_from_instance(self, obj: Any) -> str:
        """李敏（区委党校讲师）."""
        return f"{obj.name}（{obj.post}）"


class _Offering(forms.Form):
    """A form with the organisation that offers."""

    unit: Any = forms.ModelChoiceField(
        label="由谁提供",
        queryset=Unit.unscoped.none(),
        empty_label=None,
        help_text="所选党组织下面的全部支部都能看到。",
        error_messages=_CHOICE,
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class LecturerForm(_Offering):
    """讲师."""

    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请写姓名。"})
    post = forms.CharField(
        label="单位及职务", max_length=100, error_messages={"required": "请写明单位及职务。"}
    )
    topics = forms.CharField(
        label="主讲方向",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "例如：党史、党章党规、基层治理"}),
    )
    is_active = forms.BooleanField(label="在聘", required=False, initial=True)


class CourseForm(_Offering):
    """课程."""

    title = forms.CharField(
        label="课程",
        max_length=100,
        error_messages={"required": "请写明课程名称。", "max_length": "请控制在 100 字以内。"},
    )
    kind = forms.ChoiceField(
        label="类型", choices=CourseKind.choices, widget=forms.RadioSelect, initial=CourseKind.MICRO
    )
    lecturer = _LecturerField(
        label="讲师",
        queryset=Lecturer.unscoped.none(),
        empty_label="请选择",
        error_messages={"required": "请选择讲师。", **_CHOICE},
    )
    minutes = forms.IntegerField(
        label="时长",
        min_value=5,
        max_value=480,
        initial=20,
        help_text="微党课一般 15 到 30 分钟。",
        error_messages={"required": "请填写时长。", "invalid": "请写分钟数。"},
    )
    year = forms.IntegerField(
        label="年份",
        min_value=2000,
        max_value=2100,
        error_messages={"required": "请填写年份。", "invalid": "请写四位数的年份。"},
    )
    summary = forms.CharField(
        label="内容简介",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_active = forms.BooleanField(label="可点课", required=False, initial=True)

    def __init__(self, *args: Any, lecturers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lecturer"].queryset = lecturers  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """点课: when and where the branch would like it."""

    unit: Any = forms.ModelChoiceField(
        label="哪个支部", queryset=Unit.unscoped.none(), empty_label=None, error_messages=_CHOICE
    )
    wish = forms.CharField(
        label="希望的时间和地点",
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": "例如：下周二下午，支部活动室", "autocomplete": "off"}
        ),
    )
    note = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SlotForm(forms.Form):
    """When, how long, where, and by whom."""

    lecturer = _LecturerField(
        label="讲师",
        queryset=Lecturer.unscoped.none(),
        empty_label=None,
        error_messages={"required": "请选择讲师。", **_CHOICE},
    )
    day = forms.DateField(label="日期", widget=forms.DateInput, error_messages=_DAY)
    start = forms.TimeField(label="开始时间", widget=forms.TimeInput, error_messages=_TIME)
    minutes = forms.IntegerField(
        label="时长",
        min_value=5,
        max_value=480,
        error_messages={"required": "请填写时长。", "invalid": "请写分钟数。"},
    )
    place = forms.CharField(
        label="地点", max_length=100, error_messages={"required": "请写明地点。"}
    )

    def __init__(self, *args: Any, lecturers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lecturer"].queryset = lecturers  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        """The moment it begins, in local time; only after ``is_valid()``."""
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["day"], data["start"]))


class VisitForm(SlotForm):
    """送学上门: for one branch or for several together."""

    units: Any = forms.ModelMultipleChoiceField(
        label="去哪些支部",
        queryset=Unit.unscoped.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="选几个支部就是联合一场，时间、地点相同。",
        error_messages={"required": "请至少选择一个支部。", **_CHOICE},
    )
    note = forms.CharField(label="备注", max_length=200, required=False)
    visit = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """不能安排: why."""

    reason = forms.CharField(
        label="理由", max_length=200, error_messages={"required": "请写明不能安排的理由。"}
    )


class BookingFilterForm(YearFilterForm):
    """Year, state, kind, subtree."""

    state = forms.ChoiceField(
        label="情况", required=False, choices=[("", "全部"), *BookingState.choices]
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部类型"), *CourseKind.choices]
    )
    field_order: Any = ("year", "state", "kind", "unit")
