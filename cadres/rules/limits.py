"""The settable numbers of 干部工作; rows of 规定参数 stand above these defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

# The key of a parameter is this and the name of the field.
LEAD = "cadres."


@dataclass(frozen=True)
class Limits:
    """What holds on a day. Days are working days unless said otherwise.

    《党政领导干部选拔任用工作条例》(2019), 《干部教育培训工作条例》(2023), the rules of 中组部
    on 提醒、函询和诫勉 (2015) and on 个人有关事项. The source is weak for the quorum, the reply to
    诫勉, its months and the share of the check: the district sets them.
    """

    publicity_days: int = 5
    trial_months: int = 12
    # How many calendar days before its end a 试用期 is announced.
    trial_notice_days: int = 30
    recommendation_months: int = 12
    # A decision needs this share of those entitled, and more than half of them.
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    reply_days: int = 15
    admonish_reply_days: int = 5
    # No promotion for so long after 诫勉.
    admonish_months: int = 6
    receipt_days: int = 5
    # Last day of the yearly report of 个人有关事项.
    matters_month: int = 1
    matters_day: int = 31
    check_percent: int = 10
    town_hours: Decimal = Decimal(90)
    county_five_year_hours: Decimal = Decimal(550)
    # 换届 and 个别提拔: which of the two recommendations comes first ("talks" or "meeting").
    order_term: str = "talks"
    order_single: str = "meeting"


def read(said: Mapping[str, Any]) -> Limits:
    """Limits from the values of parameters by field name; what is missing has its default.

    Raises:
        ValueError: a value that is none.
    """
    usual = Limits()
    found: dict[str, Any] = {}
    for one in fields(Limits):
        value = said.get(one.name, getattr(usual, one.name))
        kind = type(getattr(usual, one.name))
        found[one.name] = kind(str(value)) if kind is not str else str(value)
    made = Limits(**found)
    numbers = (
        made.publicity_days, made.trial_months, made.recommendation_months, made.reply_days,
        made.quorum_numerator, made.receipt_days, made.matters_month, made.matters_day,
    )  # fmt: skip
    if min(numbers) < 1 or not 1 <= made.check_percent <= 100:
        raise ValueError("天数、月数应大于 0，比例应在 1 到 100 之间")
    if made.matters_month > 12 or made.matters_day > 31:
        raise ValueError("报告期限应是一年中的一天")
    if not 0 < made.quorum_numerator <= made.quorum_denominator:
        raise ValueError("到会比例应在 0 到 1 之间")
    if {made.order_term, made.order_single} - {"talks", "meeting"}:
        raise ValueError("民主推荐的先后应写 talks 或 meeting")
    return made
