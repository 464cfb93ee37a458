"""The way of a case up to its 验收: 拟列, 已确定, 四位一体, 整顿中."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from rectification.enums import RUNNING, FigureKind, HelperKind, State
from rectification.models import (
    Batch,
    Case,
    CaseStep,
    FigureEntry,
    Helper,
    ListingReason,
    Visit,
)
from rectification.rules import missing_helpers
from rectification.services.common import at_work, lock, move, once, past, sane, text


@transaction.atomic
def propose_case(
    *,
    batch: Batch,
    unit: Unit,
    reasons: Sequence[str],
    by: User | None,
    on: date,
    detail: str = "",
    baseline: str = "",
    deadline: date | None = None,
) -> Case:
    """Name an organisation as 拟列. How many are named is nobody's number: there is no quota.

    The same organisation again in the same batch is the case that is there.

    Raises:
        Refusal: another district's unit, a group, no official reason, or a case still running.
    """
    if unit.district_id != batch.unit_id or unit.kind == UnitKind.GROUP:
        raise Refusal("请选择本区的党支部、党总支或党委；党小组不单独列入。", field="unit")
    if unit.dissolved_on and unit.dissolved_on <= on:
        raise Refusal(f"{unit}已经撤销，不能列入。", field="unit")
    codes = _reasons(reasons)
    found = Case.unscoped.filter(batch=batch, unit=unit).first()
    if found is not None:
        return found
    if Case.unscoped.filter(unit=unit, state__in=RUNNING).exists():
        raise Refusal(f"{unit}上一批的整顿还没有销号，不能再列入。", field="unit", code="conflict")
    fresh = Case(
        batch=batch, unit=unit, reasons=codes, created_by=by,
        detail=text(detail, "主要问题表现", field="detail", longest=5000, needed=False),
        baseline=text(baseline, "整顿前基本情况", field="baseline", longest=5000, needed=False),
        deadline=_deadline(batch, deadline),
    )  # fmt: skip
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        return _twin(batch, unit)
    CaseStep.unscoped.create(case=fresh, before=None, after=State.PROPOSED, day=on, by=by)
    return fresh


def _twin(batch: Batch, unit: Unit) -> Case:
    """What somebody else wrote at the same moment."""
    found = Case.unscoped.filter(batch=batch, unit=unit).first()
    if found is None:
        raise Refusal(f"{unit}刚刚被列入另一批，不能再列入。", field="unit", code="conflict")
    return found


def _reasons(reasons: Sequence[str]) -> list[str]:
    known = dict(ListingReason.objects.filter(is_active=True).values_list("code", "position"))
    if not reasons:
        raise Refusal("请选择列入情形，可以多选。", field="reasons")
    if set(reasons) - set(known):
        raise Refusal("有的列入情形已经停用，请重新选择。", field="reasons")
    return sorted(set(reasons), key=lambda code: known[code])


def _deadline(batch: Batch, deadline: date | None) -> date:
    if deadline is None:
        return batch.deadline
    if sane(deadline, field="deadline") <= batch.starts_on:
        raise Refusal("整顿期限应晚于本批启动日期。", field="deadline")
    return deadline


@transaction.atomic
def decide_listing(
    *, case: Case, by: User, decided_on: date, decision_number: str, on: date
) -> Case:
    """已确定: enter the decision of the district's meeting, by its day and document number."""
    case = lock(case)
    case.decided_on = past(decided_on, on, "会议决定日期", field="decided_on")
    case.decision_number = text(
        decision_number, "决定文号或会议名称", field="decision_number", longest=80
    )
    return move(
        case, State.LISTED, by=by, day=decided_on, document=case.decision_number,
        note="会议研究确定",
    )  # fmt: skip


@transaction.atomic
def drop(*, case: Case, by: User, reason: str, on: date) -> Case:
    """未列入: the review found that the organisation need not be listed; the reason is kept."""
    words = text(reason, "不列入的理由", field="reason")
    return move(lock(case), State.DROPPED, by=by, day=on, note=words)


