"""三会一课: records, attendance, votes, files, the calendar of fixed days, events, checks."""

from meetings.models.calendar import Event, FixedDayMove
from meetings.models.checks import SpotCheck
from meetings.models.corrections import Correction
from meetings.models.life import LifeProblem, LifeReview, LifeStep, Talk
from meetings.models.life_appraisal import Appraisal, AppraisalEntry, AppraisalStep
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.sweeps import Sweep, Touched
from meetings.models.templates import MinutesTemplate

__all__ = [
    "Appraisal",
    "AppraisalEntry",
    "AppraisalStep",
    "Attendance",
    "Correction",
    "Event",
    "FixedDayMove",
    "LifeProblem",
    "LifeReview",
    "LifeStep",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "MinutesTemplate",
    "SpotCheck",
    "Sweep",
    "Talk",
    "Touched",
    "Vote",
]
