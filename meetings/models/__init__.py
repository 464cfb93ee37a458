"""三会一课: records, attendance, votes, files, the calendar of fixed days, events, checks."""

from meetings.models.calendar import Event, FixedDayMove
from meetings.models.checks import CheckPoint, CheckSheet, Finding, SpotCheck
from meetings.models.comments import Comment
from meetings.models.draws import CheckDraw, DrawnRecord
from meetings.models.hints import MinutesKey, PhotoKey
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.sweeps import Sweep, Touched

__all__ = [
    "Attendance",
    "CheckDraw",
    "CheckPoint",
    "CheckSheet",
    "Comment",
    "DrawnRecord",
    "Event",
    "Finding",
    "FixedDayMove",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "MinutesKey",
    "PhotoKey",
    "SpotCheck",
    "Sweep",
    "Touched",
    "Vote",
]
