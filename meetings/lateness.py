"""补录: whether a record was filed too late, by the rules in force on the day of the meeting."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q

from meetings.models import Meeting
from meetings.rules import Rulebook, is_late


def was_late(record: Meeting, book: Rulebook) -> bool:
    """Whether a record is 补录; one that was never submitted is not."""
    return record.first_submitted_on is not None and is_late(
        held_on=record.held_on,
        first_submitted_on=record.first_submitted_on,
        late_days=book.at(record.held_on).credit.late_days,
    )


def filed_late(book: Rulebook) -> Q:
    """The same as a condition on records."""
    late = Q()
    for first, last, rules in book.spans():
        allowed = timedelta(days=rules.credit.late_days)
        late |= Q(held_on__range=(first, last), first_submitted_on__gt=F("held_on") + allowed)
    return late
