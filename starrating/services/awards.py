"""公示 and 授牌."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from core.errors import Refusal
from core.holidays import calendar_around
from starrating.enums import Cause, State
from starrating.models import Rating, Round
from starrating.rules import notice_until, plain
from starrating.services.common import goes_on, lock, lock_round, move, rewind, set_stars, text


@transaction.atomic
def publish(*, round_: Round, by: User, on: date) -> list[Rating]:
    """公示: everything that is reviewed, together, for the round's number of working days.

    Raises:
        Refusal: nothing to publish, or a 破格 that nobody has decided.
    """
    found = lock_round(round_)
    goes_on(found)
    rows = _ready(found, State.REVIEWED)
    if not rows:
        raise Refusal("没有待公示的组织，请刷新页面看最新情况。", code="conflict")
    waiting = [row for row in rows if row.waits_for_exception]
    if waiting:
        raise Refusal(
            f"{waiting[0].organisation}的破格还没有决定，决定以后再公示。", code="conflict"
        )
    until = notice_until(on, found.notice_days, calendar=calendar_around(on)).day
    for row in rows:
        row.notice_from, row.notice_until = on, until
        move(row, State.NOTICED, by=by, day=on, note=f"公示到 {until:%Y-%m-%d}")
    return rows


def _ready(round_: Round, state: State) -> list[Rating]:
    rows = Rating.unscoped.select_for_update(of=("self",)).filter(round=round_, state=state)
    return list(rows.select_related("round", "organisation").order_by("pk"))


@transaction.atomic
def object_to(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """异议成立: back to 审核; it is published again after that."""
    found, words = lock(rating), text(reason, "异议和核实情况", field="reason")
    if found.state != State.NOTICED:
        raise Refusal("只有公示中的可以登记异议，请刷新页面看最新情况。", code="conflict")
    rewind(found, State.CHECKED)
    return move(found, State.CHECKED, by=by, day=on, note=f"公示有异议：{words}")


@transaction.atomic
def award(*, rating: Rating, by: User, on: date) -> Rating:
    """授牌: stars in force from today, and their reward out of the round's fund.

    The database counts the fund; of two who spend the last of it one is told that there is no
    more. Points below the lowest line end here as 不定星级.

    Raises:
        Refusal: not published, the days not over, the fund spent.
    """
    lock_round(rating.round)
    return _award(lock(rating), by=by, on=on)


def _award(found: Rating, *, by: User, on: date) -> Rating:
    if found.state != State.NOTICED or found.notice_until is None:
        raise Refusal("公示以后才能授牌，请刷新页面看最新情况。", code="conflict")
    if on <= found.notice_until:
        raise Refusal(
            f"公示到 {found.notice_until:%Y-%m-%d} 截止，期满以后再授牌。", code="conflict"
        )
    stars = found.stars or 0
    found.ended_on, found.reward = on, found.round.reward_of(stars)
    to = State.AWARDED if stars else State.UNRATED
    said = f"{found.stars_name}，活动经费 {plain(found.reward)} 元" if stars else "未达到星级"
    try:
        with transaction.atomic():
            move(found, to, by=by, day=on, note=said)
    except IntegrityError as fault:
        if "starrating_fund_not_overrun" not in str(fault):
            raise
        left = Round.unscoped.get(pk=found.round_id).left
        raise Refusal(
            f"经费不够：{found.organisation}需要 {plain(found.reward)} 元，本轮只剩 "
            f"{plain(left)} 元。请先增加本轮的经费总额。",
            code="conflict",
        ) from None
    cause = Cause.RATED if stars else Cause.UNRATED
    if found.exception_ok_by_id:
        cause = Cause.EXCEPTION
    set_stars(
        found.organisation, stars, cause=cause, day=on, by=by, note=found.round.name, rating=found
    )
    return found


@transaction.atomic
def award_all(*, round_: Round, by: User, on: date) -> list[Rating]:
    """授牌 to all whose 公示 is over; all or none, so that a fund too small names nobody first."""
    found = lock_round(round_)
    goes_on(found)
    rows = [
        row
        for row in _ready(found, State.NOTICED)
        if row.notice_until is not None and row.notice_until < on
    ]
    if not rows:
        raise Refusal("没有公示期满的组织。", code="conflict")
    return [_award(row, by=by, on=on) for row in rows]
