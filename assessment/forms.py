"""What is typed on the pages of the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from branches.enums import Field
from branches.models import Unit
from core.dates import Period

QUARTERS_BACK = 8
BAND = 5


def quarters_over(on: date) -> list[Period]:
    """The last quarters that are over, the newest first."""
    found = [Period.containing(on, "quarter").previous()]
    while len(found) < QUARTERS_BACK:
        found.append(found[-1].previous())
    return found


class StartForm(forms.Form):
    """开始考核: a district and a quarter that is over."""

    period = forms.ChoiceField(
        label="季度",
        help_text="只能考核已经结束的季度。同一季度再次考核会得到新的版本，旧版本保留。",
        error_messages={
            "required": "请选择一个季度。",
            "invalid_choice": "请从列表里选择一个已经结束的季度。",
        },
    )
    district = forms.ChoiceField(
        label="区委", error_messages={"invalid_choice": "请从列表里选择区委。"}
    )

    def __init__(self, *args: Any, on: date, districts: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._districts = {str(unit.pk): unit for unit in districts}
        self._choose("period", [(one.label, one.name) for one in quarters_over(on)])
        self._choose("district", [(key, str(unit)) for key, unit in self._districts.items()])
        if len(districts) == 1:
            self.fields["district"].initial = districts[0].pk
            self.fields["district"].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen(self) -> tuple[Unit, Period]:
        """The district and the quarter of a valid form."""
        district = self._districts[self.cleaned_data["district"]]
        return district, Period.parse(self.cleaned_data["period"])


class RankingForm(forms.Form):
    """Which rows of a ranking: whatever is no choice counts as not asked for."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "党组织名称或代码"}),
    )
    committee = forms.ChoiceField(label="党（工）委", required=False)
    field = forms.ChoiceField(
        label="领域", required=False, choices=[("", "全部领域"), *Field.choices]
    )
    band = forms.ChoiceField(
        label="得分",
        required=False,
        choices=[
            ("", "全部得分"),
            *((str(low), f"{low}–{low + BAND} 分") for low in range(100 - BAND, -1, -BAND)),
            ("none", "不参评"),
        ],
    )

    def __init__(self, *args: Any, committees: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["committee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部党（工）委"), *committees]

    def asked(self, name: str) -> str:
        """A valid answer, or "" for none."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").replace("\x00", "").strip()
