"""Verbs of 三会一课: keyword-only, atomic, complete; page, admin, import and API call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``meetings.permissions``; states, authorship and the facts themselves are settled here.
A verb that refuses raises :class:`core.errors.Refusal` and has changed nothing.
"""

from meetings.services.checks import record_spot_check, register_event, withdraw_event
from meetings.services.clashes import clash, prepared_loosely, written_by
from meetings.services.files import add_file, remove_file
from meetings.services.record import save
from meetings.services.review import (
    accept,
    accept_many,
    return_,
    return_many,
    reverse,
    submit,
    withdraw,
)
from meetings.services.roster import expected_members, roll_call

__all__ = [
    "accept",
    "accept_many",
    "add_file",
    "clash",
    "expected_members",
    "prepared_loosely",
    "record_spot_check",
    "register_event",
    "remove_file",
    "return_",
    "return_many",
    "reverse",
    "roll_call",
    "save",
    "submit",
    "withdraw",
    "withdraw_event",
    "written_by",
]
