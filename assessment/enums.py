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


class AppealState(models.TextChoices):
    """申诉的状态."""

    FILED = "filed", "已提交"
    REVIEWING = "reviewing", "核查中"
    UPHELD = "upheld", "申诉成立"
    REJECTED = "rejected", "申诉不成立"
    WITHDRAWN = "withdrawn", "已撤回"


APPEAL_TRANSITIONS: frozenset[tuple[AppealState, AppealState]] = frozenset(
    {
        (AppealState.FILED, AppealState.REVIEWING),
        (AppealState.FILED, AppealState.WITHDRAWN),
        (AppealState.REVIEWING, AppealState.UPHELD),
        (AppealState.REVIEWING, AppealState.REJECTED),
        (AppealState.REVIEWING, AppealState.WITHDRAWN),
    }
)
OPEN_APPEALS = (AppealState.FILED, AppealState.REVIEWING)
DECIDED_APPEALS = (AppealState.UPHELD, AppealState.REJECTED)


class Remedy(models.TextChoices):
    """申诉成立后怎么办: the first three are rulings, which the next computation honours."""

    ON_TIME = "on_time", "认定按时完成"
    LATE = "late", "认定补录"
    NOT_APPLICABLE = "not_applicable", "认定不适用"
    RECORD = "record", "由支部更正会议记录"
    EXEMPTION = "exemption", "补办豁免"
    FIXED_DAY = "fixed_day", "核对固定组织生活日"
    RULES = "rules", "评分规则理解有误，重新计算"


RULING_REMEDIES = (Remedy.ON_TIME, Remedy.LATE, Remedy.NOT_APPLICABLE)


class DraftState(models.TextChoices):
    """评分方案草案的状态."""

    DRAFT = "draft", "起草中"
    PROPOSED = "proposed", "待批准"
    ADOPTED = "adopted", "已采用"
    DROPPED = "dropped", "已作废"


DRAFT_TRANSITIONS: frozenset[tuple[DraftState, DraftState]] = frozenset(
    {
        (DraftState.DRAFT, DraftState.PROPOSED),
        (DraftState.DRAFT, DraftState.DROPPED),
        (DraftState.PROPOSED, DraftState.DRAFT),
        (DraftState.PROPOSED, DraftState.ADOPTED),
    }
)
