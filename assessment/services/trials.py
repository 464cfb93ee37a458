"""试算: a draft on the data of the last published quarter, beside what was published."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from accounts.models import User
from assessment import ranking
from assessment.enums import DraftState, RunState
from assessment.models import Run, SchemeDraft, Trial, TrialRow
from assessment.rules import SchemeParameters
from assessment.services.runs import facts_of, prepare
from assessment.services.schemes import TRY
from core import jobs
from core.dates import Period
from core.enums import JobState
from core.errors import Refusal
from core.models import Job
from meetings import scores

Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, message: str = "") -> None:
    """Progress that nobody watches."""


@transaction.atomic
def start_trial(*, draft: SchemeDraft, by: User | None) -> tuple[Trial, Job]:
    """Hand a trial of the draft as it is now to the worker; one that runs is joined.

    Raises Refusal: the draft is given up or adopted, or no quarter was published yet.
    """
    draft = SchemeDraft.unscoped.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state not in (DraftState.DRAFT, DraftState.PROPOSED):
        raise Refusal("这份草案已经办结，不用再试算。", code="conflict")
    run = (
        Run.unscoped.filter(unit=draft.unit, state=RunState.PUBLISHED)
        .order_by("-period_end")
        .first()
    )
    if run is None:
        raise Refusal(
            "还没有发布过考核，没有可以对照的结果；先发布一个季度再试算。", code="conflict"
        )
    waiting = Trial.unscoped.filter(
        draft=draft, parameters=draft.parameters, data_at__isnull=True, run=run
    ).first()
    job = trial_job(waiting) if waiting else None
    if waiting is not None and job is not None and job.state != JobState.FAILED:
        return waiting, job
    trial = Trial.unscoped.create(draft=draft, run=run, parameters=draft.parameters, started_by=by)
    return trial, jobs.start(
        task=TRY,
        title=f"{draft.title}试算（{Period.parse(run.period).name}）"[:120],
        arguments={"trial": trial.pk},
        initiator_id=by.pk if by else None,
        key=f"assessment.trial:{trial.pk}",
    )


def trial_job(trial: Trial) -> Job | None:
    """The job that computes, or computed, a trial."""
    return Job.objects.filter(key=f"assessment.trial:{trial.pk}").first()


def compute_trial(*, trial: Trial, progress: Progress = _silent) -> Trial:
    """Rank the quarter by the trial's parameters, beside what was published; no run is touched.

    A second delivery changes nothing. Earlier trials of the draft go.
    """
    progress(0, 2, "读取职责与记录")
    with transaction.atomic():
        prepare()
        trial = (
            Trial.unscoped.select_for_update(of=("self",))
            .select_related("run", "run__unit", "draft")
            .get(pk=trial.pk)
        )
        if trial.data_at is not None:
            return trial
        scheme = SchemeParameters.from_json(trial.parameters)
        plan = scores.plan(
            district=trial.run.unit,
            quarter=Period.parse(trial.run.period),
            rules=scheme.asked,
        )
        facts, ruled = facts_of(plan)
        text = ranking.trial_insertion(
            facts, scheme, trial_id=trial.pk, run_id=trial.run_id, ruled=ruled
        )
        progress(1, 2, "按草案计算得分与名次")
        earlier = Trial.unscoped.filter(draft=trial.draft_id, pk__lt=trial.pk)
        TrialRow.unscoped.filter(trial__in=earlier).delete()
        earlier.filter(data_at__isnull=False).delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            trial.data_at = cursor.fetchone()[0]
            cursor.execute(text)
        trial.save()
    progress(2, 2, "试算完成")
    return trial
