"""Words about meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Min, Q

from branches.querysets import ScopedQuerySet, minimal_prefixes
from branches.rules import ancestors
from meetings.enums import COUNTING, Status

if TYPE_CHECKING:
    from branches.models import Unit


class MeetingQuerySet(ScopedQuerySet[Any]):
    """Words about records of meetings."""

    def counting(self) -> Self:
        """Submitted or accepted: those that meet a duty."""
        return self.filter(status__in=COUNTING)

    def held_in(self, first: date, last: date) -> Self:
        """Held from ``first`` to ``last``, both days included."""
        return self.filter(held_on__range=(first, last))

    def of_kind(self, mask: int) -> Self:
        """Records that name at least one kind of the mask."""
        return self.annotate(_kinds=F("kind_mask").bitand(mask)).filter(_kinds__gt=0)

    def search(self, text: str) -> Self:
        """By topic or place, or by the unit's name, pinyin or initials."""
        return self.filter(
            Q(topic__icontains=text)
            | Q(place__icontains=text)
            | Q(unit__name__icontains=text)
            | Q(unit__name_key__contains=text.lower())
        )

    def waiting(self) -> Self:
        """Submitted and not yet looked at, the oldest first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "id")

    def readable(self, *, user_id: int | None, own: Iterable[Unit] = ()) -> Self:
        """Without others' drafts: one is read where it is written (``own``) and by its author.

        Whoever looks after the branch sees what was filed, not what is half written.
        """
        mine = Q(created_by=user_id)
        for unit in own:
            mine |= Q(unit__path__startswith=unit.path)
        return self.filter(~Q(status=Status.DRAFT) | mine)

    def for_list(self) -> Self:
        """With what a list page shows, in one query."""
        return self.select_related("unit")


class ThroughMeeting(ScopedQuerySet[Any]):
    """Rows that hang on a meeting and reach the unit through it."""

    unit_path = "meeting__unit__path"


class ThroughProgramme(ScopedQuerySet[Any]):
    """Rows that hang on a month's programme."""

    unit_path = "programme__unit__path"


class ThroughShare(ScopedQuerySet[Any]):
    """Rows that hang on a shared example."""

    unit_path = "share__unit__path"


class ThroughCheckInMeeting(ScopedQuerySet[Any]):
    """Rows that hang on a check-in of a meeting."""

    unit_path = "session__meeting__unit__path"


class StudyItemQuerySet(ScopedQuerySet[Any]):
    """Words about the texts of plans."""

    unit_path = "plan__unit__path"

    def standing(self) -> Self:
        """Those that the plan counts: not taken off, not withdrawn by the district."""
        return self.filter(Q(text__isnull=True) | Q(text__is_active=True), is_dropped=False)

    def with_studied(self) -> Self:
        """With ``studied_on``, the day of the earliest record that counts, None without one."""
        counts = Q(marks__meeting__status__in=COUNTING)
        return self.annotate(studied_on=Min("marks__meeting__held_on", filter=counts))


class OfferQuerySet(ScopedQuerySet[Any]):
    """Words about what a committee or the district offers to all below it."""

    def offered_to(self, *units: Unit) -> Self:
        """Offers of the units themselves, of all below them, and of all above them."""
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        above = {path for unit in units for path in ancestors(unit.path)}
        condition = Q(unit__path__in=above)
        for path in minimal_prefixes(unit.path for unit in units):
            condition |= Q(unit__path__startswith=path)
        return clone.filter(condition)
