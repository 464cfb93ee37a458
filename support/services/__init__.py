"""Verbs of 阵地与联系: keyword-only, atomic, complete; page, admin and import call the same.

A verb that refuses raises :class:`core.errors.Refusal` and changed nothing.
"""

from support.services.contacts import (
    end_link,
    follow_up,
    link,
    record_visit,
    register_leader,
    retire_leader,
    solve,
)
from support.services.joint import (
    add_entry,
    add_member,
    close_entry,
    end_member,
    finish_project,
    found,
    match,
    report_progress,
    stop_project,
)
from support.services.venues import (
    add_photo,
    confirm_check,
    return_check,
    save_venue,
    submit_check,
)

__all__ = [
    "add_entry",
    "add_member",
    "add_photo",
    "close_entry",
    "confirm_check",
    "end_link",
    "end_member",
    "finish_project",
    "follow_up",
    "found",
    "link",
    "match",
    "record_visit",
    "register_leader",
    "report_progress",
    "retire_leader",
    "return_check",
    "save_venue",
    "solve",
    "stop_project",
    "submit_check",
]
