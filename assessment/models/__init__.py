"""考核: schemes and drafts of them, runs with their frozen rows, appeals and what they decided."""

from assessment.models.appeals import Appeal, AppealFile, Ruling
from assessment.models.runs import Run, RunRow, Scheme
from assessment.models.schemes import SchemeDraft, Trial, TrialRow

__all__ = [
    "Appeal",
    "AppealFile",
    "Ruling",
    "Run",
    "RunRow",
    "Scheme",
    "SchemeDraft",
    "Trial",
    "TrialRow",
]
