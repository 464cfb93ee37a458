"""Verbs of 换届: keyword-only, atomic, complete; page, admin and import call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``elections.permissions``; order, authorship and facts are settled here. Every verb locks
the election first. A verb that refuses raises :class:`core.errors.Refusal` and changed nothing.
"""

from elections.rules import Tally
from elections.services.closing import confirm, report
from elections.services.shifts import decide_shift, propose_shift
from elections.services.steps import (
    answer,
    approve_names,
    ask,
    cancel,
    change_plan,
    choose,
    consult,
    file_names,
    needed_candidates,
    open_election,
    plan,
    review,
    send_back,
)
from elections.services.voting import (
    approved_shift,
    count_again,
    divide_work,
    exclude,
    record_ballot,
    shorten,
    strike,
)
from elections.services.waves import (
    add_bodies,
    record_all,
    record_civic,
    remove_body,
    save_wave,
    village_units,
)

__all__ = [
    "Tally",
    "add_bodies",
    "answer",
    "approve_names",
    "approved_shift",
    "ask",
    "cancel",
    "change_plan",
    "choose",
    "confirm",
    "consult",
    "count_again",
    "decide_shift",
    "divide_work",
    "exclude",
    "file_names",
    "needed_candidates",
    "open_election",
    "plan",
    "propose_shift",
    "record_all",
    "record_ballot",
    "record_civic",
    "remove_body",
    "report",
    "review",
    "save_wave",
    "send_back",
    "shorten",
    "strike",
    "village_units",
]
