"""The verbs of the ranking, of appeals against it, and of its schemes."""

from assessment.services.appeals import add_file, decide, file_appeal, give_opinion, take, withdraw
from assessment.services.runs import (
    COMPUTE,
    Difference,
    compute,
    differences,
    job_of,
    publish,
    scheme_for,
    slot_json,
    start_due,
    start_run,
)
from assessment.services.schemes import (
    TRY,
    adopt,
    copy_scheme,
    drop,
    edit_draft,
    propose,
    return_draft,
)
from assessment.services.trials import compute_trial, start_trial, trial_job

__all__ = [
    "COMPUTE",
    "TRY",
    "Difference",
    "add_file",
    "adopt",
    "compute",
    "compute_trial",
    "copy_scheme",
    "decide",
    "differences",
    "drop",
    "edit_draft",
    "file_appeal",
    "give_opinion",
    "job_of",
    "propose",
    "publish",
    "return_draft",
    "scheme_for",
    "slot_json",
    "start_due",
    "start_run",
    "start_trial",
    "take",
    "trial_job",
    "withdraw",
]
