"""The form of a deed: knows what it is about and which day it is."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms

_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}


class DeedForm(forms.Form):
    """One deed on ``thing`` on the local day ``on``. ``initial_of`` fills what is known."""

    def __init__(self, *args: Any, thing: Any, on: date, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing, self.on, self.asked = thing, on, asked
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values, by what it is about."""

    def begin(self, **values: object) -> None:
        """First values of fields."""
        for name, value in values.items():
            self.fields[name].initial = value

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class OnceForm(DeedForm):
    """A deed that makes a row: a form sent twice makes one."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(form_key=uuid.uuid4())


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, picked."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput, help_text=help_text,
        error_messages=_DAY,
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


def words_field(
    label: str,
    longest: int = 2000,
    *,
    rows: int = 4,
    required: bool = True,
    help_text: str = "",
    hint: str = "",
) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows} | ({"placeholder": hint} if hint else {})),
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}请控制在 {longest} 字以内。",
        },
    )  # fmt: skip


def chips_field(label: str, choices: Any, *, help_text: str = "") -> forms.ChoiceField:
    """One of a few, tapped."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text,
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def number_field(
    label: str, *, most: int, least: int = 0, help_text: str = ""
) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text,
        error_messages={
            "required": f"请填写{label}。",
            "invalid": f"{label}应是整数。",
            "min_value": f"{label}不能小于 {least}。",
            "max_value": f"{label}不能大于 {most}。",
        },
    )  # fmt: skip


def upload_field(label: str, *, help_text: str) -> forms.FileField:
    """A photo or a paper; what it may be is checked when it is kept."""
    return forms.FileField(label=label, required=False, help_text=help_text)
