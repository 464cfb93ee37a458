"""The API's resources of 三会一课."""

from meetings.api.calendar import EventFeed, FixedDays, HolidayFeed, SpotCheckFeed
from meetings.api.duties import DutyFeed
from meetings.api.records import MeetingDetail, MeetingFeed, MeetingSubmit
from meetings.api.study import BookingFeed, CourseFeed, StudyPlanFeed

__all__ = [
    "BookingFeed",
    "CourseFeed",
    "DutyFeed",
    "EventFeed",
    "FixedDays",
    "HolidayFeed",
    "MeetingDetail",
    "MeetingFeed",
    "MeetingSubmit",
    "SpotCheckFeed",
    "StudyPlanFeed",
]
