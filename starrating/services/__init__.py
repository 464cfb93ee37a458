"""Verbs of 两新星级: keyword-only, atomic, complete; page, admin, import and API call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``starrating.permissions``; states, authorship and facts are settled here. A round is
locked before its ratings. A verb that refuses raises :class:`core.errors.Refusal` and changed
nothing.
"""

from starrating.services.awards import award, award_all, object_to, publish
from starrating.services.organisations import (
    UNIT_KINDS,
    assess_item,
    attach,
    close_organisation,
    demote,
    end_model,
    load_all,
    name_model,
    save_organisation,
    score_sheet,
    tick,
)
from starrating.services.ratings import (
    approve_exception,
    end_new,
    file_self,
    finish_check,
    finish_review,
    lift_veto,
    propose_exception,
    refuse_exception,
    return_check,
    return_review,
    return_self,
    score,
    veto,
)
from starrating.services.rounds import (
    adopt_default,
    close_round,
    include,
    save_plan,
    save_round,
    save_standard,
    start_round,
)

__all__ = [
    "UNIT_KINDS",
    "adopt_default",
    "approve_exception",
    "assess_item",
    "attach",
    "award",
    "award_all",
    "close_organisation",
    "close_round",
    "demote",
    "end_model",
    "end_new",
    "file_self",
    "finish_check",
    "finish_review",
    "include",
    "lift_veto",
    "load_all",
    "name_model",
    "object_to",
    "propose_exception",
    "publish",
    "refuse_exception",
    "return_check",
    "return_review",
    "return_self",
    "save_organisation",
    "save_plan",
    "save_round",
    "save_standard",
    "score",
    "score_sheet",
    "start_round",
    "tick",
    "veto",
]
