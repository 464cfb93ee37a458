"""What all pages of the ranking share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.http import HttpResponseClientRefresh

from assessment.models import Run
from assessment.reading import runs_for
from branches.views.parts import DeskRequest, attempt, attempt_form, demand
from core import jobs
from core.enums import JobState
from core.htmx import page
from core.models import Job

__all__ = ["DeskRequest", "attempt", "attempt_form", "bar", "demand", "run_of", "work_of"]

_OVER = (JobState.DONE, JobState.FAILED)


def run_of(request: DeskRequest, uuid: UUID) -> Run:
    """One run that the asker may open; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(runs_for(request.scope), uuid=uuid)


def work_of(job: Job | None) -> dict[str, Any]:
    """A job as it stands, for the page that waits for it, and whether that waits in vain."""
    return {
        "job": jobs.live(job) if job else None,
        "failed": job is None or job.state == JobState.FAILED,
    }


def bar(request: DeskRequest, job: Job | None, poll_url: str, *, is_over: bool) -> HttpResponse:
    """The bar of a job that asks again at ``poll_url``; when it is over the page loads anew."""
    if job is None or job.state in _OVER or is_over:
        return HttpResponseClientRefresh()
    context = {"job": jobs.live(job), "poll_url": poll_url}
    return page(request, "assessment/_progress.html", context)
