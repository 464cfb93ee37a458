"""本月组织生活日: who has held it and what was done there, by committee, counted in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from branches.enums import DutyKind
from branches.models import Unit
from core.dates import Period
from core.pages import Cell, Plot
from meetings.duties import standing
from meetings.enums import SET_ITEMS, Item, Kind
from meetings.enums.programme import PostponeState
from meetings.kept import kept
from meetings.models import Meeting, Postponement
from meetings.querysets import MeetingQuerySet

_MOST_ROWS = 40


@dataclass(frozen=True)
class CoverageRow:
    """One committee (or all): how many branches owe the day, held it, put it off, did each item."""

    name: str
    unit_id: int | None
    owed: int
    done: int
    postponed: int
    items: Mapping[str, int]

    @property
    def missing(self) -> int:
        """Branches without a record that counts."""
        return self.owed - self.done

    def share(self, item: str) -> float | None:
        """Branches that did it in a hundred of those that owe the day."""
        if not self.owed:
            return None
        return min(100.0, round(100 * self.items.get(item, 0) / self.owed, 1))


@dataclass(frozen=True)
class Coverage:
    """A month: its committees, their sum, the items that are shown, and the same as a picture."""

    rows: Sequence[CoverageRow]
    total: CoverageRow
    acts: Sequence[Item]
    plot: Plot


def coverage(*, units: Sequence[Unit], month: Period, on: date) -> Coverage:
    """The month of whoever looks after ``units``; three questions, a large district's kept."""
    return kept(
        f"fixed-day:{month.label}:{on}",
        units,
        lambda: _count(units=units, month=month, on=on),
    )


def _count(*, units: Sequence[Unit], month: Period, on: date) -> Coverage:
    done = {row["committee_of"]: row for row in _items(units, month)}
    put_off = dict(
        Postponement.objects.within(*units)
        .filter(month=month.start, state=PostponeState.APPROVED)
        .order_by()
        .values_list("unit__committee_id")
        .annotate(number=Count("pk"))
    )
    rows = [
        CoverageRow(
            name=one.committee_name or "区委直属",
            unit_id=one.committee_id,
            owed=one.owed,
            done=one.done,
            postponed=put_off.get(one.committee_id, 0),
            items={item.value: done.get(one.committee_id, {}).get(item.value, 0) for item in Item},
        )
        for one in standing(
            units=units,
            first=month.start,
            last=month.end,
            on=on,
            kinds=[DutyKind.FIXED_DAY],
            by_month=False,
        )
    ]
    total = CoverageRow(
        name="合计",
        unit_id=None,
        owed=sum(row.owed for row in rows),
        done=sum(row.done for row in rows),
        postponed=sum(row.postponed for row in rows),
        items={item.value: sum(row.items[item.value] for row in rows) for item in Item},
    )
    # What nobody was asked for and nobody did is no gap.
    acts = [item for item in Item if item in SET_ITEMS or total.items[item.value]]
    return Coverage(rows, total, acts, _plot(rows, acts, month))


def _items(units: Sequence[Unit], month: Period) -> Any:
    """For each committee, how many branches did each item at their day."""
    counted = {
        item.value: Count("unit", distinct=True, filter=Q(items__contains=[item.value]))
        for item in Item
    }
    rows = Meeting.objects.within(*units).counting().held_in(month.start, month.end)
    return (
        rows.of_kind(Kind.FIXED_DAY)
        .order_by()
        .values(committee_of=F("unit__committee_id"))
        .annotate(**counted)
    )


def _plot(rows: Sequence[CoverageRow], acts: Sequence[Item], month: Period) -> Plot:
    shown = rows[:_MOST_ROWS]
    return Plot(
        kind="heat",
        title=f"{month.name}各项动作开展情况（占应开支部的百分比）",
        labels=[str(item.label) for item in acts],
        rows=[row.name for row in shown],
        unit="%",
        top=100,
        cells=[
            Cell(x, y, row.share(item.value), rows_url(month, row.unit_id, item.value))
            for y, row in enumerate(shown)
            for x, item in enumerate(acts)
        ],
    )


def rows_url(month: Period, unit_id: int | None, item: str = "") -> str:
    """The records behind a figure."""
    query = {"item": item, "unit": unit_id or ""}
    kept_ = {key: value for key, value in query.items() if value}
    return f"{reverse('meetings:fixed_day_rows', args=[month.label])}?{urlencode(kept_)}"


def coverage_line(row: CoverageRow, month: Period, acts: Sequence[Item]) -> dict[str, Any]:
    """A committee's figures, each with the address of the rows behind it."""
    place = {"unit": row.unit_id} if row.unit_id else {}
    duties = {"month": month.label, "kind": DutyKind.FIXED_DAY.value, **place}
    address = reverse("meetings:duty_list")
    return {
        "row": row,
        "owed_url": f"{address}?{urlencode(duties)}",
        "done_url": f"{address}?{urlencode({**duties, 'state': 'done'})}",
        "missing_url": f"{address}?{urlencode({**duties, 'state': 'missing'})}",
        "items": [
            {
                "label": item.label,
                "count": row.items.get(item.value, 0),
                "url": rows_url(month, row.unit_id, item.value),
            }
            for item in acts
        ],
    }


def day_records(units: Sequence[Unit], month: Period, item: str = "") -> MeetingQuerySet:
    """The records that count of a month's day, with one item when it is given; without texts."""
    rows: MeetingQuerySet = Meeting.objects.within(*units)
    rows = rows.counting().held_in(month.start, month.end).of_kind(Kind.FIXED_DAY).for_list()
    if item:
        rows = rows.filter(items__contains=[item])
    return rows.defer("agenda", "minutes", "resolution")
