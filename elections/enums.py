"""Closed lists of 换届选举, and its tables of transitions."""

from django.db import models

from branches.enums import PostKind


class Route(models.TextChoices):
    """Whose order of steps an election follows."""

    BRANCH = "branch", "党支部、党总支"
    COMMITTEE = "committee", "党的基层委员会"
    VILLAGE = "village", "村（社区）党组织"


class Stage(models.IntegerChoices):
    """The last step that an election has done; the database knows the same numbers."""

    PREPARED = 0, "筹备"
    ASKED = 1, "已请示"
    ANSWERED = 2, "已批复"
    PLANNED = 3, "名额和办法已定"
    CONSULTED = 4, "已酝酿"
    REVIEWED = 5, "已审查"
    CHOSEN = 6, "预备人选已定"
    FILED = 7, "人选已报批"
    APPROVED = 8, "候选人已批准"
    VOTED = 9, "大会已选举"
    DIVIDED = 10, "书记已选出"
    REPORTED = 11, "结果已报告"
    CONFIRMED = 12, "已完成"
    CANCELLED = 13, "已终止"


STAGE_SLUGS: dict[Stage, str] = {stage: stage.name.lower() for stage in Stage}

# 请示 → 批复 → 名额和办法 → 酝酿 → (审查) → 预备人选 → 报批 → 大会 → (支委会) → 报告 → 批复.
# The two in brackets depend on the election: see REVIEW and DIVISION.
TRANSITIONS: frozenset[tuple[int, int]] = frozenset(
    {
        (0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 7), (7, 8), (8, 9), (10, 11), (11, 12),
        # Back: 请示退回, 人选退回, 计票作废.
        (1, 0), (7, 4), (9, 8),
        *((stage, 13) for stage in range(9)),
    }
)  # fmt: skip
# With and without 资格联审 or 考察; with a committee that elects its secretary, and without one.
REVIEW = {True: frozenset({(4, 5)}), False: frozenset({(4, 6)})}
# 报告退回 and 计票作废 lead back to where the votes were.
DIVISION = {
    True: frozenset({(9, 10), (10, 9), (11, 10)}),
    False: frozenset({(9, 11), (11, 9)}),
}
WITH_REVIEW = (Route.COMMITTEE, Route.VILLAGE)

OVER = (Stage.CONFIRMED, Stage.CANCELLED)
# Which step answers which: another person than who filed it.
ANSWERS: dict[int, int] = {Stage.ANSWERED: 1, Stage.APPROVED: 7, Stage.CONFIRMED: 11}
# While names are talked over nothing is stored that could hold one (rules.md §10).
NAMELESS = (Stage.CONSULTED, Stage.REVIEWED, Stage.CHOSEN, Stage.FILED)


class Body(models.TextChoices):
    """Who votes."""

    MEETING = "meeting", "党员大会"
    COMMITTEE = "committee", "委员会第一次会议"


class Verdict(models.TextChoices):
    """What came of a round of voting."""

    VOID = "void", "本轮无效"
    FILLED = "filled", "选足名额"
    SHORT = "short", "未选足，另行选举"
    STRUCK = "struck", "已作废重录"


class ShiftKind(models.TextChoices):
    """提前或延期换届."""

    EARLY = "early", "提前换届"
    LATE = "late", "延期换届"


class ShiftState(models.TextChoices):
    """提前、延期的审批状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class CivicStage(models.IntegerChoices):
    """村（居）民委员会换届的步骤: dates and counts only."""

    BOARD = 1, "推选选举委员会"
    VOTERS = 2, "选民登记"
    NOMINATED = 3, "提名候选人"
    CHECKED = 4, "候选人资格联审"
    VOTED = 5, "投票选举"
    HANDED_OVER = 6, "公告、备案和交接"


# What is counted at each step: two numbers at most.
CIVIC_COUNTS: dict[int, tuple[str, ...]] = {
    CivicStage.BOARD: ("选举委员会人数",),
    CivicStage.VOTERS: ("登记选民数",),
    CivicStage.NOMINATED: ("提名候选人数",),
    CivicStage.CHECKED: ("审查人数", "不合格人数"),
    CivicStage.VOTED: ("参加投票人数", "当选人数"),
    CivicStage.HANDED_OVER: (),
}


class Window(models.TextChoices):
    """How near the end of a term is."""

    OVERDUE = "overdue", "已超期"
    FIRST = "1", "1 个月内届满"
    SECOND = "3", "3 个月内届满"
    THIRD = "6", "6 个月内届满"


# What the division of work gives; 书记 and 副书记 are elected.
OFFICES: list[tuple[str, str]] = [
    (kind.value, str(kind.label))
    for kind in (PostKind.MEMBER, PostKind.ORGANISER, PostKind.PUBLICIST, PostKind.DISCIPLINE)
]
