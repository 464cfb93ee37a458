"""三会一课: records, attendance, votes, files, the calendar of fixed days, events, checks."""

from meetings.models.calendar import Event, FixedDayMove
from meetings.models.checkin import CheckIn, CheckInSession, CheckInTry
from meetings.models.checks import SpotCheck
from meetings.models.programme import Postponement, Programme, ProgrammeItem, Share, SharePhoto
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.sweeps import Sweep, Touched

__all__ = [
    "Attendance",
    "CheckIn",
    "CheckInSession",
    "CheckInTry",
    "Event",
    "FixedDayMove",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "Postponement",
    "Programme",
    "ProgrammeItem",
    "Share",
    "SharePhoto",
    "SpotCheck",
    "Sweep",
    "Touched",
    "Vote",
]
