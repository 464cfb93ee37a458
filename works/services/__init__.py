"""Verbs of 作用发挥: keyword-only, atomic, complete; page and admin call the same.

A verb that refuses raises :class:`core.errors.Refusal` and changed nothing.
"""

from works.services.pledges import (
    add_evidence,
    confirm_pledge,
    confirm_post,
    drop_pledge,
    end_post,
    name_post,
    pledge,
    report_pledge,
    return_pledge,
)
from works.services.projects import (
    add_milestone,
    add_paper,
    finish_milestone,
    finish_project,
    plan_project,
    start_project,
    stop_project,
)
from works.services.service import (
    accept_placement,
    confirm_service,
    decline_placement,
    end_placement,
    file_service,
    place,
    return_service,
)

__all__ = [
    "accept_placement",
    "add_evidence",
    "add_milestone",
    "add_paper",
    "confirm_pledge",
    "confirm_post",
    "confirm_service",
    "decline_placement",
    "drop_pledge",
    "end_placement",
    "end_post",
    "file_service",
    "finish_milestone",
    "finish_project",
    "name_post",
    "place",
    "plan_project",
    "pledge",
    "report_pledge",
    "return_pledge",
    "return_service",
    "start_project",
    "stop_project",
]
