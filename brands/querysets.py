"""Words about brands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, OuterRef, Q, SmallIntegerField, Subquery, When

from branches.querysets import ScopedQuerySet, minimal_prefixes
from brands.enums import FileKind, InspectionState, ReviewState, Stage, Step

if TYPE_CHECKING:
    from branches.models import Unit

# The root's part of a path: one step of the tree.
_ROOT = 4
_PICTURES = (FileKind.COVER, FileKind.PHOTO)


def _reach(lookup: str, units: Iterable[Unit]) -> Q:
    found = Q()
    for path in minimal_prefixes(unit.path for unit in units):
        found |= Q(**{f"{lookup}__startswith": path})
    return found


def _promoted(prefix: str, units: Iterable[Unit]) -> Q:
    found = Q()
    for root in sorted({unit.path[:_ROOT] for unit in units}):
        found |= Q(**{f"{prefix}step": Step.PROMOTED, f"{prefix}unit__path__startswith": root})
    return found


class BrandQuerySet(ScopedQuerySet[Any]):
    """Words about brands."""

    def library(self, *units: Unit) -> Self:
        """资源库: the brands in reach, and those of the same district that are 推广.

        推广 publishes a brand to the district it stands in, and to nobody beyond.
        """
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        return clone.filter(_reach("unit__path", units) | _promoted("", units))

    def with_latest(self) -> Self:
        """With ``latest_year``, ``latest_stage``, ``latest_grade`` and ``latest_fist``."""
        years = self.model._meta.get_field("years").related_model
        latest = (
            years.unscoped.filter(brand=OuterRef("pk"))
            .exclude(stage=Stage.WITHDRAWN)
            .order_by("-year")
        )
        graded = latest.filter(grade__isnull=False)
        return self.annotate(
            latest_year=Subquery(latest.values("year")[:1]),
            latest_stage=Subquery(latest.values("stage")[:1]),
            latest_fist=Subquery(latest.values("is_fist")[:1]),
            latest_grade=Subquery(graded.values("grade")[:1]),
        )

    def with_shown(self) -> Self:
        """With ``is_shown``: 1 for 认定 and 推广, 0 on the way, -1 for 重新定位."""
        return self.annotate(
            is_shown=Case(
                When(step__in=(Step.RECOGNISED, Step.PROMOTED), then=1),
                When(step=Step.REPOSITIONED, then=-1),
                default=0,
                output_field=SmallIntegerField(),
            )
        )

    def search(self, text: str) -> Self:
        """By name, theme, owner, pinyin or initials."""
        text = text.replace("\x00", "").strip()[:60]
        if not text:
            return self
        low = text.lower()
        return self.filter(
            Q(name__icontains=text)
            | Q(theme__icontains=text)
            | Q(name_key__contains=low)
            | Q(unit__name__icontains=text)
            | Q(unit__name_key__contains=low)
        )


class ThroughBrand(ScopedQuerySet[Any]):
    """Rows that hang on a brand and reach the unit through it."""

    unit_path = "brand__unit__path"


class FileQuerySet(ThroughBrand):
    """Words about a brand's files."""

    def library(self, *units: Unit) -> Self:
        """Files in reach, and the pictures of brands that are shown to the whole district."""
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        pictures = Q(kind__in=_PICTURES) & _promoted("brand__", units)
        return clone.filter(_reach("brand__unit__path", units) | pictures)

    def judged_by(self, user_id: int | None) -> Self:
        """The pictures of brands whose sheet is addressed to this reviewer."""
        rows = self.everywhere("a reviewer looks at what he judges").filter(kind__in=_PICTURES)
        return rows.filter(brand__years__reviews__reviewer=user_id).distinct()


class YearQuerySet(ThroughBrand):
    """Words about a brand's years."""

    def of_year(self, year: int) -> Self:
        """Those of one year that were not withdrawn."""
        return self.filter(year=year).exclude(stage=Stage.WITHDRAWN)

    def applied(self) -> Self:
        """申报 that wait for the committee, the oldest first."""
        return self.filter(stage=Stage.APPLIED).order_by("stage_on", "id")

    def for_list(self) -> Self:
        """With what a list shows, in one query."""
        return self.select_related("brand__unit__committee", "brand__cover")


class ThroughYear(ScopedQuerySet[Any]):
    """Rows that hang on a brand's year."""

    unit_path = "year__brand__unit__path"


class PlanQuerySet(ThroughYear):
    """Words about the items of a plan."""

    def overdue(self, on: date) -> Self:
        """Not done though their last day is over."""
        return self.filter(done_on__isnull=True, due_on__lt=on)


class ReviewQuerySet(ThroughYear):
    """Words about reviewers' sheets."""

    def addressed_to(self, user_id: int | None) -> Self:
        """A reviewer's own sheets, wherever the brand stands: the assignment is his access."""
        return self.everywhere("a sheet is addressed to its reviewer").filter(reviewer=user_id)

    def shown(self) -> Self:
        """Those that others than the reviewer may read: the review is closed."""
        return self.filter(year__review_state=ReviewState.CLOSED)


class InspectionQuerySet(ThroughYear):
    """Words about inspections."""

    def open(self) -> Self:
        """Whose findings are not settled yet."""
        return self.exclude(state=InspectionState.CLOSED)
