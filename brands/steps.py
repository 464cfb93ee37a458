"""What is asked of a brand's keeper now: one next step, and the ways drawn on its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from brands.enums import STAGES, STEPS, InspectionState, Ladder, Stage, Step
from brands.models import Brand, BrandMove, BrandYear, Inspection, PlanItem
from brands.rules import is_overdue, missing_five


@dataclass(frozen=True)
class NextStep:
    """The one thing to do: its words, where, until when; without ``url`` it is others' turn."""

    title: str
    note: str = ""
    url: str = ""
    action: str = ""
    until: date | None = None

    def is_late(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < on


@dataclass(frozen=True)
class YearFacts:
    """What the next step follows from: the open items and findings, and what is unanswered."""

    plan: Sequence[PlanItem]
    inspections: Sequence[Inspection]
    unanswered: int
    apply_by: date | None = None


def next_step(year: BrandYear, facts: YearFacts, on: date) -> NextStep:
    """The keeper's next step in a year. No query."""
    open_ = [one for one in facts.inspections if one.state == InspectionState.OPEN]
    if open_ and year.stage in (Stage.UNDERWAY, Stage.INSPECTED):
        first = min(open_, key=lambda one: one.due_on or on)
        return NextStep(
            "整改督查发现的问题", first.findings[:60],
            reverse("brands:inspection_answer", args=[first.uuid]), "写整改情况", first.due_on,
        )  # fmt: skip
    if year.stage == Stage.TOPIC:
        return _before_applying(year, facts)
    if year.stage == Stage.UNDERWAY:
        return _under_way(year, facts, on)
    if year.stage == Stage.CLOSED:
        return _after(year, on)
    words = {
        Stage.APPLIED: ("等上级党（工）委审核", "审核结果会用消息告诉您。"),
        Stage.INSPECTED: ("等督查和评审", "评审汇总、审定后会用消息告诉您。"),
    }
    return NextStep(*words.get(Stage(year.stage), ("这一年的创建已撤回", "")))


def _before_applying(year: BrandYear, facts: YearFacts) -> NextStep:
    brand, until = year.brand, facts.apply_by
    lost = missing_five(brand.five)
    edit = reverse("brands:brand_edit", args=[brand.uuid])
    if year.returned:
        return NextStep("按退回意见修改，再申报", year.returned, edit, "去修改", until)
    if lost:
        return NextStep("补齐“五有”", f"还缺：{'、'.join(lost)}", edit, "去填写", until)
    if not facts.plan:
        return NextStep(
            "定“五定”计划", "名称、人员、进度、措施、责任，至少一项任务",
            reverse("brands:plan_new", args=[year.uuid]), "加一项任务", until,
        )  # fmt: skip
    return NextStep(
        "申报品牌", "“五有”齐全，计划已定，可以申报了",
        reverse("brands:year_apply", args=[year.uuid]), "申报", until,
    )  # fmt: skip


def _under_way(year: BrandYear, facts: YearFacts, on: date) -> NextStep:
    todo = sorted((one for one in facts.plan if one.done_on is None), key=lambda one: one.due_on)
    if todo:
        first = todo[0]
        late = is_overdue(first.due_on, first.done_on, on)
        return NextStep(
            f"{'补办' if late else '办好'}：{first.name}", f"{first.owner} · {first.measure}"[:60],
            reverse("brands:plan_done", args=[first.uuid]), "登记完成", first.due_on,
        )  # fmt: skip
    if facts.unanswered:
        return NextStep(
            "填写创建清单", f"还有 {facts.unanswered} 条没有填",
            reverse("brands:year_list", args=[year.uuid]), "去填写",
        )  # fmt: skip
    return NextStep(
        "报请督查", "计划全部完成，清单已填好",
        reverse("brands:year_report", args=[year.uuid]), "报请督查",
    )  # fmt: skip


def _after(year: BrandYear, on: date) -> NextStep:
    brand = year.brand
    if brand.step in (Step.NURTURED, Step.RECOGNISED) and not brand.is_told:
        return NextStep(
            "写典型案例", "背景、做法、成效启示，写好了才能推广",
            reverse("brands:case_edit", args=[brand.uuid]), "去写",
        )  # fmt: skip
    if year.year < on.year:
        return NextStep(
            f"开始{on.year}年的创建", "先把“五有”再想一想，定今年的计划",
            reverse("brands:brand_open", args=[brand.uuid]), "开始",
        )  # fmt: skip
    return NextStep(f"{year.year}年的创建已办结", f"评为“{year.get_grade_display()}”")


# --- The two ways ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """One place of a way: done, now, or to come, with the day it was reached."""

    label: str
    state: str
    on: date | None


def stage_rungs(year: BrandYear, moves: Iterable[BrandMove]) -> list[Rung]:
    """四个环节 of a year."""
    days = {
        move.after: move.on
        for move in moves
        if move.ladder == Ladder.STAGE and move.year_id == year.pk
    }
    at = Stage.CLOSED if year.stage == Stage.CLOSED else Stage(year.stage)
    return [_rung(stage.label, int(stage), int(at), days.get(stage)) for stage in STAGES]


def step_rungs(brand: Brand, moves: Iterable[BrandMove]) -> list[Rung]:
    """四个步骤 of a brand; what was reached before 重新定位 stands as reached."""
    days = {move.after: move.on for move in moves if move.ladder == Ladder.STEP}
    at = 0 if brand.step == Step.REPOSITIONED else brand.step
    return [
        _rung(step.label, int(step), at, days.get(step) if step <= at else None) for step in STEPS
    ]


def _rung(label: str, here: int, at: int, on: date | None) -> Rung:
    state = "now" if here == at else "done" if here < at else "ahead"
    return Rung(label, state, on if state != "ahead" else None)
