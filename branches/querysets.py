"""The words that reads are made of. A scoped read starts with ``.within(*scope.units)``."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from branches.enums import (
    BRANCH_KINDS,
    PRESENT_STATES,
    RANKED_KINDS,
    ExemptionState,
    MemberState,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from branches.models import Unit

M = TypeVar("M", bound=models.Model)

_guarded: ContextVar[bool] = ContextVar("scope_guard", default=False)


class UnscopedRead(RuntimeError):
    """A scoped model was read from a request or a task without ``.within(...)`` (S10)."""


@contextmanager
def scope_guard() -> Iterator[None]:
    """While it is on, a scoped queryset that never went through ``within`` refuses to run."""
    token = _guarded.set(True)
    try:
        yield
    finally:
        _guarded.reset(token)


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that must be told whose units it may show.

    Subclasses of :class:`branches.models.UnitBound` reach the unit by ``unit_path``; a model that
    reaches it otherwise sets ``unit_path`` to the lookup of the path column.
    """

    unit_path = "unit__path"
    _scoped = False

    def within(self, *units: Unit) -> Self:
        """Rows whose unit lies in the subtree of one of ``units``; no units means nothing."""
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        paths = minimal_prefixes(unit.path for unit in units)
        condition = Q()
        for path in paths:
            condition |= Q(**{f"{self.unit_path}__startswith": path})
        return clone.filter(condition)

    def everywhere(self, why: str) -> Self:
        """All rows, for work that has no asker (the scheduler, a ranking) or asks for itself.

        ``why`` is for the reader of the code.
        """
        clone = self.all()
        clone._scoped = True
        return clone

    def _check(self) -> None:
        if _guarded.get() and not self._scoped:
            raise UnscopedRead(f"{self.model.__name__} was read without .within(...)")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _fetch_all(self) -> None:
        self._check()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """See Django; refuses an unscoped read."""
        self._check()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """See Django; refuses an unscoped read."""
        self._check()
        return super().count()

    def exists(self) -> bool:
        """See Django; refuses an unscoped read."""
        self._check()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See Django; refuses an unscoped read."""
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """See Django; refuses an unscoped write."""
        self._check()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """See Django; refuses an unscoped write."""
        self._check()
        return super().delete()


def minimal_prefixes(paths: Iterable[str]) -> list[str]:
    """The paths that no other one of them covers, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


class UnitQuerySet(ScopedQuerySet["Unit"]):
    """Words about organisations."""

    unit_path = "path"

    def standing(self, *, on: date) -> Self:
        """Units that exist on the day."""
        return self.filter(
            Q(founded_on__isnull=True) | Q(founded_on__lte=on),
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=on),
        )

    def ranked(self) -> Self:
        """支部 and 联合支部."""
        return self.filter(kind__in=RANKED_KINDS)

    def branches(self) -> Self:
        """Units that keep a roster and hold meetings."""
        return self.filter(kind__in=BRANCH_KINDS)

    def below(self, unit: Unit) -> Self:
        """The whole subtree without the unit itself."""
        return self.filter(path__startswith=unit.path).exclude(pk=unit.pk)

    def search(self, text: str) -> Self:
        """By name, code, pinyin or initials."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(code__startswith=text)
            | Q(name_key__contains=text.lower())
        )


class MemberQuerySet(ScopedQuerySet[Any]):
    """Words about members."""

    def within(self, *units: Unit) -> Self:
        """Members of the branches in reach; who looks after a 党小组 only, its members."""
        groups = [unit for unit in units if unit.is_group]
        if not groups:
            return super().within(*units)
        paths = minimal_prefixes(unit.path for unit in units)
        condition = Q(group__in=groups)
        for path in paths:
            condition |= Q(unit__path__startswith=path)
        clone = self.all()
        clone._scoped = True
        return clone.filter(condition)

    def current(self) -> Self:
        """On the roster and counted in 应到."""
        return self.filter(state__in=PRESENT_STATES)

    def on_roster(self, *, on: date) -> Self:
        """On the roster on the day: arrived by then, and not gone before it."""
        return self.filter(
            Q(state__in=PRESENT_STATES) | Q(state=MemberState.LEFT, left_on__gt=on),
            Q(arrived_on__isnull=True) | Q(arrived_on__lte=on),
        )

    def search(self, text: str) -> Self:
        """By name, pinyin or initials. Numbers are looked up whole, by their blind index."""
        text = text.strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(name_key__contains=text.lower()))


class DatedQuerySet(ScopedQuerySet[M]):
    """Words about what holds from a day to a day, the last one open: grants, posts."""

    def in_force(self, *, on: date) -> Self:
        """Those that hold on the day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class GrantQuerySet(DatedQuerySet[Any]):
    """Words about grants."""

    def holding(self, unit_ids: Iterable[int], *roles: str, on: date) -> Self:
        """Who holds one of the roles in exactly these units on the day, closed accounts left out.

        For telling people; where somebody may act is :class:`branches.scope.Scope`.
        """
        clone = self.everywhere("who is told is settled by the units asked for")
        return clone.in_force(on=on).filter(
            unit__in=set(unit_ids), role__in=roles, user__is_active=True
        )


class ExemptionQuerySet(ScopedQuerySet[Any]):
    """Words about exemptions."""

    def approved(self) -> Self:
        """Only those that count."""
        return self.filter(state=ExemptionState.APPROVED)
