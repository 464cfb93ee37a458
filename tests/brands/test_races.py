"""Many at once, on PostgreSQL: one decision, one last place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from brands.enums import Stage
from brands.models import BrandMove, BrandYear, Quota
from brands.services import brands, plan, schemes, years
from core.errors import Refusal
from tests.brands.conftest import Town, build_town
from tests.factories.accounts import make_account
from tests.factories.brands import DAY, YEAR, five, make_year, task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Its rows are seen by other connections; those whom others point at go by hand."""
    return build_town()


def at_once(threads: int, times: int, verb: Callable[[int], Any]) -> Counter[str]:
    """Call ``verb(number)`` so many times by so many threads that start together."""
    start = Barrier(threads, timeout=30)

    def work(first: int) -> list[str]:
        found = []
        try:
            start.wait()
            for number in range(first, times, threads):
                try:
                    verb(number)
                    found.append("done")
                except Refusal as refusal:
                    found.append(refusal.code)
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(threads) as pool:
        return Counter(one for part in pool.map(work, range(threads)) for one in part)


def test_two_hundred_approvals_of_one_brand_are_one_decision(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)
    judges: list[User] = [make_account() for _ in range(20)]

    outcome = at_once(
        20,
        200,
        lambda n: years.approve(year=year, by=judges[n % 20], on=DAY, document=f"批复{n}号"),
    )

    assert outcome == {"done": 1, "conflict": 199}
    assert BrandMove.unscoped.filter(year=year, ladder="stage", after=Stage.UNDERWAY).count() == 1
    assert Quota.unscoped.get(unit=town.street).taken == 1


def test_an_approval_and_a_return_at_once_are_one_decision(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    def decide(number: int) -> None:
        if number % 2:
            years.approve(year=year, by=town.judge, on=DAY, document="批复1号")
        else:
            years.return_(year=year, by=town.judge, on=DAY, why="主题太笼统")

    assert at_once(10, 40, decide) == {"done": 1, "conflict": 39}


def test_of_twenty_who_want_the_last_place_one_gets_it(town: Town) -> None:
    wanted = [make_year(town.branch, people=town.people, upto=Stage.UNDERWAY) for _ in range(20)]
    quota = schemes.set_quota(unit=town.district, year=YEAR, low=1, high=1)
    assert quota.taken == 0

    outcome = at_once(20, 20, lambda n: years.pick(year=wanted[n], by=town.staff, on=DAY))

    assert outcome == {"done": 1, "conflict": 19}
    quota.refresh_from_db()
    assert quota.taken == BrandYear.unscoped.filter(is_fist=True).count() == 1


def test_one_brand_picked_twenty_times_takes_one_place(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)

    assert at_once(20, 20, lambda n: years.pick(year=year, by=town.staff, on=DAY)) == {"done": 20}
    assert Quota.unscoped.get(unit=town.district).taken == 1


def test_the_database_refuses_a_place_too_many_by_itself(town: Town) -> None:
    quota = schemes.set_quota(unit=town.district, year=YEAR, low=1, high=1)

    with pytest.raises(IntegrityError, match="brands_quota_not_overrun"), transaction.atomic():
        Quota.unscoped.filter(pk=quota.pk).update(taken=2)


def test_a_brand_sent_twenty_times_is_one(town: Town) -> None:
    facts = five(name="四点半学校")

    at_once(
        20, 20,
        lambda n: brands.create_brand(
            unit=town.branch, by=town.secretary, year=YEAR, on=DAY, five=facts
        ),
    )  # fmt: skip

    assert BrandYear.unscoped.filter(brand__unit=town.branch).count() == 1


def test_a_task_finished_twenty_times_is_done_once(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    item = plan.add_item(year=year, by=town.secretary, task=task("第二项"))

    outcome = at_once(
        20, 20,
        lambda n: plan.finish_item(
            item=item, by=town.secretary, on=DAY, today=DAY, evidence=f"第{n}次"
        ),
    )  # fmt: skip

    assert outcome == {"done": 20}
    item.refresh_from_db()
    assert item.done_on == DAY
