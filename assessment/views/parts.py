"""What all pages of the ranking share."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from assessment.models import Run
from assessment.reading import runs_for
from branches.scope import Scope
from core.htmx import HtmxRequest


class DeskRequest(HtmxRequest):
    """A signed-in request with its scope."""

    scope: Scope
    user: User


def run_of(request: DeskRequest, uuid: UUID) -> Run:
    """One run that the asker may open; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(runs_for(request.scope), uuid=uuid)
