"""A month's 组织生活日 of one branch as its page shows it: day, programme, record or form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from branches.models import Unit
from branches.scope import Scope
from core.dates import Period
from meetings import permissions, services
from meetings.agenda import usual
from meetings.checkins import mark_rows, running
from meetings.entries import AttendanceEntry
from meetings.enums import COUNTING, STATUS_SLUGS, AbsenceReason, Item, Kind, Status
from meetings.enums.programme import ShareState
from meetings.forms.record import MeetingForm, initial_of, new_key, ticked
from meetings.kept_record import kept_roll
from meetings.models import Meeting, Share
from meetings.programmes import (
    BranchDay,
    MonthPlan,
    branch_day,
    gallery,
    plan_for,
    record_of_month,
)

_DAY_KINDS = (Kind.FIXED_DAY, Kind.THEME_DAY)
# What stands behind 会议内容: open when something is written there.
_WORDS = ("agenda", "minutes", "resolution", "started_at", "ended_at")


@dataclass
class DaySheet:
    """Everything on the page: the day, the programme, the record or the form for it."""

    unit: Unit
    month: Period
    on: date
    day: BranchDay
    plan: MonthPlan
    may_record: bool
    record: Meeting | None = None
    form: MeetingForm | None = None
    said: dict[int, AttendanceEntry] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the month still waits for its record, or it is a draft."""
        return self.record is None or self.record.status == Status.DRAFT

    @property
    def draft(self) -> Meeting | None:
        """The draft that the form goes on with."""
        return self.record if self.record and self.record.status == Status.DRAFT else None

    @property
    def is_off_day(self) -> bool:
        """Whether the record that counts was held on another day than the fixed one."""
        record = self.record
        if record is None or record.status not in COUNTING:
            return False
        return record.held_on != self.day.fixed.day

    def context(self, scope: Scope, own: Sequence[Unit]) -> dict[str, Any]:
        """All that the page shows to whoever works in ``own``: a constant number of questions."""
        return {
            "unit": self.unit,
            "units": own if len(own) > 1 else [],
            "month": self.month,
            "before": self.month.previous(),
            "after": self.month.next(),
            "today": self.on,
            "day": self.day,
            "countdown": _countdown((self.day.day - self.on).days),
            "plan": self.plan,
            "may_record": self.may_record,
            "may_postpone": permissions.may_postpone(scope, self.unit.path)
            and self.is_open
            and self.on <= (self.day.latest or self.month.end),
            "shares": gallery([self.unit], self.month),
            **self._record_context(scope),
            **self._form_context(),
        }

    def _record_context(self, scope: Scope) -> dict[str, Any]:
        """How the month's record stands, and whether it was offered as an example."""
        record, draft = self.record, self.draft
        share = _share_of(record) if record else None
        accepted = record is not None and record.status == Status.ACCEPTED
        return {
            "record": record if not self.is_open else None,
            "record_status": STATUS_SLUGS[Status(record.status)] if record else "",
            "off_day": self.is_off_day,
            "done": set(record.items) if record else set(),
            "draft": draft,
            "session": running(draft, timezone.now()) if draft else None,
            "share": share,
            "may_share": accepted
            and share is None
            and permissions.may_share(scope, self.unit.path),
        }

    def _form_context(self) -> dict[str, Any]:
        form = self.form
        if form is None:
            return {"form": None}
        chosen = set(form["items"].value() or ())
        asked = {line.item for line in self.plan.lines}
        others = [kind for kind in Kind if form.mask & kind and kind not in _DAY_KINDS]
        return {
            "form": form,
            "ticked": chosen,
            "more_items": [item for item in Item if item not in asked],
            "more_open": bool(chosen - asked),
            "is_theme_day": bool(form.mask & Kind.THEME_DAY),
            "fixed_kind": int(Kind.FIXED_DAY),
            "theme_kind": int(Kind.THEME_DAY),
            "other_kinds": [int(kind) for kind in others],
            "words_open": any(form[name].value() for name in _WORDS),
            "draft_key": f"fixed-day-{self.unit.pk}-{self.month.label}",
            **self._roll(form),
        }

    def _roll(self, form: MeetingForm) -> dict[str, Any]:
        """The tick-list for the kinds and the day as they stand in the form."""
        expected = services.expected_members(
            unit=self.unit, on=form.day or self.on, kind_mask=form.mask
        )
        return {
            "rows": mark_rows(self.draft, ticked(expected, self.said), called=bool(self.said)),
            "reasons": tuple(AbsenceReason.choices),
            "guests": [row.member_id for row in (self.said or {}).values() if not row.eligible],
        }


def day_sheet(scope: Scope, unit: Unit, month: Period, *, on: date, recorder: str) -> DaySheet:
    """The page as the asker may see it; whoever may not record sees no draft, and no form.

    ``recorder`` is written into a form that begins without anybody's name.
    """
    may_record = permissions.may_record(scope, unit.path)
    record = record_of_month(unit, month) if scope.covers(unit.path) else None
    if record is not None and record.status == Status.DRAFT and not may_record:
        record = None
    sheet = DaySheet(
        unit=unit,
        month=month,
        on=on,
        day=branch_day(unit, month, on=on),
        plan=plan_for(unit, month),
        may_record=may_record,
        record=record,
    )
    if may_record and sheet.is_open and month.start <= on:
        sheet.form = MeetingForm(is_group=False, initial=_beginning(sheet, recorder))
        sheet.said = kept_roll(sheet.draft) if sheet.draft else None
    return sheet


def _beginning(sheet: DaySheet, recorder: str) -> dict[str, Any]:
    """What the form says before anybody types: what is usual, the programme's theme, the draft."""
    held = min(sheet.day.day, sheet.on)
    theme = sheet.plan.theme
    known = usual(sheet.unit, kind_mask=Kind.FIXED_DAY | Kind.THEME_DAY, on=sheet.on)
    kept = initial_of(sheet.draft) if sheet.draft else {}
    return {
        **known,
        "recorder": known["recorder"] or recorder,
        "kinds": [str(int(kind)) for kind in _DAY_KINDS],
        "held_on": min(max(held, sheet.month.start), sheet.month.end),
        "topic": f"固定组织生活日：{theme}"[:200] if theme else "",
        "form_key": new_key(),
        **{name: value for name, value in kept.items() if value not in (None, "", [])},
    }


def _countdown(days: int) -> str:
    """就是今天, 明天, 还有 9 天; nothing once it is over."""
    return {0: "就是今天", 1: "明天"}.get(days, f"还有 {days} 天" if days > 0 else "")


def _share_of(record: Meeting) -> Share | None:
    """The latest offer of a record as an example, unless it was taken back."""
    rows = Share.objects.within(record.unit).filter(meeting=record)
    found: Share | None = rows.select_related("decided_by").order_by("-pk").first()
    return None if found is None or found.state == ShareState.WITHDRAWN else found
