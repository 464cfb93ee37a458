"""Tasks of 作用发挥."""

from celery import shared_task
from django.utils import timezone

from works import notices


@shared_task(name="works.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
