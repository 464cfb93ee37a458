"""The scoring protocol: what assessment hands down to a programme, and gets back."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CreditRules:
    """What a counted record is worth (scoring.md, Credit).

    Factors are in 0–1 with at most four decimals; ``late_days`` is the number of days after the
    meeting up to which a first submission is not late.
    """

    off_day: Decimal = Decimal("0.6")
    late: Decimal = Decimal("0.8")
    late_days: int = 7
