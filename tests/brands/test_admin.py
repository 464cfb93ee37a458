"""The district's year is kept in the data administration."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from branches.enums import Role
from branches.scope import scope_of
from brands.enums import Stage
from brands.models import Brand, Quota, Scheme, StandardItem
from tests.brands.conftest import Town
from tests.brands.test_views import at
from tests.factories.brands import YEAR, make_year, review

MODELS = sorted(
    model._meta.model_name or ""
    for model in admin.site._registry
    if model._meta.app_label == "brands"
)


@pytest.fixture
def rows(town: Town) -> Any:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    return year


@pytest.mark.parametrize("name", MODELS)
def test_every_table_opens_for_the_district_and_shows_its_rows(
    town: Town, rows: Any, name: str
) -> None:
    client = at(town.staff)
    listed = reverse(f"admin:brands_{name}_changelist")
    page = client.get(listed, {"q": "红色"})
    assert page.status_code == 200
    first = client.get(listed).context["cl"].result_list.first()
    if first is not None:
        one = reverse(f"admin:brands_{name}_change", args=[first.pk])
        assert client.get(one).status_code == 200


def test_the_next_year_is_opened_and_changed(town: Town, rows: Any) -> None:
    client = at(town.staff)
    client.post(reverse("admin:brands_scheme_add"), {"unit": town.district.pk, "year": YEAR + 1})
    scheme = Scheme.unscoped.get(year=YEAR + 1)
    facts: dict[str, Any] = {
        "fist_low": 4, "fist_high": 6, "nurture_low": 2, "excellent_from": "88", "good_from": "72",
        "reviewers": 5, "apply_by": f"{YEAR + 1}-03-31", "review_by": "", "follow_up_days": 7,
        "case_limit": 2500, "case_photos": 2,
    }  # fmt: skip
    url = reverse("admin:brands_scheme_change", args=[scheme.pk])
    wrong = client.post(url, {**facts, "good_from": "90"})
    assert "优的分数线应高于良的" in wrong.content.decode()

    client.post(url, facts)

    scheme.refresh_from_db()
    assert (scheme.fist_high, scheme.apply_by) == (6, date(YEAR + 1, 3, 31))
    assert Quota.unscoped.get(unit=town.district, year=YEAR + 1).high == 6


def test_a_standard_is_not_changed_under_sheets_that_were_filled(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    item = StandardItem.unscoped.filter(set="standard").first()
    assert item is not None
    url = reverse("admin:brands_standarditem_change", args=[item.pk])
    facts = {"title": "有名称", "note": "叫得响", "points": "20", "position": 1}
    client = at(town.staff)
    client.post(url, facts)
    item.refresh_from_db()
    assert item.points == 20
    StandardItem.unscoped.filter(title="群众认可度高").update(points=20)
    review(year, town.people, Decimal(90))

    reply = client.post(url, {**facts, "points": "30"})

    assert "已经有评委评分" in reply.content.decode()


def test_a_committees_places_are_set_by_the_district(town: Town, rows: Any) -> None:
    facts = {"unit": town.other_street.pk, "year": YEAR, "low": 2, "high": 3}
    at(town.staff).post(reverse("admin:brands_quota_add"), facts)

    quota = Quota.unscoped.get(unit=town.other_street)
    assert (quota.low, quota.high) == (2, 3)
    assert at(town.judge).get(reverse("admin:brands_quota_changelist")).status_code == 403


def test_a_committee_sees_its_own_brands_only(town: Town, rows: Any) -> None:
    page = at(town.other_judge).get(reverse("admin:brands_brand_changelist"))

    assert page.context["cl"].result_count == 0
    assert Brand.unscoped.count() == 1
    assert scope_of(town.other_judge, on=date(YEAR, 1, 1)).roles == {Role.COMMITTEE_STAFF}


def test_sheets_are_not_listed_before_the_summing_up(town: Town) -> None:
    from tests.factories.brands import fill, sheet

    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    fill(sheet(year, town.people, town.other_judge), Decimal(77))
    page = at(town.staff).get(reverse("admin:brands_review_changelist"))

    assert page.context["cl"].result_count == 0
