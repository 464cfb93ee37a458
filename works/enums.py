"""Closed lists of 作用发挥, and its tables of transitions.

The schemes that a project may serve are no closed list but rows (:class:`works.models.SchemeTag`).
"""

from django.db import models


class PledgeState(models.IntegerChoices):
    """承诺走到哪一步."""

    OPEN = 0, "践诺中"
    REPORTED = 1, "待确认"
    KEPT = 2, "已兑现"
    ENDED = 3, "已终止"


PLEDGE_MOVES = frozenset(
    {
        (PledgeState.OPEN, PledgeState.REPORTED),
        (PledgeState.REPORTED, PledgeState.KEPT),
        (PledgeState.REPORTED, PledgeState.OPEN),
        (PledgeState.OPEN, PledgeState.ENDED),
    }
)
PLEDGE_SLUGS = {state: state.name.lower() for state in PledgeState}


class PlacementState(models.IntegerChoices):
    """在职党员报到走到哪一步."""

    PROPOSED = 0, "待接收"
    ACCEPTED = 1, "已报到"
    DECLINED = 2, "未接收"
    ENDED = 3, "已结束"


PLACEMENT_MOVES = frozenset(
    {
        (PlacementState.PROPOSED, PlacementState.ACCEPTED),
        (PlacementState.PROPOSED, PlacementState.DECLINED),
        (PlacementState.ACCEPTED, PlacementState.ENDED),
    }
)


class ServiceState(models.IntegerChoices):
    """在职党员在社区做的事走到哪一步."""

    FILED = 0, "待确认"
    CONFIRMED = 1, "已确认"
    RETURNED = 2, "已退回"


SERVICE_MOVES = frozenset(
    {
        (ServiceState.FILED, ServiceState.CONFIRMED),
        (ServiceState.FILED, ServiceState.RETURNED),
        (ServiceState.RETURNED, ServiceState.FILED),
    }
)


class WorkState(models.IntegerChoices):
    """项目走到哪一步."""

    PLANNED = 0, "立项"
    UNDERWAY = 1, "实施"
    DONE = 2, "完成"
    ENDED = 3, "终止"


WORK_MOVES = frozenset(
    {
        (WorkState.PLANNED, WorkState.UNDERWAY),
        (WorkState.PLANNED, WorkState.ENDED),
        (WorkState.UNDERWAY, WorkState.DONE),
        (WorkState.UNDERWAY, WorkState.ENDED),
    }
)
WORK_SLUGS = {state: state.name.lower() for state in WorkState}
RUNNING = (WorkState.PLANNED, WorkState.UNDERWAY)
