"""在职党员进社区: 报到 agreed by both sides, what was done there confirmed by the community."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.enums import Field
from branches.models import Member, Unit
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, known, once, past, words
from works.enums import PLACEMENT_MOVES, SERVICE_MOVES, PlacementState, ServiceState
from works.models import Placement, Service
from works.services.pledges import of_the_branch

LAND = (Field.COMMUNITY, Field.VILLAGE)


@transaction.atomic
def place(
    *,
    home: Unit,
    by: User | None,
    member: Member,
    community: Unit,
    since: date,
    offer: str = "",
    on: date,
    form_key: UUID | None = None,
) -> Placement:
    """报到: the home branch reports a member; the community takes him in or not."""
    of_the_branch(home, member)
    if community.field not in LAND:
        raise Refusal("请选择社区（村）的党组织。", field="community")
    if community.pk == home.pk:
        raise Refusal("报到的社区不能是本支部。", field="community")
    same = known(Placement, form_key)
    if same is not None:
        return same
    past(since, on, "报到日期", field="since")
    made, _ = once(
        Placement,
        form_key,
        lambda: Placement(
            home=home, member=member, community=community, since=since, by=by, form_key=form_key,
            offer=words(offer, "能做什么", field="offer", longest=120, needed=False),
        ),
    )  # fmt: skip
    return made


def _locked(placement: Placement) -> Placement:
    found: Placement = Placement.unscoped.select_for_update().get(pk=placement.pk)
    return found


def _move(
    placement: Placement, to: PlacementState, *, by: User | None = None, answer: str = "",
    needed: bool = False,
) -> Placement:  # fmt: skip
    row = _locked(placement)
    if row.state == to:
        return row
    demand_move(row, to, moves=PLACEMENT_MOVES, name="这次报到")
    row.answer = words(answer, "意见", field="answer", longest=200, needed=needed)
    row.state, row.decided_by = to, by
    return row


@transaction.atomic
def accept_placement(
    *, placement: Placement, by: User | None, on: date, answer: str = ""
) -> Placement:
    """The community takes him in."""
    return kept(_move(placement, PlacementState.ACCEPTED, by=by, answer=answer))


@transaction.atomic
def decline_placement(*, placement: Placement, by: User | None, on: date, answer: str) -> Placement:
    """The community does not, and says why."""
    return kept(_move(placement, PlacementState.DECLINED, by=by, answer=answer, needed=True))


@transaction.atomic
def end_placement(*, placement: Placement, by: User | None, until: date, on: date) -> Placement:
    """He has left the community; what he did stays."""
    row = _move(placement, PlacementState.ENDED, by=by)
    if row.until is None:
        row.until = past(until, on, "结束日期", field="until", since=row.since)
    return kept(row)


@transaction.atomic
def file_service(
    *,
    placement: Placement,
    by: User | None,
    day: date,
    what: str,
    hours: Decimal | None = None,
    at_community: bool = False,
    on: date,
    form_key: UUID | None = None,
) -> Service:
    """One thing done; what the community enters (``at_community``) needs no confirmation."""
    row = _locked(placement)
    same = known(Service, form_key)
    if same is not None:
        return same
    if row.state != PlacementState.ACCEPTED:
        raise Refusal("社区接收报到以后才能登记服务。", code="conflict")
    past(day, on, "日期", field="day", since=row.since)
    made, is_new = once(
        Service,
        form_key,
        lambda: Service(
            placement=row, day=day, hours=hours, by=by, form_key=form_key,
            what=words(what, "做了什么", field="what", longest=200),
        ),
    )  # fmt: skip
    if is_new and at_community:
        return _decide(made, ServiceState.CONFIRMED, by, "")
    return made


def _decide(service: Service, to: ServiceState, by: User | None, answer: str) -> Service:
    found: Service = Service.unscoped.select_for_update().get(pk=service.pk)
    if found.state == to:
        return found
    demand_move(found, to, moves=SERVICE_MOVES, name="这条服务记录")
    found.answer = words(
        answer, "退回原因", field="answer", longest=200, needed=to == ServiceState.RETURNED
    )
    found.state, found.decided_by = to, by
    return kept(found)


@transaction.atomic
def confirm_service(*, service: Service, by: User | None, on: date) -> Service:
    """The community says that it was so. Twice is once."""
    return _decide(service, ServiceState.CONFIRMED, by, "")


@transaction.atomic
def return_service(*, service: Service, by: User | None, on: date, answer: str) -> Service:
    """The community does not know of it, and says so."""
    return _decide(service, ServiceState.RETURNED, by, answer)
