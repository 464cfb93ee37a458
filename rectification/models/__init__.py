"""后进社区整顿: batches, cases, the four who help, problems, oversight, polls, acceptance."""

from rectification.models.acceptance import Acceptance, AcceptanceScore, Closing
from rectification.models.batch import Batch, ListingReason, ReportDue, ScoreItem
from rectification.models.case import Case, CaseFile, CaseStep, Helper, Visit
from rectification.models.oversight import FigureEntry, Inspection, Report
from rectification.models.polls import Answer, Poll, Slip
from rectification.models.problems import Problem, Promise

__all__ = [
    "Acceptance",
    "AcceptanceScore",
    "Answer",
    "Batch",
    "Case",
    "CaseFile",
    "CaseStep",
    "Closing",
    "FigureEntry",
    "Helper",
    "Inspection",
    "ListingReason",
    "Poll",
    "Problem",
    "Promise",
    "Report",
    "ReportDue",
    "ScoreItem",
    "Slip",
    "Visit",
]
