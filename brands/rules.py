"""Rules of 党建品牌, pure: the two ladders, grades, what is missing. Time and numbers come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from brands.enums import (
    COUPLED,
    NURTURING,
    PASSING,
    STAGE_MOVES,
    STEP_MOVES,
    STEP_WITH_STAGE,
    Grade,
    Stage,
    Step,
)

_CENT = Decimal("0.01")


def can_move_stage(before: int, after: int) -> bool:
    """Whether the year may go from one 环节 to another."""
    return (before, after) in STAGE_MOVES


def can_move_step(before: int, after: int) -> bool:
    """Whether the career may go from one 步骤 to another."""
    return (before, after) in STEP_MOVES


def step_with(before: int, after: int, step: int) -> Step:
    """The brand's 步骤 after its year went from ``before`` to ``after``."""
    moves = STEP_WITH_STAGE.get((Stage(before), Stage(after)), {})
    return moves.get(Step(step), Step(step))


def coupled(stage: int | None, step: int) -> bool:
    """Whether a brand may stand at ``step`` while its latest year is at ``stage``."""
    if stage == Stage.WITHDRAWN:
        return True
    return Step(step) in COUPLED[None if stage is None else Stage(stage)]


def may_recognise(step: int, stage: int, grade: str | None) -> bool:
    """认定 follows a year that ended with 优 or 良."""
    return step == Step.NURTURED and stage == Stage.CLOSED and grade in PASSING


def may_reposition(step: int, stage: int, grade: str | None) -> bool:
    """重新定位 meets an application, or a year graded 一般: both below the standard."""
    if (step, Step.REPOSITIONED) not in STEP_MOVES:
        return False
    return stage == Stage.APPLIED or (stage == Stage.CLOSED and grade == Grade.ORDINARY)


# --- Grades ----------------------------------------------------------------------------------


def total(points: Iterable[Decimal]) -> Decimal:
    """The score of one reviewer: the sum of his points."""
    return sum(points, Decimal(0))


def mean(totals: Sequence[Decimal]) -> Decimal:
    """The result of several reviewers, rounded half up to two decimals.

    Raises ValueError when nobody has scored.
    """
    if not totals:
        raise ValueError("no scores")
    return (sum(totals, Decimal(0)) / len(totals)).quantize(_CENT, ROUND_HALF_UP)


def grade_of(score: Decimal, *, excellent_from: Decimal, good_from: Decimal) -> Grade:
    """优, 良 or 一般 of a score 0–100."""
    if score >= excellent_from:
        return Grade.EXCELLENT
    return Grade.GOOD if score >= good_from else Grade.ORDINARY


# --- What is still missing -------------------------------------------------------------------


def missing_five(texts: Mapping[str, str]) -> list[str]:
    """Which of the 五有 are empty; ``texts`` maps the Chinese word to what was written."""
    return [word for word, text in texts.items() if not text.strip()]


def case_length(*parts: str) -> int:
    """How many characters a case has, blanks and line breaks not counted."""
    return sum(len("".join(part.split())) for part in parts)


@dataclass(frozen=True)
class Fill:
    """How full a quota is: ``taken`` places of ``low`` to ``high`` (None: no upper end)."""

    taken: int
    low: int
    high: int | None

    @property
    def is_full(self) -> bool:
        """Whether no place is left."""
        return self.high is not None and self.taken >= self.high

    @property
    def is_short(self) -> bool:
        """Whether fewer than asked for."""
        return self.taken < self.low

    @property
    def top(self) -> int:
        """The full scale of its bar, at least 1."""
        return max(self.high or self.low, self.taken, 1)

    @property
    def words(self) -> str:
        """3 / 5–8 个"""
        asked = f"至少 {self.low}" if self.high is None else f"{self.low}–{self.high}"
        return f"{self.taken} / {asked} 个"

    @property
    def tone(self) -> str:
        """Amber while short, green from the lower end on."""
        return "late" if self.is_short else "ok"


def counts(stage: int) -> bool:
    """Whether a year at this 环节 fills a place of its committee's quota."""
    return stage in NURTURING


def is_overdue(due_on: date, done_on: date | None, on: date) -> bool:
    """Whether a plan item is late on a day: not done by the end of its last day."""
    return done_on is None and due_on < on
