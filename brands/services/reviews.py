"""评审: 选 (reviewers score alone), 调整, and the summing up that 审定 rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from branches.models import Grant
from branches.scope import scope_of
from brands.enums import Grade, ItemSet, ReviewState, Stage
from brands.models import BrandYear, Review, ReviewScore
from brands.permissions import is_own_unit
from brands.reading import items_of, scheme_of
from brands.rules import grade_of, mean, total
from brands.services.parts import at_stage, lock_year, plain, reason
from brands.telling import tell_about
from core.errors import Refusal


@transaction.atomic
def assign(*, year: BrandYear, reviewer: User, by: User, on: date) -> Review:
    """指定评委 for a year that is at 督查; asked twice it is one.

    Raises Refusal: the brand is of the reviewer's own unit or by his hand, he works in another
    district or nowhere, the review is summed up.
    """
    year = lock_year(year)
    at_stage(year, Stage.INSPECTED)
    _refuse_closed(year)
    known = Review.unscoped.filter(year=year, reviewer=reviewer).first()
    if known is not None:
        return known
    _refuse_partial(year, reviewer, on)
    if year.review_state == ReviewState.NONE:
        year.review_state = ReviewState.OPEN
        year.save(update_fields=["review_state", "updated_at"])
    review = Review.unscoped.create(year=year, reviewer=reviewer, assigned_by=by)
    until = scheme_of(year.brand.unit, year.year).review_by
    tell_about(
        year.brand, "assigned", f"请您评审：品牌“{year.brand}”", key=f"{review.pk}",
        to=[reviewer.pk], on=on, by_id=None, year=year, link=sheet_link(review),
        until=f"{until.month}月{until.day}日" if until else "",
    )  # fmt: skip
    return review


def sheet_link(review: Review) -> str:
    """Where a reviewer opens his sheet."""
    return f"/brands/reviews/{review.uuid}/"


def _refuse_partial(year: BrandYear, reviewer: User, on: date) -> None:
    """Not his own unit's, nor what he wrote, applied for or sums up."""
    path = year.brand.unit.path
    held = scope_of(reviewer, on=on).held
    if not any(unit.path[:4] == path[:4] for _, unit in held):
        raise Refusal("这位同志在本区没有职务授权，不能担任评委。", field="reviewer")
    own = [unit.path for role, unit in held if role not in (Role.DISTRICT_STAFF, Role.LEADER)]
    if is_own_unit(own, path) or reviewer.pk in (year.applied_by_id, year.brand.created_by_id):
        raise Refusal("评委不能评本单位的品牌，请换一位同志。", field="reviewer")


def possible_reviewers(year: BrandYear, on: date) -> list[User]:
    """Who may be asked: staff of the district and of other committees, by name; two queries."""
    path = year.brand.unit.path
    rows = Grant.unscoped.filter(
        role__in=(Role.DISTRICT_STAFF, Role.COMMITTEE_STAFF),
        unit__path__startswith=path[:4],
        since__lte=on,
        user__is_active=True,
    ).exclude(until__lt=on)
    own: set[int] = {year.applied_by_id or 0, year.brand.created_by_id or 0}
    people: dict[int, User] = {}
    for grant in rows.select_related("user", "unit").order_by("unit__path", "user__name"):
        grant.user.works_at = str(grant.unit)  # type: ignore[attr-defined]
        people.setdefault(grant.user_id, grant.user)
        if grant.role != Role.DISTRICT_STAFF and is_own_unit([grant.unit.path], path):
            own.add(grant.user_id)
    taken = set(Review.unscoped.filter(year=year).values_list("reviewer_id", flat=True))
    return [user for pk, user in people.items() if pk not in own | taken]


@transaction.atomic
def excuse(*, review: Review, by: User) -> None:
    """Take a reviewer back who has not scored. Raises Refusal: he has, or all is summed up."""
    year = lock_year(review.year)
    _refuse_closed(year)
    review = Review.unscoped.select_for_update(of=("self",)).get(pk=review.pk)
    if review.submitted_at is not None:
        raise Refusal("这位评委已经评分，不能再取消。", code="conflict")
    review.delete()


@transaction.atomic
def score(*, review: Review, by: User, points: Mapping[int, Decimal], remark: str = "") -> Review:
    """提交评分: all items at once; until the summing up it may be written anew.

    Raises Refusal: not his sheet (``forbidden``), an item missing or out of its range, summed up.
    """
    year = lock_year(review.year)
    _refuse_closed(year)
    review = Review.unscoped.select_for_update(of=("self",)).get(pk=review.pk)
    if review.reviewer_id != by.pk:
        raise Refusal("这张评分表是另一位评委的。", code="forbidden")
    items = items_of(year.brand.unit, year.year, ItemSet.STANDARD)
    rows = []
    for item in items:
        given = points.get(item.pk)
        if given is None or not Decimal(0) <= given <= item.points:
            most = item.points.normalize()
            raise Refusal(f"“{item.title}”请打 0 到 {most:f} 分。", field=f"item_{item.pk}")
        rows.append(ReviewScore(review=review, item=item, points=given))
    review.remark = plain(remark, "评语", longest=500, field="remark", needed=False)
    review.total = total(row.points for row in rows)
    review.submitted_at = timezone.now()
    ReviewScore.unscoped.filter(review=review).delete()
    ReviewScore.unscoped.bulk_create(rows)
    review.save()
    return review


@transaction.atomic
def close(*, year: BrandYear, by: User) -> BrandYear:
    """汇总: the mean of all sheets and the grade that follows; the sheets are open to read.

    Raises Refusal: too few reviewers, or one has not scored.
    """
    year = lock_year(year)
    if year.review_state == ReviewState.CLOSED:
        return year
    at_stage(year, Stage.INSPECTED)
    scheme = scheme_of(year.brand.unit, year.year)
    sheets = list(Review.unscoped.filter(year=year).select_related("reviewer"))
    waiting = [one.reviewer.name for one in sheets if one.submitted_at is None]
    if waiting:
        raise Refusal(f"还有评委没有评分：{'、'.join(waiting)}。", code="conflict")
    if len(sheets) < scheme.reviewers:
        raise Refusal(f"至少要 {scheme.reviewers} 位评委评分，现在有 {len(sheets)} 位。")
    year.score = mean([one.total for one in sheets if one.total is not None])
    year.computed = grade_of(
        year.score, excellent_from=scheme.excellent_from, good_from=scheme.good_from
    )
    year.review_state, year.review_closed_by = ReviewState.CLOSED, by
    year.save()
    return year


@transaction.atomic
def adjust(*, year: BrandYear, grade: str, by: User, why: str) -> BrandYear:
    """调整 the grade that follows from the scores, with the reason; another person decides.

    Raises Refusal: no reason, not summed up, nothing to change.
    """
    text = reason(why, "调整")
    year = lock_year(year)
    at_stage(year, Stage.INSPECTED)
    if year.review_state != ReviewState.CLOSED:
        raise Refusal("先汇总评审，再调整等次。", code="conflict")
    if grade not in Grade.values:
        raise Refusal("请选择调整后的等次。", field="grade")
    if grade == (year.adjusted or year.computed):
        raise Refusal("调整后的等次和现在的一样，不用调整。", field="grade")
    year.adjusted, year.adjust_reason, year.adjusted_by = Grade(grade), text, by
    year.save()
    return year


def _refuse_closed(year: BrandYear) -> None:
    if year.review_state == ReviewState.CLOSED:
        raise Refusal("评审已经汇总，不能再改动。", code="conflict")
