"""样例区的考核: the last three full quarters, appeals against one, and a draft for next year.

The oldest quarter and the one after it are published, the newest waits to be published. The middle
one has two versions: between them an appeal was upheld and another was not; a third is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pgtrigger
from django.utils import timezone

from accounts.models import User
from assessment.enums import Remedy
from assessment.explain import DutyLine, lines_of
from assessment.models import Appeal, Ruling, Run, RunRow
from assessment.rules import CREDIT_SCALE
from assessment.services import (
    compute,
    compute_trial,
    copy_scheme,
    decide,
    edit_draft,
    file_appeal,
    give_opinion,
    propose,
    publish,
    start_run,
    start_trial,
    take,
)
from branches.models import Unit
from branches.sample import SampleDistrict

QUARTERS = 3


def build(
    *,
    sample: SampleDistrict,
    staff: User,
    second_staff: User,
    authors: Mapping[int, User],
    committee_staff: User,
) -> None:
    """Compute the quarters, the oldest first; then appeals and the draft.

    ``authors`` are the secretaries by branch; ``committee_staff`` looks after the first of them.
    """
    quarters = [sample.closed]
    while len(quarters) < QUARTERS:
        quarters.insert(0, quarters[0].previous())
    runs = []
    for quarter in quarters:
        run, _ = start_run(unit=sample.root, period=quarter, by=staff)
        run = compute(run=run)
        if quarter != sample.closed:
            run = publish(run=run, by=second_staff)
            _dated(run, quarter.end + timedelta(days=5), quarter.end + timedelta(days=9))
        runs.append(run)
    _appeals(sample, runs[1], staff, second_staff, authors, committee_staff)
    _draft(sample, staff)


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _dated(run: Run, computed: date, published: date) -> None:
    """Let a run lie where it would lie in a real year, instead of all on the day of loading."""
    with pgtrigger.ignore("assessment.Run:frozen"):
        Run.unscoped.filter(pk=run.pk).update(
            data_at=_at(computed, 1), created_at=_at(computed, 1), published_at=_at(published)
        )
    run.refresh_from_db()


def _appeals(
    sample: SampleDistrict,
    first: Run,
    staff: User,
    second_staff: User,
    authors: Mapping[int, User],
    committee_staff: User,
) -> None:
    own = sample.edge("three_groups")
    others = [unit for unit in sample.branches if unit.pk in authors and unit != own]
    upheld = _filed(
        first, [own, *others], authors, "会议按时召开，记录晚交是当时系统维护所致，附当日签到表。"
    )
    filed = first.period_end + timedelta(days=12)
    if upheld is not None:
        give_opinion(appeal=upheld, by=committee_staff, opinion="已向支部核实，会议确在当日召开。")
        take(appeal=upheld, by=staff)
        answer = "经查签到表和现场照片，会议按时召开，申诉属实。"
        upheld = decide(appeal=upheld, by=staff, uphold=True, remedy=Remedy.ON_TIME, answer=answer)
        _answered(upheld, filed, filed + timedelta(days=8))
    rejected = _filed(first, others[len(others) // 2 :], authors, "本月已经开过会，请再核对。")
    if rejected is not None:
        take(appeal=rejected, by=second_staff)
        answer = "经查，所说的会议在次月召开，已计入次月，本月没有记录。"
        rejected = decide(appeal=rejected, by=second_staff, uphold=False, answer=answer)
        _answered(rejected, filed, filed + timedelta(days=6))
    second, _ = start_run(unit=sample.root, period=sample.closed.previous(), by=staff)
    second = publish(run=compute(run=second), by=second_staff)
    _dated(second, sample.today - timedelta(days=4), sample.today - timedelta(days=3))
    _filed(second, [own, *others], authors, "当天与社区联合开会，记录报在了联合支部名下。")


def _filed(
    run: Run, branches: list[Unit], authors: Mapping[int, User], reason: str
) -> Appeal | None:
    """An appeal of the first of these branches that has something to appeal against."""
    rows = {
        row.unit_id: row
        for row in RunRow.unscoped.filter(run=run, unit_id__in=[unit.pk for unit in branches])
    }
    published = timezone.localdate(run.published_at)
    for unit in branches:
        row = rows.get(unit.pk)
        line = _short(run, row) if row else None
        if row is not None and line is not None:
            return file_appeal(
                run=run,
                row=row,
                duty=line.ref.key,
                reason=reason,
                by=authors[unit.pk],
                on=published + timedelta(days=1),
            )
    return None


def _short(run: Run, row: RunRow) -> DutyLine | None:
    lines = lines_of(run, row)
    return next(
        (one for one in lines if one.credit is not None and one.credit < CREDIT_SCALE), None
    )


def _answered(appeal: Appeal, filed: date, decided: date) -> None:
    """Let an answered appeal lie between the two versions."""
    times: dict[str, Any] = {"filed_at": _at(filed, 16), "decided_at": _at(decided, 15)}
    if appeal.opinion_at:
        times["opinion_at"] = _at(filed + timedelta(days=2), 11)
    times["taken_at"] = _at(filed + timedelta(days=4), 9)
    with pgtrigger.ignore("assessment.Appeal:frozen", "assessment.Ruling:frozen"):
        Appeal.unscoped.filter(pk=appeal.pk).update(**times)
        Ruling.unscoped.filter(appeal=appeal).update(at=times["decided_at"])


def _draft(sample: SampleDistrict, staff: User) -> None:
    """A draft that weighs quality more and late filing less, tried and put forward."""
    scheme = Run.unscoped.filter(unit=sample.root).latest("id").scheme
    draft = copy_scheme(scheme=scheme, unit=sample.root, by=staff, on=sample.today)
    parameters = {
        **scheme.parameters,
        "parts": {"duties": "80", "attendance": "10", "quality": "10"},
        "credit": {**scheme.parameters["credit"], "late": "0.7"},
    }
    draft = edit_draft(
        draft=draft,
        by=staff,
        title=draft.title,
        valid_from=draft.valid_from,
        parameters=parameters,
        reason="调阅发现记录质量参差不齐，拟提高质量的权重；补录的得分率降为 70%，促按时提交。",
        on=sample.today,
    )
    trial, _ = start_trial(draft=draft, by=staff)
    compute_trial(trial=trial)
    propose(draft=draft, by=staff, on=sample.today)
