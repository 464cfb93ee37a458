"""Calendar arithmetic: periods, fixed days, working days, and the dates people type.

Pure: no Django, no clock. Days are `datetime.date`; months and years are calendar arithmetic,
clamped to the month's end. Working days follow a `Calendar` built from the holiday table; where
that table does not cover a year the result is marked provisional (暂算) instead of failing.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

TUESDAY = 1
PeriodKind = Literal["month", "quarter", "half", "year"]
MONTHS_IN: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_LABEL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})|Q(?P<quarter>\d)|H(?P<half>\d))?\Z")
_QUARTERS = ("一", "二", "三", "四")
_HALVES = ("上", "下")


# --- Months ----------------------------------------------------------------------------------


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """Return `day` moved by whole months (negative: back), clamped to the month's end.

    31 January + 1 month is 28 (29) February. Raises ValueError outside years 1–9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1] if 1 <= year <= 9999 else 1
    return date(year, month0 + 1, min(day.day, last))


# --- Periods ---------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Period:
    """A whole month, quarter, half-year or year; `start` and `end` are both inside it.

    `label` is the written form used in addresses and stored rows: `2026-07`, `2026Q3`, `2026H1`,
    `2026`. Build periods with the class methods, not by hand.
    """

    start: date
    end: date
    label: str

    @classmethod
    def of(cls, kind: PeriodKind, year: int, number: int = 1) -> Period:
        """Return the period `number` (from 1) of `kind` in `year`; ValueError if there is none."""
        length = MONTHS_IN[kind]
        if not 1 <= number <= 12 // length:
            raise ValueError(f"没有这个考核期：{year} 年第 {number} 个{_KIND_NAMES[kind]}")
        first = (number - 1) * length + 1
        label = {
            "month": f"{year:04d}-{number:02d}",
            "quarter": f"{year:04d}Q{number}",
            "half": f"{year:04d}H{number}",
            "year": f"{year:04d}",
        }[kind]
        return cls(date(year, first, 1), month_end(year, first + length - 1), label)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return a month, 1–12."""
        return cls.of("month", year, month)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Return a quarter, 1–4."""
        return cls.of("quarter", year, quarter)

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        """Return a half-year, 1–2."""
        return cls.of("half", year, half)

    @classmethod
    def full_year(cls, year: int) -> Period:
        """Return a calendar year."""
        return cls.of("year", year)

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """Return the period of that kind in which `day` lies."""
        return cls.of(kind, day.year, (day.month - 1) // MONTHS_IN[kind] + 1)

    @classmethod
    def parse(cls, label: str) -> Period:
        """Read `2026-07`, `2026Q3`, `2026H1` or `2026`; ValueError (Chinese) for anything else."""
        found = _LABEL.match(label.strip().upper())
        if found and int(found["year"]):
            try:
                for kind in ("month", "quarter", "half"):
                    if found[kind]:
                        return cls.of(kind, int(found["year"]), int(found[kind]))
                return cls.of("year", int(found["year"]))
            except ValueError:
                pass
        raise ValueError(f"“{label}”不是考核期，请写成 2026-07、2026Q3、2026H1 或 2026")

    @property
    def kind(self) -> PeriodKind:
        """Return month, quarter, half or year."""
        if "Q" in self.label:
            return "quarter"
        if "H" in self.label:
            return "half"
        return "month" if "-" in self.label else "year"

    @property
    def year(self) -> int:
        """Return the calendar year the period lies in."""
        return self.start.year

    @property
    def number(self) -> int:
        """Return the place of the period in its year, from 1."""
        return (self.start.month - 1) // MONTHS_IN[self.kind] + 1

    @property
    def name(self) -> str:
        """Return the Chinese label: 2026年7月, 2026年第三季度, 2026年上半年, 2026年."""
        match self.kind:
            case "month":
                return f"{self.year}年{self.number}月"
            case "quarter":
                return f"{self.year}年第{_QUARTERS[self.number - 1]}季度"
            case "half":
                return f"{self.year}年{_HALVES[self.number - 1]}半年"
            case _:
                return f"{self.year}年"

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return (self.end - self.start).days + 1

    def contains(self, day: date) -> bool:
        """Say whether `day` lies in the period, both ends counted."""
        return self.start <= day <= self.end

    def split(self, kind: PeriodKind) -> tuple[Period, ...]:
        """Return the periods of `kind` inside this one, in order; ValueError if they are longer."""
        length = MONTHS_IN[kind]
        if length > MONTHS_IN[self.kind]:
            raise ValueError(f"{self.name}不能再分成{_KIND_NAMES[kind]}")
        first = (self.start.month - 1) // length + 1
        count = MONTHS_IN[self.kind] // length
        return tuple(Period.of(kind, self.year, first + step) for step in range(count))

    def months(self) -> tuple[Period, ...]:
        """Return the months of the period, in order."""
        return self.split("month")

    def next(self) -> Period:
        """Return the period of the same kind that follows."""
        return Period.containing(self.end + timedelta(days=1), self.kind)

    def previous(self) -> Period:
        """Return the period of the same kind before this one."""
        return Period.containing(self.start - timedelta(days=1), self.kind)

    def __str__(self) -> str:
        return self.label


_KIND_NAMES: dict[PeriodKind, str] = {
    "month": "月",
    "quarter": "季度",
    "half": "半年",
    "year": "年",
}


# --- Working days ----------------------------------------------------------------------------


class Reckoned(NamedTuple):
    """A day found by counting working days.

    `provisional` (暂算) is true when a year on the way has no published holiday notice.
    """

    day: date
    provisional: bool


class FixedDay(NamedTuple):
    """A month's 固定组织生活日: the day, whether a holiday moved it, whether it is 暂算."""

    day: date
    moved: bool
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """The State Council's holiday notices as a value: which days differ from the plain week.

    `days` maps a day to True (放假) or False (调休上班); `years` are those whose notice is in.
    """

    days: dict[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool]], years: Iterable[int]) -> Calendar:
        """Build from rows of (day, is_off) and the years that are covered."""
        return cls(dict(rows), frozenset(years))

    def covers(self, day: date) -> bool:
        """Say whether the notice for that day's year is in."""
        return day.year in self.years

    def is_holiday(self, day: date) -> bool:
        """Say whether the notice gives this day off (a plain weekend is not a holiday)."""
        return self.days.get(day, False)

    def is_workday(self, day: date) -> bool:
        """Say whether the day is worked: the notice decides, else Monday to Friday."""
        off = self.days.get(day)
        return day.weekday() < 5 if off is None else not off

    def add_workdays(self, day: date, count: int) -> Reckoned:
        """Return the `count`-th working day after `day`; `day` itself is not counted.

        0 gives `day` back, a negative count goes back.
        """
        step = timedelta(days=1 if count >= 0 else -1)
        left, provisional = abs(count), not self.covers(day)
        while left:
            day += step
            provisional |= not self.covers(day)
            left -= self.is_workday(day)
        return Reckoned(day, provisional)

    def workdays_before(self, day: date, count: int) -> Reckoned:
        """Return the `count`-th working day before `day`; `day` itself is not counted."""
        return self.add_workdays(day, -count)


