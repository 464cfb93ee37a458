"""通知 for a branch's own page: the latest, and what was passed on to all."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from portal.models import Receipt

_LATEST = 5


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """What the branch received lately, and what hangs on its board; two queries."""
    if unit.kind not in BRANCH_KINDS:
        return []
    rows = Receipt.objects.within(unit).filter(unit=unit).live()
    rows = rows.select_related("circular__unit").newest()
    shared = rows.filter(is_public=True)[:_LATEST]
    return [
        Panel(
            key="notices",
            title="通知",
            icon="speakerphone",
            lines=tuple(_line(one) for one in rows[:_LATEST]),
            empty="还没有收到通知。",
            more=f"{reverse('portal:inbox')}?unit={unit.code}",
            public=tuple(Line(one.circular.title, _from(one)) for one in shared),
        )
    ]


def _from(one: Receipt) -> str:
    issued = one.circular.issued_at
    day = f"{timezone.localtime(issued):%Y-%m-%d}" if issued else ""
    return f"{one.circular.unit} {day}"


def _line(one: Receipt) -> Line:
    word = "转发" if one.shared_at and one.is_done else one.progress.label
    tone = "info" if one.shared_at and one.is_done else "ok" if one.is_done else "wait"
    url = reverse("portal:receipt", args=[one.uuid])
    return Line(one.circular.title, _from(one), url, badge=word, tone=tone)
