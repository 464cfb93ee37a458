"""The rules of the ranking as pure functions: parameters, score, rank, what would have earned more.

This is the reference arithmetic: exact fractions, rounded half-up once, at the end. The ranking of
a whole district does the same in SQL (``assessment.ranking``), and the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Any, Self

from branches.enums import DutyKind
from core.scoring import CADENCE, WINDOWS, CreditRules, DutyRules, Window

ONE = Decimal(1)
# A credit is kept in ten-thousandths, a score in hundredths.
CREDIT_SCALE = 10_000


class SchemeError(ValueError):
    """The parameters of a scheme are wrong; ``problems`` are Chinese sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = list(problems)


DUTY_WEIGHTS: dict[DutyKind, Decimal] = {
    DutyKind.MEMBERS: Decimal(25),
    DutyKind.COMMITTEE: Decimal(15),
    DutyKind.GROUP: Decimal(15),
    DutyKind.LECTURE: Decimal(10),
    DutyKind.FIXED_DAY: Decimal(25),
    DutyKind.MUST_HOLD: Decimal(10),
}
PARTS: dict[str, str] = {"duties": "职责", "attendance": "到会率", "quality": "质量"}
PART_WEIGHTS = {"duties": Decimal(85), "attendance": Decimal(10), "quality": Decimal(5)}
# How often a kind may be asked for, as months of one period; 固定组织生活日 is monthly by nature.
CADENCE_NAMES = {1: "每月一次", 3: "每季度一次", 6: "每半年一次", 12: "每年一次"}
WINDOW_NAMES = {"party_day": "建党日", "year_end": "年底"}


