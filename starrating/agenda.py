"""What happens next in a rating, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from starrating.enums import State
from starrating.querysets import RatingQuerySet

# Who has the turn.
BRANCH, ABOVE, DISTRICT = "branch", "above", "district"
WHO = {BRANCH: "支部", ABOVE: "党（工）委", DISTRICT: "组织部"}


@dataclass(frozen=True)
class Step:
    """The next thing to do; ``until`` is its last day, ``page`` the name of where it is done.

    ``done_by`` are those who may not do it, since they did the step before.
    """

    title: str
    who: str
    page: str
    icon: str
    until: date | None = None
    note: str = ""
    done_by: tuple[int | None, ...] = ()

    @property
    def who_label(self) -> str:
        """支部, 党（工）委 or 组织部."""
        return WHO[self.who]

    def is_late(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < on

    def is_own(self, user_id: int) -> bool:
        """Whether another must do it."""
        return user_id in self.done_by


def with_progress(rows: RatingQuerySet) -> Any:
    """Ratings with their organisation, unit and round, and how many items each step has scored."""
    known = rows.select_related(
        "organisation__unit", "organisation__manager", "round__standard", "veto"
    )
    # Grouping forgets the model's own order.
    return known.order_by("-round__starts_on", "organisation__unit__path", "pk").annotate(
        item_count=Count("scores"),
        self_done=Count("scores", filter=Q(scores__self_score__isnull=False)),
        check_done=Count("scores", filter=Q(scores__check_score__isnull=False)),
        review_done=Count("scores", filter=Q(scores__review_score__isnull=False)),
    )


def next_step(rating: Any, *, on: date) -> Step | None:
    """The step of a rating :func:`with_progress`; None when the round or the rating has ended."""
    if not rating.round.is_running or rating.is_final:
        return None
    return _STEPS[State(rating.state)](rating, on)


def _self(rating: Any, on: date) -> Step:
    done, all_ = rating.self_done, rating.item_count
    until = rating.round.self_until
    if done == all_:
        return Step(
            "核对以后提交自评", BRANCH, "rating_submit", "send", until, f"{all_} 项都打好了"
        )
    return Step("逐项自评", BRANCH, "self", "star", until, f"已打 {done} 项，共 {all_} 项")


def _check(rating: Any, on: date) -> Step:
    until, own = rating.round.check_until, (rating.self_by_id,)
    if rating.is_new:
        return Step(
            "看自评、办结", ABOVE, "rating_end_new", "check", until, "新成立，只自评", done_by=own
        )
    if rating.check_done == rating.item_count:
        return Step("完成初核", ABOVE, "rating_finish_check", "checks", until, "", done_by=own)
    note = f"已核 {rating.check_done} 项，共 {rating.item_count} 项"
    return Step("初核打分", ABOVE, "check", "clipboard-check", until, note, done_by=own)


def _review(rating: Any, on: date) -> Step:
    until, own = rating.round.review_until, (rating.check_by_id,)
    if rating.review_done == rating.item_count:
        return Step("完成审核", DISTRICT, "rating_finish_review", "checks", until, "", done_by=own)
    note = f"已审 {rating.review_done} 项，共 {rating.item_count} 项"
    return Step("审核打分", DISTRICT, "review", "rubber-stamp", until, note, done_by=own)


def _publish(rating: Any, on: date) -> Step:
    if rating.waits_for_exception:
        return Step(
            "决定破格", DISTRICT, "rating_except_approve", "scale",
            note=rating.exception_reason[:60], done_by=(rating.exception_by_id,),
        )  # fmt: skip
    return Step("公示", DISTRICT, "round_publish", "speakerphone", note=rating.stars_name)


def _award(rating: Any, on: date) -> Step:
    until = rating.notice_until
    if until >= on:
        return Step("等公示期满", DISTRICT, "", "hourglass", note=f"公示到 {until:%Y-%m-%d}")
    title = "授牌" if rating.stars else "办结（不定星级）"
    return Step(
        title, DISTRICT, "rating_award", "award", until + timedelta(days=5), rating.stars_name
    )  # fmt: skip


_STEPS = {
    State.SELF: _self,
    State.FILED: _check,
    State.CHECKED: _review,
    State.REVIEWED: _publish,
    State.NOTICED: _award,
}


@dataclass(frozen=True)
class Line:
    """A rating with its next step."""

    rating: Any
    step: Step | None
    is_late: bool
    is_own: bool = False


def lines(ratings: Iterable[Any], *, on: date, user_id: int = 0) -> list[Line]:
    """Ratings with their next steps, in the order they come."""
    found = []
    for rating in ratings:
        step = next_step(rating, on=on)
        late = step is not None and step.is_late(on)
        found.append(Line(rating, step, late, step is not None and step.is_own(user_id)))
    return found


def waiting(ratings: Iterable[Any], *, on: date, sides: set[str], user_id: int) -> list[Line]:
    """Those whose turn it is at one of ``sides``, the nearest last day first, his own work last."""
    found = [
        line
        for line in lines(ratings, on=on, user_id=user_id)
        if line.step is not None and line.step.page and line.step.who in sides
    ]
    return sorted(found, key=_pressing)


def _pressing(line: Line) -> tuple[bool, bool, date, str]:
    assert line.step is not None
    until = line.step.until
    return line.is_own, until is None, until or date.max, line.rating.organisation.unit.path


def running(rows: RatingQuerySet) -> RatingQuerySet:
    """Ratings of rounds that go on, not decided yet."""
    return rows.filter(round__state=1).standing("running")


__all__ = [
    "ABOVE",
    "BRANCH",
    "DISTRICT",
    "Line",
    "Step",
    "lines",
    "next_step",
    "running",
    "waiting",
    "with_progress",
]
