"""三会一课: records, attendance, votes, files, the calendar of fixed days, checks."""

from meetings.models.calendar import FixedDayMove
from meetings.models.checkin import CheckIn, CheckInSession, CheckInTry
from meetings.models.checks import CheckPoint, CheckSheet, Finding, SpotCheck
from meetings.models.comments import Comment
from meetings.models.corrections import Correction
from meetings.models.draws import CheckDraw, DrawnRecord
from meetings.models.feeds import CalendarFeed
from meetings.models.hints import MinutesKey, PhotoKey
from meetings.models.lectures import Booking, Course, Lecturer
from meetings.models.life import LifeProblem, LifeReview, LifeStep, Talk
from meetings.models.life_appraisal import Appraisal, AppraisalEntry, AppraisalStep
from meetings.models.programme import Postponement, Programme, ProgrammeItem, Share, SharePhoto
from meetings.models.record import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.models.rulebook import RuleVersion
from meetings.models.study import StudyItem, StudyMark, StudyPhase, StudyPlan, StudyText
from meetings.models.sweeps import Sweep, Touched
from meetings.models.templates import MinutesTemplate
from meetings.models.urges import Urge, Urged

__all__ = [
    "Appraisal",
    "AppraisalEntry",
    "AppraisalStep",
    "Attendance",
    "Booking",
    "CalendarFeed",
    "CheckDraw",
    "CheckIn",
    "CheckInSession",
    "CheckInTry",
    "CheckPoint",
    "CheckSheet",
    "Comment",
    "Correction",
    "Course",
    "DrawnRecord",
    "Finding",
    "FixedDayMove",
    "Lecturer",
    "LifeProblem",
    "LifeReview",
    "LifeStep",
    "Meeting",
    "MeetingFile",
    "MeetingStep",
    "MinutesKey",
    "MinutesTemplate",
    "PhotoKey",
    "Postponement",
    "Programme",
    "ProgrammeItem",
    "RuleVersion",
    "Share",
    "SharePhoto",
    "SpotCheck",
    "StudyItem",
    "StudyMark",
    "StudyPhase",
    "StudyPlan",
    "StudyText",
    "Sweep",
    "Talk",
    "Touched",
    "Urge",
    "Urged",
    "Vote",
]
