"""The fixed day's part of the world: programmes, postponements, shares, check-ins.

An approved share is open to its whole district, so its words are a canary of their own: ``zsDz``,
seen everywhere in district D and nowhere else. Neither its branch nor that one's committee has a
canary in its name.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils import timezone

from core.dates import add_months
from meetings.enums import Item, Kind, Status
from meetings.enums.programme import PostponeState, ShareState
from meetings.models import CheckIn, CheckInSession, Meeting, ProgrammeItem, SharePhoto
from tests.factories.branches import make_branch, make_committee
from tests.factories.meetings import make_meeting
from tests.factories.programme import make_photo, make_postponement, make_programme, make_share

JULY, DAY = date(2026, 7, 1), date(2026, 7, 7)


def build(world: Any, branches: tuple[str, ...]) -> None:
    """Hang everything on the units that are there."""
    for key, unit in list(world.units.items()):
        if len(key) <= 2:
            _programme(world, key, unit)
    for key in branches:
        _branch(world, key)
    for number in ("1", "2"):
        _open_share(world, number)


def _programme(world: Any, key: str, unit: Any) -> None:
    """Read below as well as inside: the canary of the name."""
    things = world.objects
    things["programme"][key] = make_programme(
        unit, JULY, theme=f"安排zu{key}z", items=(Item.STUDY,), text=f"怎么做zu{key}z"
    )
    things["programme_item"][key] = ProgrammeItem.unscoped.get(programme=things["programme"][key])
    # What is not published is not read below.
    make_programme(unit, date(2026, 9, 1), theme=f"草稿zo{key}z", published=False)


def _branch(world: Any, key: str) -> None:
    things, unit = world.objects, world.units[key]
    author = things["author"][key]
    ahead = add_months(timezone.localdate().replace(day=1), 1)
    things["postponement"][key] = make_postponement(
        unit, ahead.replace(day=5), ahead.replace(day=20), by=author, reason=f"延期zo{key}z"
    )
    make_postponement(
        unit, DAY, date(2026, 7, 9), state=PostponeState.APPROVED, by=author,
        reason=f"获批zu{key}z",
    )  # fmt: skip
    accepted = things["meeting_accepted"][key]
    photo = make_photo(accepted, number=7, by=author)
    things["share"][key] = make_share(
        accepted, state=ShareState.PROPOSED, theme=f"分享zo{key}z", text=f"做法zo{key}z",
        photos=(photo,), by=author,
    )  # fmt: skip
    draft: Meeting = things["meeting_draft"][key]
    session = CheckInSession.unscoped.create(
        meeting=draft, started_by=author, started_at=timezone.now()
    )
    things["checkin"][key] = CheckIn.unscoped.create(
        meeting=draft, session=session, member=things["member"][key], at=timezone.now()
    )


def _open_share(world: Any, number: str) -> None:
    """An approved example of a branch that stands for no other canary."""
    place = "一二"[int(number) - 1]
    street = make_committee(world.units[number], name=f"样板第{place}街道")
    branch = make_branch(street, name=f"样板第{place}党支部")
    meeting = make_meeting(
        branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED, topic=f"样板zs{number}z"
    )
    photo = make_photo(meeting, number=8, path=f"{uuid.uuid4()}.jpg")
    share = make_share(
        meeting, theme=f"样板zs{number}z", text=f"样板做法zs{number}z", photos=(photo,)
    )
    world.objects["share_photo"][number] = SharePhoto.unscoped.get(share=share)
