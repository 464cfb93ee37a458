"""Tasks of 干部工作."""

from celery import shared_task
from django.utils import timezone

from cadres import notices


@shared_task(name="cadres.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
