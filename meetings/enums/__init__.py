"""Closed lists of 三会一课, a module for each matter; records' stand here too."""

from branches.enums import EVENT_CAUSES, Cause
from meetings.enums.records import (
    ALL_KINDS_MASK,
    COUNTING,
    GROUP_KINDS,
    KIND_SLUGS,
    SET_ITEMS,
    STATUS_SLUGS,
    TRANSITIONS,
    AbsenceReason,
    DutyState,
    FileKind,
    Item,
    Kind,
    MoveState,
    Status,
    VoteVerdict,
)

__all__ = [
    "ALL_KINDS_MASK",
    "COUNTING",
    "EVENT_CAUSES",
    "GROUP_KINDS",
    "KIND_SLUGS",
    "SET_ITEMS",
    "STATUS_SLUGS",
    "TRANSITIONS",
    "AbsenceReason",
    "Cause",
    "DutyState",
    "FileKind",
    "Item",
    "Kind",
    "MoveState",
    "Status",
    "VoteVerdict",
]
