"""What the hourly task tells: steps, letters and clocks that are due, each once by its key.

Candidates are few in number beside meetings (a district has hundreds under way): what is next with
each is reckoned by the rules themselves, a page at a time, three questions a page. Transfers and
clocks are asked of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from branches.models import Grant, Unit
from core.outbox import tell
from membership.agenda import Line, lines
from membership.enums import Actor, ClockKind, Number, Side, TransferState, Way
from membership.limits import limits
from membership.models import Candidate, Clock, Transfer
from membership.rules import Upcoming

# So many days ahead a last day is told of; 预备期满 earlier, since a meeting has to be called.
SOON, PROBATION_SOON = timedelta(days=14), timedelta(days=30)
_PAGE = 500
_TITLES = {"late": "已超期", "soon": "快到期", "probation": "预备期将满"}


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed on this day; how many were new, by its name."""
    on = timezone.localdate(now)
    return {
        "steps": _steps(on), "letters": _letters(on), "slow": _slow(on), "clocks": _clocks(on),
    }  # fmt: skip


class _Readers:
    """Who is told for a unit: its secretaries, or the staff of the nearest committee above."""

    def __init__(self, units: Iterable[Unit], on: date) -> None:
        known = {unit.pk: unit for unit in units}
        above = {unit.committee_id or unit.district_id or 0 for unit in known.values()}
        self.found: dict[tuple[int, str], set[int]] = {}
        roles = (Role.SECRETARY, Role.COMMITTEE_STAFF, Role.DISTRICT_STAFF)
        rows = Grant.objects.holding({*known, *above}, *roles, on=on)
        for unit_id, role, user_id in rows.values_list("unit", "role", "user"):
            self.found.setdefault((unit_id, role), set()).add(user_id)

    def branch(self, unit: Unit) -> set[int]:
        """The secretaries."""
        return self.found.get((unit.pk, Role.SECRETARY), set())

    def above(self, unit: Unit) -> set[int]:
        """The committee's staff; the district's where a branch hangs on it directly."""
        place = unit.committee_id or unit.district_id or 0
        mine = self.found.get((place, Role.COMMITTEE_STAFF), set())
        return mine or self.found.get((place, Role.DISTRICT_STAFF), set())


# --- Steps -----------------------------------------------------------------------------------


def _pages() -> Iterator[list[Candidate]]:
    last = 0
    while True:
        rows = Candidate.objects.everywhere("the scheduler asks for all").running()
        page = list(rows.filter(pk__gt=last).select_related("unit").order_by("pk")[:_PAGE])
        if not page:
            return
        yield page
        last = page[-1].pk


@dataclass(frozen=True)
class _Due:
    """One open step whose day is near or past."""

    line: Line
    step: Upcoming
    day: date
    is_late: bool


def _steps(on: date) -> int:
    told = 0
    for page in _pages():
        found = [due for line in lines(page, on=on) for due in _due(line, on)]
        readers = _Readers([due.line.candidate.unit for due in found], on)
        told += sum(_tell_step(due, readers, on) for due in found)
    return told


def _due(line: Line, on: date) -> Iterator[_Due]:
    """Last days near or past, and 预备期 about to end."""
    for step in line.todo:
        if step.limit.number == Number.CONFIRM:
            ends = line.candidate.probation_ends
            if ends is not None and ends <= on + PROBATION_SOON:
                yield _Due(line, step, ends, is_late=False)
        elif step.latest is not None and step.latest <= on + SOON:
            yield _Due(line, step, step.latest, is_late=step.is_late(on))


def _tell_step(due: _Due, readers: _Readers, on: date) -> int:
    one, limit = due.line.candidate, due.step.limit
    above = limit.actor == Actor.COMMITTEE
    to = readers.above(one.unit) if above else readers.branch(one.unit)
    if due.is_late and not above:
        to = to | readers.above(one.unit)
    when = "late" if due.is_late else "soon"
    if limit.number == Number.CONFIRM:
        when = "probation"
    return tell(
        key=f"admission-{when}:{one.pk}:{limit.number}:{due.day}",
        to=to,
        template=f"membership/notices/step_{when}",
        payload={
            "name": one.name, "unit": str(one.unit), "step": limit.name, "day": _said(due.day),
        },
        title=f"{_TITLES[when]}：{one.name} {limit.name}"[:200],
        link=reverse("membership:case_detail", args=[one.uuid]),
        day=on,
    )  # fmt: skip


