"""The API's resources of 三会一课."""

from meetings.api.calendar import EventFeed, FixedDays, HolidayFeed, SpotCheckFeed
from meetings.api.draws import DrawDetail, DrawFeed
from meetings.api.duties import DutyFeed
from meetings.api.life import LifeProgress
from meetings.api.programme import ProgrammeFeed
from meetings.api.records import MeetingDetail, MeetingFeed, MeetingSubmit
from meetings.api.study import BookingFeed, CourseFeed, StudyPlanFeed

__all__ = [
    "BookingFeed",
    "CourseFeed",
    "DrawDetail",
    "DrawFeed",
    "DutyFeed",
    "EventFeed",
    "FixedDays",
    "HolidayFeed",
    "LifeProgress",
    "MeetingDetail",
    "MeetingFeed",
    "MeetingSubmit",
    "ProgrammeFeed",
    "SpotCheckFeed",
    "StudyPlanFeed",
]
