"""The settable numbers of 党费 as staff have written them: bands and 规定参数 of a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import Q

from core.errors import Refusal
from core.models import RuleParameter
from dues.enums import BandKind
from dues.models import Band
from dues.rules import FixedBand, RateBand, Rounding, RuleError

ROUNDING_STEP = "dues.rounding_step"
ROUNDING_MODE = "dues.rounding_mode"
ALERT_MONTHS = "dues.alert_months"
GIFT_LINE = "dues.gift_line"
REMIND_DAY = "dues.remind_day"
REMIT_DAYS = "dues.remit_days"
_KEYS = (ROUNDING_STEP, ROUNDING_MODE, ALERT_MONTHS, GIFT_LINE, REMIND_DAY, REMIT_DAYS)


@dataclass(frozen=True)
class Numbers:
    """The district's numbers: how amounts are rounded, when somebody is reminded of what.

    ``alert_months`` in a row unpaid alarm, the first the secretary alone; a gift of ``gift_line``
    yuan goes to the centre; from ``remind_day`` of the month a branch that took nothing is told,
    ``remit_days`` after a quarter one that handed nothing up.
    """

    rounding: Rounding = field(default_factory=Rounding)
    alert_months: tuple[int, ...] = (3, 5, 6)
    gift_line: Decimal = Decimal(1000)
    remind_day: int = 25
    remit_days: int = 10


def numbers(on: date) -> Numbers:
    """What holds on the day; one query. A parameter that is not there has its default.

    Raises:
        Refusal: somebody wrote a value that is none.
    """
    rows = (
        RuleParameter.objects.filter(key__in=_KEYS, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("effective_from")
    )
    said = {row.key: row.value for row in rows}
    usual = Numbers()
    try:
        months = said.get(ALERT_MONTHS, usual.alert_months)
        return Numbers(
            rounding=Rounding(
                Decimal(str(said.get(ROUNDING_STEP, usual.rounding.step))),
                str(said.get(ROUNDING_MODE, usual.rounding.mode)),
            ),
            alert_months=tuple(sorted({int(month) for month in months if int(month) > 0})),
            gift_line=Decimal(str(said.get(GIFT_LINE, usual.gift_line))),
            remind_day=min(max(int(said.get(REMIND_DAY, usual.remind_day)), 1), 28),
            remit_days=min(max(int(said.get(REMIT_DAYS, usual.remit_days)), 1), 80),
        )
    except (TypeError, ValueError, InvalidOperation) as fault:
        raise Refusal(
            f"“规定参数”里党费的参数写得不对（{fault}），请组织部在数据管理中更正。"
        ) from None


def shown_numbers(on: date) -> Numbers:
    """What holds on the day, for pages that only show: a wrong value counts as the default."""
    try:
        return numbers(on)
    except Refusal:
        return Numbers()


def rate_bands(kind: BandKind, *, on: date) -> list[RateBand]:
    """The rates in force on the day: of several versions the newest; one query."""
    return [
        RateBand(row.above, row.up_to, row.rate)
        for row in _newest(kind, on)
        if row.rate is not None
    ]


def fixed_band(kind: BandKind, *, on: date) -> FixedBand:
    """The amounts allowed on the day; one query. Raises RuleError when there are none."""
    for row in _newest(kind, on):
        if row.least is not None and row.most is not None:
            return FixedBand(row.least, row.most)
    raise RuleError("没有适用的金额，请组织部在数据管理里核对党费标准")


def _newest(kind: BandKind, on: date) -> list[Band]:
    rows = list(
        Band.objects.filter(kind=kind, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("-effective_from", "above")
    )
    return [row for row in rows if row.effective_from == rows[0].effective_from]
