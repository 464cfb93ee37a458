"""Closed lists of the assessment."""

from django.db import models


class RunState(models.TextChoices):
    """考核的状态."""

    COMPUTING = "computing", "计算中"
    COMPUTED = "computed", "待发布"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版本取代"


RUN_TRANSITIONS: frozenset[tuple[RunState, RunState]] = frozenset(
    {
        (RunState.COMPUTING, RunState.COMPUTED),
        (RunState.COMPUTED, RunState.PUBLISHED),
        (RunState.COMPUTED, RunState.SUPERSEDED),
        (RunState.PUBLISHED, RunState.SUPERSEDED),
    }
)
