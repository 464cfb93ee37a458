"""A draft of a scheme as a form: one field per parameter, each with what it does in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from assessment.models import SchemeDraft
from assessment.rules import (
    CADENCE_NAMES,
    PARTS,
    WINDOW_NAMES,
    SchemeError,
    SchemeParameters,
    plain,
    weight_problems,
)
from branches.enums import DutyKind
from core.dates import Period

QUARTERS_AHEAD = 8
_ABOUT_DUTY = {
    DutyKind.MEMBERS: "各支部都要召开。",
    DutyKind.COMMITTEE: "设支委会的支部要召开。",
    DutyKind.GROUP: "有党小组的支部，每个党小组都要召开。",
    DutyKind.LECTURE: "各支部都要上。",
    DutyKind.FIXED_DAY: "每月一次，在固定的那一天开。",
    DutyKind.MUST_HOLD: "建党日、年底、重大决策、发展党员四种必须开会的情形，合在一起算。",
}
_ABOUT_CADENCE = {
    DutyKind.MEMBERS: "《支部工作条例》第十一条：一般每季度召开一次。",
    DutyKind.COMMITTEE: "《支部工作条例》第十二条：一般每月召开一次。",
    DutyKind.GROUP: "《支部工作条例》第十三条：一般每月召开一次。",
    DutyKind.LECTURE: "《支部工作条例》第十六条：定期开展，全国没有定次数；区里定为每半年一次。",
}
_ABOUT_PART = {
    "duties": "该开的会开没开、按不按时。",
    "attendance": "实到人次除以应到人次。",
    "quality": "本季度各次调阅打分的平均。",
}


def _weight(label: str, about: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=about,
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        error_messages={
            "required": f"请填写{label}的权重，不计的填 0。",
            "invalid": f"{label}的权重应是 0 到 100 之间的数。",
        },
    )


def _whole(label: str, about: str, top: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=about,
        min_value=0,
        max_value=top,
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}应是整数。"},
    )


def _how_often(label: str, about: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=about,
        choices=[(str(months), name) for months, name in CADENCE_NAMES.items()],
        error_messages={
            "required": f"请选择{label}多久一次。",
            "invalid_choice": f"{label}只能每月、每季度、每半年或每年一次，请重新选择。",
        },
    )


def _day(label: str) -> forms.RegexField:
    return forms.RegexField(
        r"^\d{2}-\d{2}$",
        label=label,
        help_text="写成 06-24 这样的月和日。",
        error_messages={
            "required": f"请填写{label}。",
            "invalid": f"{label}应写成 06-24 这样的月和日。",
        },
    )


def quarters_ahead(on: date) -> list[Period]:
    """The quarters that have not begun, the nearest first."""
    found = [Period.containing(on, "quarter").next()]
    while len(found) < QUARTERS_AHEAD:
        found.append(found[-1].next())
    return found


class DraftForm(forms.Form):
    """名称、起始、说明, and all parameters of :class:`assessment.rules.SchemeParameters`."""

    title = forms.CharField(
        label="名称", max_length=100, error_messages={"required": "请写明方案的名称。"}
    )
    valid_from = forms.ChoiceField(
        label="从哪个季度起适用",
        help_text="只能选还没有开始的季度；已经开始或考核过的季度不换方案。",
        error_messages={"invalid_choice": "请从列表里选择一个还没有开始的季度。"},
    )
    reason = forms.CharField(
        label="修改说明",
        required=False,
        max_length=1000,
        help_text="改了什么、为什么改；批准人会看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    off_day = _whole(
        "非固定日召开", "固定组织生活日没在当天开、但在当月开了的，按百分之几计分。", 100
    )
    late = _whole("补录", "会开了、提交迟了的，按百分之几计分。", 100)
    late_days = _whole("不算补录的天数", "会后这么多天以内第一次提交的，不算补录。", 90)

    def __init__(self, *args: Any, on: date, draft: SchemeDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in DutyKind:
            self.fields[f"duty_{kind.value}"] = _weight(str(kind.label), _ABOUT_DUTY[kind])
        for kind, often in _ABOUT_CADENCE.items():
            self.fields[f"cadence_{kind.value}"] = _how_often(str(kind.label), often)
        for key, name in PARTS.items():
            self.fields[f"part_{key}"] = _weight(name, _ABOUT_PART[key])
        for key, name in WINDOW_NAMES.items():
            self.fields[f"{key}_first"] = _day(f"{name}的第一天")
            self.fields[f"{key}_last"] = _day(f"{name}的最后一天")
        field = self.fields["valid_from"]
        assert isinstance(field, forms.ChoiceField)
        choices = [
            (one.start.isoformat(), f"{one.name}（{one.start:%Y-%m-%d} 起）")
            for one in quarters_ahead(on)
        ]
        field.choices = choices
        self.initial = {**_filled(draft), **self.initial}

    @property
    def duty_fields(self) -> list[forms.BoundField]:
        """The weights of the kinds, in their order."""
        return [self[f"duty_{kind.value}"] for kind in DutyKind]

    @property
    def cadence_fields(self) -> list[forms.BoundField]:
        """How often each kind is asked for."""
        return [self[f"cadence_{kind.value}"] for kind in _ABOUT_CADENCE]

    @property
    def part_fields(self) -> list[forms.BoundField]:
        """The weights of the parts."""
        return [self[f"part_{key}"] for key in PARTS]

    @property
    def window_fields(self) -> list[forms.BoundField]:
        """The days of the windows."""
        return [self[f"{key}_{end}"] for key in WINDOW_NAMES for end in ("first", "last")]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of a form whose fields are good, in their stored form."""
        data: Mapping[str, Any] = self.cleaned_data
        return {
            "duties": {kind.value: str(data[f"duty_{kind.value}"]) for kind in DutyKind},
            "parts": {key: str(data[f"part_{key}"]) for key in PARTS},
            "credit": {
                "off_day": str(Decimal(data["off_day"]) / 100),
                "late": str(Decimal(data["late"]) / 100),
                "late_days": data["late_days"],
            },
            "cadence": {kind.value: int(data[f"cadence_{kind.value}"]) for kind in _ABOUT_CADENCE},
            "windows": {key: [data[f"{key}_first"], data[f"{key}_last"]] for key in WINDOW_NAMES},
        }

    @property
    def content(self) -> dict[str, Any]:
        """What the verb takes."""
        return {
            "title": self.cleaned_data["title"],
            "valid_from": date.fromisoformat(self.cleaned_data["valid_from"]),
            "reason": self.cleaned_data["reason"],
            "parameters": self.parameters,
        }

    def clean(self) -> dict[str, Any]:
        """The rules read the parameters; every problem is told at once."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                problems = weight_problems(SchemeParameters.from_json(self.parameters))
            except SchemeError as error:
                problems = error.problems
            for problem in problems:
                self.add_error(None, problem)
        return data


def _filled(draft: SchemeDraft) -> dict[str, Any]:
    scheme = SchemeParameters.from_json(draft.parameters)
    filled: dict[str, Any] = {
        "title": draft.title,
        "valid_from": draft.valid_from.isoformat(),
        "reason": draft.reason,
        "off_day": plain(scheme.credit.off_day * 100),
        "late": plain(scheme.credit.late * 100),
        "late_days": scheme.credit.late_days,
    }
    filled |= {f"duty_{kind.value}": plain(scheme.duties[kind]) for kind in DutyKind}
    filled |= {f"cadence_{kind.value}": scheme.cadence[kind.value] for kind in _ABOUT_CADENCE}
    filled |= {f"part_{key}": plain(scheme.parts[key]) for key in PARTS}
    for key, window in scheme.windows.items():
        for end, (month, day) in zip(("first", "last"), window, strict=True):
            filled[f"{key}_{end}"] = f"{month:02d}-{day:02d}"
    return filled
