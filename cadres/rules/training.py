"""教育培训的学时要求 (2023 条例): hours per level, a year or five."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cadres.enums import COUNTY_LEVELS
from cadres.rules.limits import Limits

YEARS = 5


@dataclass(frozen=True)
class Standing:
    """The hours of one person against what is asked, in the span it is asked for."""

    hours: Decimal
    asked: Decimal
    five_years: bool

    @property
    def met(self) -> bool:
        """Whether there are enough."""
        return self.hours >= self.asked

    @property
    def missing(self) -> Decimal:
        """Hours still to come; 0 when met."""
        return max(self.asked - self.hours, Decimal(0))


def standing(*, level: str, this_year: Decimal, five_years: Decimal, limits: Limits) -> Standing:
    """县处级: the hours of five years; everybody else: those of the year."""
    if level in COUNTY_LEVELS:
        return Standing(five_years, limits.county_five_year_hours, five_years=True)
    return Standing(this_year, limits.town_hours, five_years=False)


def counted(planned: Decimal, absent: Decimal) -> Decimal:
    """The hours that count: none when more than a seventh was missed (条例 2023: 请假 ≤ 1/7)."""
    return Decimal(0) if absent * 7 > planned else planned - absent
