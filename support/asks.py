"""What 阵地与联系 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from core.dates import Period
from support.agenda import NONE, RETURNED, UNCHECKED, links, venues
from support.limits import visits_per_quarter
from support.models import ContactVisit, VenueCheck

_WORDS = {
    NONE: "登记支部的活动阵地", UNCHECKED: "做今年的阵地自查", RETURNED: "补好被退回的阵地自查",
}  # fmt: skip


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Venue and problems of a secretary, visits of a leader, checks of a committee."""
    asks: list[Ask] = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += _branch(own, on)
    if Role.LEADER in scope.roles:
        asks += _leader(scope, user_id, on)
    if scope.is_staff:
        asks += _above(scope, user_id)
    return asks


def _branch(own: tuple[Unit, ...], on: date) -> list[Ask]:
    rows = venues(own, on=on).filter(standing__in=tuple(_WORDS))
    year = Period.containing(on, "year").end
    asks = [
        Ask(_WORDS[unit.standing], reverse("support:mine"), note=f"{unit} · 三室两栏",
            until=None if unit.standing == NONE else year, icon="map-pin")
        for unit in rows[:20]
    ]  # fmt: skip
    count = ContactVisit.objects.within(*own).open().count()
    if count:
        asks.append(
            Ask("跟进领导走访提出的问题", reverse("support:contact_mine"), count=count,
                note="办了什么，写一句", icon="message")
        )  # fmt: skip
    return asks


def _leader(scope: Scope, user_id: int, on: date) -> list[Ask]:
    rows = links(scope.units_as(Role.LEADER), on=on).filter(
        leader__user=user_id, visited__lt=visits_per_quarter(on)
    )
    count = rows.count()
    if not count:
        return []
    return [
        Ask("走访本季度的联系点", reverse("support:contact_mine"), count=count,
            note="走访后写一条记录", until=Period.containing(on, "quarter").end, icon="link")
    ]  # fmt: skip


def _above(scope: Scope, user_id: int) -> list[Ask]:
    waiting = VenueCheck.objects.within(*scope.units_as(*STAFF)).waiting()
    count = waiting.exclude(submitted_by=user_id).count()
    if not count:
        return []
    return [
        Ask("确认支部的阵地自查", reverse("support:queue"), count=count, icon="map-pin",
            note="缺项的可以退回，写明原因")
    ]  # fmt: skip
