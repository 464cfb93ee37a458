"""The form of a deed: knows what it is about and which day it is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

PAPER = "PDF、Word（.docx）、Excel（.xlsx）或照片；涉密材料不要上传。"
NAMELESS = "这一步只登记日期和人数：人选批准以前，系统不存人名，也不收材料。"


class DeedForm(forms.Form):
    """One deed on ``thing`` on the local day ``on``."""

    def __init__(self, *args: Any, thing: Any, on: date, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing, self.on, self.asked = thing, on, asked
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values, by what it is about: today, where there is a day."""
        if "day" in self.fields:
            self.begin(day=self.on)

    def begin(self, **values: object) -> None:
        """First values of fields."""
        for name, value in values.items():
            self.fields[name].initial = value

    def choose(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(value), label) for value, label in choices]


def key_field() -> forms.UUIDField:
    """A form sent twice makes one row."""
    return forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4,
        error_messages={"required": "表单不完整，请重新打开这一页。"},
    )  # fmt: skip


def day_field(label: str = "日期", *, required: bool = True, help_text: str = "") -> Any:
    """A day, picked."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput, help_text=help_text,
        error_messages={
            "required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。",
        },
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


def number_field(
    label: str, *, most: int = 100_000, least: int = 0, required: bool = True,
    help_text: str = "",
) -> forms.IntegerField:  # fmt: skip
    """A whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, required=required,
        error_messages={
            "required": f"请填写{label}。",
            "invalid": f"{label}应是整数。",
            "min_value": f"{label}不能小于 {least}。",
            "max_value": f"{label}不能大于 {most}。",
        },
    )  # fmt: skip


def choice_field(label: str, *, required: bool = True, help_text: str = "") -> Any:
    """One of a list."""
    return forms.ChoiceField(
        label=label, required=required, help_text=help_text,
        error_messages={
            "required": f"请选择{label}。", "invalid_choice": f"{label}不在可选的范围里。",
        },
    )  # fmt: skip


def file_field(label: str, *, help_text: str = PAPER) -> forms.FileField:
    """A photo or a paper; what it may be is checked when it is kept."""
    return forms.FileField(label=label, required=False, help_text=help_text)


def document_field(
    label: str = "文号", *, required: bool = True, hint: str = ""
) -> forms.CharField:  # fmt: skip
    """A document's number."""
    return line_field(label, 80, required=required, hint=hint or "例如：文昌工委〔2026〕12号")
