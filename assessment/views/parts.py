"""What all pages of the ranking share."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from assessment.models import Run
from assessment.reading import runs_for
from branches.views.parts import DeskRequest, attempt, attempt_form, demand

__all__ = ["DeskRequest", "attempt", "attempt_form", "demand", "run_of"]


def run_of(request: DeskRequest, uuid: UUID) -> Run:
    """One run that the asker may open; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(runs_for(request.scope), uuid=uuid)
