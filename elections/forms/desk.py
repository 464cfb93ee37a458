"""What staff type: 提前和延期, waves, the steps of the 自治组织, the filters of the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from branches.models import Unit
from core.dates import add_months
from elections.enums import CIVIC_COUNTS, CivicStage, Stage, Window
from elections.forms.base import (
    DeedForm,
    day_field,
    document_field,
    line_field,
    number_field,
    words_field,
)
from elections.models import Wave

Choices = Sequence[tuple[str, str]]
WINDOWS: Choices = [("", "全部在任"), *Window.choices]
STATES: Choices = [
    ("", "全部"),
    ("running", "正在进行的合计"),
    *((state.name.lower(), str(state.label)) for state in Stage),
]


class ShiftForm(forms.Form):
    """申请提前或延期."""

    moved_to = day_field("申请改到", help_text="早于届满是提前，晚于届满是延期，最长一年。")
    reason = words_field("理由", 300)
    document = document_field("请示文号", required=False)


class DecideForm(DeedForm):
    """批准."""

    answer = line_field("批复文号或意见", 300, hint="例如：文昌工委〔2026〕12号")


class RefuseForm(DeedForm):
    """不批准."""

    answer = words_field("不批准的理由", 300)


class WaveForm(forms.Form):
    """批次."""

    name = line_field("名称", 80, hint="例如：2026 年村（社区）“两委”换届")
    year = number_field("年度", least=2000, most=2100)
    starts_on = day_field("启动日期")
    party_by = day_field("党组织换届完成期限")
    civic_by = day_field("自治组织换届完成期限", help_text="先党组织，后自治组织。")
    regulation = line_field("依据", 200, required=False, hint="文件名称和文号")
    demands = words_field("工作要求", 5000, rows=4, required=False)

    def __init__(self, *args: Any, wave: Wave | None, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first: dict[str, Any] = {
            "year": on.year, "starts_on": on, "party_by": add_months(on, 4),
            "civic_by": add_months(on, 7),
        }  # fmt: skip
        for name in self.fields:
            self.fields[name].initial = getattr(wave, name) if wave else first.get(name)


class CivicForm(DeedForm):
    """自治组织的一步."""

    day = day_field("日期")
    first = number_field("人数", required=False)
    second = number_field("人数", required=False)

    def prepare(self) -> None:
        """The counts of the step that is asked for; what is known stands there."""
        self.stage = self.asked_stage
        known = self.thing.civic.filter(stage=self.stage).first()
        self.begin(day=known.day if known else self.on)
        names = CIVIC_COUNTS[self.stage]
        for at, name in enumerate(("first", "second")):
            if at < len(names):
                self.fields[name].label = names[at]
                self.begin(**{name: getattr(known, name, None)})
            else:
                del self.fields[name]

    @property
    def asked_stage(self) -> int:
        """The step of ``?for=``; the next one when that is none."""
        if self.asked in {str(stage.value) for stage in CivicStage}:
            return int(self.asked)
        done = set(self.thing.civic.values_list("stage", flat=True))
        return next((s.value for s in CivicStage if s not in done), CivicStage.HANDED_OVER.value)


class AddBodyForm(forms.Form):
    """列入批次."""

    code = line_field("党组织代码", 40, help_text="村、社区党组织的代码，在“党组织”里可以查到。")


class FilterForm(forms.Form):
    """Window or state, subtree; what is no choice falls back to the first."""

    window = forms.ChoiceField(label="届满", required=False)
    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(
        self, *args: Any, label: str, choices: Choices, committees: Iterable[Unit],
        chosen: Unit | None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        self.fields["window"].label = label
        self._choose("window", [*choices])
        self._choose("unit", [("", "全部"), *units.items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing sensible."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class ImportForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label="进度表", help_text="Excel（.xlsx、.xls）或 CSV，最多 500 行。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip
