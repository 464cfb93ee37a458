"""Tasks of 党员发展与转接."""

from celery import shared_task
from django.utils import timezone

from membership import notices
from membership.arrival import take_effect
from membership.winding import wind_clocks


@shared_task(name="membership.remind")
def remind() -> dict[str, int]:
    """Let due transfers take effect, the clocks follow the roster, and write what is owed."""
    now = timezone.now()
    on = timezone.localdate(now)
    moved, (opened, ended) = take_effect(on=on), wind_clocks(on=on)
    return {"moved": moved, "opened": opened, "ended": ended, **notices.owed(now)}
