"""Verbs of 发展党员 and 转接: keyword-only, atomic; page, admin and import call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``membership.permissions``. A verb that refuses raises :class:`core.errors.Refusal`.
"""

from membership.services.admission import (
    StepEntry,
    change_candidate,
    decide,
    end,
    record,
    register,
    take_back,
)
from membership.services.clocks import set_clock
from membership.services.transfers import (
    accept,
    agree,
    ask_for,
    ask_inside,
    ask_out,
    bring_in,
    confirm,
    issue,
    receive_receipt,
    refuse,
    send_receipt,
    withdraw,
)

__all__ = [
    "StepEntry",
    "accept",
    "agree",
    "ask_for",
    "ask_inside",
    "ask_out",
    "bring_in",
    "change_candidate",
    "confirm",
    "decide",
    "end",
    "issue",
    "receive_receipt",
    "record",
    "refuse",
    "register",
    "send_receipt",
    "set_clock",
    "take_back",
    "withdraw",
]
