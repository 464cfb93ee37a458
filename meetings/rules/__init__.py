"""The rules of 三会一课 as pure functions, a module for each matter; records' stand here too."""

from meetings.rules.records import (
    DUTY_MASK,
    Rulebook,
    Slot,
    can_move,
    credit,
    group_slots,
    is_committee_quorate,
    is_editable,
    is_late,
    is_quorate,
    kinds_allowed,
    presence_needed,
    quarter_slots,
    verdict,
    votes_needed,
)

__all__ = [
    "DUTY_MASK",
    "Rulebook",
    "Slot",
    "can_move",
    "credit",
    "group_slots",
    "is_committee_quorate",
    "is_editable",
    "is_late",
    "is_quorate",
    "kinds_allowed",
    "presence_needed",
    "quarter_slots",
    "verdict",
    "votes_needed",
]
