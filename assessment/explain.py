"""How one unit's score came about, told from the frozen row alone, so that nobody can dispute it.

Every number is worked out anew with exact fractions (``assessment.rules``) and leads to the score
that was frozen; what a programme changed since plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessment.models import Run, RunRow
from assessment.rules import (
    CREDIT_SCALE,
    PARTS,
    Parts,
    SchemeParameters,
    duty_part,
    rounded,
    weighted,
)
from assessment.ruling_sql import event_key, group_key, slot_key
from branches.enums import DutyKind
from core.dates import Period
from meetings.scores import group_periods

Credits = dict[DutyKind, list[Decimal]]


@dataclass(frozen=True)
class DutyRef:
    """Which duty of a unit in a quarter; ``key`` is the same in every version of the run.

    ``first`` and ``due`` are days as text; ``group`` is a 党小组's code, ``title`` an event's.
    """

    key: str
    kind: str
    cause: str
    period: str
    first: str
    due: str
    group: str = ""
    title: str = ""


@dataclass(frozen=True)
class DutyLine:
    """One duty of the unit. ``credit`` and ``gain``: see :class:`Explanation`.

    ``ruled`` is the id of the appeal by which the district ruled on the credit.

    ``state`` is a code of the badges; ``points`` is what the duty gave of at most ``most`` points
    of the score; ``advice`` says what would have earned ``gain`` points more.
    """

    kind: DutyKind
    name: str
    due: date
    fixed_day: date | None
    credit: int | None
    record: int | None
    ref: DutyRef
    ruled: int | None = None
    state: str = ""
    word: str = ""
    most: Decimal | None = None
    points: Decimal | None = None
    advice: str = ""
    gain: Decimal | None = None

    @property
    def percent(self) -> str:
        """The credit in a hundred."""
        return "—" if self.credit is None else f"{Decimal(self.credit) / 100:f}%"


@dataclass(frozen=True)
class KindLine:
    """A kind's mean credit (out of 100) over ``count`` duties, with its weight."""

    name: str
    weight: Decimal
    count: int
    mean: Decimal
    credits: str


@dataclass(frozen=True)
class PartLine:
    """A part of the score out of 100; None where there was nothing to measure."""

    key: str
    name: str
    weight: Decimal
    value: Decimal | None
    gain: Decimal | None


@dataclass(frozen=True)
class Explanation:
    """Everything the page of a unit shows. ``score`` is worked out here, not copied."""

    duties: list[DutyLine]
    kinds: list[KindLine]
    parts: list[PartLine]
    duty_formula: str
    score_formula: str
    score: Decimal | None


def explain(run: Run, row: RunRow) -> Explanation:
    """The way from a row's credits to its score.

    A duty's ``credit`` is in ten-thousandths, None where it does not apply; ``gain`` is the points
    the score would have been higher with full credit for this duty and all else equal.
    """
    scheme = SchemeParameters.from_json(run.scheme.parameters)
    lines = lines_of(run, row)
    credits = _credits(lines)
    parts = _parts(row, credits, scheme)
    share = weighted(parts, scheme)
    score = None if share is None else rounded(share)
    told = [_told(line, credits, parts, scheme) for line in lines]
    return Explanation(
        duties=told,
        kinds=_kinds(credits, scheme),
        parts=_part_lines(parts, scheme),
        duty_formula=_duty_formula(credits, parts, scheme),
        score_formula=_score_formula(parts, scheme, score),
        score=score,
    )


def records_of(lines: Iterable[DutyLine]) -> list[int]:
    """The records that gave credit."""
    return [line.record for line in lines if line.record]


