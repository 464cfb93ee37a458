"""职责清单: the rows behind every figure of the desk, each with the record that counts for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import Role
from branches.permissions import STAFF
from core.htmx import page
from meetings.duties import BadCursor, Duty, duties, standing
from meetings.enums import DutyState
from meetings.forms.desk import DutyForm
from meetings.views.parts import DeskRequest, demand, subtree

SIZE = 50
_COUNTED = (
    ("met", DutyState.MET), ("off_day", DutyState.OFF_DAY), ("late", DutyState.LATE),
    ("open", DutyState.OPEN), ("unmet", DutyState.UNMET),
)  # fmt: skip


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """One page of the duties due in a month, and how many stand where."""
    form, asked = _asked(request)
    sums = standing(**asked, by_committee=False, by_month=False)
    rows = _rows(request, states=form.states, **asked)
    context = {
        "form": form,
        "month": form.period,
        "counts": _counts(request, sums[0] if sums else None),
        "owed": sums[0].owed if sums else 0,
        "rows": rows[:SIZE],
        "next": _query(request, after=rows[SIZE - 1].key) if len(rows) > SIZE else "",
        "first": _query(request) if request.GET.get("after") else "",
        "everything": _query(request, state=None),
        "behind": _query(request, state=None, all="on"),
    }
    return page(request, "meetings/duty_list.html", context)


def _asked(request: DeskRequest) -> tuple[DutyForm, dict[str, Any]]:
    """The filter, and what it asks of the relation of duties, within reach."""
    roots = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    on = timezone.localdate()
    form = DutyForm(request.GET, on=on, committees=committees, chosen=chosen)
    return form, {
        "units": (chosen,) if chosen else roots,
        "first": form.period.start,
        "last": form.period.end,
        "on": on,
        "kinds": [form.duty_kind] if form.duty_kind else None,
    }


def _rows(request: DeskRequest, **asked: Any) -> list[Duty]:
    after = request.GET.get("after") or None
    try:
        return duties(**asked, after=after, limit=SIZE + 1)
    except BadCursor:
        return duties(**asked, limit=SIZE + 1)


def _query(request: DeskRequest, **changed: str | None) -> str:
    """The address of the same list with something changed, from its first page."""
    kept = {key: value for key, value in request.GET.items() if key != "after"} | changed
    return urlencode({key: value for key, value in kept.items() if value})


def _counts(request: DeskRequest, sums: Any) -> list[dict[str, Any]]:
    """A figure for each state, with the address of its rows."""
    return [
        {
            "state": state.value,
            "label": state.label,
            "count": getattr(sums, name) if sums else 0,
            "query": _query(request, state=state.value),
        }
        for name, state in _COUNTED
    ]