@dataclass(frozen=True)
class SchemeParameters:
    """One version of the scheme (scoring.md): weights, credit, cadence, the windows of the year.

    Weights are relative: what does not apply drops out and the rest is scaled up. ``windows`` maps
    party_day and year_end to (first, last) as (month, day), both days included; ``cadence`` a kind
    to the months of one period.
    """

    duties: Mapping[DutyKind, Decimal] = field(default_factory=lambda: dict(DUTY_WEIGHTS))
    parts: Mapping[str, Decimal] = field(default_factory=lambda: dict(PART_WEIGHTS))
    credit: CreditRules = field(default_factory=CreditRules)
    windows: Mapping[str, Window] = field(default_factory=lambda: dict(WINDOWS))
    cadence: Mapping[str, int] = field(default_factory=lambda: dict(CADENCE))

    @property
    def asked(self) -> DutyRules:
        """What it asks of the branches: the part that 三会一课 goes by."""
        return DutyRules(cadence=self.cadence, windows=self.windows, credit=self.credit)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read stored parameters; every problem is told at once.

        Schemes older than the cadence have none: what scoring.md says holds.

        Raises:
            SchemeError: with one Chinese sentence per problem.
        """
        problems: list[str] = []
        tree: dict[str, Any] = data if isinstance(data, dict) else {}
        unknown = sorted(set(tree) - {"duties", "parts", "credit", "windows", "cadence"})
        if not isinstance(data, dict) or unknown:
            problems.append("参数应当只有 duties、parts、credit、windows、cadence 五组。")
        duties = {
            kind: _number(_group(tree, "duties"), kind.value, f"{kind.label}的权重", problems)
            for kind in DutyKind
        }
        parts = {
            key: _number(_group(tree, "parts"), key, f"{name}部分的权重", problems)
            for key, name in PARTS.items()
        }
        credit = _group(tree, "credit")
        rules = CreditRules(
            off_day=_number(credit, "off_day", "非固定日的得分率", problems, top=ONE),
            late=_number(credit, "late", "补录的得分率", problems, top=ONE),
            late_days=_days(credit, problems),
        )
        windows = {
            key: _window(_group(tree, "windows"), key, name, problems)
            for key, name in WINDOW_NAMES.items()
        }
        cadence = {key: _cadence(_group(tree, "cadence"), key, problems) for key in CADENCE}
        if not problems and not any(duties.values()):
            problems.append("各类职责的权重不能都是 0。")
        if not problems and not parts["duties"]:
            problems.append("职责部分的权重必须大于 0。")
        if problems:
            raise SchemeError(problems)
        return cls(duties, parts, rules, windows, cadence)

    def to_json(self) -> dict[str, Any]:
        """The stored form: numbers as text, so that none of them ever becomes a float."""
        return {
            "duties": {kind.value: str(weight) for kind, weight in self.duties.items()},
            "parts": {key: str(weight) for key, weight in self.parts.items()},
            **self.asked.to_json(),
        }

    def duty_integers(self) -> dict[DutyKind, int]:
        """The weights of the kinds as the smallest whole numbers in the same proportion."""
        return dict(zip(self.duties, _proportion(list(self.duties.values())), strict=True))

    def part_integers(self) -> dict[str, int]:
        """The weights of the parts as the smallest whole numbers in the same proportion."""
        return dict(zip(self.parts, _proportion(list(self.parts.values())), strict=True))


def weight_problems(scheme: SchemeParameters) -> list[str]:
    """What keeps a draft from being read at a glance: both groups of weights make up 100.

    The arithmetic needs no such sum (weights are relative); people do.
    """
    problems = []
    for name, weights in (("各类职责", scheme.duties), ("三个部分", scheme.parts)):
        total = sum(weights.values())
        if total != 100:
            problems.append(f"{name}的权重相加应为 100，现在是 {plain(total)}，请调整。")
    return problems


def plain(number: Decimal | int) -> str:
    """A number without trailing zeros: 25, 7.5."""
    return f"{Decimal(number).normalize():f}"


@dataclass(frozen=True)
class Told:
    """One parameter of a scheme in words: its group, its name, its value."""

    group: str
    name: str
    value: str


def described(scheme: SchemeParameters) -> list[Told]:
    """Every parameter of a scheme, always in the same order, so that two can stand side by side."""
    told = [
        Told("各类职责的权重", str(kind.label), plain(scheme.duties[kind])) for kind in DutyKind
    ]
    told += [Told("三个部分的权重", name, plain(scheme.parts[key])) for key, name in PARTS.items()]
    told += [
        Told("多久一次", str(DutyKind(key).label), CADENCE_NAMES[scheme.cadence[key]])
        for key in CADENCE
    ]
    credit = scheme.credit
    told += [
        Told("得分率", "非固定日召开", f"{plain(credit.off_day * 100)}%"),
        Told("得分率", "补录", f"{plain(credit.late * 100)}%"),
        Told("得分率", "会后多少天内提交不算补录", f"{credit.late_days} 天"),
    ]
    for key, name in WINDOW_NAMES.items():
        (first_month, first_day), (last_month, last_day) = scheme.windows[key]
        span = f"{first_month}月{first_day}日至{last_month}月{last_day}日"
        told.append(Told("四个必开的时间", name, span))
    return told


def _group(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _number(
    group: Mapping[str, Any],
    key: str,
    name: str,
    problems: list[str],
    *,
    top: Decimal = Decimal(100),
) -> Decimal:
    """A number from 0 to ``top`` with at most two decimals, written as text."""
    value = group.get(key)
    try:
        number = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        number = None
    good = number is not None and not isinstance(value, bool) and number.is_finite()
    if not good or number is None or not 0 <= number <= top or number != round(number, 2):
        problems.append(f"{name}应是 0 到 {top} 之间、最多两位小数的数，请改正。")
        return Decimal(0)
    return number


def _days(group: Mapping[str, Any], problems: list[str]) -> int:
    value = group.get("late_days")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 90:
        problems.append("补录期限应是 0 到 90 之间的整天数，请改正。")
        return 0
    return value


def _cadence(group: Mapping[str, Any], key: str, problems: list[str]) -> int:
    value = group.get(key, CADENCE[key])
    if isinstance(value, int) and not isinstance(value, bool) and value in CADENCE_NAMES:
        return value
    problems.append(f"{DutyKind(key).label}只能每月、每季度、每半年或每年一次，请改正。")
    return CADENCE[key]


def _window(group: Mapping[str, Any], key: str, name: str, problems: list[str]) -> Window:
    """Two days of one year as ["06-24", "07-07"]; both in every year, 29 February is refused."""
    try:
        first, last = (date.fromisoformat(f"2001-{text}") for text in group[key])
        if first < last and (last - first).days <= 60:
            return (first.month, first.day), (last.month, last.day)
    except (KeyError, TypeError, ValueError):
        pass
    problems.append(f"{name}的起止日期应写成 06-24 这样的两天，先后有序且不超过 60 天，请改正。")
    return WINDOWS[key]


def _proportion(weights: Sequence[Decimal]) -> list[int]:
    whole = [int(weight * 100) for weight in weights]
    divisor = reduce(gcd, whole) or 1
    return [number // divisor for number in whole]


@dataclass(frozen=True)
class Parts:
    """The three parts of a score as exact fractions 0–1; None for what has nothing to measure."""

    duties: Fraction | None
    attendance: Fraction | None
    quality: Fraction | None


def duty_part(
    credits: Mapping[DutyKind, Sequence[Decimal]], scheme: SchemeParameters
) -> Fraction | None:
    """The weighted mean of the kinds' mean credits; None when no weighted kind has a duty."""
    total = weights = Fraction(0)
    for kind, weight in scheme.duties.items():
        given = credits.get(kind, ())
        if given and weight:
            mean = sum((Fraction(credit) for credit in given), Fraction(0)) / len(given)
            total += Fraction(weight) * mean
            weights += Fraction(weight)
    return total / weights if weights else None


