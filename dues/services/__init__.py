"""The verbs of 党费与经费: the only writers of its tables.

All are keyword-only, atomic, and raise :class:`core.errors.Refusal` with a Chinese sentence.
"""

from dues.services.collecting import (
    Taken,
    explain,
    open_branch,
    pay,
    restore,
    strike,
    undo,
)
from dues.services.funds import (
    close_year,
    decide_allotment,
    keep_voucher,
    propose_allotment,
    receive_allotment,
    save_budget,
    spend,
    void_spending,
)
from dues.services.standards import (
    NewStandard,
    decide_reduction,
    forward_gift,
    propose_reduction,
    reckon,
    record_gift,
    set_standard,
    set_standards,
)
from dues.services.sums import confirm_remittance, remit, return_remittance

__all__ = [
    "NewStandard",
    "Taken",
    "close_year",
    "confirm_remittance",
    "decide_allotment",
    "decide_reduction",
    "explain",
    "forward_gift",
    "keep_voucher",
    "open_branch",
    "pay",
    "propose_allotment",
    "propose_reduction",
    "receive_allotment",
    "reckon",
    "record_gift",
    "remit",
    "restore",
    "return_remittance",
    "save_budget",
    "set_standard",
    "set_standards",
    "spend",
    "strike",
    "undo",
    "void_spending",
]
