"""What staff type at the desk: the filter of those behind, and a new fixed day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from branches.enums import DutyKind
from core.dates import Period
from meetings.duties import DONE, MISSING
from meetings.enums import DutyState
from meetings.forms.filters import UnitFilterForm

MONTHS_BACK = 12
_SHOWN = (*DONE, *MISSING)
_GROUPS = {"done": ("办了的合计", DONE), "missing": ("没办的合计", MISSING)}


class BehindForm(UnitFilterForm):
    """Month, kind, subtree; whatever is no choice falls back to the first."""

    month = forms.ChoiceField(label="月份", required=False)
    kind = forms.ChoiceField(
        label="职责", required=False, choices=[("", "全部职责"), *DutyKind.choices]
    )
    all = forms.BooleanField(label="包括还没到期的", required=False)
    field_order: Any = ("month", "kind", "unit", "all")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = Period.containing(on, "month")
        months = [month]
        while len(months) <= MONTHS_BACK:
            months.append(months[-1].previous())
        self._choose("month", [(one.label, one.name) for one in months])
        self._month = month

    @property
    def period(self) -> Period:
        """The month asked for; this one when nothing sensible was."""
        label = self.asked("month")
        return Period.parse(label) if label else self._month

    @property
    def duty_kind(self) -> str:
        """A kind of duty, or "" for all."""
        return self.asked("kind")

    @property
    def everything(self) -> bool:
        """Whether what is not due yet is shown too."""
        self.is_valid()
        return bool(self.cleaned_data.get("all"))


class DutyForm(BehindForm):
    """Month, kind, subtree, and how the duties stand."""

    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[
            ("", "全部"),
            *((state.value, state.label) for state in _SHOWN),
            *((name, label) for name, (label, _) in _GROUPS.items()),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["all"]

    @property
    def states(self) -> tuple[DutyState, ...]:
        """The states asked for; all when nothing sensible was."""
        self.is_valid()
        asked = str(self.cleaned_data.get("state") or "")
        if asked in _GROUPS:
            return _GROUPS[asked][1]
        return (DutyState(asked),) if asked else _SHOWN


class MoveForm(forms.Form):
    """提出调整: another day for a month's 固定组织生活日, and why."""

    day = forms.DateField(
        label="调整到哪一天",
        widget=forms.DateInput,
        help_text="这一天所在月份的固定组织生活日改到这一天。",
        error_messages={
            "required": "请选择调整后的日期。",
            "invalid": "请写成 2026-07-14 这样的日期。",
        },
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="各支部会看到，例如：与区委全会时间冲突。",
        error_messages={"required": "请写明理由。", "max_length": "理由请控制在 200 字以内。"},
    )
