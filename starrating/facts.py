"""Everything on the pages of one rating and of one organisation; a constant number of questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from branches.scope import Scope
from starrating import permissions as may
from starrating.agenda import ABOVE, BRANCH, DISTRICT, next_step
from starrating.enums import STAR_NAMES, VETOABLE, Category, Method, Stage, State
from starrating.models import (
    Activity,
    ActivityKind,
    GuidanceLevel,
    ItemScore,
    ModelSite,
    Organisation,
    Rating,
    RatingStep,
    Round,
    StarChange,
)
from starrating.rules import needs_exception

# The way as it is drawn; the last station is one of three.
_WAY = (State.SELF, State.FILED, State.CHECKED, State.REVIEWED, State.NOTICED)
_STATIONS = {
    State.SELF: "自评", State.FILED: "初核", State.CHECKED: "审核", State.REVIEWED: "公示",
    State.NOTICED: "公示期",
}  # fmt: skip
TONES = {
    State.SELF: "draft", State.FILED: "wait", State.CHECKED: "wait", State.REVIEWED: "info",
    State.NOTICED: "info", State.AWARDED: "gold", State.UNRATED: "exempt", State.VETOED: "bad",
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Who reads, on which day."""

    scope: Scope
    user_id: int
    path: str
    on: date

    def may(self, predicate: Callable[[Scope, str], bool]) -> bool:
        """What he may do there."""
        return predicate(self.scope, self.path)


