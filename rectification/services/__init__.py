"""Verbs of 后进整顿: keyword-only, atomic, complete; page, admin, import and API call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``rectification.permissions``; states, authorship and facts are settled here. Every verb
locks the case first. A verb that refuses raises :class:`core.errors.Refusal` and changed nothing.
"""

from rectification.services.batches import save_batch
from rectification.services.cases import (
    assign,
    decide_listing,
    describe,
    drop,
    missing,
    propose_case,
    record_visit,
    start,
)
from rectification.services.closing import (
    accept,
    approve_closing,
    ask_examination,
    last_acceptance,
    propose_closing,
    refuse_closing,
    reopen,
    settle,
)
from rectification.services.oversight import (
    answer_inspection,
    enter_figure,
    file_report,
    inspect,
    void_figure,
)
from rectification.services.polls import (
    count_poll,
    enter_tally,
    issue_slips,
    lines_of,
    open_poll,
    tally_of,
    vote,
)
from rectification.services.problems import (
    collect,
    collect_all,
    confirm_done,
    dismiss,
    keep_promise,
    promise,
    report_done,
    send_back,
    still_open,
    take_up,
)

__all__ = [
    "accept",
    "answer_inspection",
    "approve_closing",
    "ask_examination",
    "assign",
    "collect",
    "collect_all",
    "confirm_done",
    "count_poll",
    "decide_listing",
    "describe",
    "dismiss",
    "drop",
    "enter_figure",
    "enter_tally",
    "file_report",
    "inspect",
    "issue_slips",
    "keep_promise",
    "last_acceptance",
    "lines_of",
    "missing",
    "open_poll",
    "promise",
    "propose_case",
    "propose_closing",
    "record_visit",
    "refuse_closing",
    "reopen",
    "report_done",
    "save_batch",
    "send_back",
    "settle",
    "start",
    "still_open",
    "take_up",
    "tally_of",
    "void_figure",
    "vote",
]
