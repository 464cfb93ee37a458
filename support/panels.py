"""阵地 and 联系点 for a branch's own page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from support.agenda import STANDINGS, TONES, links, venues
from support.models import VenueAnswer

_MOST = 5


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """What the venue lacks by this year's check, and which leaders are linked; two queries."""
    if unit.kind not in BRANCH_KINDS:
        return []
    missing = VenueAnswer.unscoped.filter(
        check_of__venue__unit=OuterRef("pk"), check_of__year=on.year, is_there=False
    ).order_by("item__position", "pk")
    rows = venues([unit], on=on).filter(pk=unit.pk)
    row = rows.annotate(missing=ArraySubquery(missing.values("item__title"))).first()
    found = [_venue(row, scope)] if row is not None else []
    linked = links([unit], on=on).filter(unit=unit)[:_MOST]
    lines = tuple(_link(one) for one in linked)
    if lines:
        found.append(Panel("contacts", "联系点", "link", lines))
    return found


def _venue(row: Any, scope: Scope) -> Panel:
    if row.venue_uuid:
        more = reverse("support:venue_detail", args=[row.venue_uuid])
    else:
        more = reverse("support:mine") if scope.covers(row.path, Role.SECRETARY) else ""
    word, tone = STANDINGS[row.standing], TONES[row.standing]
    lines = [Line(row.venue_name, "三室两栏", badge=word, tone=tone)] if row.venue_uuid else []
    if row.missing:
        lines.append(Line(f"缺 {row.lacking} 项", "、".join(row.missing)))
    return Panel(
        key="venue",
        title="阵地",
        icon="map-pin",
        lines=tuple(lines),
        empty="还没有登记活动阵地。",
        more=more,
    )


def _link(one: Any) -> Line:
    return Line(
        str(one.leader),
        f"本季度走访 {one.visited} 次",
        reverse("support:contact_detail", args=[one.uuid]),
        badge=f"{one.open_count} 个问题在跟进" if one.open_count else "",
        tone="late",
    )
