"""The settable numbers of 组织生活 as staff have written them (规定参数)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from core.errors import Refusal
from core.models import RuleParameter
from meetings.rules.life import LifeLimits, read_share

EXCELLENT_SHARE = "life.excellent_share"
GRACE_DAYS = "life.grace_days"
GRADE_WITHOUT_VOTE = "life.grade_without_vote"
LEAST_SHOWN = "life.least_shown"


def limits(on: date) -> LifeLimits:
    """What holds on the day; one query. A parameter that is not there has its default.

    Raises:
        Refusal: somebody wrote a value that is none.
    """
    rows = (
        RuleParameter.objects.filter(
            key__in=(EXCELLENT_SHARE, GRACE_DAYS, GRADE_WITHOUT_VOTE, LEAST_SHOWN),
            effective_from__lte=on,
        )
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .order_by("effective_from")
    )
    said = {row.key: row.value for row in rows}
    usual = LifeLimits()
    try:
        return LifeLimits(
            excellent_share=read_share(said.get(EXCELLENT_SHARE, usual.excellent_share)),
            grace_days=int(said.get(GRACE_DAYS, usual.grace_days)),
            grade_without_vote=bool(said.get(GRADE_WITHOUT_VOTE, usual.grade_without_vote)),
            least_shown=int(said.get(LEAST_SHOWN, usual.least_shown)),
        )
    except (TypeError, ValueError) as fault:
        raise Refusal(
            f"“规定参数”里组织生活的参数写得不对（{fault}），请组织部在数据管理中更正。"
        ) from None


def shown_limits(on: date) -> LifeLimits:
    """What holds on the day, for pages that only show: a value that is none counts as the default.

    Writing goes through :func:`limits`, which says what is wrong.
    """
    try:
        return limits(on)
    except Refusal:
        return LifeLimits()
