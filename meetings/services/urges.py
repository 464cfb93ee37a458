"""催报: pressed by staff, noted with whom it told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from meetings import behind
from meetings.behind import Question, Urging
from meetings.models import Urge


@transaction.atomic
def urge(*, question: Question, unit_ids: Sequence[int] | None, by: User) -> Urging:
    """Tell the secretaries of these branches (None: of all behind) what they miss, and note it.

    Once a day for each branch and secretary; a press that tells nobody anything new leaves no note.
    """
    press = Urge.unscoped.create(
        unit=question.units[0], by=by, month=question.month.start, kind=question.kind
    )
    done = behind.urge(question=question, unit_ids=unit_ids, urge_id=press.pk, by=by)
    if done.people:
        press.told, press.already, press.unreachable = done.told, done.already, done.unreachable
        press.save(update_fields=["told", "already", "unreachable"])
    else:
        press.delete()
    return done
