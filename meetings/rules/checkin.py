"""扫码签到: how long a code lives, and how often one may be wrong. Pure; the time comes in.

A QR code that never expires can be sent to somebody at home (rules.md §0.6): the code on the
screen is dead after a minute, what it opened after three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Seconds: a code's life on the screen, when it is drawn anew, and the time to fill in the form.
CODE_SECONDS = 60
REDRAW_SECONDS = 45
TICKET_SECONDS = 180
# Clocks of two servers may differ by so much.
_SKEW = 5
# A check-in that nobody ended is over after so many hours.
LONGEST = timedelta(hours=3)

WRONG_MOST = 5
WRONG_WAIT = timedelta(minutes=2)
# Whoever comes by many addresses is stopped here; a whole branch mistyping is not.
WRONG_IN_ALL = 60
WRONG_WITHIN = timedelta(minutes=10)


def is_fresh(issued: int, now: int, *, seconds: int) -> bool:
    """Whether what was issued at ``issued`` (seconds since 1970) still holds at ``now``."""
    return -_SKEW <= now - issued < seconds


def is_running(*, started_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a check-in takes names at this moment."""
    return ended_at is None and now - started_at < LONGEST


@dataclass(frozen=True)
class WrongTry:
    """One wrong answer: when, from which address, with which form."""

    at: datetime
    address: str
    ticket: str


def wait_until(
    tries: Iterable[WrongTry], *, address: str, ticket: str, now: datetime
) -> datetime | None:
    """Until when this address, or this form, must wait; None when it may try.

    Five wrong answers of one form end it (it waits as long as forms live); five of one address
    within two minutes wait for the first of them to be two minutes old; sixty of one check-in
    within ten minutes stop everybody for as long.
    """
    known = sorted(tries, key=lambda one: one.at)
    waits = []
    mine = [one.at for one in known if one.ticket == ticket]
    if len(mine) >= WRONG_MOST:
        waits.append(mine[-1] + timedelta(seconds=TICKET_SECONDS))
    here = [one.at for one in known if one.address == address and now - one.at < WRONG_WAIT]
    if len(here) >= WRONG_MOST:
        waits.append(here[-WRONG_MOST] + WRONG_WAIT)
    recent = [one.at for one in known if now - one.at < WRONG_WITHIN]
    if len(recent) >= WRONG_IN_ALL:
        waits.append(recent[-WRONG_IN_ALL] + WRONG_WITHIN)
    until = max(waits, default=None)
    return until if until is not None and until > now else None
