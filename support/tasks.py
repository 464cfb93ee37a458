"""Tasks of 阵地与联系."""

from celery import shared_task
from django.utils import timezone

from support import notices


@shared_task(name="support.remind")
def remind() -> dict[str, int]:
    """Write the reminders that are owed at this hour."""
    return notices.owed(timezone.now())
