"""Tasks of 后进整顿."""

from celery import shared_task
from django.utils import timezone

from rectification import notices


@shared_task(name="rectification.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