def parts_of(
    credits: Mapping[DutyKind, Sequence[Decimal]],
    *,
    present: int,
    eligible: int,
    checks: Sequence[Decimal],
    scheme: SchemeParameters,
) -> Parts:
    """The three parts. ``checks`` are scores of spot checks, 0–100."""
    quality = None
    if checks:
        quality = sum((Fraction(check) for check in checks), Fraction(0)) / len(checks) / 100
    return Parts(
        duties=duty_part(credits, scheme),
        attendance=Fraction(present, eligible) if eligible else None,
        quality=quality,
    )


def weighted(parts: Parts, scheme: SchemeParameters) -> Fraction | None:
    """The weighted mean of the parts that apply, 0–1, exact; None when not ranked (不参评)."""
    if parts.duties is None:
        return None
    given = (
        (parts.duties, scheme.parts["duties"]),
        (parts.attendance, scheme.parts["attendance"]),
        (parts.quality, scheme.parts["quality"]),
    )
    used = [(part, Fraction(weight)) for part, weight in given if part is not None]
    return sum((part * weight for part, weight in used), Fraction(0)) / sum(
        (weight for _, weight in used), Fraction(0)
    )


def rounded(share: Fraction, *, places: int = 2) -> Decimal:
    """100 × ``share``, half-up; the only rounding there is."""
    scale = 10**places
    hundredths: int = (share * 100 * scale * 2 + 1) // 2
    shown: Decimal = (Decimal(hundredths) / scale).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
    )
    return shown


def score(
    credits: Mapping[DutyKind, Sequence[Decimal]],
    *,
    present: int,
    eligible: int,
    checks: Sequence[Decimal],
    scheme: SchemeParameters,
) -> Decimal | None:
    """The score of one unit, 0.00–100.00, or None when it has no duty (scoring.md, Score).

    ``credits`` maps a kind to the credits (0–1) of its applicable duties.
    """
    share = weighted(
        parts_of(credits, present=present, eligible=eligible, checks=checks, scheme=scheme), scheme
    )
    return None if share is None else rounded(share)


def rank(scores: Sequence[Decimal | None]) -> list[int | None]:
    """Competition ranks (1, 2, 2, 4), the highest first; None for who has no score."""
    better: dict[Decimal, int] = {}
    for place, value in enumerate(sorted((s for s in scores if s is not None), reverse=True), 1):
        better.setdefault(value, place)
    return [None if value is None else better[value] for value in scores]
