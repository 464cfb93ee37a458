"""Closed lists of the lecture service (党课), and its table of transitions."""

from django.db import models


class CourseKind(models.TextChoices):
    """课程类型."""

    MICRO = "micro", "微党课"
    SPECIAL = "special", "专题党课"
    EXPERT = "expert", "专家送学"


class BookingState(models.TextChoices):
    """点课的办理情况."""

    REQUESTED = "requested", "待安排"
    SCHEDULED = "scheduled", "已安排"
    DELIVERED = "delivered", "已讲"
    DECLINED = "declined", "未安排"
    CANCELLED = "cancelled", "已取消"


# Delivered → scheduled: the record that showed it was returned or withdrawn.
BOOKING_MOVES: frozenset[tuple[BookingState, BookingState]] = frozenset(
    {
        (BookingState.REQUESTED, BookingState.SCHEDULED),
        (BookingState.REQUESTED, BookingState.DECLINED),
        (BookingState.REQUESTED, BookingState.CANCELLED),
        (BookingState.SCHEDULED, BookingState.DELIVERED),
        (BookingState.SCHEDULED, BookingState.CANCELLED),
        (BookingState.DELIVERED, BookingState.SCHEDULED),
    }
)
# States in which the time of the lecturer and of the branch is taken.
TAKEN = (BookingState.SCHEDULED, BookingState.DELIVERED)
# As the badges of the pages show them.
BOOKING_TONES: dict[BookingState, str] = {
    BookingState.REQUESTED: "wait",
    BookingState.SCHEDULED: "info",
    BookingState.DELIVERED: "ok",
    BookingState.DECLINED: "bad",
    BookingState.CANCELLED: "exempt",
}
