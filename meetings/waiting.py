"""延期 and 分享 that wait for somebody, each with what the asker may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from branches.models import Unit
from branches.scope import Scope
from meetings import permissions
from meetings.enums.programme import PostponeState, ShareState
from meetings.models import MeetingFile, Postponement, Share

MOST = 100


@dataclass(frozen=True)
class PostponementLine:
    """A postponement that is open or holds; nobody decides his own (S16)."""

    row: Postponement
    may_decide: bool
    other_decides: bool
    may_withdraw: bool


@dataclass(frozen=True)
class ShareLine:
    """An example that is offered; who offered it or agreed to it does not decide."""

    share: Share
    consented: bool
    may_consent: bool
    may_decide: bool
    may_withdraw: bool
    photos: Sequence[MeetingFile]


def postponements(
    scope: Scope, units: Iterable[Unit], *, user_id: int | None, on: date
) -> list[PostponementLine]:
    """What waits, and what holds this month and later; one question.

    What waits is there for as long as it waits: it is counted among what is to be decided too.
    """
    holds = Q(state=PostponeState.APPROVED, month__gte=on.replace(day=1))
    rows = Postponement.objects.within(*units).filter(holds | Q(state=PostponeState.PROPOSED))
    rows = rows.select_related("unit", "unit__committee", "proposed_by", "decided_by")
    return [_postponement(scope, row, user_id) for row in rows.order_by("state", "-at")[:MOST]]


def _postponement(scope: Scope, row: Postponement, user_id: int | None) -> PostponementLine:
    decides = row.state == PostponeState.PROPOSED and permissions.may_decide_postponement(
        scope, row.unit.path
    )
    is_own = row.proposed_by_id == user_id
    return PostponementLine(
        row,
        may_decide=decides and not is_own,
        other_decides=decides and is_own,
        may_withdraw=permissions.may_postpone(scope, row.unit.path),
    )


def shares(scope: Scope, units: Iterable[Unit], *, user_id: int | None) -> list[ShareLine]:
    """The oldest first; two questions."""
    rows = Share.objects.within(*units).filter(state=ShareState.PROPOSED)
    rows = rows.select_related("unit", "unit__committee", "meeting", "proposed_by")
    listed = rows.prefetch_related("photos__file").order_by("at")[:MOST]
    return [_share(scope, row, user_id) for row in listed]


def _share(scope: Scope, row: Share, user_id: int | None) -> ShareLine:
    path = row.unit.path
    is_own = user_id in (row.proposed_by_id, row.consented_by_id)
    consented = row.consented_by_id is not None
    return ShareLine(
        row,
        consented=consented,
        may_consent=not consented and permissions.may_consent(scope, path),
        may_decide=consented and not is_own and permissions.may_decide_share(scope, path),
        may_withdraw=permissions.may_share(scope, path),
        photos=[one.file for one in row.photos.all()],
    )


@dataclass(frozen=True)
class ToDecide:
    """How many wait for the decision of one who did not ask for them himself."""

    postponements: int
    shares: int


def to_decide(units: Sequence[Unit], *, user_id: int | None) -> ToDecide:
    """What waits in these subtrees; two questions."""
    put_off = Postponement.objects.within(*units).filter(state=PostponeState.PROPOSED)
    offered = Share.objects.within(*units).filter(
        state=ShareState.PROPOSED, consented_by__isnull=False
    )
    return ToDecide(
        postponements=put_off.exclude(proposed_by=user_id).count(),
        shares=offered.exclude(proposed_by=user_id).exclude(consented_by=user_id).count(),
    )