# --- Transfers, clocks -----------------------------------------------------------------------


def _letters(on: date) -> int:
    """介绍信 about to expire, or past their days; once each."""
    edge = on + timedelta(days=limits(on).warn_days)
    rows = Transfer.unscoped.filter(state=TransferState.ISSUED, expires_on__lte=edge)
    found = list(rows.select_related("from_unit").order_by("pk")[:_PAGE])
    readers = _Readers([row.from_unit for row in found if row.from_unit], on)
    return sum(_tell_letter(row, readers, on) for row in found)


def _tell_letter(row: Transfer, readers: _Readers, on: date) -> int:
    unit, day = row.from_unit, row.expires_on
    assert unit is not None
    assert day is not None
    when = "late" if day < on else "soon"
    return tell(
        key=f"letter-{when}:{row.pk}:{row.letter_number}",
        to=readers.branch(unit) | readers.above(unit),
        template=f"membership/notices/letter_{when}",
        payload={"name": row.name, "unit": str(unit), "to": row.outside, "day": _said(day)},
        title=f"{row.name}的介绍信{'已过期，没有回执' if day < on else '快到期'}",
        link=reverse("membership:transfer_detail", args=[row.uuid]),
        day=on,
    )


def _slow(on: date) -> int:
    """Askings that nobody answers; once each, to whoever is to answer."""
    edge = on - timedelta(days=limits(on).answer_days)
    rows = Transfer.unscoped.filter(state=TransferState.ASKED, asked_on__lte=edge)
    found = list(rows.select_related("from_unit", "to_unit").order_by("pk")[:_PAGE])
    readers = _Readers([unit for row in found if (unit := _asked_unit(row)) is not None], on)
    return sum(_tell_slow(row, readers, on) for row in found)


def _asked_unit(row: Transfer) -> Unit | None:
    """The branch whose answer is awaited; for letters the branch below whoever answers."""
    if row.way == Way.INSIDE:
        return row.to_unit if row.asked_by_side == Side.OLD else row.from_unit
    return row.from_unit or row.to_unit


def _tell_slow(row: Transfer, readers: _Readers, on: date) -> int:
    unit = _asked_unit(row)
    assert unit is not None
    to = readers.branch(unit) if row.way == Way.INSIDE else readers.above(unit)
    return tell(
        key=f"transfer-slow:{row.pk}",
        to=to,
        template="membership/notices/transfer_slow",
        payload={
            "name": row.name, "old": row.old_name, "new": row.new_name, "day": _said(row.asked_on),
        },
        title=f"{row.name}的组织关系转接等您答复",
        link=reverse("membership:transfer_detail", args=[row.uuid]),
        day=on,
    )  # fmt: skip


def _clocks(on: date) -> int:
    """Six months away: to secretary and committee, once. Nothing else happens by itself."""
    known = limits(on)
    rows = Clock.unscoped.filter(until__isnull=True, since__lte=known.edge(on))
    told, last = 0, 0
    while True:
        page = list(rows.filter(pk__gt=last).select_related("member__unit").order_by("pk")[:_PAGE])
        if not page:
            return told
        readers = _Readers([row.member.unit for row in page], on)
        told += sum(_tell_clock(row, readers, on, known.clock_months) for row in page)
        last = page[-1].pk


def _tell_clock(row: Clock, readers: _Readers, on: date, months: int) -> int:
    unit = row.member.unit
    payload: dict[str, Any] = {
        "name": row.member.name, "unit": str(unit), "months": months, "since": _said(row.since),
        "lost": row.kind == ClockKind.LOST,
    }  # fmt: skip
    return tell(
        key=f"away:{row.pk}:{row.since}",
        to=readers.branch(unit) | readers.above(unit),
        template="membership/notices/away",
        payload=payload,
        title=f"{row.member.name}{row.get_kind_display()}满 {months} 个月",
        link=reverse("membership:away"),
        day=on,
    )


def _said(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
