"""Tasks of 三会一课."""

from celery import shared_task
from django.utils import timezone

from meetings import notices


@shared_task(name="meetings.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
