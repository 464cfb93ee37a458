"""Input of the data administration: each form ends in the verb that the pages call too."""

from __future__ import annotations

from django.utils import timezone

from core.admin_base import ServiceForm
from meetings import services
from meetings.models import Event, FixedDayMove, MinutesTemplate, SpotCheck
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


class MoveAddForm(ServiceForm):
    """Another fixed day for one month of a district."""

    fields_of = {"district": "unit"}

    def perform(self) -> FixedDayMove:
        """Propose it."""
        given = dict(self.cleaned_data)
        return calendar.propose_move(
            district=given.pop("unit"), by=self.by, on=timezone.localdate(), **given
        )
