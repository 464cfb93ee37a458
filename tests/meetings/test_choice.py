"""The page on which one of several branches is chosen before anything else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from branches import services
from branches.enums import Role
from tests.factories.branches import make_user
from tests.meetings.conftest import Street

PAGES = ["/meetings/new/", "/events/new/", "/study/", "/life/"]


def hrefs(text: str, key: int) -> list[str]:
    found = re.findall(rf'href="([^"]*[?&](?:amp;)?unit={key}[^"]*)"', text)
    return [href.replace("&amp;", "&") for href in found]


@pytest.fixture
def of_two(street: Street, client: Client) -> Client:
    user = make_user(Role.SECRETARY, street.branch)
    services.give(user=user, role=Role.SECRETARY, unit=street.neighbour, since=date(2020, 1, 1))
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_who_keeps_two_branches_chooses_and_gets_the_one_he_chose(
    street: Street, of_two: Client, page: str
) -> None:
    shown = of_two.get(page)
    (href,) = hrefs(shown.content.decode(), street.neighbour.pk)
    chosen = of_two.get(href, follow=True)

    assert set(shown.context["units"]) >= {street.branch, street.neighbour}
    assert (chosen.status_code, chosen.context["unit"]) == (200, street.neighbour)


@pytest.mark.parametrize("page", PAGES)
def test_the_choice_is_narrowed_by_a_name_and_keeps_what_else_was_asked(
    street: Street, of_two: Client, page: str
) -> None:
    shown = of_two.get(f"{page}?q=南关&year=2026")
    (href,) = hrefs(shown.content.decode(), street.neighbour.pk)

    assert shown.context["units"] == [street.neighbour]
    assert "year=2026" in href
    assert "没有找到" in of_two.get(f"{page}?q=没有这个").content.decode()


@pytest.mark.parametrize("page", ["/study/", "/life/"])
def test_another_ones_branch_is_not_there_to_be_chosen(
    street: Street, client: Client, page: str
) -> None:
    client.force_login(street.secretary)

    assert client.get(f"{page}?unit={street.neighbour.pk}").status_code == 404
