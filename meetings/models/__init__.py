"""三会一课: records, attendance, votes, files, the calendar of fixed days, events, checks."""

from meetings.models.calendar import Event, FixedDayMove
from meetings.models.checks import SpotCheck
from meetings.models.feeds import CalendarFeed
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.sweeps import Sweep, Touched
from meetings.models.urges import Urge, Urged

__all__ = [
    "Attendance",
    "CalendarFeed",
    "Event",
    "FixedDayMove",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "SpotCheck",
    "Sweep",
    "Touched",
    "Urge",
    "Urged",
    "Vote",
]
