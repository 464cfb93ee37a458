"""Lists cost the same for one row as for three."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.scope import scope_of
from brands.asks import asked
from brands.enums import Stage
from brands.services import promotion
from tests.brands.conftest import Town
from tests.brands.test_views import at, url
from tests.factories.brands import DAY, inspect, make_year, sheet


def fill(town: Town, times: int) -> None:
    for _ in range(times):
        year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
        inspect(year, town.people, to_mend=True)
        sheet(year, town.people, town.staff)
        promotion.add_media(
            brand=year.brand, by=town.staff, level="city", outlet="日报", title=f"{year}",
            on=DAY, today=DAY, link="https://news.example.invalid/1",
        )  # fmt: skip
        promotion.hold_showing(
            unit=town.district, by=town.staff, kind="visit", title=f"{year}", on=DAY, today=DAY,
            place="礼堂", attendance=3, brands=[year.brand],
        )  # fmt: skip


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "name",
    ["brand_list", "board", "queue", "coverage", "inspection_list", "media_list", "review_list",
     "showing_list"],
)  # fmt: skip
def test_a_list_costs_the_same_for_one_row_and_for_three(town: Town, name: str) -> None:
    client = at(town.staff)
    fill(town, 1)
    one = cost(client, url(name))
    fill(town, 2)

    assert cost(client, url(name)) == one


def test_ones_own_page_costs_the_same_for_one_brand_and_for_three(town: Town) -> None:
    client = at(town.secretary)
    fill(town, 1)
    one = cost(client, url("mine"))
    fill(town, 2)

    assert cost(client, url("mine")) == one


@pytest.mark.parametrize("who", ["secretary", "judge", "staff", "leader"])
def test_what_is_asked_on_the_first_page_costs_the_same(town: Town, who: str) -> None:
    user: Any = getattr(town, who)
    scope = scope_of(user, on=DAY)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            asked(scope, user.pk, DAY)
        return len(found)

    fill(town, 1)
    one = queries()
    fill(town, 2)

    assert queries() == one


def test_each_is_asked_for_what_is_his(town: Town) -> None:
    fill(town, 1)

    def words(user: Any) -> list[str]:
        return [ask.title.split("：")[-1] for ask in asked(scope_of(user, on=DAY), user.pk, DAY)]

    assert words(town.secretary) == ["整改督查发现的问题"]
    assert words(town.judge) == []
    assert words(town.staff) == ["请您评审品牌"]
    assert words(town.leader) == []
