"""核定职数."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.models import Quota
from cadres.services.common import saved, screened


@transaction.atomic
def set_quota(
    *, unit: Unit, level: str, approved: int, valid_from: date, document: str, by: User
) -> Quota:
    """Write down how many posts were approved from a day on; the same day is corrected."""
    screened(document=document)
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    row = Quota.unscoped.filter(unit=unit, level=level, valid_from=valid_from).first()
    row = row or Quota(unit=unit, level=level, valid_from=valid_from)
    row.approved, row.document, row.by = approved, document, by
    saved(row)
    return row
