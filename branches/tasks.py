"""Tasks of branches."""

from celery import shared_task

from branches import loading
from core.jobs import JobTaken


@shared_task(name=loading.CHECK)
def check_import(job_id: int) -> None:
    """Check an uploaded workbook."""
    _once(loading.run_check, job_id)


@shared_task(name=loading.COMMIT)
def commit_import(job_id: int) -> None:
    """Write a checked workbook."""
    _once(loading.run_commit, job_id)


def _once(work: object, job_id: int) -> None:
    assert callable(work)
    try:
        work(job_id)
    except JobTaken:
        # Delivered twice: the other worker is at it, or it is over.
        return
