"""What the pages read of schemes: versions side by side, and what a trial came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Abs, Floor

from assessment.enums import DraftState
from assessment.forms import BAND
from assessment.models import Scheme, SchemeDraft, Trial, TrialRow
from assessment.rules import SchemeParameters, described
from branches.enums import Role
from branches.scope import Scope
from core.dates import Period
from core.pages import Plot, Series

MOST_MOVERS = 20
_TRIED = (DraftState.DRAFT, DraftState.PROPOSED)


@dataclass(frozen=True)
class Compared:
    """One parameter in two schemes."""

    group: str
    name: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new


def compared(old: Any, new: Any) -> list[Compared]:
    """Two schemes' stored parameters side by side."""
    before, after = (described(SchemeParameters.from_json(one)) for one in (old, new))
    return [
        Compared(one.group, one.name, one.value, other.value)
        for one, other in zip(before, after, strict=True)
    ]


def drafts_for(scope: Scope) -> QuerySet[SchemeDraft]:
    """The drafts of the districts that the asker works for."""
    found: QuerySet[SchemeDraft] = SchemeDraft.objects.within(*scope.units_as(Role.DISTRICT_STAFF))
    return found.select_related(
        "unit", "based_on", "scheme", "edited_by", "proposed_by", "decided_by"
    )


def trials_for(scope: Scope) -> QuerySet[Trial]:
    """The trials of those drafts."""
    found: QuerySet[Trial] = Trial.objects.within(*scope.units_as(Role.DISTRICT_STAFF))
    return found.select_related("draft", "draft__unit", "run", "run__unit", "run__scheme")


def versions() -> list[Scheme]:
    """All schemes, the newest first, each with the draft it came from."""
    return list(Scheme.objects.order_by("-version").select_related("draft__decided_by"))


@dataclass(frozen=True)
class Outcome:
    """How many units rise, fall and stay by a trial, and those whose place is not comparable."""

    rise: int
    fall: int
    same: int
    apart: int

    @property
    def ranked(self) -> int:
        """All that have a place in both."""
        return self.rise + self.fall + self.same


def rows_of(trial: Trial) -> QuerySet[TrialRow]:
    """The rows of a trial; the trial itself was found in scope."""
    found: QuerySet[TrialRow] = TrialRow.objects.everywhere("its trial is in reach").filter(
        trial=trial
    )
    return found


def outcome(rows: QuerySet[TrialRow]) -> Outcome:
    """The figures of a trial; one query."""
    found = rows.aggregate(
        rise=Count("pk", filter=Q(rank__lt=F("old_rank"))),
        fall=Count("pk", filter=Q(rank__gt=F("old_rank"))),
        same=Count("pk", filter=Q(rank=F("old_rank"))),
        apart=Count("pk", filter=Q(rank__isnull=True) | Q(old_rank__isnull=True)),
    )
    return Outcome(**found)


@dataclass(frozen=True)
class Mover:
    """A row and how many places it rises (negative: falls) by the draft."""

    row: TrialRow
    move: int

    @property
    def places(self) -> int:
        """How many places up or down."""
        return abs(self.move)


def draft_facts(draft: SchemeDraft, *, user_id: int) -> dict[str, Any]:
    """What the page of a draft tells: what it changes, its last trial, what may come next."""
    tried = draft.trials.select_related("run").order_by("-id").first()
    is_proposed = draft.state == DraftState.PROPOSED
    return {
        "draft": draft,
        "lines": compared(draft.based_on.parameters, draft.parameters),
        "trial": tried,
        "trial_quarter": Period.parse(tried.run.period) if tried else None,
        "is_stale": tried is not None and tried.parameters != draft.parameters,
        "may_try": draft.state in _TRIED,
        "may_adopt": is_proposed and user_id not in (draft.proposed_by_id, draft.edited_by_id),
        "is_draft": draft.state == DraftState.DRAFT,
        "is_proposed": is_proposed,
    }


def trial_head(trial: Trial) -> dict[str, Any]:
    """What stands at the top of the page of a trial."""
    return {"trial": trial, "quarter": Period.parse(trial.run.period)}


def trial_facts(trial: Trial, rows: QuerySet[TrialRow], href: str) -> dict[str, Any]:
    """What a trial came to; ``href`` is where its rows are listed."""
    return {
        **trial_head(trial),
        "outcome": outcome(rows),
        "movers": movers(rows),
        "plot": distribution(rows, href),
        "is_stale": trial.parameters != trial.draft.parameters,
    }


def movers(rows: QuerySet[TrialRow]) -> list[Mover]:
    """Those whose place changes most, one query."""
    found = rows.filter(rank__isnull=False, old_rank__isnull=False).exclude(rank=F("old_rank"))
    moved = found.annotate(by=F("old_rank") - F("rank"))
    return [Mover(row, row.by) for row in moved.order_by(Abs("by").desc(), "code")[:MOST_MOVERS]]


def distribution(rows: QuerySet[TrialRow], href: str) -> Plot:
    """How many units in each band of five points, as published and as tried; two queries."""
    old, new = (_bands(rows, field) for field in ("old_score", "score"))
    lows = list(range(min([*old, *new], default=95), 100, BAND))
    return Plot(
        kind="bar",
        title="得分分布（每 5 分一段）",
        labels=[f"{low}–{low + BAND}" for low in lows],
        unit="个",
        series=[
            Series(name, [counts.get(low, 0) for low in lows], tone=tone, hrefs=_same(href, lows))
            for name, counts, tone in (("已发布", old, "exempt"), ("试算", new, "ok"))
        ],
    )


def _same(href: str, lows: Sequence[int]) -> list[str]:
    return [href for _ in lows]


def _bands(rows: QuerySet[TrialRow], field: str) -> dict[int, int]:
    counts: dict[int, int] = {}
    given = rows.filter(**{f"{field}__isnull": False}).order_by()
    for band, count in (
        given.annotate(band=Floor(field) / BAND).values_list("band").annotate(n=Count("pk"))
    ):
        low = min(int(band) * BAND, 100 - BAND)
        counts[low] = counts.get(low, 0) + count
    return counts
