"""The API's resources of 三会一课."""

from meetings.api.calendar import EventFeed, FixedDays, HolidayFeed, SpotCheckFeed
from meetings.api.duties import DutyFeed
from meetings.api.programme import ProgrammeFeed
from meetings.api.records import MeetingDetail, MeetingFeed, MeetingSubmit

__all__ = [
    "DutyFeed",
    "EventFeed",
    "FixedDays",
    "HolidayFeed",
    "MeetingDetail",
    "MeetingFeed",
    "MeetingSubmit",
    "ProgrammeFeed",
    "SpotCheckFeed",
]
