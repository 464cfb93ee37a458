"""Long work: a row in the database, run by the worker, seen by whoever opens its page.

The row is the truth and the broker only a hint: a request commits even when Redis is down, and
the minute's sweep hands out again whatever was never taken or whose worker died (R1–R6).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.enums import JobState
from core.models import Job

log = logging.getLogger(__name__)

# A running job that has not moved for so long has lost its worker.
DEAD_AFTER = timedelta(seconds=90)
MAX_ATTEMPTS = 5
_LOCK_SPACE = 7301

Progress = Callable[[int, int, str], None]


class JobTaken(RuntimeError):
    """Another worker is at it."""


def start(
    *,
    task: str,
    title: str,
    arguments: dict[str, Any],
    initiator_id: int | None = None,
    key: str | None = None,
) -> Job:
    """Write a job and hand it to the worker after the commit.

    ``task`` is the name of a Celery task that takes the job's id. A ``key`` makes it idempotent:
    the job that already has the key is returned instead of a second one.
    """
    with transaction.atomic():
        if key is not None:
            job, created = Job.objects.get_or_create(
                key=key,
                defaults={
                    "task": task,
                    "title": title,
                    "arguments": arguments,
                    "initiator_id": initiator_id,
                },
            )
            if not created:
                return job
        else:
            job = Job.objects.create(
                task=task, title=title, arguments=arguments, initiator_id=initiator_id
            )
        transaction.on_commit(lambda: hand_out(job))
    return job


def hand_out(job: Job) -> bool:
    """Tell the broker; a broker that is away is no error, the sweep will tell it later."""
    try:
        current_app.send_task(job.task, args=[job.pk])
    except Exception:
        log.warning("broker away, job %s waits for the sweep", job.pk)
        return False
    return True


def sweep() -> int:
    """Hand out what nobody works at: never taken for a minute, or its worker is dead."""
    now = timezone.now()
    lost = Job.objects.filter(
        Q(state=JobState.QUEUED, created_at__lt=now - timedelta(seconds=60))
        | Q(state=JobState.RUNNING, beat_at__lt=now - DEAD_AFTER),
        attempts__lt=MAX_ATTEMPTS,
    )
    Job.objects.filter(
        state=JobState.RUNNING, beat_at__lt=now - DEAD_AFTER, attempts__gte=MAX_ATTEMPTS
    ).update(
        state=JobState.FAILED,
        finished_at=now,
        message="多次尝试仍未完成，请联系系统管理员查看运行日志。",
    )
    return sum(hand_out(job) for job in lost)


@contextmanager
def running(job_id: int) -> Iterator[tuple[Job, Progress]]:
    """Run a job's work: exclusive by an advisory lock, state kept in its row.

    Yields the job and ``progress(done, total, message)``, which may be called inside a
    transaction too: there it is told to the cache only, and :func:`live` reads it from there. A
    second delivery of the same job raises :class:`JobTaken`; one that is over is not run again.
    An exception leaves the job failed, with a Chinese sentence.
    """
    with _lock(job_id):
        job = Job.objects.select_related("initiator").get(pk=job_id)
        if job.state in (JobState.DONE, JobState.FAILED):
            raise JobTaken(str(job_id))
        Job.objects.filter(pk=job_id).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, beat_at=timezone.now()
        )

        def progress(done: int, total: int, message: str = "") -> None:
            _note(job_id, done, total, message)

        try:
            yield job, progress
        except Exception:
            log.exception("job %s failed", job_id)
            Job.objects.filter(pk=job_id).update(
                state=JobState.FAILED,
                finished_at=timezone.now(),
                message="处理中出现意外，数据没有改动；请稍后重试，仍不行请联系系统管理员。",
            )
            raise
        Job.objects.filter(pk=job_id).exclude(state=JobState.FAILED).update(
            state=JobState.DONE, finished_at=timezone.now(), beat_at=timezone.now()
        )


def finish(job: Job, *, result: dict[str, Any], message: str, failed: bool = False) -> None:
    """Note the result of a job, to be called inside :func:`running`."""
    Job.objects.filter(pk=job.pk).update(
        result=result,
        message=message,
        state=JobState.FAILED if failed else JobState.RUNNING,
        finished_at=timezone.now() if failed else None,
    )


def live(job: Job) -> Job:
    """The job with its latest progress, for a page that is looked at while it runs."""
    if job.state != JobState.RUNNING:
        return job
    try:
        told = cache.get(f"job:{job.pk}")
    except Exception:
        return job
    if told:
        job.done, job.total, job.message = told
    return job


def _note(job_id: int, done: int, total: int, message: str) -> None:
    # A long transaction hides its own updates; a cache that is away costs the bar, not the work.
    try:
        cache.set(f"job:{job_id}", (done, total, message), 3600)
    except Exception:
        log.info("no cache for the progress of job %s", job_id)
    if not connection.in_atomic_block:
        Job.objects.filter(pk=job_id).update(
            done=done, total=total, message=message, beat_at=timezone.now()
        )


@contextmanager
def _lock(job_id: int) -> Iterator[None]:
    """A session lock of the database: gone with the worker that held it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, job_id])
        (got,) = cursor.fetchone()
    if not got:
        raise JobTaken(str(job_id))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, job_id])
