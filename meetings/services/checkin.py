"""扫码签到: starting and ending it, its codes, and the answer of a member's own phone.

A code says which check-in it belongs to, its nonce and when it was drawn, signed; nothing of it is
stored. Opening it gives a form that lives three minutes. Nothing here counts for a duty.
"""

from __future__ import annotations

import enum
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction

from accounts.models import User
from branches.models import Member, Unit
from core import crypto
from core.errors import Refusal
from meetings.entries import MeetingContent
from meetings.enums import Kind
from meetings.models import CheckIn, CheckInSession, CheckInTry, Meeting
from meetings.rules.checkin import (
    CODE_SECONDS,
    TICKET_SECONDS,
    WrongTry,
    is_fresh,
    is_running,
    wait_until,
)
from meetings.services.record import save
from meetings.services.roster import expected_members

_CODE, _TICKET = "meetings.checkin.code", "meetings.checkin.ticket"
MOST_TYPED = 60


class Answer(enum.Enum):
    """What a phone is told."""

    DONE = "done"
    WRONG = "wrong"
    WAIT = "wait"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Reply:
    """The answer, with the check-in it belongs to when it is known."""

    answer: Answer
    session: CheckInSession | None = None
    until: datetime | None = None


# --- Starting and ending -------------------------------------------------------------------------


@transaction.atomic
def start_checkin(*, meeting: Meeting, by: User, now: datetime) -> CheckInSession:
    """Open a check-in for a draft or returned record; the one that is open is given back.

    Raises Refusal: the record is filed, or there is nobody to come.
    """
    found = (
        Meeting.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=meeting.pk)
    )
    if not found.is_editable:
        raise Refusal("这条记录已经提交，不能再签到；退回后可以。", code="conflict")
    if not expected_members(unit=found.unit, on=found.held_on, kind_mask=found.kind_mask):
        raise Refusal("名册里还没有应到的党员，请先到“支部”页补充名册。", code="conflict")
    open_ = CheckInSession.unscoped.filter(meeting=found, ended_at=None).first()
    if open_ is not None:
        if is_running(started_at=open_.started_at, ended_at=None, now=now):
            return open_
        _end(open_, now)
    return CheckInSession.unscoped.create(meeting=found, started_by=by, started_at=now)


@transaction.atomic
def begin_checkin(
    *, unit: Unit, by: User, kinds: Sequence[Kind], form_key: UUID, on: date, now: datetime
) -> CheckInSession:
    """A draft of today's meeting and its check-in in one; the same form twice is the same draft."""
    found = Meeting.unscoped.filter(form_key=form_key, unit=unit).first()
    if found is None:
        found = save(
            unit=unit,
            by=by,
            form_key=form_key,
            content=MeetingContent(kinds=list(kinds), held_on=on, topic=""),
        )
    return start_checkin(meeting=found, by=by, now=now)


@transaction.atomic
def end_checkin(*, session: CheckInSession, now: datetime) -> CheckInSession:
    """End it: every code and form of it is dead at once. Again is the same."""
    found = CheckInSession.unscoped.select_for_update(of=("self",)).get(pk=session.pk)
    if found.ended_at is None:
        _end(found, now)
    return found


def _end(session: CheckInSession, now: datetime) -> None:
    session.ended_at = now
    session.save(update_fields=["ended_at"])
    CheckInTry.unscoped.filter(session=session).delete()


# --- Codes and forms -----------------------------------------------------------------------------


def code_of(session: CheckInSession, now: datetime) -> str:
    """The text of the code on the screen: lives a minute."""
    return _signed(_CODE, session, now)


def ticket_of(session: CheckInSession, now: datetime) -> str:
    """What the form that a code opened carries: lives three minutes."""
    return _signed(_TICKET, session, now)


def _signed(salt: str, session: CheckInSession, now: datetime) -> str:
    said = {
        "s": session.pk,
        "n": session.nonce,
        "t": int(now.timestamp()),
        "k": secrets.token_urlsafe(6),
    }
    return Signer(salt=salt).sign_object(said)


