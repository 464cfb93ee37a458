"""Fields in the words of 党费与经费, and the form that knows what it is about."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms


class AboutForm(forms.Form):
    """A form about ``thing`` on the local day ``on``; ``asked`` is the address's query."""

    def __init__(self, *args: Any, thing: Any, on: date, asked: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing, self.on, self.asked = thing, on, asked
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values."""

    def begin(self, **values: object) -> None:
        """First values of fields."""
        for name, value in values.items():
            self.fields[name].initial = value

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class OnceForm(AboutForm):
    """Makes a row: sent twice it makes one."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(form_key=uuid.uuid4())


class SureForm(AboutForm):
    """Nothing to fill in."""


class ReasonForm(AboutForm):
    """Only a reason."""

    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会留在更正记录里。个人病情等隐私不要写。",
        error_messages={"required": "请写明原因。", "max_length": "请控制在 200 字以内。"},
    )  # fmt: skip


class AnswerForm(AboutForm):
    """Why not."""

    answer = forms.CharField(
        label="意见", max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明意见。", "max_length": "请控制在 200 字以内。"},
    )  # fmt: skip


def day(label: str, *, help_text: str = "") -> forms.DateField:
    """A day, picked."""
    return forms.DateField(
        label=label, widget=forms.DateInput, help_text=help_text,
        error_messages={"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"},
    )  # fmt: skip


def yuan(
    label: str, *, required: bool = True, help_text: str = "", least: str = "0.01"
) -> forms.DecimalField:
    """Money in yuan with two decimals."""
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(least), max_digits=10, decimal_places=2,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "step": "0.01"}),
        error_messages={
            "required": f"请填写{label}。",
            "invalid": "请填数字，单位是元。",
            "min_value": f"不能小于 {least} 元。",
            "max_digits": "金额太大，请核对是不是按元填写。",
            "max_decimal_places": "最多两位小数。",
            "max_whole_digits": "金额太大，请核对是不是按元填写。",
        },
    )  # fmt: skip


def line(
    label: str, longest: int = 200, *, required: bool = True, help_text: str = "", hint: str = ""
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        widget=forms.TextInput(attrs={"placeholder": hint} if hint else {}),
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}请控制在 {longest} 字以内。",
        },
    )  # fmt: skip


def words(
    label: str, longest: int, *, rows: int = 3, required: bool = True, help_text: str = "",
    hint: str = "",
) -> forms.CharField:  # fmt: skip
    """Several lines of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows} | ({"placeholder": hint} if hint else {})),
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}请控制在 {longest} 字以内。",
        },
    )  # fmt: skip


def pick(
    label: str, choices: Any = (), *, required: bool = True, help_text: str = ""
) -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=help_text,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"},
    )  # fmt: skip


def month_choices(first: date, count: int) -> list[tuple[str, str]]:
    """``count`` months from ``first`` on, as choices 2026-07 → 2026年7月."""
    found = []
    for step in range(count):
        at = first.year * 12 + first.month - 1 + step
        year, month = at // 12, at % 12 + 1
        found.append((f"{year}-{month:02}", f"{year}年{month}月"))
    return found


def month_in(value: str) -> date:
    """The first day of a chosen month."""
    return date(int(value[:4]), int(value[5:7]), 1)
