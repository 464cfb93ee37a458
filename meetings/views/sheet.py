"""The log form with everything around it: blank, as stored, or as posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from branches.models import Unit
from meetings import services
from meetings.agenda import usual
from meetings.checkins import mark_rows
from meetings.entries import AttendanceEntry, Expected
from meetings.enums import KIND_SLUGS, AbsenceReason, Kind
from meetings.forms.record import (
    TOPICS,
    MeetingForm,
    VoteFormSet,
    initial_of,
    new_key,
    posted_attendance,
    posted_studied,
    ticked,
    vote_fault,
)
from meetings.kept_record import kept_roll
from meetings.lecturing import booking_of, record_beginning
from meetings.models import Attendance, Meeting, Vote
from meetings.rules import kinds_allowed
from meetings.rules.differences import Difference
from meetings.studying import Offer, item_of, marked, offer
from meetings.views.parts import DeskRequest, asked_kinds

REASONS = tuple(AbsenceReason.choices)


@dataclass
class Sheet:
    """The form with everything around it: record or new, roll, votes."""

    unit: Unit
    form: MeetingForm
    votes: Any
    said: dict[int, AttendanceEntry] | None = None
    meeting: Meeting | None = None
    # The kinds that the address asked for: words typed for one kind are not given to another.
    asked: str = ""
    # What the record says now, after somebody else wrote in it: shown beside what was posted.
    clash: list[Difference] = field(default_factory=list)
    clash_with: Meeting | None = None
    correcting: bool = False
    # Items of the branch's study plan; None where the page did not offer any.
    studied: set[int] | None = None

    def roll(self, on: date) -> dict[str, Any]:
        """The tick-list for the kinds and the day as they stand in the form."""
        day = self.form.day or on
        expected, others = services.roll_call(unit=self.unit, on=day, kind_mask=self.form.mask)
        gone = self._gone({one.id for one in (*expected, *others)})
        guests = {pk for pk, row in (self.said or {}).items() if not row.eligible}
        return {
            "rows": mark_rows(
                self.meeting, ticked([*expected, *gone], self.said), called=bool(self.said)
            ),
            "reasons": REASONS,
            "others": [
                {"id": one.id, "name": one.name, "ticked": one.id in guests} for one in others
            ],
            "guests": len(guests),
            "voting": [one.id for one in (*expected, *gone) if one.voting],
        }

    def _gone(self, known: set[int]) -> list[Expected]:
        """Those in the stored record who have left the roster since."""
        if self.meeting is None:
            return []
        rows = Attendance.unscoped.filter(meeting=self.meeting, eligible=True)
        return [
            Expected(id=row.member_id, name=row.name, voting=row.voting, note="已不在名册")
            for row in rows.exclude(member_id__in=known)
        ]

    def study(self, on: date) -> Offer:
        """The texts of the branch's plan for the day as it stands in the form."""
        return offer(self.unit, self.form.day or on, ticked=self.studied or (), on=on)

    @property
    def _more(self) -> tuple[str, ...]:
        """What stands behind 会议内容; the hours of a booked lecture need no look."""
        texts = ("agenda", "minutes", "resolution")
        return texts if self.form["booking"].value() else (*texts, "started_at", "ended_at")

    def holds(self) -> bool:
        """Whether the form and its votes can be read; what cannot stands in the form."""
        valid = self.form.is_valid()
        if not self.votes.is_valid():
            self.form.add_error("votes", vote_fault(self.votes))
            return False
        return valid

    @property
    def people(self) -> list[AttendanceEntry]:
        """The roll as posted."""
        return list((self.said or {}).values())

    def saw(self, meeting: Meeting) -> None:
        """The posted form goes back as one that has seen the record as it is now."""
        words = QueryDict(mutable=True)
        words.update(self.form.data)
        words["revision"] = str(meeting.revision)
        self.form.data = words

    @property
    def draft_key(self) -> str:
        """Where the browser keeps what is typed."""
        if self.meeting is not None:
            kind = "correction" if self.correcting else "meeting"
            return f"{kind}-{self.meeting.uuid}"
        return "-".join(filter(None, ("meeting-new", str(self.unit.pk), self.asked)))

    def context(self, on: date) -> dict[str, Any]:
        """All that the page shows."""
        return {
            "unit": self.unit,
            "form": self.form,
            "formset": self.votes,
            "meeting": self.meeting,
            "topics": [
                {"kind": int(kind), "text": text, "shown": bool(self.form.mask & kind)}
                for kind in kinds_allowed(is_group=self.unit.is_group)
                for text in TOPICS[kind]
            ],
            "fixed_kind": int(Kind.FIXED_DAY),
            "has_fixed": bool(self.form.mask & Kind.FIXED_DAY),
            "files": list(self.meeting.files.all()) if self.meeting else [],
            "clash": self.clash,
            "clash_with": self.clash_with,
            "correcting": self.correcting,
            "why": "",
            "draft_key": self.draft_key,
            "votes_open": bool(self.votes.is_bound and self.votes.has_changed())
            or bool(self.votes.initial_form_count()),
            "more_open": any(self.form[name].value() for name in self._more),
            "today": on,
            "study": self.study(on),
            **self.roll(on),
        }


