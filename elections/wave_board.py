"""A wave on one page: each body's steps, by committee, what is overdue; constant questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from branches.models import Unit
from core.pages import Cell, Plot
from elections.enums import CivicStage, Stage
from elections.models import CivicStep, Election, Wave, WaveBody

# The columns of the page: a slug, its words, and how far the Party organisation (P) or the 自治组织
# (C) must be.
STEPS: tuple[tuple[str, str, str, int], ...] = (
    ("asked", "请示", "P", Stage.ASKED),
    ("answered", "批复", "P", Stage.ANSWERED),
    ("chosen", "预备人选", "P", Stage.CHOSEN),
    ("approved", "候选人批准", "P", Stage.APPROVED),
    ("voted", "党组织选举", "P", Stage.VOTED),
    ("confirmed", "结果批复", "P", Stage.CONFIRMED),
    ("board", "选举委员会", "C", CivicStage.BOARD),
    ("voters", "选民登记", "C", CivicStage.VOTERS),
    ("nominated", "提名", "C", CivicStage.NOMINATED),
    ("checked", "资格联审", "C", CivicStage.CHECKED),
    ("civic_voted", "自治组织选举", "C", CivicStage.VOTED),
    ("handed_over", "交接", "C", CivicStage.HANDED_OVER),
)
STEP_CHOICES = [("", "全部"), *((f"no_{s[0]}", f"没到“{s[1]}”") for s in STEPS),
                ("late", "逾期"), ("done", "全部完成")]  # fmt: skip
MOST = 2000


@dataclass(frozen=True)
class BodyRow:
    """One village or community: its Party election and the steps of its 自治组织."""

    body: Any
    party: Any
    civic: dict[int, Any] = field(default_factory=dict)

    def reached(self, slug: str) -> bool:
        """Whether the step of that slug is done."""
        _, _, side, stage = next(step for step in STEPS if step[0] == slug)
        if side == "C":
            return stage in self.civic
        return self.party is not None and Stage.CANCELLED != self.party.state >= stage

    @property
    def marks(self) -> list[tuple[str, bool]]:
        """Every step with its words and whether it is done."""
        return [(label, self.reached(slug)) for slug, label, _, _ in STEPS]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(done for _, done in self.marks)

    def late(self, on: date) -> str:
        """What is overdue; "" when nothing is."""
        wave = self.body.wave
        if wave.party_by < on and not self.reached("confirmed"):
            return f"党组织换届应在 {wave.party_by:%Y-%m-%d} 前完成"
        if wave.civic_by < on and not self.reached("handed_over"):
            return f"自治组织换届应在 {wave.civic_by:%Y-%m-%d} 前完成"
        return ""


def wave_rows(wave: Wave, units: Sequence[Unit]) -> list[BodyRow]:
    """Every body of a wave in reach, in the order of the tree; three questions."""
    bodies = list(
        WaveBody.objects.within(*units)
        .filter(wave=wave)
        .select_related("unit", "unit__committee", "wave")
        .prefetch_related(Prefetch("civic", CivicStep.unscoped.all()))
        .order_by("unit__path")[:MOST]
    )
    held: dict[int, Any] = {}
    for one in Election.unscoped.filter(wave=wave).order_by("pk"):
        if one.state != Stage.CANCELLED:
            held[one.unit_id] = one
    return [
        BodyRow(body, held.get(body.unit_id), {one.stage: one for one in body.civic.all()})
        for body in bodies
    ]


def narrow(rows: list[BodyRow], asked: str, *, on: date) -> list[BodyRow]:
    """Rows that lack a step (``no_…``), are overdue, or are done."""
    if asked == "late":
        return [row for row in rows if row.late(on)]
    if asked == "done":
        return [row for row in rows if row.done == len(STEPS)]
    if asked.startswith("no_"):
        return [row for row in rows if not row.reached(asked[3:])]
    return rows


@dataclass(frozen=True)
class WaveBoard:
    """The whole wave on one page."""

    plot: Plot
    total: int
    party_done: int
    civic_done: int
    late: int
    hrefs: dict[str, str]


def wave_board(wave: Wave, rows: list[BodyRow], *, on: date) -> WaveBoard:
    """Step × committee in percent; each mark opens those that are not there yet."""
    places: dict[int, tuple[str, list[BodyRow]]] = {}
    for row in rows:
        above = row.body.unit.committee or row.body.unit
        places.setdefault(above.pk, (str(above), []))[1].append(row)
    cells = []
    for y, (pk, (_, mine)) in enumerate(places.items()):
        for x, (slug, _, _, _) in enumerate(STEPS):
            share = round(100 * sum(row.reached(slug) for row in mine) / len(mine), 1)
            cells.append(Cell(x, y, share, _open(wave, window=f"no_{slug}", unit=str(pk))))
    return WaveBoard(
        plot=Plot(
            kind="heat", title="各党（工）委换届进度", unit="%", top=100,
            labels=[step[1] for step in STEPS], rows=[name for name, _ in places.values()],
            cells=cells,
        ),
        total=len(rows),
        party_done=sum(row.reached("confirmed") for row in rows),
        civic_done=sum(row.reached("handed_over") for row in rows),
        late=sum(bool(row.late(on)) for row in rows),
        hrefs={
            "all": _open(wave), "party": _open(wave, window="no_confirmed"),
            "civic": _open(wave, window="no_handed_over"), "late": _open(wave, window="late"),
        },
    )  # fmt: skip


def _open(wave: Wave, **asked: str) -> str:
    address = reverse("elections:wave_rows", args=[wave.uuid])
    return f"{address}?{urlencode(asked)}" if asked else address