def first_tuesday(year: int, month: int) -> date:
    """Return the first Tuesday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(TUESDAY - first.weekday()) % 7)


def fixed_day(year: int, month: int, *, holidays: Calendar) -> FixedDay:
    """Return the month's 固定组织生活日: the first Tuesday, off holidays.

    On a public holiday it moves to the following Tuesday, again and again until a day is free:
    the next working day could be a 调休 Saturday, the following Tuesday was always worked. The
    rule is the district's own default; a day set by staff comes before it.
    """
    first = day = first_tuesday(year, month)
    while holidays.is_holiday(day):
        day += timedelta(days=7)
    return FixedDay(day, day != first, not holidays.covers(day))


# --- The dates people type -------------------------------------------------------------------


class DateError(ValueError):
    """What was typed is no date. `message` says so, `hint` says what to do; str() joins them."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message = message
        self.hint = hint


class ParsedDate(NamedTuple):
    """A day read from text; `partial` when only year and month were given (day set to the 1st)."""

    day: date
    partial: bool = False

    @property
    def note(self) -> str:
        """Return a sentence for the preview when the day was filled in, else nothing."""
        return f"只写到月，按 {self.day.isoformat()} 理解" if self.partial else ""


_HINT = "请改成 2020-03-05 这样的写法"
_YEARS = range(1900, 2101)
# Serial numbers of 4 digits look like years and are all before May 1927: never guessed at.
_SERIALS = range(10_000, 73_416)
_EPOCH = date(1899, 12, 30)
_NUMBER = re.compile(r"(\d+)(?:\.(\d*))?\Z")
_CLOCK = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?\Z")
_PARTS = re.compile(r"(\d{4})[-./年](\d{1,2})(?:月?|[-./月](\d{1,2})[日号]?)[-./]?\Z")
_SEPARATORS = str.maketrans(
    dict.fromkeys("–—−‐‑﹣~_", "-") | dict.fromkeys("。·•、,", ".") | {"\\": "/"}
)
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def parse_date(value: object) -> ParsedDate:
    """Read a date as people write it in Excel.

    Takes dates and datetimes (the date part), serial numbers of the 1900 system, and text such
    as 2020.3, 2020.03.05, 2020年3月5日, 2020/3/5, 20200305, 202003, full-width or with stray
    spaces. Year and month alone give the first of the month with `partial` set. Raises DateError
    (a ValueError with a Chinese sentence) for anything else, and for the number 2020.1, which
    Excel writes for both 2020.01 and 2020.10.
    """
    if isinstance(value, datetime):
        return _within_years(value.date(), value)
    if isinstance(value, date):
        return _within_years(value, value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _not_a_date(value)
    if isinstance(value, float) and 1900 <= value <= 2101 and re.fullmatch(r"\d{4}\.1", str(value)):
        raise DateError(
            f"值“{value}”分不清是 1 月还是 10 月（Excel 会把 2020.10 存成 2020.1）",
            f"请写成 {int(value)}-01 或 {int(value)}-10",
        )
    text = _CLOCK.sub("", unicodedata.normalize("NFKC", str(value)).strip())
    text = _NOISE.sub("", text).translate(_SEPARATORS)
    if not text:
        raise DateError("没有填写日期", _HINT)
    number = _NUMBER.match(text)
    if not number:
        return _from_text(text, value)
    fraction = (number[2] or "").strip("0")
    if fraction and int(number[1]) in _YEARS:
        return _from_text(text, value)
    return _from_number(number[1], value, whole=not fraction)


def _from_number(digits: str, value: object, *, whole: bool) -> ParsedDate:
    """Read 20200305, 202003 or an Excel serial; only a serial may carry a time of day."""
    if len(digits) == 8 and whole:
        return _build(digits[:4], digits[4:6], digits[6:], value)
    if len(digits) == 6 and whole:
        return _build(digits[:4], digits[4:], None, value)
    if len(digits) == 4 and int(digits) in _YEARS:
        raise DateError(f"值“{_shown(value)}”只有年份", "请写到年月日，如 2020-03-05")
    if len(digits) == 5 and int(digits) in _SERIALS:
        return ParsedDate(_EPOCH + timedelta(days=int(digits)))
    raise _not_a_date(value)


def _from_text(text: str, value: object) -> ParsedDate:
    found = _PARTS.match(text)
    if found:
        return _build(found[1], found[2], found[3], value)
    if re.fullmatch(r"\d{2}[-./年]\d{1,2}([-./月]\d{1,2}日?)?月?", text):
        raise DateError(f"值“{_shown(value)}”的年份只有两位", "请写四位年份，如 1998-03-05")
    if re.fullmatch(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}", text):
        raise DateError(f"值“{_shown(value)}”年份写在了后面", _HINT)
    raise _not_a_date(value)


def _build(year: str, month: str, day: str | None, value: object) -> ParsedDate:
    try:
        built = date(int(year), int(month), int(day) if day else 1)
    except ValueError:
        raise _not_a_date(value) from None
    return _within_years(built, value, partial=not day)


def _within_years(day: date, value: object, *, partial: bool = False) -> ParsedDate:
    if day.year not in _YEARS:
        raise DateError(f"值“{_shown(value)}”的年份不合理", "请核对后改成 2020-03-05 这样的写法")
    return ParsedDate(day, partial)


def _not_a_date(value: object) -> DateError:
    return DateError(f"值“{_shown(value)}”不是日期", _HINT)


def _shown(value: object) -> str:
    """Return the value as the reader of the message knows it, cut to a sane length."""
    text = str(value).strip()
    return text if len(text) <= 40 else f"{text[:40]}…"