@transaction.atomic
def describe(
    *,
    case: Case,
    detail: str,
    baseline: str,
    plan: str,
    deadline: date | None = None,
    reasons: Sequence[str] | None = None,
) -> Case:
    """Write 台账 and 一支部一策: what is wrong, how it stood, what will be done.

    ``reasons`` and ``deadline`` are None where the writer may not change them.
    """
    case = lock(case)
    at_work(case, also=(State.PROPOSED,))
    case.detail = text(detail, "主要问题表现", field="detail", longest=5000, needed=False)
    case.baseline = text(baseline, "整顿前基本情况", field="baseline", longest=5000, needed=False)
    case.plan = text(plan, "整顿方案", field="plan", longest=10000, needed=False)
    if not case.plan and case.state == State.UNDERWAY:
        raise Refusal("已经进入整顿，方案不能清空。", field="plan")
    if deadline is not None:
        case.deadline = _deadline(case.batch, deadline)
    if reasons is not None:
        case.reasons = _reasons(reasons)
    case.save()
    return case


@transaction.atomic
def assign(
    *,
    case: Case,
    by: User | None,
    kind: str,
    name: str,
    position: str,
    workplace: str,
    since: date,
    on: date,
) -> Helper:
    """Enter one of the four, or who takes over from him; the fourth makes the case 配齐.

    The same entry again changes nothing.
    """
    case = lock(case)
    at_work(case, also=(State.EXAMINED, State.CLOSED, State.WATCHED))
    if kind not in HelperKind.values:
        raise Refusal("请选择是四位一体中的哪一方。", field="kind")
    words = {
        "name": text(name, "姓名或名称", field="name", longest=60),
        "position": text(position, "职务", field="position", longest=80, needed=False),
        "workplace": text(workplace, "工作单位", field="workplace", longest=80, needed=False),
    }
    past(since, on, "开始日期", field="since")
    current: Helper | None = Helper.unscoped.filter(case=case, kind=kind, until=None).first()
    if current is not None:
        if all(getattr(current, key) == value for key, value in words.items()):
            return current
        if since < current.since:
            raise Refusal(
                f"接手日期不能早于{current.name}开始的 {current.since:%Y-%m-%d}。", field="since"
            )
        current.until = since
        current.save()
    helper = Helper.unscoped.create(case=case, kind=kind, since=since, by=by, **words)
    if case.state == State.LISTED and not missing(case):
        move(case, State.STAFFED, by=by, day=on, note="区级领导、第一书记、工作组、区直单位到位")
    return helper


def missing(case: Case) -> list[HelperKind]:
    """Who of the four is not there yet."""
    kinds = Helper.unscoped.filter(case=case, until=None).values_list("kind", flat=True)
    return missing_helpers(kinds)


@transaction.atomic
def start(*, case: Case, by: User, started_on: date, on: date) -> Case:
    """进入整顿: the four are there and the plan is written; both are asked for by name."""
    case = lock(case)
    lacking = missing(case)
    if lacking:
        names = "、".join(str(kind.label) for kind in lacking)
        raise Refusal(f"四位一体还缺：{names}。配齐以后才能进入整顿。", code="conflict")
    if not case.plan.strip():
        raise Refusal("还没有“一支部一策”整顿方案，请先写好方案。", code="conflict")
    case.started_on = past(
        started_on, on, "进入整顿的日期", field="started_on", since=case.decided_on
    )
    return move(case, State.UNDERWAY, by=by, day=started_on)


@transaction.atomic
def record_visit(
    *,
    case: Case,
    by: User | None,
    helper: Helper | None,
    day: date,
    households: int,
    solved: str,
    on: date,
    form_key: UUID | None = None,
) -> Visit:
    """Enter one day of one of the four. Households met there count in 走访居民 by themselves."""
    case = lock(case)
    at_work(case, also=(State.EXAMINED, State.CLOSED, State.WATCHED))
    if helper is not None and helper.case_id != case.pk:
        raise Refusal("请选择本对象的帮扶力量。", field="helper")
    if not 0 <= households <= 100_000:
        raise Refusal("请核对走访户数。", field="households")
    past(day, on, "走访日期", field="day", since=case.decided_on)
    visit, new = once(
        Visit,
        form_key,
        lambda: Visit(
            case=case, helper=helper, day=day, households=households, by=by, form_key=form_key,
            solved=text(solved, "帮助解决的事", field="solved", longest=2000),
        ),
    )  # fmt: skip
    if new and households:
        FigureEntry.unscoped.create(
            case=case, day=day, kind=FigureKind.HOUSEHOLDS, amount=households, visit=visit, by=by,
            note=f"{helper or '帮扶力量'}走访"[:200],
        )  # fmt: skip
    return visit
