"""Tasks of 党建品牌."""

from celery import shared_task
from django.utils import timezone

from brands import notices


@shared_task(name="brands.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
