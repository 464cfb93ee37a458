"""对账: who is out without 回执, what waits too long, who stands on no roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from branches.enums import PRESENT_STATES, MemberState
from branches.models import Member, Unit
from membership.enums import TransferState, Way
from membership.limits import Limits
from membership.models import Transfer
from membership.querysets import TransferQuerySet

MOST = 200


@dataclass(frozen=True)
class Reconciled:
    """Five lists; each is cut at :data:`MOST`. ``counts`` are this year's, by way."""

    overdue: Sequence[Transfer]
    out: Sequence[Transfer]
    waiting: Sequence[Transfer]
    unanswered: Sequence[Transfer]
    lost: Sequence[Any]
    counts: dict[str, int]

    @property
    def is_clear(self) -> bool:
        """Whether everybody is accounted for."""
        return not (self.overdue or self.unanswered or self.lost)


def reconcile(
    *, rows: TransferQuerySet, people: Sequence[Unit], on: date, limits: Limits
) -> Reconciled:
    """Everything about the transfers ``rows`` and the members of ``people``; six questions."""
    named = rows.select_related("from_unit", "to_unit")
    old = on - timedelta(days=limits.answer_days)
    issued = named.filter(state=TransferState.ISSUED).order_by("expires_on", "pk")
    waiting = named.filter(
        state__in=(TransferState.ASKED, TransferState.AGREED, TransferState.READY)
    )
    done = rows.filter(state=TransferState.DONE, effective_on__year=on.year)
    ways = list(done.order_by().values_list("way", flat=True))
    return Reconciled(
        overdue=list(issued.filter(expires_on__lt=on)[:MOST]),
        out=list(issued.filter(expires_on__gte=on)[:MOST]),
        waiting=list(waiting.filter(asked_on__lte=old).order_by("asked_on", "pk")[:MOST]),
        unanswered=list(
            named.filter(way=Way.IN, state=TransferState.DONE, receipt_on__isnull=True)
            .order_by("effective_on", "pk")[:MOST]
        ),
        lost=list(_nowhere(people)[:MOST]),
        counts={way.value: ways.count(way.value) for way in Way},
    )  # fmt: skip


def _nowhere(people: Sequence[Unit]) -> Any:
    """Members on no living roster: of a dissolved branch, or gone without any 回执."""
    receipt = Transfer.unscoped.filter(
        member=OuterRef("pk"), way=Way.OUT, state=TransferState.DONE, receipt_on__isnull=False
    )
    rows: Any = Member.objects.within(*people)
    return (
        rows.annotate(has_receipt=Exists(receipt))
        .filter(
            Q(state__in=PRESENT_STATES, unit__dissolved_on__isnull=False)
            | Q(state=MemberState.LEFT, has_receipt=False)
        )
        .select_related("unit")
        .order_by("-left_on", "unit__path", "pk")
    )
