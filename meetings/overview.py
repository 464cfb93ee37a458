"""工作台: this month at a glance, counted by the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from branches.enums import DutyKind
from branches.models import Unit
from core.dates import Period
from core.pages import Cell, Plot, Series
from meetings.duties import Standing, standing
from meetings.enums import DutyState
from meetings.kept import kept

TREND_MONTHS = 6
_MOST_BARS = 20
_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Line:
    """One row of figures: of a kind, a committee, a branch or a month; ``href`` opens its rows."""

    name: str
    href: str
    owed: int
    done: int
    late: int
    off_day: int
    unmet: int
    open: int

    @property
    def missing(self) -> int:
        """Without a record, overdue or not."""
        return self.unmet + self.open

    @property
    def percent(self) -> float | None:
        """Done in a hundred of owed; None when nothing is owed."""
        return round(100 * self.done / self.owed, 1) if self.owed else None

    @property
    def tone(self) -> str:
        """Green when nearly all is done; red only for what is overdue, not for what has time."""
        share = self.done / self.owed if self.owed else 1
        return "ok" if share >= _NEARLY_ALL else "bad" if self.unmet else "late"


@dataclass(frozen=True)
class Overview:
    """What the desk shows; ``places`` are committees for a district, branches for a committee."""

    month: Period
    total: Line
    kinds: list[Line]
    places: list[Line]
    states: Plot
    trend: Plot
    counted_at: datetime


def overview(*, units: Sequence[Unit], on: date, by_unit: bool) -> Overview:
    """The desk of whoever looks after ``units``; a large district's is kept for two minutes."""
    return kept(
        f"desk:{on}:{int(by_unit)}",
        units,
        lambda: _count(units=units, on=on, by_unit=by_unit),
    )


def _count(*, units: Sequence[Unit], on: date, by_unit: bool) -> Overview:
    month = Period.containing(on, "month")
    months = [month]
    while len(months) < TREND_MONTHS:
        months.insert(0, months[0].previous())
    rows = standing(
        units=units,
        first=months[0].start,
        last=month.end,
        on=on,
        by_committee=not by_unit,
        by_kind=True,
    )
    now = [row for row in rows if row.month == month.start]
    here = rows
    if by_unit:
        here = standing(
            units=units, first=month.start, last=month.end, on=on, by_unit=True, by_month=False
        )
    place_of = attrgetter("unit_id" if by_unit else "committee_id")
    name_of = attrgetter("unit_name" if by_unit else "committee_name")
    these = here if by_unit else now
    places = [
        _line(name_of(group[0]), _rows(month, unit=place_of(group[0])), group)
        for group in _groups(these, place_of)
    ]
    kinds = [
        _line(str(kind.label), _rows(month, kind=kind.value), group)
        for kind in DutyKind
        if (group := [row for row in now if row.kind == kind])
    ]
    total = _line("合计", _rows(month), now)
    trend = _trend(rows, months) if by_unit else _heat(rows, months)
    places.sort(key=lambda line: (line.percent is None, line.percent, -line.missing))
    return Overview(month, total, kinds, places, _states(total, month), trend, timezone.now())


def _groups(rows: Iterable[Standing], key: Callable[[Standing], object]) -> list[list[Standing]]:
    found: dict[object, list[Standing]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())


def _line(name: str, href: str, rows: Iterable[Standing]) -> Line:
    sums = [(row.owed, row.done, row.late, row.off_day, row.unmet, row.open) for row in rows]
    return Line(name, href, *(sum(column) for column in zip((0,) * 6, *sums, strict=True)))


def _rows(month: Period, **more: object) -> str:
    """The address of exactly the duties that a figure counts."""
    query = {"month": month.label, **{k: str(v) for k, v in more.items() if v}}
    return f"{reverse('meetings:duty_list')}?{urlencode(query)}"


def _states(total: Line, month: Period) -> Plot:
    parts = (
        ("按时完成", total.done - total.late - total.off_day, "ok", DutyState.MET),
        ("非固定日召开", total.off_day, "gold", DutyState.OFF_DAY),
        ("补录", total.late, "late", DutyState.LATE),
        ("待完成", total.open, "info", DutyState.OPEN),
        ("逾期未完成", total.unmet, "bad", DutyState.UNMET),
    )
    return Plot(
        kind="donut",
        title=f"{month.name}职责完成情况",
        labels=[name for name, *_ in parts],
        unit="项",
        cells=[
            Cell(index, 0, value, _rows(month, state=state.value), tone)
            for index, (_, value, tone, state) in enumerate(parts)
        ],
    )


def _heat(rows: Sequence[Standing], months: Sequence[Period]) -> Plot:
    """Committee by month, in a hundred; the committees that lag this month first."""
    committees = {row.committee_id: row.committee_name for row in rows}
    cells: dict[tuple[int, object], Line] = {}
    for x, month in enumerate(months):
        for group in _groups(
            (row for row in rows if row.month == month.start), attrgetter("committee_id")
        ):
            place = group[0].committee_id
            cells[x, place] = _line("", _rows(month, unit=place), group)
    last = len(months) - 1

    def lag(place: int | None) -> float:
        line = cells.get((last, place))
        return 200.0 if line is None or line.percent is None else line.percent

    order = sorted(committees, key=lag)[:_MOST_BARS]
    return Plot(
        kind="heat",
        title="各党（工）委近六个月完成率",
        labels=[f"{month.number}月" for month in months],
        rows=[committees[place] for place in order],
        unit="%",
        top=100,
        cells=[
            Cell(x, y, line.percent, line.href)
            for y, place in enumerate(order)
            for x in range(len(months))
            if (line := cells.get((x, place))) is not None
        ],
    )


def _trend(rows: Sequence[Standing], months: Sequence[Period]) -> Plot:
    """Month by month in a hundred, for one committee."""
    lines = [
        _line(month.name, _rows(month), (row for row in rows if row.month == month.start))
        for month in months
    ]
    return Plot(
        kind="line",
        title="近六个月完成率",
        labels=[f"{month.number}月" for month in months],
        unit="%",
        top=100,
        series=[
            Series(
                "完成率",
                [line.percent for line in lines],
                tone="ok",
                hrefs=[line.href for line in lines],
            )
        ],
    )
