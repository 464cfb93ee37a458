"""Fields with the sentences that people read when something is missing."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from core.codes import EDUCATION, NATIONALITY


class OnceForm(forms.Form):
    """A form that makes a row: sent twice it makes one."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid.uuid4()

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, picked."""
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        error_messages={"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"},
    )  # fmt: skip


def line_field(
    label: str, longest: int, *, required: bool = True, help_text: str = "", hint: str = ""
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


def words_field(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A few lines, at most 300 characters."""
    return forms.CharField(
        label=label, max_length=300, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": f"请填写{label}。", "max_length": f"{label}请控制在 300 字以内。",
        },
    )  # fmt: skip


def chips_field(label: str, choices: Any, *, help_text: str = "") -> forms.ChoiceField:
    """One of a few, tapped."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text,
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def number_field(
    label: str, *, most: int, least: int = 0, required: bool = True, help_text: str = ""
) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=help_text,
        error_messages={
            "required": f"请填写{label}。", "invalid": f"{label}应是整数。",
            "min_value": f"{label}不能小于 {least}。", "max_value": f"{label}不能大于 {most}。",
        },
    )  # fmt: skip


def code_choices(table: Any) -> list[tuple[str, str]]:
    """The codes of a national table, none first."""
    return [("", "不填"), *table.choices]


ETHNICITIES, EDUCATIONS = code_choices(NATIONALITY), code_choices(EDUCATION)
