"""What 网上党支部 asks of somebody, for the first page; a constant number of queries."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min
from django.urls import reverse

from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from portal.models import Receipt
from portal.reaching import KEEPERS


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """通知 to read and sign; for staff those of theirs that are overdue somewhere."""
    return [*_to_read(scope), *_to_press(scope, on)]


def _to_read(scope: Scope) -> list[Ask]:
    units = scope.units_as(*KEEPERS)
    if not units:
        return []
    rows = Receipt.objects.within(*units).filter(unit__in=units).owing()
    found = rows.aggregate(many=Count("pk"), until=Min("circular__sign_by"))
    if not found["many"]:
        return []
    url = f"{reverse('portal:inbox')}?show=owing"
    return [
        Ask(
            "看通知", url, note="看完后点“已阅”或“签收”", until=found["until"],
            count=found["many"], icon="speakerphone",
        )
    ]  # fmt: skip


def _to_press(scope: Scope, on: date) -> list[Ask]:
    staff = scope.units_as(*STAFF)
    if not staff:
        return []
    rows = Receipt.objects.within(*staff).filter(circular__unit__in=staff).overdue(on=on)
    found = rows.urgeable(on=on).aggregate(
        units=Count("pk"), many=Count("circular", distinct=True)
    )  # fmt: skip
    if not found["many"]:
        return []
    return [
        Ask(
            "催办到期的通知",
            f"{reverse('portal:circular_list')}?show=overdue",
            note=f"{found['units']} 个党组织还没有办理",
            count=found["many"],
            icon="speakerphone",
        )
    ]
