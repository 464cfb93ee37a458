"""The first page of somebody who is a cadre officer and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from branches.models import Unit
from core.asks import Ask
from core.htmx import page


def officer_home(request: HttpRequest, asks: list[Ask], units: Sequence[Unit]) -> HttpResponse:
    """What waits, and the ways in; no name of anybody."""
    context = {"asks": asks, "today": timezone.localdate(), "units": units}
    return page(request, "cadres/home.html", context)
