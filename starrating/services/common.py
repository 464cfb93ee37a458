"""What all verbs of 两新星级 share: locks, clean words, the move of a rating, its stars."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from starrating.enums import Cause, State
from starrating.models import Organisation, Rating, RatingStep, Round, StarChange
from starrating.rules import can_move

EARLIEST = date(1949, 10, 1)


def lock(rating: Rating) -> Rating:
    """The rating as it is now, its row locked to the end of the transaction."""
    rows = Rating.unscoped.select_for_update(of=("self",))
    found: Rating = rows.select_related("round", "organisation__unit").get(pk=rating.pk)
    return found


def lock_round(round_: Round) -> Round:
    """The round as it is now, locked. Always before its ratings, so that nobody waits crosswise."""
    found: Round = Round.unscoped.select_for_update().get(pk=round_.pk)
    return found


def goes_on(round_: Round) -> None:
    """Refuse what belongs to a round that has ended or not begun."""
    if not round_.is_running:
        raise Refusal(
            f"“{round_}”{round_.get_state_display()}，这一项现在不能办理。", code="conflict"
        )


def move(rating: Rating, to: State, *, by: User | None, day: date, note: str = "") -> Rating:
    """Change the state of a locked rating and note the step; saves whatever else was set on it.

    Raises Refusal (conflict) when the table of transitions has no such move.
    """
    goes_on(rating.round)
    if not can_move(rating.state, to):
        raise Refusal(
            f"{rating.organisation}现在是“{State(rating.state).label}”，不能改为“{to.label}”；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    before, rating.state = rating.state, to
    rating.save()
    note_step(rating, before, by=by, day=day, note=note)
    return rating


def note_step(
    rating: Rating, before: int | None, *, by: User | None, day: date, note: str = ""
) -> None:
    """Write what was done into the rating's history."""
    RatingStep.unscoped.create(
        rating=rating, before=before, after=rating.state, day=day, note=note[:500], by=by
    )


def rewind(rating: Rating, to: State) -> None:
    """Take back what was decided after the state to which a rating returns."""
    rating.review_by = rating.review_total = rating.earned_stars = rating.stars = None
    rating.notice_from = rating.notice_until = None
    rating.exception_by = rating.exception_ok_by = None
    rating.exception_reason = ""
    if to in (State.FILED, State.SELF):
        rating.check_by = rating.check_total = None
    if to == State.SELF:
        rating.self_by = rating.self_total = rating.filed_on = None


def set_stars(
    organisation: Organisation,
    after: int,
    *,
    cause: Cause,
    day: date,
    by: User | None,
    note: str = "",
    rating: Rating | None = None,
) -> None:
    """Give an organisation its stars and write the change down, also when they stay the same."""
    found: Organisation = Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    StarChange.unscoped.create(
        organisation=found, before=found.stars, after=after, cause=cause, day=day,
        note=note[:500], rating=rating, by=by,
    )  # fmt: skip
    found.stars, found.stars_since = after, day
    found.save(update_fields=["stars", "stars_since", "updated_at"])


def text(value: str, what: str, *, field: str, longest: int = 500, needed: bool = True) -> str:
    """The words without stray signs.

    Raises Refusal: nothing there, too long, or a mark of secrecy (rules.md §10).
    """
    words = value.replace("\x00", "").strip()
    if needed and not words:
        raise Refusal(f"请填写{what}。", field=field)
    if len(words) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return words


def past(day: date, on: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day that has come, not before ``since``. Raises Refusal otherwise."""
    if day > on:
        raise Refusal(f"{what}不能晚于今天。", field=field)
    if day < (since or EARLIEST):
        raise Refusal(f"{what}不能早于 {since or EARLIEST:%Y-%m-%d}，请核对。", field=field)
    return day


def of_district(unit: Unit) -> Unit:
    """Refuse another unit than a 区委."""
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("轮次、标准和规划由区委组织部登记，请选择区委。", field="unit")
    return unit


def checked(row: models.Model) -> None:
    """Let fields and constraints of a row check it. Raises Refusal with the first sentence."""
    keys = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=keys)
        row.validate_constraints()
    except ValidationError as fault:
        field, messages = next(iter(fault.message_dict.items()))
        known = {f.name for f in row._meta.fields}
        raise Refusal(messages[0], field=field if field in known else "") from None
