"""The verbs of branches: only they write the tree, the roster, terms, exemptions, grants, events.

All are keyword-only (``place_many`` and ``add_many`` take their rows first), atomic, and raise
:class:`core.errors.Refusal` with a Chinese sentence when something may not be.
"""

from branches.services.access import give, take
from branches.services.accounts import open_accounts, renew_passwords
from branches.services.changes import change_unit, change_units, dissolve, merge, move, rename
from branches.services.exemptions import decide, propose
from branches.services.occasions import register_event, withdraw_event
from branches.services.renewals import NewPost, renew_committee
from branches.services.robots import announce, change_robot, listening, set_up_robot, try_robot
from branches.services.roster import (
    NewMember,
    add_many,
    add_member,
    appoint,
    change_many,
    change_member,
    leave,
    relieve,
    set_group,
    transfer,
)
from branches.services.terms import NewTerm, add_terms, end_term, start_term
from branches.services.tree import NewUnit, place, place_many

__all__ = [
    "NewMember",
    "NewPost",
    "NewTerm",
    "NewUnit",
    "add_many",
    "add_member",
    "add_terms",
    "announce",
    "appoint",
    "change_many",
    "change_member",
    "change_robot",
    "change_unit",
    "change_units",
    "decide",
    "dissolve",
    "end_term",
    "give",
    "leave",
    "listening",
    "merge",
    "move",
    "open_accounts",
    "place",
    "place_many",
    "propose",
    "register_event",
    "relieve",
    "rename",
    "renew_committee",
    "renew_passwords",
    "set_group",
    "set_up_robot",
    "start_term",
    "take",
    "transfer",
    "try_robot",
    "withdraw_event",
]
