"""Tasks of 党费与经费."""

from celery import shared_task
from django.utils import timezone

from dues import notices


@shared_task(name="dues.remind")
def remind() -> dict[str, int]:
    """Open the month and write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
