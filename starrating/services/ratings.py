"""The way of a rating: 自评, 初核, 审核, 破格, 一票否决."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core.errors import Refusal
from starrating.enums import STAGE_STATES, VETOABLE, Cause, Method, Stage, State
from starrating.models import ItemScore, Rating, VetoReason
from starrating.permissions import is_same_person
from starrating.rules import (
    Given,
    capped,
    needs_exception,
    needs_reason,
    plain,
    score_faults,
    stars_of,
)
from starrating.services.common import goes_on, lock, move, note_step, rewind, set_stars, text

_BEFORE = {Stage.CHECK: "self_score", Stage.REVIEW: "check_score"}
_WHY = {Stage.CHECK: "与自评不同的理由", Stage.REVIEW: "与初核不同的理由"}
_AFTER: dict[Stage, tuple[str, ...]] = {
    Stage.SELF: ("check_score", "review_score"), Stage.CHECK: ("review_score",), Stage.REVIEW: (),
}  # fmt: skip


@transaction.atomic
def score(*, rating: Rating, stage: str, by: User, values: Mapping[int, Given]) -> list[ItemScore]:
    """Write the points of one step for some items, by the id of their row; a draft until filed.

    A changed score empties those after it, which looked at another number.

    Raises:
        Refusal: not this step's turn, his own work, points out of range, a difference without a
            reason; ``field`` is ``score_<id>`` or ``note_<id>``.
    """
    step = Stage(stage)
    found = lock(rating)
    goes_on(found.round)
    _in_turn(found, step, by)
    rows = list(
        ItemScore.unscoped.select_for_update(of=("self",))
        .filter(rating=found, pk__in=values)
        .select_related("item")
    )
    for row in rows:
        _give(row, step, values[row.pk])
    fields = [f"{step}_score", f"{step}_note", *_AFTER[step]]
    if step != Stage.SELF:
        fields.append(f"{step}_methods")
    ItemScore.unscoped.bulk_update(rows, fields)
    found.save(update_fields=["updated_at"])
    return rows


def _in_turn(rating: Rating, stage: Stage, by: User) -> None:
    if rating.state != STAGE_STATES[stage]:
        raise Refusal(
            f"{rating.organisation}现在是“{State(rating.state).label}”，{stage.label}分不能改；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    if stage == Stage.CHECK and rating.is_new:
        raise Refusal("新成立的组织只自评，不初核打分，请直接办结。", code="conflict")
    _not_own(rating, stage, by)


def _not_own(rating: Rating, stage: Stage, by: User) -> None:
    if stage == Stage.CHECK and is_same_person(by.pk, rating.self_by_id):
        raise Refusal("自评是您提交的，初核须由另一位同志办理。", code="forbidden")
    if stage == Stage.REVIEW and is_same_person(by.pk, rating.check_by_id):
        raise Refusal("初核是您做的，审核须由另一位同志办理。", code="forbidden")


def _give(row: ItemScore, stage: Stage, given: Given) -> None:
    name = row.item.name
    fault = score_faults(given.score, row.points, name)
    if fault:
        raise Refusal(fault, field=f"score_{row.pk}")
    assert given.score is not None
    needed = False
    if stage != Stage.SELF:
        needed = needs_reason(given.score, getattr(row, _BEFORE[stage]))
    what = _WHY.get(stage, "自评说明")
    words = text(given.note, what, field=f"note_{row.pk}", needed=False)
    if needed and not words:
        raise Refusal(f"“{name}”{what}没有写，请写明。", field=f"note_{row.pk}")
    if getattr(row, f"{stage}_score") != given.score:
        for later in _AFTER[stage]:
            setattr(row, later, None)
    setattr(row, f"{stage}_score", given.score)
    setattr(row, f"{stage}_note", words)
    if stage != Stage.SELF:
        known = set(Method.values)
        setattr(row, f"{stage}_methods", [one for one in given.methods if one in known])


def _sum(rating: Rating, stage: Stage) -> Decimal:
    """The points of a step. Raises Refusal naming what has none."""
    rows = list(ItemScore.unscoped.filter(rating=rating).select_related("item"))
    empty = [row.item.name for row in rows if getattr(row, f"{stage}_score") is None]
    if empty:
        more = f"等 {len(empty)} 项" if len(empty) > 1 else ""
        raise Refusal(f"“{empty[0]}”{more}还没有{stage.label}打分，打完再提交。", code="conflict")
    return sum((getattr(row, f"{stage}_score") for row in rows), Decimal(0))


def _stands(rating: Rating, state: State) -> None:
    """Refuse when it stands elsewhere: the same move may be legal for another verb."""
    if rating.state != state:
        raise Refusal(
            f"{rating.organisation}现在是“{State(rating.state).label}”，这一步不能办理；"
            "请刷新页面看最新情况。",
            code="conflict",
        )


@transaction.atomic
def file_self(*, rating: Rating, by: User, on: date) -> Rating:
    """提交自评: every item has its points."""
    found = lock(rating)
    _stands(found, State.SELF)
    found.self_total, found.self_by, found.filed_on = _sum(found, Stage.SELF), by, on
    return move(found, State.FILED, by=by, day=on, note=_points(found.self_total))


def _points(total: Decimal | None) -> str:
    return "" if total is None else f"{plain(total)} 分"


@transaction.atomic
def return_self(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """退回自评: with what is missing."""
    found, words = lock(rating), text(reason, "退回的原因", field="reason")
    _stands(found, State.FILED)
    rewind(found, State.SELF)
    return move(found, State.SELF, by=by, day=on, note=f"退回：{words}")


@transaction.atomic
def finish_check(*, rating: Rating, by: User, on: date, note: str = "") -> Rating:
    """初核完成: every item scored, by another than who filed; then it is the district's turn."""
    found = lock(rating)
    _in_turn(found, Stage.CHECK, by)
    found.check_total, found.check_by = _sum(found, Stage.CHECK), by
    words = text(note, "初核意见", field="note", needed=False)
    said = "，".join(filter(None, [_points(found.check_total), words]))
    return move(found, State.CHECKED, by=by, day=on, note=said)


