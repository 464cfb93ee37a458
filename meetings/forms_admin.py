"""Input of the data administration: each form ends in the verb that the pages call too."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils import timezone

from branches.models import Event
from core.admin_base import ServiceForm
from meetings import services
from meetings.models import CheckSheet, FixedDayMove, MinutesTemplate, SpotCheck
from meetings.rules.checks import FULL, SheetItem
from meetings.services import calendar
from meetings.services.templates import set_template


class EventAddForm(ServiceForm):
    """A 重大决策 or a 预审."""

    def perform(self) -> Event:
        """Register it."""
        return services.register_event(by=self.by, **self.cleaned_data)


class SpotCheckForm(ServiceForm):
    """A 调阅."""

    def perform(self) -> SpotCheck:
        """Note it."""
        return services.record_spot_check(by=self.by, **self.cleaned_data)


class TemplateAddForm(ServiceForm):
    """How the minutes of a kind begin."""

    def perform(self) -> MinutesTemplate:
        """Write it; the same unit and kind again is the same template."""
        return set_template(**self.cleaned_data)


class TemplateForm(ServiceForm):
    """Other words for a template."""

    def perform(self) -> MinutesTemplate:
        """Write it again."""
        kept = self.instance
        return set_template(unit=kept.unit, kind=kept.kind, text=self.cleaned_data["text"])


class SheetAddForm(ServiceForm):
    """A score sheet, one item a line."""

    items = forms.CharField(
        label="评分项目",
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        help_text="一行一项，写成“名称|分值|看什么”，分值合计 100，"
        "例如：要素齐全|20|时间、地点、人数写全。",
    )

    def clean_items(self) -> list[SheetItem]:
        """Each line as an item."""
        found = []
        for line in str(self.cleaned_data["items"]).splitlines():
            if line.strip():
                name, _, rest = line.replace("｜", "|").partition("|")
                points, _, look = rest.partition("|")
                found.append(SheetItem(name.strip(), _points(name, points), look.strip()[:100]))
        return found

    def perform(self) -> CheckSheet:
        """Put it in force."""
        return services.add_sheet(by=self.by, on=timezone.localdate(), **self.cleaned_data)


def _points(name: str, text: str) -> Decimal:
    try:
        points = Decimal(text.strip())
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or abs(points) > FULL or points != points.quantize(Decimal("0.1")):
        raise forms.ValidationError(f"“{name.strip()}”的分值请写数字，最多一位小数。")
    return points


class MoveAddForm(ServiceForm):
    """Another fixed day for one month of a district."""

    fields_of = {"district": "unit"}

    def perform(self) -> FixedDayMove:
        """Propose it."""
        given = dict(self.cleaned_data)
        return calendar.propose_move(
            district=given.pop("unit"), by=self.by, on=timezone.localdate(), **given
        )
