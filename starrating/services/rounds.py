"""Standards, rounds and plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from starrating import defaults
from starrating.defaults import Line
from starrating.enums import FINAL, Category, Method, RoundState, State
from starrating.models import (
    ItemScore,
    Organisation,
    Plan,
    Rating,
    RatingStep,
    Round,
    Standard,
    StandardItem,
    Target,
)
from starrating.rules import can_move_round, is_newly_founded, item_faults
from starrating.services.common import checked, goes_on, lock_round, of_district, text

# What cannot be changed once a round has started; its days and its fund can.
_FROZEN = (
    "standard", "five_line", "four_line", "three_line", "two_line", "one_line", "five_reward",
    "four_reward", "three_reward", "two_reward", "one_reward", "new_months", "notice_days",
)  # fmt: skip
_SETTABLE = (
    "year", "starts_on", "self_until", "check_until", "review_until", "fund", *_FROZEN,
)  # fmt: skip


@transaction.atomic
def save_standard(
    *, unit: Unit, by: User | None, name: str, lines: Sequence[Line], regulation: str = ""
) -> Standard:
    """Register a new version of a district's sheet; the versions before stay as they are.

    The newest one sent again is the one that is there.

    Raises:
        Refusal: points that do not make 100, an item twice.
    """
    of_district(unit)
    faults = item_faults([(line.category.value, line.name, line.points) for line in lines])
    if faults:
        raise Refusal(faults[0], field="file")
    list(Unit.unscoped.select_for_update().filter(pk=unit.pk).values_list("pk"))
    last = Standard.unscoped.filter(unit=unit).order_by("-version").first()
    if last is not None and last.name == name.strip() and _lines_of(last) == list(lines):
        return last
    made: Standard = Standard.unscoped.create(
        unit=unit, by=by, version=last.version + 1 if last else 1,
        name=text(name, "标准名称", field="name", longest=80),
        regulation=text(regulation, "依据", field="regulation", longest=200, needed=False),
    )  # fmt: skip
    StandardItem.unscoped.bulk_create(
        StandardItem(
            standard=made, position=place, category=line.category, name=line.name,
            points=line.points, methods=[one.value for one in line.methods],
            evidence=line.evidence,
        )
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
    return made


def _lines_of(standard: Standard) -> list[Line]:
    return [
        Line(
            Category(item.category), item.name, item.points,
            tuple(Method(one) for one in item.methods), item.evidence,
        )
        for item in standard.items.all()
    ]  # fmt: skip


@transaction.atomic
def adopt_default(*, unit: Unit, by: User | None) -> Standard:
    """The sheet that ships, as the district's; again, it is the one that is there."""
    found = Standard.unscoped.filter(unit=unit, name=defaults.NAME).order_by("version").first()
    if found is not None:
        return found
    return save_standard(
        unit=unit, by=by, name=defaults.NAME, lines=defaults.SHEET, regulation=defaults.REGULATION
    )


@transaction.atomic
def save_round(
    *,
    unit: Unit,
    by: User | None,
    name: str,
    round_: Round | None = None,
    regulation: str = "",
    **values: Any,
) -> Round:
    """Register a round, or correct one: all of it before it starts, then its days and fund only.

    Raises:
        Refusal: days, lines or fund that do not hold, or a change of what is frozen.
    """
    found = lock_round(round_) if round_ else None
    fresh = found or Round(unit=of_district(unit), by=by)
    if found and found.state == RoundState.CLOSED:
        raise Refusal("这一轮已经结束，不能再改。", code="conflict")
    standard = values.get("standard", fresh.standard if found else None)
    if standard is None or standard.unit_id != fresh.unit_id:
        raise Refusal("请选择本区的评定标准。", field="standard")
    for key in _SETTABLE:
        if key not in values:
            continue
        if found and found.is_running and key in _FROZEN and getattr(found, key) != values[key]:
            raise Refusal(
                "本轮已经启动，标准、分数线、经费标准和公示天数不能再改。",
                field=key, code="conflict",
            )  # fmt: skip
        setattr(fresh, key, values[key])
    fresh.name = text(name, "名称", field="name", longest=80)
    fresh.regulation = text(regulation, "依据", field="regulation", longest=200, needed=False)
    faults = fresh.lines.faults()
    if faults:
        raise Refusal(faults[0], field="five_line")
    if fresh.fund < fresh.granted:
        raise Refusal(f"已经奖励 {fresh.granted} 元，经费总额不能低于它。", field="fund")
    checked(fresh)
    # What the trigger counts is not written from here.
    fields = [f.name for f in Round._meta.concrete_fields if f.name not in ("id", "granted")]
    fresh.save(update_fields=fields if found else None)
    return fresh


