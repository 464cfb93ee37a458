"""Until when: working days counted from the numbers that the district sets (规定参数)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from core.holidays import calendar_around
from core.models import RuleParameter

# The keys of the parameters, and what holds where the district has set nothing.
FILE_DAYS, ANSWER_DAYS = "assessment.appeal_days", "assessment.answer_days"
DEFAULTS = {FILE_DAYS: 10, ANSWER_DAYS: 15}


def days_of(key: str, *, on: date) -> int:
    """The number of working days that a parameter gives on a day; one query."""
    value = (
        RuleParameter.objects.filter(key=key, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("-effective_from")
        .values_list("value", flat=True)
        .first()
    )
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 250:
        return value
    return DEFAULTS[key]


def file_until(published_at: datetime) -> date:
    """The last day on which a branch may appeal against a result published at that moment."""
    day = timezone.localdate(published_at)
    return calendar_around(day).add_workdays(day, days_of(FILE_DAYS, on=day)).day


def answer_until(filed_on: date) -> date:
    """The day by which the district answers what was filed on a day."""
    return calendar_around(filed_on).add_workdays(filed_on, days_of(ANSWER_DAYS, on=filed_on)).day
