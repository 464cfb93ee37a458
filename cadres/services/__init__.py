"""Every write of 干部工作 is one of these verbs."""

from cadres.services.appointments import (
    advance,
    audit_item,
    begin,
    effects,
    ready,
    record_must,
    review_audit,
    stop,
)
from cadres.services.files import (
    add_cadre,
    add_family,
    add_rank,
    add_stint,
    appraise,
    drop,
    edit_cadre,
    end_stint,
    keep_photo,
)
from cadres.services.log import declare, export, open_file
from cadres.services.matters import file_reports, open_year, settle, start_draw
from cadres.services.oversight import close, issue, notify_duty, receive, reply
from cadres.services.quota import set_quota
from cadres.services.training import add_course, enrol, give_tag, set_criterion

__all__ = [
    "add_cadre",
    "add_course",
    "add_family",
    "add_rank",
    "add_stint",
    "advance",
    "appraise",
    "audit_item",
    "begin",
    "close",
    "declare",
    "drop",
    "edit_cadre",
    "effects",
    "end_stint",
    "enrol",
    "export",
    "file_reports",
    "give_tag",
    "issue",
    "keep_photo",
    "notify_duty",
    "open_file",
    "open_year",
    "ready",
    "receive",
    "record_must",
    "reply",
    "review_audit",
    "set_criterion",
    "set_quota",
    "settle",
    "start_draw",
    "stop",
]