def lines_of(run: Run, row: RunRow) -> list[DutyLine]:
    """The duties by kind and day: the frozen slots, the groups' periods, the events."""
    lines = [
        _slot_line(slot, credit, record)
        for slot, credit, record in zip(run.slots, row.credits, row.records, strict=True)
    ]
    extras: dict[str, list[Any]] = row.extras or {"groups": [], "events": []}
    rules = SchemeParameters.from_json(run.scheme.parameters).asked
    periods = group_periods(Period.parse(run.period), rules)
    for pk, code, name, credits, records in extras["groups"]:
        for month, credit, record in zip(periods, credits, records, strict=True):
            label = f"{month.name} {name}"
            ref = _ref(group_key(pk, month.label), DutyKind.GROUP, month.label, month, group=code)
            lines.append(DutyLine(DutyKind.GROUP, label, month.end, None, credit, record, ref))
    for pk, cause, title, day, window_end, credit, record in extras["events"]:
        name = f"{_CAUSES.get(cause, '')}：{title}"
        due = date.fromisoformat(window_end)
        kind = DutyKind.MUST_HOLD
        ref = DutyRef(event_key(pk), kind.value, cause, window_end, day, window_end, title=title)
        lines.append(DutyLine(kind, name, due, None, credit, record, ref))
    ruled = {duty: appeal for duty, _, appeal in extras.get("rulings", ())}
    order = list(DutyKind)
    return sorted(
        (replace(line, ruled=ruled.get(line.ref.key)) for line in lines),
        key=lambda line: (order.index(line.kind), line.due, line.name),
    )


def _ref(key: str, kind: DutyKind, label: str, month: Period, *, group: str) -> DutyRef:
    first, due = month.start.isoformat(), month.end.isoformat()
    return DutyRef(key, kind.value, "", label, first, due, group=group)


_CAUSES = {
    "party_day": "建党日",
    "year_end": "年底",
    "decision": "重大决策",
    "admission": "发展党员",
}


def _slot_line(slot: dict[str, Any], credit: int | None, record: int | None) -> DutyLine:
    fixed = slot["fixed_day"]
    return DutyLine(
        kind=DutyKind(slot["kind"]),
        name=_CAUSES.get(slot["cause"]) or Period.parse(slot["label"]).name,
        due=date.fromisoformat(slot["due"]),
        fixed_day=date.fromisoformat(fixed) if fixed else None,
        credit=credit,
        record=record,
        ref=DutyRef(
            slot_key(slot["kind"], slot["cause"], slot["label"]),
            slot["kind"],
            slot["cause"],
            slot["label"],
            slot["first"],
            slot["due"],
        ),
    )


def _credits(lines: Iterable[DutyLine]) -> Credits:
    found: Credits = {}
    for line in lines:
        if line.credit is not None:
            found.setdefault(line.kind, []).append(Decimal(line.credit) / CREDIT_SCALE)
    return found


def _parts(row: RunRow, credits: Credits, scheme: SchemeParameters) -> Parts:
    quality = None
    if row.checks and row.quality is not None:
        # The points of the checks have two decimals; their mean was kept with six.
        points = round(Fraction(row.quality) * 100 * row.checks)
        quality = Fraction(points, 10_000 * row.checks)
    return Parts(
        duties=duty_part(credits, scheme),
        attendance=Fraction(row.present, row.eligible) if row.eligible else None,
        quality=quality,
    )


def _told(line: DutyLine, credits: Credits, parts: Parts, scheme: SchemeParameters) -> DutyLine:
    """The line with its state, its points and what would have earned more."""
    state, word, advice = _ruled(line) if line.ruled else _state(line, scheme)
    if line.credit is None:
        return replace(line, state=state, word=word)
    mine = Decimal(line.credit) / CREDIT_SCALE
    nothing, full = (_with(line, mine, other, credits, scheme) for other in (0, 1))
    now = weighted(parts, scheme) or Fraction(0)
    best = weighted(replace(parts, duties=full), scheme) or Fraction(0)
    worst = weighted(replace(parts, duties=nothing), scheme) or Fraction(0)
    return replace(
        line,
        state=state,
        word=word,
        advice=advice,
        most=rounded(best - worst),
        points=rounded(now - worst),
        gain=rounded(best) - rounded(now) if advice else None,
    )


