"""Runs: start, compute, publish, and how two versions differ."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from assessment import ranking
from assessment.enums import RunState
from assessment.models import Ruling, Run, RunRow, Scheme
from assessment.rules import SchemeParameters
from assessment.ruling_sql import with_rulings
from branches.enums import RobotTopic, Role, UnitKind
from branches.models import Unit
from branches.querysets import minimal_prefixes
from branches.scope import scope_of
from branches.services import announce
from core import jobs
from core.dates import Period
from core.enums import JobState
from core.errors import Refusal
from core.models import Job
from meetings import scores
from meetings.rules import Slot
from meetings.score_sql import Plan

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

COMPUTE = "assessment.compute"
# Late records of a quarter's last days are in by then.
DUE_AFTER = timedelta(days=5)
CATCH_UP = 4
Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, message: str = "") -> None:
    """Progress that nobody watches."""


def scheme_for(period: Period) -> Scheme:
    """The scheme of a period: the newest that was valid by its last day.

    Raises:
        Refusal: none was valid then.
    """
    scheme = Scheme.objects.filter(valid_from__lte=period.end).order_by("-valid_from").first()
    if scheme is None:
        raise Refusal(f"{period.name}没有适用的评分方案，请先在后台建立评分方案。", field="period")
    return scheme


@transaction.atomic
def start_run(*, unit: Unit, period: Period, by: User | None = None) -> tuple[Run, Job]:
    """Open the next version of a quarter's run and hand it to the worker.

    A run of the quarter that is still being computed is returned with its job instead of a second
    one, however many ask at once. ``by`` is None for the schedule.

    Raises:
        Refusal: no district, no quarter, a quarter that is not over, or no scheme.
    """
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("季度考核按全区进行，请选择区委。", field="unit")
    if period.kind != "quarter":
        raise Refusal("请选择一个季度，例如 2026Q3。", field="period")
    if period.end >= timezone.localdate():
        raise Refusal(f"{period.name}还没有结束，请在季度结束后再考核。", field="period")
    scheme = scheme_for(period)
    # The district's row is the gate: whoever comes second sees what the first one wrote.
    Unit.unscoped.select_for_update().get(pk=unit.pk)
    runs = Run.unscoped.filter(unit=unit, period=period.label)
    run = runs.filter(state=RunState.COMPUTING).first()
    if run is None:
        newest = runs.aggregate(newest=Max("version"))["newest"] or 0
        run = Run.unscoped.create(
            unit=unit,
            period=period.label,
            period_start=period.start,
            period_end=period.end,
            version=newest + 1,
            scheme=scheme,
            started_by=by,
        )
    return run, _job(run, by)


def start_due(*, on: date) -> list[Run]:
    """Start the quarter's run of every district that has none, from the fifth day after its end.

    After a standstill the quarters since a district's last run are caught up, at most a year; a
    district without any run begins with the last quarter that is over.
    """
    newest = Period.containing(on, "quarter").previous()
    if on < newest.end + DUE_AFTER:
        newest = newest.previous()
    districts = Unit.objects.everywhere("the schedule asks for every district").filter(
        kind=UnitKind.DISTRICT
    )
    started: list[Run] = []
    for district in districts.standing(on=on):
        started += _start_missing(district, newest)
    return started


def _start_missing(district: Unit, newest: Period) -> list[Run]:
    started = []
    with transaction.atomic():
        # Two schedulers: the second one waits here, and then sees the first one's runs.
        Unit.unscoped.select_for_update().get(pk=district.pk)
        last = Run.unscoped.filter(unit=district).aggregate(day=Max("period_end"))["day"]
        quarters = [newest]
        while last and len(quarters) < CATCH_UP and quarters[0].previous().end > last:
            quarters.insert(0, quarters[0].previous())
        for quarter in quarters:
            if Run.unscoped.filter(unit=district, period=quarter.label).exists():
                continue
            try:
                started.append(start_run(unit=district, period=quarter)[0])
            except Refusal as refusal:
                log.warning("no run of %s %s: %s", district.code, quarter.label, refusal.message)
    return started


def _job(run: Run, by: User | None) -> Job:
    """The job that computes a run; a new one when the last one failed."""
    prefix = f"assessment.run:{run.pk}:"
    last = Job.objects.filter(key__startswith=prefix).order_by("-id").first()
    if last is not None and last.state != JobState.FAILED:
        return last
    tries = Job.objects.filter(key__startswith=prefix).count()
    return jobs.start(
        task=COMPUTE,
        title=f"{run.unit} {Period.parse(run.period).name}考核",
        arguments={"run": run.pk},
        initiator_id=by.pk if by else None,
        key=f"{prefix}{tries + 1}",
    )


def job_of(run: Run) -> Job | None:
    """The job that computes, or computed, a run."""
    return Job.objects.filter(key__startswith=f"assessment.run:{run.pk}:").order_by("-id").first()


def compute(*, run: Run, progress: Progress = _silent) -> Run:
    """Score and rank the district and freeze the result: one statement, all or nothing.

    All of it sees the database as it was at one moment, ``data_at``. A run that is no longer
    computing is left as it is, so that a second delivery changes nothing (R1).
    """
    progress(0, 3, "读取职责与记录")
    with transaction.atomic():
        prepare()
        run = Run.unscoped.select_for_update().select_related("unit", "scheme").get(pk=run.pk)
        if run.state != RunState.COMPUTING:
            return run
        scheme = SchemeParameters.from_json(run.scheme.parameters)
        plan = scores.plan(
            district=run.unit,
            quarter=Period.parse(run.period),
            rules=scheme.asked,
        )
        facts, ruled = facts_of(plan)
        text = ranking.insertion(facts, scheme, run_id=run.pk, ruled=ruled)
        progress(1, 3, "计算得分与名次")
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            run.data_at = cursor.fetchone()[0]
            cursor.execute(text)
            written = cursor.rowcount
        progress(2, 3, "封存结果")
        run.slots = [slot_json(slot) for slot in plan.slots]
        run.ranked = RunRow.unscoped.filter(run=run, score__isnull=False).count()
        run.unranked = written - run.ranked
        run.state = RunState.COMPUTED
        run.save()
        Run.unscoped.filter(
            unit=run.unit, period=run.period, state=RunState.COMPUTED, version__lt=run.version
        ).update(state=RunState.SUPERSEDED, updated_at=timezone.now())
    progress(3, 3, f"参评 {run.ranked} 个，不参评 {run.unranked} 个")
    return run


def prepare() -> None:
    """Let the transaction that has just begun see one moment, with room for large sorts."""
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # Enough for the sorts of a large district; given back with the transaction.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")


def facts_of(plan: Plan) -> tuple[str, bool]:
    """The facts as SQL, and whether rulings on appeals are laid over them.

    Where the district ruled on nothing the statement is the plain one, and as fast.
    """
    facts = scores.facts_sql(plan)
    rulings = Ruling.unscoped.filter(
        quarter=plan.quarter.label, is_current=True, unit__district=plan.district_id
    )
    if not rulings.exists():
        return facts, False
    periods = scores.group_periods(plan.quarter, plan.rules)
    return with_rulings(facts, plan.slots, periods, plan.quarter), True


def slot_json(slot: Slot) -> dict[str, Any]:
    """A slot as the run keeps it."""
    return {
        "kind": slot.kind.value,
        "cause": str(slot.cause),
        "label": slot.label,
        "first": slot.first.isoformat(),
        "due": slot.due.isoformat(),
        "fixed_day": slot.fixed_day.isoformat() if slot.fixed_day else None,
    }


def publish(*, run: Run, by: User) -> Run:
    """Publish a computed run; the version that was published before is superseded, never changed.

    Raises:
        Refusal: he is not district staff there, or the run is in another state by now.
    """
    if not scope_of(by, on=timezone.localdate()).covers(run.unit.path, Role.DISTRICT_STAFF):
        raise Refusal("只有区委组织部工作人员可以发布考核结果。", code="forbidden")
    with transaction.atomic():
        Unit.unscoped.select_for_update().get(pk=run.unit_id)
        run = Run.unscoped.select_for_update().get(pk=run.pk)
        if run.state != RunState.COMPUTED:
            raise Refusal(
                f"这次考核现在是“{run.get_state_display()}”，不能发布；请刷新页面查看。",
                code="conflict",
            )
        now = timezone.now()
        Run.unscoped.filter(unit=run.unit_id, period=run.period, state=RunState.PUBLISHED).update(
            state=RunState.SUPERSEDED, updated_at=now
        )
        run.state, run.published_by, run.published_at = RunState.PUBLISHED, by, now
        run.save(update_fields=["state", "published_by", "published_at", "updated_at"])
        _announce(run)
    return run


def _announce(run: Run) -> None:
    """To the groups of the district that listen: that it is out, and nothing of what is in it."""
    period = Period.parse(run.period).name
    announce(
        below=run.unit,
        topic=RobotTopic.RANKING,
        key=f"published:{run.pk}",
        template="assessment/notices/group_published",
        payload={"unit": run.unit.name, "period": period, "ranked": run.ranked},
        title=f"{period}考核结果已发布",
        link=reverse("assessment:run_detail", args=[run.uuid]),
    )


@dataclass(frozen=True)
class Difference:
    """What changed for one unit between two versions; None for a version it is not in."""

    unit_id: int
    code: str
    name: str
    old_score: Decimal | None
    new_score: Decimal | None
    old_rank: int | None
    new_rank: int | None
    duties: bool
    present: bool


_DIFFERENCES = """
SELECT COALESCE(n.unit_id, o.unit_id), COALESCE(n.code, o.code), COALESCE(n.name, o.name),
       o.score, n.score, o.rank_district, n.rank_district,
       (n.credits, n.records, n.extras) IS DISTINCT FROM (o.credits, o.records, o.extras),
       (n.present, n.eligible, n.checks, n.quality)
           IS DISTINCT FROM (o.present, o.eligible, o.checks, o.quality)
FROM (SELECT * FROM assessment_runrow
      WHERE run_id = %(new)s AND path ^@ ANY(%(paths)s)) n
FULL JOIN (SELECT * FROM assessment_runrow
           WHERE run_id = %(old)s AND path ^@ ANY(%(paths)s)) o USING (unit_id)
WHERE (n.score, n.rank_district, n.rank_committee, n.rank_field, n.credits, n.records, n.extras,
       n.present, n.eligible, n.checks, n.quality)
      IS DISTINCT FROM
      (o.score, o.rank_district, o.rank_committee, o.rank_field, o.credits, o.records, o.extras,
       o.present, o.eligible, o.checks, o.quality)
ORDER BY COALESCE(n.code, o.code)
LIMIT %(limit)s
"""


def differences(
    *, new: Run, old: Run, within: Sequence[Unit], limit: int = 1000
) -> list[Difference]:
    """The units below ``within`` whose score, ranks, credits or records differ, by code."""
    paths = minimal_prefixes(unit.path for unit in within)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"new": new.pk, "old": old.pk, "paths": paths, "limit": limit})
        return [Difference(*row) for row in cursor.fetchall()]
