"""Closed lists of 阵地与联系, and its tables of transitions.

The items of 三室两栏 are no closed list but rows (:class:`support.models.VenueItem`).
"""

from django.db import models


class ItemGroup(models.TextChoices):
    """清单项目属于哪一类."""

    ROOM = "room", "三室"
    BOARD = "board", "两栏"
    OTHER = "other", "其他"


class CheckState(models.IntegerChoices):
    """年度自查走到哪一步."""

    SUBMITTED = 0, "待确认"
    CONFIRMED = 1, "已确认"
    RETURNED = 2, "已退回"


CHECK_MOVES = frozenset(
    {
        (CheckState.SUBMITTED, CheckState.CONFIRMED),
        (CheckState.SUBMITTED, CheckState.RETURNED),
        (CheckState.RETURNED, CheckState.SUBMITTED),
    }
)


class Level(models.TextChoices):
    """哪一级的领导干部."""

    DISTRICT = "district", "区级"
    COMMITTEE = "committee", "党（工）委"
    COMMUNITY = "community", "社区"


class IssueState(models.IntegerChoices):
    """走访发现的问题."""

    NONE = 0, "没有问题"
    OPEN = 1, "跟进中"
    SOLVED = 2, "已解决"


ISSUE_MOVES = frozenset({(IssueState.OPEN, IssueState.SOLVED)})
ISSUE_SLUGS = {state: state.name.lower() for state in IssueState}


class EntryKind(models.TextChoices):
    """“大党委”的清单."""

    RESOURCE = "resource", "资源"
    NEED = "need", "需求"


class JointState(models.IntegerChoices):
    """“大党委”共建项目走到哪一步."""

    MATCHED = 0, "已对接"
    UNDERWAY = 1, "实施中"
    DONE = 2, "已完成"
    ENDED = 3, "已终止"


JOINT_MOVES = frozenset(
    {
        (JointState.MATCHED, JointState.UNDERWAY),
        (JointState.MATCHED, JointState.ENDED),
        (JointState.UNDERWAY, JointState.DONE),
        (JointState.UNDERWAY, JointState.ENDED),
    }
)
RUNNING = (JointState.MATCHED, JointState.UNDERWAY)