@transaction.atomic
def end_new(*, rating: Rating, by: User, on: date, note: str = "") -> Rating:
    """新成立: 自评 was read; no star this round."""
    found = lock(rating)
    if not found.is_new:
        raise Refusal("不是新成立的组织，请按程序初核。", code="conflict")
    _stands(found, State.FILED)
    _not_own(found, Stage.CHECK, by)
    words = text(note, "意见", field="note", needed=False)
    found.check_by, found.ended_on = by, on
    said = "，".join(filter(None, ["新成立，只自评、不定星级", words]))
    return move(found, State.UNRATED, by=by, day=on, note=said)


@transaction.atomic
def return_check(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """退回初核."""
    found, words = lock(rating), text(reason, "退回的原因", field="reason")
    _stands(found, State.CHECKED)
    rewind(found, State.FILED)
    return move(found, State.FILED, by=by, day=on, note=f"退回初核：{words}")


@transaction.atomic
def finish_review(*, rating: Rating, by: User, on: date, note: str = "") -> Rating:
    """审核完成: points make stars by the round's lines, one step up at most.

    Of many who finish at once one does; the others are told that it is done.
    """
    found = lock(rating)
    _in_turn(found, Stage.REVIEW, by)
    total = _sum(found, Stage.REVIEW)
    found.review_total, found.review_by = total, by
    found.earned_stars = stars_of(total, found.round.lines)
    found.stars = capped(found.earned_stars, found.before_stars)
    words = text(note, "审核意见", field="note", needed=False)
    said = "，".join(filter(None, [_points(found.review_total), found.stars_name, words]))
    return move(found, State.REVIEWED, by=by, day=on, note=said)


@transaction.atomic
def return_review(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """重新审核, before the 公示."""
    found, words = lock(rating), text(reason, "原因", field="reason")
    _stands(found, State.REVIEWED)
    rewind(found, State.CHECKED)
    return move(found, State.CHECKED, by=by, day=on, note=f"重新审核：{words}")


@transaction.atomic
def propose_exception(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """破格: more than one step up, with a reason; somebody else approves. Again: the one there."""
    found = lock(rating)
    if found.waits_for_exception:
        return found
    if found.state != State.REVIEWED or not needs_exception(
        found.earned_stars or 0, found.before_stars
    ):
        raise Refusal("按得分超过升一级、且还没有公示的，才需要破格。", code="conflict")
    if found.exception_ok_by_id:
        raise Refusal("破格已经批准。", code="conflict")
    found.exception_reason = text(reason, "破格理由", field="reason")
    found.exception_by = by
    found.save()
    note_step(found, found.state, by=by, day=on, note=f"提出破格：{found.exception_reason}")
    return found


def _waiting_exception(rating: Rating, by: User) -> Rating:
    found = lock(rating)
    if found.state != State.REVIEWED or not found.waits_for_exception:
        raise Refusal("没有等待批准的破格，请刷新页面看最新情况。", code="conflict")
    if is_same_person(by.pk, found.exception_by_id):
        raise Refusal("破格是您提出的，须由另一位同志决定。", code="forbidden")
    return found


@transaction.atomic
def approve_exception(*, rating: Rating, by: User, on: date) -> Rating:
    """批准破格: the stars are those of the points."""
    found = _waiting_exception(rating, by)
    found.exception_ok_by, found.stars = by, found.earned_stars
    found.save()
    note_step(found, found.state, by=by, day=on, note=f"批准破格：{found.stars_name}")
    return found


@transaction.atomic
def refuse_exception(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """不批准破格: one step up stays."""
    found = _waiting_exception(rating, by)
    words = text(reason, "理由", field="reason")
    found.exception_by, found.exception_reason = None, ""
    found.save()
    note_step(found, found.state, by=by, day=on, note=f"未批准破格：{words}")
    return found


@transaction.atomic
def veto(*, rating: Rating, by: User, reason: str, note: str, on: date) -> Rating:
    """一票否决: ``reason`` is the code of the case; stars in force are lost at once."""
    found = lock(rating)
    case = VetoReason.objects.filter(code=reason, is_active=True).first()
    if case is None:
        raise Refusal("请选择一票否决的情形。", field="reason")
    words = text(note, "核实情况", field="note")
    if found.state not in VETOABLE:
        raise Refusal(
            f"{found.organisation}现在是“{State(found.state).label}”，不能一票否决。",
            code="conflict",
        )
    rewind(found, State.CHECKED)
    found.veto, found.veto_note, found.veto_by, found.stars = case, words, by, 0
    found.ended_on = on
    move(found, State.VETOED, by=by, day=on, note=f"{case.title}：{words}")
    if found.organisation.stars is not None:
        set_stars(
            found.organisation, 0, cause=Cause.VETOED, day=on, by=by, note=case.title, rating=found
        )
    return found


@transaction.atomic
def lift_veto(*, rating: Rating, by: User, reason: str, on: date) -> Rating:
    """撤销否决, by another than who vetoed: the stars it had come back, it is checked anew."""
    found = lock(rating)
    _stands(found, State.VETOED)
    if is_same_person(by.pk, found.veto_by_id):
        raise Refusal("否决是您登记的，撤销须由另一位同志办理。", code="forbidden")
    words = text(reason, "撤销的理由", field="reason")
    rewind(found, State.FILED)
    found.veto = found.veto_by = found.ended_on = None
    found.veto_note = ""
    move(found, State.FILED, by=by, day=on, note=f"撤销否决：{words}")
    if found.before_stars is not None:
        set_stars(
            found.organisation, found.before_stars, cause=Cause.RESTORED, day=on, by=by,
            note=words, rating=found,
        )  # fmt: skip
    return found
