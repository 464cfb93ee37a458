"""The form of a deed: knows what it is about, which day it is, and which units are in reach."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from branches.enums import UnitKind
from branches.models import Unit
from cadres.models import Cadre
from cadres.rules.screen import refused_name, refused_text

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Cadre]
    _Choices = forms.ModelMultipleChoiceField[Cadre]
else:
    _Choice, _Choices = forms.ModelChoiceField, forms.ModelMultipleChoiceField
_DAY = {"required": "请选择日期。", "invalid": "请写成 2026-07-14 这样的日期。"}
DECLARATION = "我已核对：不涉密，不含档案扫描件、考察材料、个人事项报告、谈话、举报的内容"
PAPER_HELP = "写材料放在哪里（如：干部科 3 号柜），不写材料内容。"


class DeedForm(forms.Form):
    """One deed on ``thing`` on the local day ``on``, of somebody who reaches ``reach``.

    A form with a text or an upload asks for the declaration, and is screened field by field.
    """

    def __init__(
        self, *args: Any, thing: Any, on: date, reach: Sequence[Unit], asked: str = "",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.thing, self.on, self.reach, self.asked = thing, on, tuple(reach), asked
        self.prepare()
        if self.written:
            self.fields["declared"] = forms.BooleanField(
                label=DECLARATION,
                error_messages={"required": "请先核对并打勾：本系统不得存放涉密内容。"},
            )

    @property
    def written(self) -> bool:
        """Whether words or a file can be given."""
        return any(type(one) in (forms.CharField, forms.FileField) for one in self.fields.values())

    def prepare(self) -> None:
        """Choices and first values, by what it is about."""

    def clean(self) -> dict[str, Any]:
        """Screen every text and every file's name (rules.md §10)."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            field = self.fields.get(name)
            fault = ""
            if type(field) is forms.CharField and name not in ("id_number", "phone"):
                fault = refused_text(str(value))
            elif isinstance(field, forms.FileField) and value:
                fault = refused_name(value.name)
            if fault:
                self.add_error(name, fault)
        return data

    def begin(self, **values: object) -> None:
        """First values of fields."""
        for name, value in values.items():
            self.fields[name].initial = value

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """The choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def rows(self, name: str, queryset: Any) -> None:
        """The rows that a field chooses from."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def units(self, name: str = "unit") -> None:
        """Organisations in reach, groups left out."""
        found = Unit.objects.within(*self.reach).exclude(kind=UnitKind.GROUP).order_by("path")
        self.rows(name, found)

    def people(self, name: str = "cadre") -> None:
        """Serving cadres in reach."""
        found = Cadre.objects.within(*self.reach).serving().select_related("unit")
        self.rows(name, found.order_by("unit__path", "level", "pk"))


class OnceForm(DeedForm):
    """A deed that makes a row: a form sent twice makes one."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(form_key=uuid.uuid4())


class CadreChoice(_Choice):
    """A person with his organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """王某（某某局）."""
        return f"{obj.name}（{obj.workplace}）"


class CadreChoices(_Choices):
    """Several persons."""

    def label_from_instance(self, obj: Any) -> str:
        """王某（某某局）."""
        return f"{obj.name}（{obj.workplace}）"


def unit_field(label: str = "单位", *, required: bool = True) -> forms.ModelChoiceField[Unit]:
    """An organisation in reach, by its code."""
    return forms.ModelChoiceField(
        label=label, queryset=Unit.unscoped.none(), to_field_name="code", required=required,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "没有这个单位。"},
    )  # fmt: skip


def cadre_field(label: str) -> CadreChoice:
    """A person in reach."""
    return CadreChoice(
        label=label, queryset=Cadre.unscoped.none(), to_field_name="uuid",
        error_messages={"required": f"请选择{label}。", "invalid_choice": "没有这名干部。"},
    )  # fmt: skip


def cadres_field(label: str, *, help_text: str = "") -> CadreChoices:
    """Several persons in reach, ticked."""
    return CadreChoices(
        label=label, queryset=Cadre.unscoped.none(), to_field_name="uuid", help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": f"请勾选{label}。", "invalid_choice": "没有这名干部。",
            "invalid_pk_value": "没有这名干部。",
        },
    )  # fmt: skip


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
        widget=forms.TextInput(
            attrs={"autocomplete": "off"} | ({"placeholder": hint} if hint else {})
        ),
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}请控制在 {longest} 字以内。",
        },
    )  # fmt: skip


def words_field(label: str, longest: int, *, help_text: str = "") -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def paper_field(label: str = "纸质材料存放处", *, required: bool = True) -> forms.CharField:
    """Where the paper lies."""
    return line_field(label, 100, required=required, help_text=PAPER_HELP)


def chips_field(
    label: str, choices: Any, *, help_text: str = "", required: bool = True
) -> forms.ChoiceField:
    """One of a few, tapped."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text,
        required=required, error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def pick_field(label: str, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """One of many, from a list."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required,
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def number_field(
    label: str, *, most: int, least: int = 0, help_text: str = "", required: bool = True
) -> forms.IntegerField:
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


def hours_field(label: str, *, least: str = "0.5") -> forms.DecimalField:
    """Hours of a course."""
    return forms.DecimalField(
        label=label, min_value=Decimal(least), max_value=Decimal(2000), decimal_places=1,
        max_digits=5,
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}应是数字。"},
    )  # fmt: skip