def _with(
    line: DutyLine, mine: Decimal, other: int, credits: Credits, scheme: SchemeParameters
) -> Fraction | None:
    """The part Duties had this one duty earned ``other``."""
    changed = list(credits[line.kind])
    changed[changed.index(mine)] = Decimal(other)
    return duty_part({**credits, line.kind: changed}, scheme)


def _state(line: DutyLine, scheme: SchemeParameters) -> tuple[str, str, str]:
    """Code, word and advice, read from the credit: only one way of holding it gives each."""
    off, late = scheme.credit.off_day, scheme.credit.late
    days = f"会后 {scheme.credit.late_days} 天内提交"
    if line.credit is None:
        return "exempt", "不适用", ""
    credit = Decimal(line.credit) / CREDIT_SCALE
    on_day = f"在{line.fixed_day.month}月{line.fixed_day.day}日召开" if line.fixed_day else ""
    if credit == 1:
        return "met", "完成", ""
    if not line.record:
        return "unmet", "没有记录", f"{on_day or '按期召开'}并{days}"
    if not on_day or (credit == late and credit != off):
        return "late", "补录", days
    if credit == off and credit != late:
        return "off_day", "非固定日召开", on_day
    return "off_day", "非固定日召开或补录", f"{on_day}并{days}"


def _ruled(line: DutyLine) -> tuple[str, str, str]:
    """The district decided on an appeal; there is nothing left to advise."""
    if line.credit is None:
        return "exempt", "不适用（申诉认定）", ""
    if line.credit == CREDIT_SCALE:
        return "met", "完成（申诉认定）", ""
    return "late", "补录（申诉认定）", ""


def _kinds(credits: Credits, scheme: SchemeParameters) -> list[KindLine]:
    return [
        KindLine(
            name=str(kind.label),
            weight=scheme.duties[kind],
            count=len(given),
            mean=rounded(_mean(given)),
            credits=" + ".join(f"{credit.normalize():f}" for credit in given),
        )
        for kind in DutyKind
        if (given := credits.get(kind, []))
    ]


def _mean(given: Sequence[Decimal]) -> Fraction:
    return sum((Fraction(credit) for credit in given), Fraction(0)) / len(given)


def _part_lines(parts: Parts, scheme: SchemeParameters) -> list[PartLine]:
    now = weighted(parts, scheme)
    lines = []
    for key, name in PARTS.items():
        value: Fraction | None = getattr(parts, key)
        gain = None
        if value is not None and now is not None:
            best = weighted(replace(parts, **{key: Fraction(1)}), scheme) or Fraction(0)
            gain = rounded(best) - rounded(now)
        shown = None if value is None else rounded(value)
        lines.append(PartLine(key, name, scheme.parts[key], shown, gain))
    return lines


def _duty_formula(credits: Credits, parts: Parts, scheme: SchemeParameters) -> str:
    """权重 × 平均得分率, added up, over the weights that applied."""
    if parts.duties is None:
        return ""
    used = [kind for kind in DutyKind if credits.get(kind) and scheme.duties[kind]]
    upper = " + ".join(
        f"{_plain(scheme.duties[kind])}×{rounded(_mean(credits[kind]))}" for kind in used
    )
    lower = " + ".join(_plain(scheme.duties[kind]) for kind in used)
    return f"（{upper}）÷（{lower}）= {rounded(parts.duties)}"


def _score_formula(parts: Parts, scheme: SchemeParameters, score: Decimal | None) -> str:
    if score is None:
        return ""
    given: list[tuple[Decimal, Fraction]] = [
        (scheme.parts[key], value)
        for key in PARTS
        if (value := getattr(parts, key)) is not None and scheme.parts[key]
    ]
    upper = " + ".join(f"{_plain(weight)}×{rounded(value)}" for weight, value in given)
    lower = " + ".join(_plain(weight) for weight, _ in given)
    return f"（{upper}）÷（{lower}）= {score}"


def _plain(weight: Decimal) -> str:
    return f"{weight.normalize():f}"