def blank(request: DeskRequest, unit: Unit) -> Sheet:
    """A new form, filled in as far as the address, the unit and its last record know."""
    on = timezone.localdate()
    day = request.GET.get("day", on.isoformat())
    known, studied = _known(request, unit)
    kinds = _asked_kinds(request, unit) or known.pop("kinds", [])
    usually = usual(unit, kind_mask=sum(kinds), on=on)
    form = MeetingForm(
        is_group=unit.is_group,
        initial={
            **usually,
            "recorder": usually["recorder"] or request.user.name,
            "kinds": [str(int(kind)) for kind in kinds],
            "held_on": _day(day),
            "form_key": new_key(),
            "page_key": new_key(),
            **known,
        },
    )
    return Sheet(unit=unit, form=form, votes=VoteFormSet(prefix="votes"), studied=studied)


def _asked_kinds(request: DeskRequest, unit: Unit) -> list[Kind]:
    """The kinds of the address that the unit may record; a 党小组 has its own meeting anyway."""
    kinds = asked_kinds(request, is_group=unit.is_group)
    return kinds or ([Kind.GROUP] if unit.is_group else [])


def _known(request: DeskRequest, unit: Unit) -> tuple[dict[str, Any], set[int]]:
    """What the text to be studied, or the booked lecture, of the address says beforehand."""
    text, lecture = _key(request.GET.get("study", "")), _key(request.GET.get("booking", ""))
    item = item_of(unit, text) if text else None
    if item is not None:
        topic = item.title if item.title.startswith("《") else f"《{item.title}》"
        return {"topic": f"集体学习{topic}"}, {item.pk}
    booking = booking_of(unit, lecture) if lecture else None
    return (record_beginning(booking) if booking is not None else {}), set()


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def asked_for(request: DeskRequest) -> str:
    """What the address asks for: the kinds, and the text or the lecture."""
    slugs = [slug for slug in KIND_SLUGS.values() if slug in request.GET.getlist("kind")]
    keys = [_key(request.GET.get(name, "")) for name in ("study", "booking")]
    return "-".join([*slugs, *(key.hex for key in keys if key)])


def stored(meeting: Meeting, *, copy: bool = False) -> Sheet:
    """A form that begins with what a record says; a copy becomes a record of its own."""
    initial = initial_of(meeting)
    if copy:
        initial |= {"form_key": new_key(), "revision": None}
    votes = Vote.unscoped.filter(meeting=meeting).values("subject", "yes", "no", "abstain")
    return Sheet(
        unit=meeting.unit,
        form=MeetingForm(is_group=meeting.unit.is_group, initial=initial),
        votes=VoteFormSet(prefix="votes", initial=list(votes)),
        said=kept_roll(meeting),
        meeting=None if copy else meeting,
        studied=None if copy else marked(meeting.pk, meeting.unit),
    )


def posted_sheet(data: QueryDict, unit: Unit, meeting: Meeting | None) -> Sheet:
    """The form as it came in."""
    return Sheet(
        unit=unit,
        form=MeetingForm(data, is_group=unit.is_group),
        votes=VoteFormSet(data, prefix="votes"),
        said={row.member_id: row for row in posted_attendance(data)},
        meeting=meeting,
        studied=posted_studied(data),
    )
