"""Tasks of the ground floor; the schedule calls them every minute."""

from celery import shared_task

from core import jobs, outbox


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> int:
    """Hand out jobs that nobody works at."""
    return jobs.sweep()


@shared_task(name="core.deliver")
def deliver() -> int:
    """Send what waits in the outbox; the number of deliveries that went out."""
    return outbox.deliver().sent
