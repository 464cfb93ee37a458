"""固定组织生活日: the month's programme, postponements, shared examples, check-in."""

from django.db import models


class ProgrammeState(models.TextChoices):
    """当月安排的状态."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


# A published programme is changed by taking it back, writing, and publishing it anew.
PROGRAMME_MOVES: frozenset[tuple[ProgrammeState, ProgrammeState]] = frozenset(
    {
        (ProgrammeState.DRAFT, ProgrammeState.PUBLISHED),
        (ProgrammeState.PUBLISHED, ProgrammeState.DRAFT),
    }
)


class PostponeState(models.TextChoices):
    """延期申请的状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


# An approved postponement is taken back as well: the branch holds the day after all.
POSTPONE_MOVES: frozenset[tuple[PostponeState, PostponeState]] = frozenset(
    {
        (PostponeState.PROPOSED, PostponeState.APPROVED),
        (PostponeState.PROPOSED, PostponeState.REFUSED),
        (PostponeState.PROPOSED, PostponeState.WITHDRAWN),
        (PostponeState.APPROVED, PostponeState.WITHDRAWN),
    }
)


class ShareState(models.TextChoices):
    """分享的状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已分享"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已收回"


SHARE_MOVES: frozenset[tuple[ShareState, ShareState]] = frozenset(
    {
        (ShareState.PROPOSED, ShareState.APPROVED),
        (ShareState.PROPOSED, ShareState.REFUSED),
        (ShareState.PROPOSED, ShareState.WITHDRAWN),
        (ShareState.APPROVED, ShareState.WITHDRAWN),
    }
)
