"""Tasks of the ranking."""

from celery import shared_task
from django.utils import timezone

from assessment.models import Run, Trial
from assessment.services import COMPUTE, TRY, compute, compute_trial, start_due
from core import jobs


@shared_task(name=COMPUTE)
def compute_run(job_id: int) -> None:
    """Compute the run that a job names; delivered twice, it is computed once."""
    try:
        with jobs.running(job_id) as (job, progress):
            run = compute(run=Run.unscoped.get(pk=job.arguments["run"]), progress=progress)
            jobs.finish(
                job,
                result={"run": str(run.uuid), "ranked": run.ranked, "unranked": run.unranked},
                message=f"参评 {run.ranked} 个，不参评 {run.unranked} 个",
            )
    except jobs.JobTaken:
        # The other worker is at it, or it is over.
        return


@shared_task(name="assessment.quarterly")
def quarterly() -> int:
    """Start the runs that are due today; asked every hour, it starts each of them once."""
    return len(start_due(on=timezone.localdate()))


@shared_task(name=TRY)
def try_scheme(job_id: int) -> None:
    """Compute the trial that a job names; delivered twice, it is computed once."""
    try:
        with jobs.running(job_id) as (job, progress):
            trial = compute_trial(
                trial=Trial.unscoped.get(pk=job.arguments["trial"]), progress=progress
            )
            jobs.finish(job, result={"trial": str(trial.uuid)}, message="试算完成")
    except jobs.JobTaken:
        return
