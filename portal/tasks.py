"""Tasks of 网上党支部."""

from celery import shared_task
from django.utils import timezone

from portal import notices


@shared_task(name="portal.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
