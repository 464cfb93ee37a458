"""Verbs of 三会一课: keyword-only, atomic, complete; page, admin, import and API call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``meetings.permissions``; states, authorship and the facts themselves are settled here.
A verb that refuses raises :class:`core.errors.Refusal` and has changed nothing.
"""

from branches.services import register_event, withdraw_event
from meetings.services.checks import check_record, record_spot_check
from meetings.services.checksheets import add_sheet
from meetings.services.clashes import clash, prepared_loosely, written_by
from meetings.services.comments import add_comment, answer_comment, withdraw_comment
from meetings.services.draws import start_draw
from meetings.services.files import add_file, remove_file
from meetings.services.findings import answer_finding, close_finding, return_finding
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
    "add_comment",
    "add_file",
    "add_sheet",
    "answer_comment",
    "answer_finding",
    "check_record",
    "clash",
    "close_finding",
    "expected_members",
    "prepared_loosely",
    "record_spot_check",
    "register_event",
    "remove_file",
    "return_",
    "return_finding",
    "return_many",
    "reverse",
    "roll_call",
    "save",
    "start_draw",
    "submit",
    "withdraw",
    "withdraw_comment",
    "withdraw_event",
    "written_by",
]
