"""Closed lists of 调阅: how a drawn record stands, and the way of a finding."""

from django.db import models


class DrawnState(models.TextChoices):
    """抽中记录的情况; it follows from the score sheet and its findings and is stored nowhere."""

    TO_READ = "to_read", "待调阅"
    GONE = "gone", "记录已退回或撤回"
    READ = "read", "已调阅"
    FINDINGS = "findings", "待整改"
    SETTLED = "settled", "已办结"


class FindingState(models.TextChoices):
    """问题的整改情况."""

    OPEN = "open", "待整改"
    ANSWERED = "answered", "待核实"
    RETURNED = "returned", "退回再改"
    CLOSED = "closed", "已办结"


# What the branch still has to answer, and what is not settled yet.
TO_ANSWER = (FindingState.OPEN, FindingState.RETURNED)
UNSETTLED = (FindingState.OPEN, FindingState.ANSWERED, FindingState.RETURNED)

FINDING_MOVES: frozenset[tuple[FindingState, FindingState]] = frozenset(
    {
        (FindingState.OPEN, FindingState.ANSWERED),
        (FindingState.RETURNED, FindingState.ANSWERED),
        (FindingState.ANSWERED, FindingState.RETURNED),
        (FindingState.ANSWERED, FindingState.CLOSED),
    }
)