def opened(code: str, now: datetime) -> CheckInSession | None:
    """The running check-in that a code belongs to; None when it is old, ended or made up."""
    found = _read(_CODE, code, now, seconds=CODE_SECONDS)
    return found[0] if found else None


def ticketed(ticket: str, now: datetime) -> Meeting | None:
    """The meeting that a form still belongs to; None when the form is too old."""
    found = _read(_TICKET, ticket, now, seconds=TICKET_SECONDS)
    return found[0].meeting if found else None


def _read(
    salt: str, text: str, now: datetime, *, seconds: int, lock: bool = False
) -> tuple[CheckInSession, str] | None:
    """The check-in and the mark of this very code or form."""
    try:
        said = Signer(salt=salt).unsign_object(text)
        key, nonce, issued, mark = int(said["s"]), str(said["n"]), int(said["t"]), str(said["k"])
    except (BadSignature, ValueError, TypeError, KeyError):
        return None
    if not is_fresh(issued, int(now.timestamp()), seconds=seconds):
        return None
    rows = CheckInSession.unscoped.select_related("meeting__unit__parent")
    if lock:
        rows = rows.select_for_update(of=("self",))
    session: CheckInSession | None = rows.filter(pk=key).first()
    if (
        session is None
        or not hmac.compare_digest(session.nonce, nonce)
        or not is_running(started_at=session.started_at, ended_at=session.ended_at, now=now)
        or not session.meeting.is_editable
    ):
        return None
    return session, mark


# --- The answer of a phone -----------------------------------------------------------------------


@transaction.atomic
def check_in(*, ticket: str, name: str, digits: str, address: str, now: datetime) -> Reply:
    """Note that the member of this name, whose phone ends in these four digits, is there.

    A wrong name and wrong digits get the same answer and take the same time; both count against
    the address and the form. The row of the check-in is locked, so that many tries at once are
    counted one by one.
    """
    read = _read(_TICKET, ticket, now, seconds=TICKET_SECONDS, lock=True)
    if read is None:
        return Reply(Answer.EXPIRED)
    session, mark = read
    source = crypto.blind_index(address or "-", purpose="meetings.checkin.address").hex()
    tries = [
        WrongTry(at, source_, form)
        for at, source_, form in CheckInTry.unscoped.filter(session=session).values_list(
            "at", "address", "ticket"
        )
    ]
    until = wait_until(tries, address=source, ticket=mark, now=now)
    if until is not None:
        return Reply(Answer.WAIT, session, until)
    member_id = _matched(session.meeting, name, digits)
    if member_id is None:
        CheckInTry.unscoped.create(session=session, at=now, address=source, ticket=mark)
        return Reply(Answer.WRONG, session)
    CheckIn.unscoped.bulk_create(
        [CheckIn(meeting=session.meeting, session=session, member_id=member_id, at=now)],
        ignore_conflicts=True,
    )
    return Reply(Answer.DONE, session)


def _matched(meeting: Meeting, name: str, digits: str) -> int | None:
    """The one expected member with this name and these digits; every one of them is compared."""
    typed = _plain(name)[:MOST_TYPED].encode()
    last = unicodedata.normalize("NFKC", digits).strip()
    tail = (last if len(last) == 4 and last.isascii() and last.isdigit() else "xxxx").encode()
    due = expected_members(unit=meeting.unit, on=meeting.held_on, kind_mask=meeting.kind_mask)
    members = Member.unscoped.filter(pk__in=[one.id for one in due]).only(
        "pk", "uuid", "name", "phone"
    )
    found: list[int] = []
    for member in members:
        is_name = hmac.compare_digest(_plain(member.name).encode(), typed)
        is_phone = hmac.compare_digest(_tail(member).encode(), tail)
        if is_name & is_phone:
            found.append(member.pk)
    return found[0] if len(found) == 1 else None


def _tail(member: Member) -> str:
    """The last four digits; a number that is not there, or does not open, matches nothing."""
    try:
        return member.unseal("phone")[-4:]
    except crypto.Tampered:
        return ""


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).replace("·", "").split())
