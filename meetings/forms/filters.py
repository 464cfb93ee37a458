"""What the filters above the lists have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from branches.models import Unit


class UnitFilterForm(forms.Form):
    """A subtree; whatever is no choice falls back to all.

    ``chosen`` is the unit that the address names: it stands among the choices whether it is one of
    the ``committees`` or not.
    """

    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(
        self, *args: Any, committees: Iterable[Unit], chosen: Unit | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        self._choose("unit", [("", "全部"), *units.items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def asked(self, name: str) -> str:
        """A chosen value, or "" for all."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class YearFilterForm(UnitFilterForm):
    """Year and subtree; around ``year``, which is this year, one can be asked for each way."""

    year = forms.ChoiceField(label="年份", required=False)
    field_order: Any = ("year",)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("year", [(str(one), f"{one}年") for one in (year, year - 1, year + 1)])
        self._this = year

    @property
    def asked_year(self) -> int:
        """The year asked for; this one when nothing sensible was."""
        return int(self.asked("year") or self._this)
