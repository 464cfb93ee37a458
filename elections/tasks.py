"""Tasks of 换届."""

from celery import shared_task
from django.utils import timezone

from elections import notices


@shared_task(name="elections.remind")
def remind() -> dict[str, int]:
    """Write the alerts that are owed at this hour."""
    return notices.owed(timezone.now())