@dataclass(frozen=True)
class Cell:
    """One item with what each step gave; scores of a step not finished only for those at work."""

    row: ItemScore
    own: Decimal | None
    check: Decimal | None
    review: Decimal | None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Who explains what, the steps shown only."""
        row = self.row
        said = [("自评", row.self_note), ("初核", row.check_note if self.check is not None else "")]
        said.append(("审核", row.review_note if self.review is not None else ""))
        return [(who, words) for who, words in said if words]

    @property
    def methods(self) -> str:
        """How it was looked at: those of the last step that looked."""
        shown = (self.review is not None and self.row.review_methods) or (
            self.check is not None and self.row.check_methods
        )
        return "、".join(Method(one).label for one in shown or [])

    @property
    def differs(self) -> bool:
        """Whether the steps do not agree."""
        given = {one for one in (self.own, self.check, self.review) if one is not None}
        return len(given) > 1


@dataclass(frozen=True)
class Part:
    """One class of the sheet with its cells and sums."""

    category: Category
    cells: Sequence[Cell]

    @property
    def points(self) -> Decimal:
        """All points of the class."""
        return sum((cell.row.points for cell in self.cells), Decimal(0))

    def total(self, name: str) -> Decimal | None:
        """The sum of a column, None while one is missing."""
        values = [getattr(cell, name) for cell in self.cells]
        return None if None in values else sum(values, Decimal(0))

    @property
    def sums(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """自评, 初核, 审核."""
        return self.total("own"), self.total("check"), self.total("review")


def score_rows(rating: Rating) -> list[ItemScore]:
    """The items of a rating in the order of the sheet, with their files; two queries."""
    rows = ItemScore.unscoped.filter(rating=rating).select_related("item")
    return list(rows.prefetch_related("files"))


def parts(rows: Iterable[ItemScore], *, check: bool, review: bool) -> list[Part]:
    """By class; ``check`` and ``review`` say whether these columns are shown."""
    found: dict[str, list[Cell]] = {}
    for row in rows:
        cell = Cell(
            row, row.self_score, row.check_score if check else None,
            row.review_score if review else None,
        )  # fmt: skip
        found.setdefault(row.item.category, []).append(cell)
    return [Part(one, found[one]) for one in Category if one in found]


def columns_shown(rating: Rating, reader: Reader) -> tuple[bool, bool]:
    """Whether 初核 and 审核 are shown: when finished, or to those who work at them."""
    works = reader.may(may.sees_working_scores)
    reviews = reader.may(may.may_review)
    done = rating.is_final
    return (
        works or done or rating.state > State.FILED,
        reviews or done or rating.state > State.CHECKED,
    )


def way(rating: Rating) -> list[dict[str, str]]:
    """The stations with those behind and the one it stands at."""
    at = rating.state
    rows = [
        {
            "label": _STATIONS[state],
            "state": "done" if state < at else "now" if state == at else "ahead",
        }
        for state in _WAY
    ]
    end = State(at).label if rating.is_final else "授牌"
    return [*rows, {"label": end, "state": "now" if rating.is_final else "ahead"}]


def rating_facts(rating: Any, *, scope: Scope, user_id: int, on: date) -> dict[str, Any]:
    """The context of the page of a rating :func:`starrating.agenda.with_progress`."""
    reader = Reader(scope, user_id, rating.organisation.unit.path, on)
    check, review = columns_shown(rating, reader)
    step = next_step(rating, on=on)
    mine = {BRANCH: may.may_assess_self, ABOVE: may.may_check, DISTRICT: may.may_review}
    return {
        "rating": rating,
        "organisation": rating.organisation,
        "tone": TONES[State(rating.state)],
        "way": way(rating),
        "step": step,
        "step_mine": step is not None
        and bool(step.page)
        and reader.may(mine[step.who])
        and not step.is_own(user_id),
        "step_own": step is not None and step.is_own(user_id) and reader.may(mine[step.who]),
        "late": step is not None and step.is_late(on),
        "parts": parts(score_rows(rating), check=check, review=review),
        "show_check": check and rating.state >= State.FILED and not rating.is_new,
        "show_review": review and rating.state >= State.CHECKED and not rating.is_new,
        "show_result": rating.stars is not None
        and (rating.state in (State.NOTICED, State.AWARDED, State.UNRATED, State.VETOED) or review),
        "history": list(RatingStep.unscoped.filter(rating=rating).select_related("by")),
        "may": _may(rating, reader),
    }


def _may(rating: Rating, reader: Reader) -> dict[str, bool]:
    """Which deeds the page offers: those that the state allows, to who may do them."""
    state, me = rating.state, reader.user_id
    if not rating.round.is_running:
        return dict.fromkeys(
            ("self", "submit", "check", "review", "return_self", "return_check", "return_review",
             "object", "veto", "lift", "propose", "decide", "award"),
            False,
        )  # fmt: skip
    checks, reviews = reader.may(may.may_check), reader.may(may.may_review)
    reviewed = state == State.REVIEWED and reader.may(may.may_except)
    beyond = needs_exception(rating.earned_stars or 0, rating.before_stars)
    return {
        "self": state == State.SELF and reader.may(may.may_assess_self),
        "submit": state == State.SELF and reader.may(may.may_assess_self),
        "check": state == State.FILED and checks and not rating.is_new
        and me != rating.self_by_id,
        "review": state == State.CHECKED and reviews and me != rating.check_by_id,
        "return_self": state == State.FILED and checks,
        "return_check": state == State.CHECKED and reviews,
        "return_review": state == State.REVIEWED and reviews,
        "object": state == State.NOTICED and reviews,
        "veto": state in VETOABLE and reader.may(may.may_veto),
        "lift": state == State.VETOED and reader.may(may.may_veto) and me != rating.veto_by_id,
        "propose": reviewed and beyond and rating.exception_by_id is None,
        "decide": reviewed and rating.waits_for_exception and me != rating.exception_by_id,
        "award": state == State.NOTICED and reviews
        and rating.notice_until is not None and rating.notice_until < reader.on,
    }  # fmt: skip


@dataclass(frozen=True)
class Tick:
    """One of the “五个一” in a year, and what was done."""

    kind: ActivityKind
    activity: Activity | None


def ticks(organisations: Sequence[Organisation], year: int) -> dict[int, list[Tick]]:
    """By organisation: the “五个一” of a year; three queries."""
    kinds = list(ActivityKind.objects.filter(is_active=True))
    done = {
        (row.organisation_id, row.kind_id): row
        for row in Activity.unscoped.filter(organisation__in=organisations, year=year)
        .select_related("kind")
        .prefetch_related("files")
    }
    return {
        one.pk: [Tick(kind, done.get((one.pk, kind.pk))) for kind in kinds] for one in organisations
    }


def organisation_facts(
    organisation: Organisation, *, scope: Scope, user_id: int, on: date
) -> dict[str, Any]:
    """The context of the page of an organisation: its facts, stars over the years, activities."""
    reader = Reader(scope, user_id, organisation.unit.path, on)
    ratings = list(
        Rating.unscoped.filter(organisation=organisation).select_related("round", "veto")
    )
    site = ModelSite.unscoped.filter(organisation=organisation, ended_on__isnull=True).first()
    running = Round.unscoped.filter(unit=organisation.district_id, state=1).first()
    mine = ticks([organisation], on.year)[organisation.pk]
    keeps = reader.may(may.may_keep_organisation)
    open_ = organisation.closed_on is None
    return {
        "organisation": organisation,
        "today": on,
        "ratings": [(one, TONES[State(one.state)]) for one in ratings],
        "changes": list(StarChange.unscoped.filter(organisation=organisation).select_related("by")),
        "guidance": GuidanceLevel.objects.filter(stars=organisation.stars or 0).first(),
        "ticks": mine,
        "ticked": sum(tick.activity is not None for tick in mine),
        "site": site,
        "may_edit": keeps and open_,
        "may_tick": reader.may(may.may_tick) and open_,
        "may_demote": bool(organisation.stars) and open_ and reader.may(may.may_demote),
        "may_model": open_ and site is None and reader.may(may.may_name_model),
        "may_end_model": site is not None and reader.may(may.may_name_model),
        "may_include": open_
        and running is not None
        and reader.may(may.may_keep_rounds)
        and all(one.round_id != running.pk for one in ratings),
    }


def stage_open(rating: Rating, stage: Stage, reader: Reader) -> bool:
    """Whether the reader may score this step now."""
    return _may(rating, reader)[stage.value]


def stars_label(stars: int | None) -> str:
    """五星级, or what stands for none."""
    return "没有参评" if stars is None else STAR_NAMES[stars]
