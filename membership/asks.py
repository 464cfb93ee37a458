"""What 党员发展与转接 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from branches.enums import Role
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from membership.agenda import Line, lines, waits_for
from membership.deeds import waits_for as deed_for
from membership.enums import Actor
from membership.models import Candidate, Transfer
from membership.permissions import SEE_NAMES
from membership.querysets import CandidateQuerySet, TransferQuerySet

_MOST = 200


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """What waits for this user, the most pressing first."""
    if not scope.units_as(*SEE_NAMES):
        return []
    own = scope.units_as(Role.SECRETARY)
    return [
        *(_steps(own, on) if own else ()),
        *(_decisions(scope.units_as(*STAFF), on) if scope.is_staff else ()),
        *_transfers(scope, user_id),
    ]


def _lines(units: Any, on: date) -> list[Line]:
    rows: CandidateQuerySet = Candidate.objects.within(*units).running()
    return lines(rows.select_related("unit").order_by("applied_on", "pk")[:_MOST], on=on)


def _steps(own: Any, on: date) -> list[Ask]:
    """Each candidate whose next step is the branch's and may be done today."""
    return [
        Ask(
            f"{line.candidate.name}：{line.title}",
            reverse("membership:case_detail", args=[line.candidate.uuid]),
            note=f"发展党员 · {line.candidate.get_stage_display()}", until=line.until,
            icon="user-plus",
        )
        for line in _lines(own, on)
        if waits_for(line, Actor.BRANCH)
    ]  # fmt: skip


def _decisions(units: Any, on: date) -> list[Ask]:
    """One line for all that the committee is to decide: the board names them."""
    found = [line for line in _lines(units, on) if waits_for(line, Actor.COMMITTEE)]
    if not found:
        return []
    days = [line.until for line in found if line.until]
    return [
        Ask(
            "办理发展党员的备案、预审和审批", reverse("membership:board"), note=found[0].title,
            until=min(days, default=None), count=len(found), icon="user-plus",
        )
    ]  # fmt: skip


def _transfers(scope: Scope, user_id: int) -> list[Ask]:
    reach: TransferQuerySet = Transfer.objects.within(*scope.units_as(*SEE_NAMES))
    rows = reach.under_way().select_related("from_unit", "to_unit").order_by("asked_on", "pk")
    found = [
        (row, deed) for row in rows[:_MOST] if (deed := deed_for(scope, row, user_id)) is not None
    ]
    if not found:
        return []
    row, deed = found[0]
    if len(found) == 1:
        return [
            Ask(
                f"{deed.title}：{row.name}",
                reverse("membership:transfer_detail", args=[row.uuid]),
                note=f"{row.old_name} → {row.new_name}", icon="arrows-exchange",
            )
        ]  # fmt: skip
    return [
        Ask(
            "办理组织关系转接", reverse("membership:transfer_list"),
            note=f"{deed.title}：{row.name}等", count=len(found), icon="arrows-exchange",
        )
    ]  # fmt: skip
