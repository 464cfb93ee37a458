"""三会一课: records, attendance, votes, files, the calendar of fixed days, events, checks."""

from meetings.models.calendar import Event, FixedDayMove
from meetings.models.checks import SpotCheck
from meetings.models.lectures import Booking, Course, Lecturer
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.study import StudyItem, StudyMark, StudyPhase, StudyPlan, StudyText
from meetings.models.sweeps import Sweep, Touched

__all__ = [
    "Attendance",
    "Booking",
    "Course",
    "Event",
    "FixedDayMove",
    "Lecturer",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "SpotCheck",
    "StudyItem",
    "StudyMark",
    "StudyPhase",
    "StudyPlan",
    "StudyText",
    "Sweep",
    "Touched",
    "Vote",
]
