"""选拔任用: 职数预审 and 动议, then step by step; 凡提四必; 任前档案审核."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.counting import sum_of
from cadres.enums import (
    AuditItemKind,
    AuditState,
    Conclusion,
    Must,
    MustOutcome,
    Step,
    Trial,
)
from cadres.limits import limits as limits_on
from cadres.models import (
    Appointment,
    AppointmentStep,
    Audit,
    AuditItem,
    Cadre,
    MustCheck,
    Order,
    Stint,
)
from cadres.rules import appointments as rules
from cadres.rules.oversight import effect_of
from cadres.rules.screen import named
from cadres.services.common import saved, screened, told
from core.errors import Refusal
from core.holidays import calendar_around

_NUMBERS = {
    "members": "应到会", "present": "到会", "yes": "同意", "invited": "参加人数",
    "issued": "发出推荐票", "returned": "收回推荐票", "talked": "谈话人数",
}  # fmt: skip


def _no_names(unit: Unit, **texts: str) -> None:
    """Before 公示 no text names anybody: names under 酝酿 are not kept (rules.md §10)."""
    screened(**texts)
    district = unit.district or unit
    names = Cadre.objects.within(district).values_list("name", flat=True)
    listed = list(names)
    for field, text in texts.items():
        if found := named(text, listed):
            raise Refusal(
                f"文字里有“{found}”：公示以前酝酿的人选姓名不写在文字里，人选从考察起在专门的栏里选。",
                field=field,
            )


@transaction.atomic
def begin(
    *,
    unit: Unit,
    post: str,
    level: str,
    way: str,
    day: date,
    on: date,
    by: User,
    form_key: UUID,
    frees: int = 0,
    has_trial: bool = True,
    document: str = "",
    paper: str = "",
) -> Appointment:
    """职数预审, and the 动议 when it passes. The same form again is the same appointment.

    Raises:
        Refusal: over quota (with the sum), a name in a text, a day to come.
    """
    # Plans for the same unit queue up here, so that two never take the last post together.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    known = Appointment.unscoped.filter(form_key=form_key).first()
    if known is not None:
        return known
    if day > on:
        raise Refusal("动议日期在今天以后，研究了再登记。", field="day")
    _no_names(unit, post=post, document=document, paper=paper)
    found = sum_of(unit, level, on=on)
    planned = replace(found, leaving=found.leaving + frees, planned=found.planned + 1)
    if planned.fault:
        raise Refusal(planned.fault, field="level")
    if planned.leaving > planned.filled:
        raise Refusal("拟免的多于现配的，请核对。", field="frees")
    row = Appointment(
        unit=unit, post=post, level=level, way=way, has_trial=has_trial, frees=frees,
        sequence=rules.sequence(way, trial=has_trial, limits=limits_on(on)), step_on=day,
        approved=planned.approved, filled=planned.filled, leaving=planned.leaving,
        planned=planned.planned, created_by=by, form_key=form_key,
    )  # fmt: skip
    saved(row)
    _note(row, Step.MOTION, day, {"职数预审": planned.shown}, document, paper, by)
    return row


def _note(
    row: Appointment, step: str, day: date, facts: dict[str, Any], document: str, paper: str,
    by: User,
) -> AppointmentStep:  # fmt: skip
    return AppointmentStep.unscoped.create(
        appointment=row, step=step, day=day, facts=facts, document=document, paper=paper, by=by
    )


def effects(cadre: Cadre, on: date) -> list[str]:
    """Why this cadre cannot be promoted on the day, each with its article."""
    found = (
        effect_of(issued=one.issued_on, until=one.effect_until, on=on)
        for one in Order.unscoped.filter(cadre=cadre, effect_until__isnull=False)
    )
    return [f"{one.reason}（{one.article}）。" for one in found if one is not None]


def ready(row: Appointment, *, cadre: Cadre | None, day: date) -> rules.Ready:
    """What the database knows about the next step."""
    done = dict(row.musts.values_list("kind", "outcome"))
    late = set(row.musts.filter(done_on__gt=day).values_list("kind", flat=True))
    open_ = []
    for must in Must:
        if must not in done:
            open_.append(f"“{must.label}”还没有完成。")
        elif done[must] != MustOutcome.CLEAR:
            open_.append(f"“{must.label}”的结论是{MustOutcome(done[must]).label}。")
        elif must in late:
            open_.append(f"“{must.label}”在讨论决定以后才完成。")
    audit = Audit.unscoped.filter(appointment=row).first()
    return rules.Ready(
        named=cadre is not None,
        audit_settled=audit is not None and audit.state == AuditState.REVIEWED,
        musts_open=tuple(open_),
        effects=tuple(effects(cadre, day)) if cadre else (),
    )


@transaction.atomic
def advance(
    *,
    appointment: Appointment,
    step: str,
    by: User,
    on: date,
    day: date,
    cadre: Cadre | None = None,
    until: date | None = None,
    passed: bool = True,
    document: str = "",
    paper: str = "",
    **numbers: int | None,
) -> Appointment:
    """Write down the next step. The same step sent again changes nothing.

    Raises:
        Refusal: everything that stands against it, in one message.
    """
    row = (
        Appointment.unscoped.select_for_update(of=("self",))
        .select_related("unit", "cadre__unit")
        .get(pk=appointment.pk)
    )
    if row.step == step:
        return row
    if row.is_over:
        raise Refusal("这件任用已经办结。", code="conflict")
    limits, counts = limits_on(on), {k: v for k, v in numbers.items() if v is not None}
    _texts(row, step, document, paper)
    row.cadre = cadre if step == Step.INSPECT else row.cadre
    given = rules.Given(
        day=day, until=until, passed=passed,
        **{k: counts.get(k, 0) for k in ("members", "present", "yes")},
    )  # fmt: skip
    verdict = rules.check(
        step, given, steps=row.sequence, done=dict(row.steps.values_list("step", "day")),
        until=row.publicity_until, ready=ready(row, cadre=row.cadre, day=day), on=on,
        limits=limits, calendar=calendar_around(day, until or day),
    )  # fmt: skip
    if verdict.faults:
        raise Refusal("\n".join(verdict.faults))
    facts: dict[str, Any] = {_NUMBERS[k]: v for k, v in counts.items() if k in _NUMBERS}
    if verdict.notes:
        facts["提示"] = "；".join(verdict.notes)
    _moved(row, step, given, limits)
    if step == Step.PUBLICITY and until is not None:
        facts["公示"] = f"{day:%Y-%m-%d} 至 {until:%Y-%m-%d}"
    if step == Step.CONFIRM:
        facts["考核"] = str(Trial(row.trial).label)
    saved(row)
    _note(row, step, day, facts, document, paper, by)
    if step == Step.INSPECT:
        Audit.unscoped.get_or_create(appointment=row, defaults={"by": by})
    if step == Step.OFFICE:
        _into_office(row, day)
    if step == Step.CONFIRM:
        _trial_over(row, day)
    return row


def _texts(row: Appointment, step: str, document: str, paper: str) -> None:
    if step in (Step.OFFICE, Step.CONFIRM):
        screened(document=document, paper=paper)
    else:
        _no_names(row.unit, document=document, paper=paper)


def _moved(row: Appointment, step: str, given: rules.Given, limits: Any) -> None:
    """Set what follows from the step."""
    row.step, row.step_on = step, given.day
    if step == Step.DECIDE:
        row.decided_on = given.day
        row.trial_until = rules.trial_end(given.day, limits) if row.has_trial else None
    if step == Step.PUBLICITY:
        row.publicity_until = given.until
    if step == Step.CONFIRM:
        row.trial = Trial.PASSED if given.passed else Trial.FAILED
    row.is_over = rules.next_step(row.sequence, step) == ""


def _into_office(row: Appointment, day: date) -> None:
    """The post begins with the day of the decision; it must be free by now."""
    assert row.cadre is not None
    assert row.decided_on is not None
    Unit.unscoped.select_for_update(of=("self",)).get(pk=row.unit_id)
    found = sum_of(row.unit, row.level, on=day)
    if found.filled + 1 > found.approved:
        raise Refusal(
            f"{row.unit}现配 {found.filled} 名，核定 {found.approved} 名："
            "请先在原任干部的档案里登记免职，再登记任职。"
        )
    Stint.unscoped.get_or_create(
        cadre=row.cadre, since=row.decided_on, place=row.workplace, post=row.post,
        defaults={
            "unit": row.unit, "level": row.level, "in_quota": True,
            "on_trial_until": row.trial_until,
        },
    )  # fmt: skip
    Cadre.unscoped.filter(pk=row.cadre.pk).update(level=row.level, unit=row.unit)


def _trial_over(row: Appointment, day: date) -> None:
    """The 试用期 ends: the post stays, or ends with the day."""
    assert row.decided_on is not None
    stints = Stint.unscoped.filter(
        cadre=row.cadre, since=row.decided_on, post=row.post, unit=row.unit
    )
    if row.trial == Trial.PASSED:
        stints.update(on_trial_until=None)
    else:
        stints.update(until=day, on_trial_until=None)


@transaction.atomic
def stop(*, appointment: Appointment, by: User, on: date, day: date, reason: str) -> Appointment:
    """End it before its time; the reason is a few plain words."""
    row = Appointment.unscoped.select_for_update(of=("self",)).get(pk=appointment.pk)
    if row.step == Step.STOPPED:
        return row
    if row.is_over or row.step == Step.OFFICE:
        raise Refusal("已经任职的不能终止，请登记试用期考核。", code="conflict")
    if not row.step_on <= day <= on:
        raise Refusal("终止日期应在上一步以后、今天以前。", field="day")
    _no_names(row.unit, reason=reason)
    row.step, row.step_on, row.is_over, row.stop_reason = Step.STOPPED, day, True, reason
    saved(row)
    _note(row, Step.STOPPED, day, {"原因": reason}, "", "", by)
    return row


# --- 凡提四必, 任前档案审核 ----------------------------------------------------------------


def _locked(appointment: Appointment) -> Appointment:
    row = (
        Appointment.unscoped.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=appointment.pk)
    )
    if row.step != Step.INSPECT:
        raise Refusal("凡提四必和档案审核在考察阶段登记，讨论决定以后不能再改。", code="conflict")
    return row


@transaction.atomic
def record_must(
    *, appointment: Appointment, kind: str, done_on: date, outcome: str, paper: str, by: User,
    on: date,
) -> MustCheck:  # fmt: skip
    """Write down one of the four; until the decision it may be corrected."""
    row = _locked(appointment)
    if kind == Must.ARCHIVE:
        raise Refusal("“干部档案必审”随任前档案审核的复审自动登记。", field="kind")
    if done_on > on:
        raise Refusal("完成日期不能在今天以后。", field="done_on")
    screened(paper=paper)
    made, _ = MustCheck.unscoped.update_or_create(
        appointment=row, kind=kind,
        defaults={"done_on": done_on, "outcome": outcome, "paper": paper, "by": by},
    )  # fmt: skip
    return made


@transaction.atomic
def audit_item(
    *, audit: Audit, kind: str, recorded: str, confirmed: str, basis: str, conclusion: str,
    by: User,
) -> AuditItem:  # fmt: skip
    """Write down one of the six. After a review the audit is opened again by it."""
    row = _locked(audit.appointment)
    screened(recorded=recorded, confirmed=confirmed, basis=basis)
    if conclusion == Conclusion.SETTLED and not (confirmed and basis):
        raise Refusal("已认定的，请写认定的内容和依据的材料名称。", field="confirmed")
    item = AuditItem.unscoped.filter(audit=audit, kind=kind).first()
    item = item or AuditItem(audit=audit, kind=kind)
    item.basis, item.conclusion = basis, conclusion
    item.seal("recorded", recorded or None)
    item.seal("confirmed", (confirmed or recorded) if conclusion != Conclusion.OPEN else None)
    saved(item)
    Audit.unscoped.filter(pk=audit.pk).update(
        state=AuditState.OPEN, by=by, reviewed_by=None, reviewed_on=None
    )
    MustCheck.unscoped.filter(appointment=row, kind=Must.ARCHIVE).delete()
    return item


@transaction.atomic
def review_audit(*, audit: Audit, by: User, day: date, on: date, paper: str) -> Audit:
    """复审 by another officer, with all six settled; 干部档案必审 is done by it."""
    row = _locked(audit.appointment)
    locked = Audit.unscoped.select_for_update(of=("self",)).get(pk=audit.pk)
    if locked.state == AuditState.REVIEWED:
        return locked
    if locked.by_id == by.pk:
        raise Refusal("初审人不能复审，请另一位干部工作人员办理。", code="forbidden")
    screened(paper=paper)
    if not row.step_on <= day <= on:
        raise Refusal("复审日期应在考察以后、今天以前。", field="day")
    settled = dict(locked.items.values_list("kind", "conclusion"))
    missing = [k.label for k in AuditItemKind if settled.get(k, Conclusion.OPEN) == Conclusion.OPEN]
    if missing:
        raise Refusal(f"还没有审定：{'、'.join(missing)}。存疑的核实认定以后再复审。")
    locked.state, locked.reviewed_by, locked.reviewed_on = AuditState.REVIEWED, by, day
    saved(locked)
    with told():
        MustCheck.unscoped.update_or_create(
            appointment=row, kind=Must.ARCHIVE,
            defaults={"done_on": day, "outcome": MustOutcome.CLEAR, "paper": paper, "by": by},
        )  # fmt: skip
    return locked
