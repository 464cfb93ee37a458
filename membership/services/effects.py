"""What the steps of a case change outside it: the roster, and the duty of 四个必开."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from branches import services as branches
from branches.enums import Cause, MemberKind, MemberState
from branches.models import Unit
from core.dates import add_months
from core.errors import Refusal
from membership.enums import EndReason, Number, Outcome, Stage
from membership.models import Candidate, Step
from membership.rules import Limit

_MEETING_TITLE = "讨论接收预备党员"


def take_effect(candidate: Candidate, step: Step, *, by: User, group: Unit | None) -> None:
    """Let a good step take effect; does not save the candidate."""
    if step.number == Number.PRECHECK:
        # One 党员大会 within a month may discuss several: one event a branch and day, no names.
        candidate.event = branches.register_event(
            unit=candidate.unit, by=by, cause=Cause.ADMISSION, day=step.day, title=_MEETING_TITLE
        )
    elif step.number == Number.MEETING:
        candidate.accepted_on = step.day
        candidate.probation_ends = add_months(step.day, _probation_months(candidate))
    elif step.number == Number.APPROVE:
        _on_the_roster(candidate, by)
    elif step.number == Number.JOIN and candidate.member is not None and group is not None:
        branches.set_group(unit=candidate.unit, group=group, members=[candidate.member], by=by)
    elif step.number == Number.CONFIRM_APPROVE:
        _settle(candidate, step, by)


def _probation_months(candidate: Candidate) -> int:
    rule = candidate.rules.steps.get(number=Number.CONFIRM)
    limit: Limit = rule.limit
    return limit.least_months


def _on_the_roster(candidate: Candidate, by: User) -> None:
    """审批: a 预备党员 of the day of the 支部大会."""
    number = candidate.unseal("id_number")
    if not number:
        raise Refusal("还没有登记他的公民身份号码，请支部先补上，再审批。", field="day")
    candidate.member = branches.add_member(
        unit=candidate.unit, name=candidate.name, by=by, id_number=number,
        phone=candidate.unseal("phone"), sex=candidate.sex, birth_date=candidate.birth_date,
        ethnicity=candidate.ethnicity, education=candidate.education, job=candidate.job,
        kind=MemberKind.PROBATIONARY, joined_on=candidate.accepted_on,
        arrived_on=candidate.accepted_on,
    )  # fmt: skip


def _settle(candidate: Candidate, step: Step, by: User) -> None:
    """审批转正: the meeting's resolution takes effect; 党龄 counts from the end of 预备期."""
    resolved = Step.unscoped.filter(
        candidate=candidate, number=Number.CONFIRM, round=candidate.round, state=1
    ).latest("pk")
    member, ends = candidate.member, candidate.probation_ends
    assert member is not None
    assert ends is not None
    if resolved.outcome == Outcome.EXTEND:
        candidate.extended_months = resolved.months or 0
        candidate.probation_ends = _extended(candidate)
        candidate.round += 1
    elif resolved.outcome == Outcome.CANCEL:
        branches.leave(member=member, state=MemberState.EXPELLED, on=step.day, by=by)
        candidate.stage, candidate.ended_on = Stage.ENDED, step.day
        candidate.end_reason = EndReason.CANCELLED
    else:
        branches.change_member(member=member, by=by, kind=MemberKind.FULL, confirmed_on=ends)
        candidate.confirmed_on, candidate.stage = ends, Stage.FULL


def _extended(candidate: Candidate) -> date:
    assert candidate.accepted_on is not None
    months = _probation_months(candidate) + candidate.extended_months
    return add_months(candidate.accepted_on, months)
