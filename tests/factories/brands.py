"""Brands for tests: taken along their way by the services, so that everything behind them is there.

::

    year = make_year(branch)                      # 选题, 五有 filled, one task in the plan
    year = make_year(branch, upto=Stage.INSPECTED, people=people)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import User
from branches.models import Unit
from brands.entries import Five, Task
from brands.enums import InspectionKind, ItemSet, Stage
from brands.models import Brand, BrandYear, Inspection, Review
from brands.reading import items_of
from brands.services import brands, inspections, plan, promotion, reviews, years
from tests.factories.accounts import make_account

YEAR = 2026
DAY = date(2026, 6, 15)
_numbers = count(1)


@dataclass
class People:
    """Who moves a brand; invented when not given."""

    writer: User = field(default_factory=make_account)
    judge: User = field(default_factory=make_account)
    staff: User = field(default_factory=make_account)
    second: User = field(default_factory=make_account)


def five(**facts: str) -> Five:
    """五有, all filled."""
    facts.setdefault("name", f"红色驿站{next(_numbers)}号")
    facts.setdefault("kind", "community")
    facts.setdefault("theme", "邻里一家亲")
    facts.setdefault("concept", "党员多走一步，群众少跑一趟")
    facts.setdefault("meaning", "以楼院党小组为单元，开展四点半课堂和代办服务。")
    facts.setdefault("goal", "年内覆盖全部楼院，群众满意率达到九成五。")
    return Five(**facts)


def task(name: str = "建好服务驿站", due_on: date = date(2026, 5, 31), **facts: str) -> Task:
    """一项五定任务."""
    facts.setdefault("owner", "王小明")
    facts.setdefault("measure", "腾出一间房，配齐桌椅和公示栏")
    facts.setdefault("answerable", "支部书记李华")
    return Task(name=name, due_on=due_on, **facts)


def make_brand(unit: Unit, *, by: User | None = None, year: int = YEAR, **facts: str) -> Brand:
    """A brand at 选题 of a year, without a plan."""
    return brands.create_brand(
        unit=unit, by=by or make_account(), year=year, on=date(year, 2, 1), five=five(**facts)
    )


def make_year(
    unit: Unit,
    *,
    upto: Stage = Stage.TOPIC,
    people: People | None = None,
    year: int = YEAR,
    points: Decimal | None = None,
    **facts: str,
) -> BrandYear:
    """One year of a new brand, taken as far as ``upto``; ``points`` of a hundred, by each reviewer.

    CLOSED needs points (90 unless said).
    """
    people = people or People()
    brand = make_brand(unit, by=people.writer, year=year, **facts)
    found: BrandYear = brand.years.get(year=year)
    return take(found, upto=upto, people=people, points=points)


def take(
    found: BrandYear, *, upto: Stage, people: People, points: Decimal | None = None
) -> BrandYear:
    """Take a year at 选题 further."""
    number = found.year
    day = date(number, 6, 15)
    plan.add_item(year=found, by=people.writer, task=task(due_on=date(number, 5, 31)))
    if upto >= Stage.APPLIED:
        found = years.apply(
            year=found, by=people.writer, on=date(number, 3, 1), document="申报表1号"
        )
    if upto >= Stage.UNDERWAY:
        found = years.approve(
            year=found, by=people.judge, on=date(number, 3, 10), document="批复1号"
        )
    if upto >= Stage.INSPECTED:
        finish(found, people, day)
        found = years.report(year=found, by=people.writer, on=day, document="总结1号")
    if upto == Stage.CLOSED:
        inspect(found, people)
        review(found, people, points or Decimal(90))
        found = years.decide(
            year=found, by=people.second, on=date(number, 11, 20), document="审定1号"
        )
    return found


def finish(found: BrandYear, people: People, day: date) -> None:
    """Do the plan, answer the list."""
    for item in found.plan.all():
        plan.finish_item(item=item, by=people.writer, on=day, today=day, evidence="已建成使用")
    items = items_of(found.brand.unit, found.year, ItemSet.CREATION)
    plan.answer_list(year=found, by=people.writer, texts={item.pk: "已落实" for item in items})


def inspect(found: BrandYear, people: People, *, to_mend: bool = False) -> Inspection:
    """One inspection."""
    day = date(found.year, 7, 1)
    return inspections.inspect(
        year=found, by=people.judge, kind=InspectionKind.TRACKING, on=day, today=day,
        people="张科长、李干事", findings="走访三户居民，资料齐全。", to_mend=to_mend,
    )  # fmt: skip


def sheet(found: BrandYear, people: People, reviewer: User) -> Review:
    """A sheet without the checks of who may be asked."""
    if found.review_state == 0:
        BrandYear.unscoped.filter(pk=found.pk).update(review_state=1)
    return Review.unscoped.create(year=found, reviewer=reviewer, assigned_by=people.staff)


def fill(review: Review, percent: Decimal) -> Review:
    """Score so many percent of each item."""
    items = items_of(review.year.brand.unit, review.year.year, ItemSet.STANDARD)
    points = {item.pk: (item.points * percent / 100).quantize(Decimal("0.01")) for item in items}
    return reviews.score(review=review, by=review.reviewer, points=points)


def review(found: BrandYear, people: People, percent: Decimal, *, sheets: int = 3) -> BrandYear:
    """As many reviewers as are asked for, the same percent from each, summed up by the staff."""
    for _ in range(sheets):
        fill(sheet(found, people, make_account()), percent)
    return reviews.close(year=found, by=people.staff)


def one_of_everything(unit: Unit) -> BrandYear:
    """A brand's whole year with its review, and what promotes it: a row in every table."""
    people = People()
    year = make_year(unit, upto=Stage.CLOSED, people=people)
    facts: dict[str, Any] = {"by": people.staff, "on": DAY, "today": DAY}
    promotion.add_media(
        brand=year.brand, level="city", outlet="日报", title="身边的支部",
        link="https://news.example.invalid/1", **facts,
    )  # fmt: skip
    promotion.add_honour(brand=year.brand, title="先进支部", level="district", **facts)
    promotion.hold_showing(
        unit=unit, kind="visit", title="观摩会", place="礼堂", attendance=20, brands=[year.brand],
        **facts,
    )  # fmt: skip
    return year
