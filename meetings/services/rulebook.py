"""职责规则: put in force with a 评分方案."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from core.dates import Period
from core.errors import Refusal
from core.scoring import DutyRules
from meetings.models import RuleVersion


@transaction.atomic
def put_in_force(*, valid_from: date, title: str, rules: DutyRules, on: date) -> RuleVersion:
    """What is asked from the first day of a coming quarter; the same again changes nothing.

    Raises Refusal: a day that has come, no first day of a quarter, or a day that is taken.
    """
    known = RuleVersion.objects.filter(valid_from=valid_from).first()
    if known is not None:
        if known.parameters == rules.to_json():
            return known
        raise Refusal(f"{valid_from:%Y-%m-%d} 起已经有另一版职责规则，请换一个起始日期。")
    if valid_from <= on or valid_from != Period.containing(valid_from, "quarter").start:
        raise Refusal("职责规则只能从还没有开始的季度的第一天起适用，请换一个起始日期。")
    return RuleVersion.objects.create(
        valid_from=valid_from, title=title, parameters=rules.to_json()
    )
