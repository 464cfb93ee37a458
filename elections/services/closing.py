"""报告 and 批复: the new committee becomes the unit's posts and its new term."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from branches import services as branches
from core.errors import Refusal
from core.files import Upload
from elections.enums import Stage
from elections.models import Election
from elections.roster import elected
from elections.services.common import lock, only_at, step, text
from elections.settings import limits, years_of


@transaction.atomic
def report(
    *, election: Election, by: User, day: date, on: date, document: str = "",
    file: Upload | None = None,
) -> Election:  # fmt: skip
    """报告选举结果 to the committee above."""
    return step(
        lock(election), Stage.REPORTED, by=by, day=day, on=on, document=document, upload=file
    )


@transaction.atomic
def confirm(
    *, election: Election, by: User, day: date, on: date, document: str,
    file: Upload | None = None,
) -> Election:  # fmt: skip
    """批复结果: old posts and the old term end, the new ones begin, all in this transaction.

    Raises:
        Refusal: not reported, his own report, or the roster does not let the posts be given.
    """
    election = lock(election)
    words = text(document, "批复文号", field="document", longest=80)
    if election.state == Stage.CONFIRMED:
        return step(election, Stage.CONFIRMED, by=by, day=day, on=on, document=words)
    only_at(election, Stage.REPORTED, what="还没有报告选举结果")
    people = elected(election)
    if election.voted_on is None or not people:
        raise Refusal("还没有选举结果。", code="conflict")
    election.new_term = branches.renew_committee(
        unit=election.unit,
        posts=[branches.NewPost(member=one.member, kind=one.office) for one in people],
        elected_on=election.voted_on,
        in_office_on=election.divided_on or election.voted_on,
        years=years_of(election.unit, limits(election.voted_on)),
        number=election.number,
        with_committee=election.with_committee,
        seats=len(people),
        by=by,
    )
    election.confirmed_on = day
    return step(
        election, Stage.CONFIRMED, by=by, day=day, on=on, document=words, upload=file
    )  # fmt: skip
