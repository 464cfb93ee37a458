"""The API's resources of 三会一课."""

from meetings.api.calendar import EventFeed, FixedDays, HolidayFeed, SpotCheckFeed
from meetings.api.draws import DrawDetail, DrawFeed
from meetings.api.duties import DutyFeed
from meetings.api.records import MeetingDetail, MeetingFeed, MeetingSubmit

__all__ = [
    "DrawDetail",
    "DrawFeed",
    "DutyFeed",
    "EventFeed",
    "FixedDays",
    "HolidayFeed",
    "MeetingDetail",
    "MeetingFeed",
    "MeetingSubmit",
    "SpotCheckFeed",
]
