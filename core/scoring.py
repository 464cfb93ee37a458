"""The scoring protocol: what assessment hands down to a programme, and gets back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

MonthDay = tuple[int, int]
Window = tuple[MonthDay, MonthDay]


@dataclass(frozen=True)
class CreditRules:
    """What a counted record is worth (scoring.md, Credit).

    Factors are in 0–1 with at most four decimals; ``late_days`` is the number of days after the
    meeting up to which a first submission is not late.
    """

    off_day: Decimal = Decimal("0.6")
    late: Decimal = Decimal("0.8")
    late_days: int = 7


# Months of one period, by kind of duty (scoring.md, Duties). 固定组织生活日 is monthly by nature,
# 四个必开 goes by windows.
CADENCE: dict[str, int] = {"members": 3, "committee": 1, "group": 1, "lecture": 6}
WINDOWS: dict[str, Window] = {"party_day": ((6, 24), (7, 7)), "year_end": ((12, 1), (12, 31))}


def _month_day(text: str) -> MonthDay:
    month, day = text.split("-")
    return int(month), int(day)


@dataclass(frozen=True)
class DutyRules:
    """What is asked of every branch, how often, and what a record of it is worth.

    ``cadence`` maps a kind of duty to the months of one period: 1, 3, 6 or 12. ``windows`` maps
    party_day and year_end to (first, last) as (month, day) of one year, both days included.
    """

    cadence: Mapping[str, int] = field(default_factory=lambda: dict(CADENCE))
    windows: Mapping[str, Window] = field(default_factory=lambda: dict(WINDOWS))
    credit: CreditRules = field(default_factory=CreditRules)

    def window(self, cause: str, year: int) -> tuple[date, date]:
        """First and last day of 建党日 or 年底 in a year."""
        (first_month, first_day), (last_month, last_day) = self.windows[cause]
        return date(year, first_month, first_day), date(year, last_month, last_day)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form; groups that are missing are the default."""
        plain = cls()
        credit = data.get("credit")
        windows = {
            cause: (_month_day(first), _month_day(last))
            for cause, (first, last) in data.get("windows", {}).items()
        }
        return cls(
            cadence={**plain.cadence, **data.get("cadence", {})},
            windows={**plain.windows, **windows},
            credit=CreditRules(
                off_day=Decimal(credit["off_day"]),
                late=Decimal(credit["late"]),
                late_days=credit["late_days"],
            )
            if credit
            else plain.credit,
        )

    def to_json(self) -> dict[str, Any]:
        """The stored form: numbers as text, so that none of them ever becomes a float."""
        return {
            "cadence": dict(self.cadence),
            "credit": {
                "off_day": str(self.credit.off_day),
                "late": str(self.credit.late),
                "late_days": self.credit.late_days,
            },
            "windows": {
                key: [f"{month:02d}-{day:02d}" for month, day in window]
                for key, window in self.windows.items()
            },
        }