@transaction.atomic
def start_round(*, round_: Round, by: User | None, on: date) -> Round:
    """启动: freeze the standard and take in every organisation of the district; once.

    Raises:
        Refusal: started already, another round running, a sheet that does not make 100, nobody.
    """
    found = lock_round(round_)
    if not can_move_round(found.state, RoundState.RUNNING):
        raise Refusal(f"这一轮{found.get_state_display()}，不能再启动。", code="conflict")
    if Round.unscoped.filter(unit=found.unit_id, state=RoundState.RUNNING).exists():
        raise Refusal("上一轮还没有结束，先结束上一轮再启动。", code="conflict")
    list(Standard.unscoped.select_for_update().filter(pk=found.standard_id).values_list("pk"))
    items = list(StandardItem.unscoped.filter(standard=found.standard_id))
    faults = item_faults([(item.category, item.name, item.points) for item in items])
    if faults:
        raise Refusal(f"评定标准还不能用：{faults[0]}", code="conflict")
    organisations = list(
        Organisation.unscoped.filter(district=found.unit_id, closed_on__isnull=True)
    )
    if not organisations:
        raise Refusal("本区还没有登记“两新”组织，请先登记或者导入。", code="conflict")
    found.state = RoundState.RUNNING
    try:
        with transaction.atomic():
            found.save(update_fields=["state"])
    except IntegrityError:
        raise Refusal("刚刚有另一轮启动了，请刷新页面。", code="conflict") from None
    _take_in(found, organisations, items, by=by, on=on)
    return found


def _take_in(
    round_: Round,
    organisations: Sequence[Organisation],
    items: Sequence[StandardItem],
    *,
    by: User | None,
    on: date,
) -> list[Rating]:
    made = Rating.unscoped.bulk_create(
        Rating(
            round=round_, organisation=one, before_stars=one.stars,
            is_new=is_newly_founded(one.founded_on, round_.starts_on, round_.new_months),
        )
        for one in organisations
    )  # fmt: skip
    ItemScore.unscoped.bulk_create(
        ItemScore(rating=rating, item=item, points=item.points) for rating in made for item in items
    )
    RatingStep.unscoped.bulk_create(
        RatingStep(rating=rating, after=State.SELF, day=on, note="纳入本轮", by=by)
        for rating in made
    )
    return made


@transaction.atomic
def include(*, round_: Round, organisation: Organisation, by: User, on: date) -> Rating:
    """Take in an organisation that was registered after the start; again, it is the one there."""
    found = lock_round(round_)
    goes_on(found)
    if organisation.district_id != found.unit_id or organisation.closed_on:
        raise Refusal("请选择本区在册的“两新”组织。", code="conflict")
    there = Rating.unscoped.filter(round=found, organisation=organisation).first()
    if there is not None:
        return there
    items = list(StandardItem.unscoped.filter(standard=found.standard_id))
    return _take_in(found, [organisation], items, by=by, on=on)[0]


@transaction.atomic
def close_round(*, round_: Round, by: User, on: date) -> Round:
    """结束: everything that was filed has been decided. What was never filed counts as 未参评."""
    found = lock_round(round_)
    if not can_move_round(found.state, RoundState.CLOSED):
        raise Refusal(f"这一轮{found.get_state_display()}，不能结束。", code="conflict")
    open_ = Rating.unscoped.filter(round=found).exclude(state__in=(*FINAL, State.SELF)).count()
    if open_:
        raise Refusal(f"还有 {open_} 家没有办结，办结以后再结束本轮。", code="conflict")
    found.state = RoundState.CLOSED
    found.save(update_fields=["state"])
    return found


@transaction.atomic
def save_plan(
    *,
    unit: Unit,
    model_low: int,
    model_high: int,
    targets: Mapping[int, tuple[Decimal, Decimal]],
) -> Plan:
    """规划: the quota of 示范点, and by year the least percent of five, and of four stars or more.

    Raises:
        Refusal: a quota below what is taken, shares that do not hold.
    """
    Plan.unscoped.get_or_create(unit=of_district(unit))
    plan: Plan = Plan.unscoped.select_for_update().get(unit=unit)
    plan.model_low, plan.model_high = model_low, model_high
    checked(plan)
    plan.save(update_fields=["model_low", "model_high"])
    known = {target.year: target for target in Target.unscoped.filter(plan=plan)}
    for year, (five, four) in targets.items():
        target = known.pop(year, None) or Target(plan=plan, year=year)
        target.five_percent, target.four_percent = five, four
        checked(target)
        target.save()
    Target.unscoped.filter(pk__in=[target.pk for target in known.values()]).delete()
    return plan
