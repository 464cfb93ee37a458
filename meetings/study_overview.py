"""全年学习计划 from above: how far the branches have come, who lags, and the word to them (催)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from branches.querysets import UnitQuerySet
from core.pages import Plot, lying_bars
from meetings.enums import COUNTING
from meetings.models import StudyItem, StudyMark, StudyPlan, StudyText
from meetings.rules.study import Progress
from meetings.telling import Word, holders, tell_each

_MOST_NAMED = 20
_MOST_BARS = 20


@dataclass(frozen=True)
class Asked:
    """Whose plans are asked about: branches below ``units``, a year, a standing, as of a day.

    ``state`` is lagging, none, complete, or "" for all.
    """

    units: tuple[Unit, ...]
    year: int
    on: date
    state: str = ""


@dataclass(frozen=True)
class BranchRow:
    """One branch and how far its plan has come; ``planned`` is False without a plan."""

    unit: Unit
    planned: bool
    progress: Progress

    @property
    def href(self) -> str:
        """Its plan."""
        return reverse("meetings:study_plan", args=[self.unit.code])


@dataclass(frozen=True)
class PlaceRow:
    """A committee, or a phase: a bar of the plot."""

    name: str
    href: str
    progress: Progress


@dataclass(frozen=True)
class StudyFigures:
    """The year in numbers: branches, those with a plan, those behind, and all texts."""

    branches: int
    planned: int
    lagging: int
    progress: Progress
    places: tuple[PlaceRow, ...]

    @property
    def plot(self) -> Plot:
        """Done in a hundred, by place."""
        bars = [(row.name, row.progress.percent, row.href) for row in self.places[:_MOST_BARS]]
        return lying_bars("学习进度", "已学", bars, unit="%", tone="ok", top=100)


def _studied() -> Exists:
    return Exists(StudyMark.unscoped.filter(item=OuterRef("pk"), meeting__status__in=COUNTING))


def _items(asked: Asked) -> Any:
    rows = StudyItem.objects.within(*asked.units).filter(plan__year=asked.year).standing()
    return rows.annotate(is_studied=_studied())


def _counted(rows: Any, on: date) -> dict[Any, Progress]:
    """Rows of ``values(key)`` to figures by key."""
    done, late = Q(is_studied=True), Q(is_studied=False, phase__ends_on__lt=on)
    found = rows.annotate(
        total=Count("pk"), done=Count("pk", filter=done), late=Count("pk", filter=late)
    )
    return {row[0]: Progress(*row[-3:]) for row in found.values_list(*_KEYED)}


_KEYED = ("key", "total", "done", "late")


def branches_of(asked: Asked) -> UnitQuerySet:
    """The branches asked about, in the order of the tree, with ``has_plan`` and ``is_lagging``."""
    plan = StudyPlan.unscoped.filter(unit=OuterRef("pk"), year=asked.year)
    items: Any = StudyItem.objects.everywhere("of the branch in hand, which is in reach")
    left = items.filter(plan__unit=OuterRef("pk"), plan__year=asked.year).standing()
    left = left.annotate(is_studied=_studied()).filter(is_studied=False)
    over = StudyText.unscoped.filter(
        unit=OuterRef("district"),
        year=asked.year,
        is_active=True,
        phase__ends_on__lt=asked.on,
    )
    rows: Any = Unit.objects.within(*asked.units).branches().standing(on=asked.on)
    rows = rows.annotate(has_plan=Exists(plan)).annotate(
        is_lagging=Exists(left.filter(phase__ends_on__lt=asked.on))
        | (Q(has_plan=False) & Exists(over))
    )
    if asked.state == "lagging":
        rows = rows.filter(is_lagging=True)
    elif asked.state == "none":
        rows = rows.filter(has_plan=False)
    elif asked.state == "complete":
        rows = rows.filter(~Exists(left), has_plan=True)
    found: UnitQuerySet = rows.select_related("committee").order_by("path")
    return found


def branch_rows(asked: Asked, units: Sequence[Unit]) -> list[BranchRow]:
    """These branches (of :func:`branches_of`) with their figures, in one query more."""
    items = _items(asked).filter(plan__unit__in=[unit.pk for unit in units])
    counted = _counted(items.values(key=F("plan__unit")), asked.on)
    return [
        BranchRow(unit, bool(unit.has_plan), counted.get(unit.pk, Progress())) for unit in units
    ]


def all_rows(asked: Asked, *, size: int = 1000) -> Iterator[BranchRow]:
    """Every branch, a thousand at a time, for a file of any length."""
    after = ""
    while units := list(branches_of(asked).filter(path__gt=after)[:size]):
        yield from branch_rows(asked, units)
        after = units[-1].path


def figures(asked: Asked, *, by_committee: bool) -> StudyFigures:
    """Numbers and plot for all branches asked about; a constant number of queries."""
    every = branches_of(Asked(asked.units, asked.year, asked.on))
    counts = every.order_by().aggregate(
        branches=Count("pk"),
        planned=Count("pk", filter=Q(has_plan=True)),
        lagging=Count("pk", filter=Q(is_lagging=True)),
    )
    places = _committees(asked) if by_committee else _phases(asked)
    return StudyFigures(
        **counts, progress=sum((row.progress for row in places), Progress()), places=tuple(places)
    )


def _committees(asked: Asked) -> list[PlaceRow]:
    counted = _counted(_items(asked).values(key=F("plan__unit__committee")), asked.on)
    names = Unit.objects.within(*asked.units).filter(pk__in=[key for key in counted if key])
    rows = [
        PlaceRow(str(unit), _href(asked, unit=unit.pk), counted.pop(unit.pk))
        for unit in names.order_by("path")
    ]
    # Branches that stand directly below the district.
    return rows + [PlaceRow("区直属", _href(asked), progress) for progress in counted.values()]


def _phases(asked: Asked) -> list[PlaceRow]:
    counted = _counted(
        _items(asked).values(key=F("phase__name")).order_by("phase__starts_on"), asked.on
    )
    return [PlaceRow(name, _href(asked), progress) for name, progress in counted.items()]


def _href(asked: Asked, **known: object) -> str:
    return f"{reverse('meetings:study')}?{urlencode({'year': asked.year, **known})}"


def urge_study(*, asked: Asked, unit_ids: Sequence[int] | None, by: User) -> int:
    """催: tell the secretaries of lagging branches what is missing; the number of new notices.

    None means all that lag. Once a day for each branch and secretary, however often it is pressed;
    branches out of reach or not behind are passed over.
    """
    rows = branches_of(Asked(asked.units, asked.year, asked.on, "lagging"))
    if unit_ids is not None:
        rows = rows.filter(pk__in=list(unit_ids))
    units = list(rows)
    late = _items(asked).filter(
        plan__unit__in=[unit.pk for unit in units],
        is_studied=False,
        phase__ends_on__lt=asked.on,
    )
    missing: dict[int, list[str]] = {}
    for unit_id, title, phase in late.order_by("phase__starts_on", "pk").values_list(
        "plan__unit", "title", "phase__name"
    ):
        missing.setdefault(unit_id, []).append(f"{title}（{phase}）")
    heads = holders([unit.pk for unit in units], (Role.SECRETARY,), on=asked.on)
    words = [
        Word(
            to=user_id,
            key=f"study:{unit.pk}:{asked.on}",
            title=f"催学：{asked.year}年学习计划进度落后",
            payload={
                "unit": str(unit),
                "unit_id": unit.pk,
                "who": by.name,
                "has_plan": bool(unit.has_plan),
                "missing": missing.get(unit.pk, [])[:_MOST_NAMED],
            },
        )
        for unit in units
        for user_id in sorted(heads.get(unit.pk, ()))
    ]
    return tell_each(
        words,
        template="meetings/notices/study_urged",
        link=reverse("meetings:study"),
        on=asked.on,
    )
