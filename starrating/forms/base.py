"""Fields as all forms of the part have them, and the form of a deed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}
PAPER = "照片、PDF、Word（.docx）或 Excel（.xlsx）；涉密材料不要上传。"


class DeedForm(forms.Form):
    """One deed on ``thing`` on the local day ``on``; ``asked`` is what the link named."""

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


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """The choices of a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


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
    label: str, longest: int = 500, *, rows: int = 3, required: bool = True, help_text: str = "",
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


def chips_field(label: str, choices: Any = (), *, help_text: str = "") -> forms.ChoiceField:
    """One of a few, tapped."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"},
    )  # fmt: skip


def pick_field(label: str, choices: Any = (), *, help_text: str = "") -> forms.ChoiceField:
    """One of many, from a list."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=help_text,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"},
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


def decimal_field(
    label: str, *, most: int, required: bool = True, places: int = 2, help_text: str = ""
) -> forms.DecimalField:
    """Points, percent or yuan."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, max_digits=12, decimal_places=places,
        required=required, help_text=help_text,
        error_messages={
            "required": f"请填写{label}。", "invalid": f"{label}请填数字。",
            "min_value": f"{label}不能小于 0。", "max_value": f"{label}不能大于 {most}。",
            "max_decimal_places": f"{label}最多 {places} 位小数。",
        },
    )  # fmt: skip


def upload_field(label: str = "佐证材料", *, help_text: str = PAPER) -> forms.FileField:
    """A photo or a paper; what it may be is checked when it is kept."""
    return forms.FileField(label=label, required=False, help_text=help_text)
