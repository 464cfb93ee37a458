"""Forms of deeds: one thing done to one row, on one day; and the fields they are made of."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms

_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}
PHOTO = "手机照片即可，上传时会去掉拍摄地点等信息。"
PAPER = "PDF、Word（.docx）、Excel（.xlsx）或照片；涉密材料不要上传。"


class DeedForm(forms.Form):
    """One deed on ``thing`` on the local day ``on``; ``asked`` comes from ``?for=``."""

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


class SureForm(DeedForm):
    """A deed that needs no more words."""


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
        error_messages=_said(label, longest),
    )  # fmt: skip


def words_field(
    label: str,
    longest: int = 1000,
    *,
    rows: int = 3,
    required: bool = True,
    help_text: str = "",
    hint: str = "",
) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows} | ({"placeholder": hint} if hint else {})),
        error_messages=_said(label, longest),
    )  # fmt: skip


def chips_field(
    label: str, choices: Any = (), *, required: bool = True, help_text: str = ""
) -> forms.ChoiceField:
    """One of a few, tapped."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text,
        required=required,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"},
    )  # fmt: skip


def pick_field(
    label: str, choices: Any = (), *, required: bool = True, help_text: str = ""
) -> forms.ChoiceField:
    """One of many, from a list."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=help_text, required=required,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"},
    )  # fmt: skip


def number_field(
    label: str, *, most: int, least: int = 0, required: bool = True, help_text: str = ""
) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, required=required,
        error_messages=_number(label, least, most) | {"invalid": f"{label}应是整数。"},
    )  # fmt: skip


def decimal_field(
    label: str, *, most: int, places: int = 1, required: bool = True, help_text: str = ""
) -> forms.DecimalField:
    """A number with a point."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, decimal_places=places, required=required,
        help_text=help_text,
        error_messages=_number(label, 0, most)
        | {"invalid": f"{label}应是数字。", "max_decimal_places": f"{label}最多 {places} 位小数。"},
    )  # fmt: skip


def upload_field(label: str, *, help_text: str, required: bool = False) -> forms.FileField:
    """A photo or a paper; what it may be is checked when it is kept."""
    return forms.FileField(
        label=label, required=required, help_text=help_text,
        error_messages={"required": f"请选择{label}。", "empty": "这个文件是空的。"},
    )  # fmt: skip


def _said(label: str, longest: int) -> dict[str, str]:
    return {
        "required": f"请填写{label}。",
        "max_length": f"{label}请控制在 {longest} 字以内。",
    }


def _number(label: str, least: int, most: int) -> dict[str, str]:
    # These two are filled by Django with its own values: a percent sign is no placeholder.
    plain, label = label, label.replace("%", "%%")
    return {
        "required": f"请填写{plain}。",
        "min_value": f"{label}不能小于 {least}。",
        "max_value": f"{label}不能大于 {most}。",
    }
