"""Tasks of 两新星级."""

from celery import shared_task
from django.utils import timezone

from starrating import notices


@shared_task(name="starrating.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
