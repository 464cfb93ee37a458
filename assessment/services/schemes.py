"""评分方案: copied as a draft, changed, tried, put forward by one, adopted by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from assessment.enums import DRAFT_TRANSITIONS, DraftState, RunState
from assessment.models import Run, Scheme, SchemeDraft, Trial
from assessment.rules import SchemeError, SchemeParameters, weight_problems
from branches.enums import UnitKind
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.services.rulebook import put_in_force

TRY = "assessment.try"
_MOST_REASON = 1000


def _lock(draft: SchemeDraft) -> SchemeDraft:
    rows = SchemeDraft.unscoped.select_for_update(of=("self",)).select_related("unit", "based_on")
    found: SchemeDraft = rows.get(pk=draft.pk)
    return found


def _move(draft: SchemeDraft, to: DraftState) -> None:
    if (DraftState(draft.state), to) not in DRAFT_TRANSITIONS:
        raise Refusal(
            f"这份草案现在是“{draft.get_state_display()}”，不能这样办理；请刷新页面看最新情况。",
            code="conflict",
        )
    draft.state = to


@transaction.atomic
def copy_scheme(*, scheme: Scheme, unit: Unit, by: User, on: date) -> SchemeDraft:
    """A draft with a scheme's parameters, for the coming year.

    An untouched copy of the same scheme that is there already is returned instead.
    """
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("评分方案由区里制定，请选择区委。", field="unit")
    # Two clicks queue up here, so that the second finds what the first wrote.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    valid_from = date(on.year + 1, 1, 1)
    same = SchemeDraft.unscoped.filter(
        unit=unit,
        based_on=scheme,
        state=DraftState.DRAFT,
        edited_by=by,
        parameters=scheme.parameters,
        valid_from=valid_from,
    ).first()
    if same is not None:
        return same
    title = scheme.title.split("（")[0]
    return SchemeDraft.unscoped.create(
        unit=unit,
        based_on=scheme,
        title=f"{title}（{valid_from.year}年）"[:100],
        valid_from=valid_from,
        parameters=scheme.parameters,
        edited_by=by,
    )


@transaction.atomic
def edit_draft(
    *,
    draft: SchemeDraft,
    by: User,
    title: str,
    valid_from: date,
    parameters: Any,
    reason: str,
    on: date,
) -> SchemeDraft:
    """Write in a draft; ``parameters`` in their stored form.

    Raises Refusal: it is put forward already, a wrong day, or wrong parameters.
    """
    title, reason = (text.replace("\x00", "").strip() for text in (title, reason))
    if not title:
        raise Refusal("请写明方案的名称。", field="title")
    if len(reason) > _MOST_REASON:
        raise Refusal(f"修改说明请控制在 {_MOST_REASON} 字以内。", field="reason")
    mark = mark_in_text(f"{title}\n{reason}")
    if mark:
        raise Refusal(refusal_of(mark, "修改说明"), field="reason")
    _check_day(valid_from, on)
    checked = _checked(parameters)
    draft = _lock(draft)
    if draft.state != DraftState.DRAFT:
        raise Refusal(
            f"这份草案现在是“{draft.get_state_display()}”，不能再改；要改请先退回。",
            code="conflict",
        )
    draft.title, draft.valid_from, draft.parameters = title[:100], valid_from, checked
    draft.reason, draft.edited_by = reason, by
    draft.save()
    return draft


def _checked(parameters: Any) -> dict[str, Any]:
    """The parameters in their stored form; every problem is told at once."""
    try:
        scheme = SchemeParameters.from_json(parameters)
    except SchemeError as error:
        raise Refusal("；".join(error.problems), field="parameters") from error
    problems = weight_problems(scheme)
    if problems:
        raise Refusal("；".join(problems), field="parameters")
    return scheme.to_json()


def _check_day(valid_from: date, on: date) -> None:
    """A scheme begins with a quarter that has not begun, none of which was ever run."""
    if valid_from <= on:
        raise Refusal("适用起始日期必须在今天之后：已经开始的季度不换方案。", field="valid_from")
    if valid_from != Period.containing(valid_from, "quarter").start:
        raise Refusal(
            "方案从一个季度的第一天起适用，请写 1月1日、4月1日、7月1日或 10月1日。",
            field="valid_from",
        )
    if Run.unscoped.filter(period_end__gte=valid_from).exists():
        raise Refusal("这一天之后的季度已经考核过，请把起始日期再往后放。", field="valid_from")
    taken = Scheme.objects.filter(valid_from=valid_from).first()
    if taken is not None:
        raise Refusal(f"{taken}也从这一天起适用，请换一个起始日期。", field="valid_from")


@transaction.atomic
def propose(*, draft: SchemeDraft, by: User, on: date) -> SchemeDraft:
    """Put a draft forward; what it would have changed must have been tried and looked at.

    Raises Refusal: not tried in this form, or a wrong day by now.
    """
    draft = _lock(draft)
    if draft.state == DraftState.PROPOSED:
        return draft
    _move(draft, DraftState.PROPOSED)
    _check_day(draft.valid_from, on)
    tried = Trial.unscoped.filter(
        draft=draft, parameters=draft.parameters, data_at__isnull=False
    ).exists()
    published = Run.unscoped.filter(unit=draft.unit, state=RunState.PUBLISHED).exists()
    if published and not tried:
        raise Refusal("请先用上个季度试算一次，看过结果再送审。", code="conflict")
    draft.proposed_by, draft.proposed_at = by, timezone.now()
    draft.decided_by = draft.decided_at = None
    draft.answer = ""
    draft.save()
    return draft


@transaction.atomic
def return_draft(*, draft: SchemeDraft, by: User, answer: str) -> SchemeDraft:
    """Send a draft back to be changed, with a word why; the proposer may take it back himself."""
    text = answer.replace("\x00", "").strip()[:500]
    draft = _lock(draft)
    if not text and draft.proposed_by_id != by.pk:
        raise Refusal("请写明退回的意见，方便起草人修改。", field="answer")
    _move(draft, DraftState.DRAFT)
    draft.answer, draft.decided_by, draft.decided_at = text, by, timezone.now()
    draft.save()
    return draft


@transaction.atomic
def drop(*, draft: SchemeDraft, by: User) -> SchemeDraft:
    """Give a draft up; it stays readable."""
    draft = _lock(draft)
    if draft.state == DraftState.DROPPED:
        return draft
    _move(draft, DraftState.DROPPED)
    draft.save()
    return draft


@transaction.atomic
def adopt(*, draft: SchemeDraft, by: User, on: date) -> Scheme:
    """Adopt what another put forward: from now on it is a scheme, and nothing changes it.

    What it asks of the branches is in force from its first day, for reminders and lists of duties.

    Raises Refusal: one's own work (``forbidden``), another state by now, or the day has come.
    """
    # One new version at a time, whichever draft it comes from.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=draft.unit_id)
    draft = _lock(draft)
    if by.pk in (draft.proposed_by_id, draft.edited_by_id):
        raise Refusal("起草人和送审人不能批准自己的方案，请由另一位同志批准。", code="forbidden")
    _move(draft, DraftState.ADOPTED)
    _check_day(draft.valid_from, on)
    newest = Scheme.objects.aggregate(newest=Max("version"))["newest"] or 0
    scheme = Scheme.objects.create(
        version=newest + 1,
        title=draft.title,
        valid_from=draft.valid_from,
        parameters=draft.parameters,
    )
    put_in_force(
        valid_from=scheme.valid_from,
        title=str(scheme),
        rules=SchemeParameters.from_json(scheme.parameters).asked,
        on=on,
    )
    draft.scheme, draft.decided_by, draft.decided_at = scheme, by, timezone.now()
    draft.save()
    return scheme
