"""换届 in a browser: the secretary's phone and the committee's desk, from first step to last."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from branches.enums import Role
from branches.models import CommitteeTerm, Post, Unit
from core.dates import add_months
from elections.enums import Stage
from elections.models import Election
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.elections import make_ground
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch of ten whose term ends in a month, its secretary, its committee."""
    cache.clear()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    unit = make_branch(
        street, name="中共区财政局支部委员会", short_name="财政局党支部", field="office"
    )
    make_ground(unit, due_on=add_months(timezone.localdate(), 1))
    make_user(Role.SECRETARY, unit, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    return unit


def test_an_election_from_the_phone_to_the_committee_and_back(
    branch: Unit, sign_in: SignIn
) -> None:
    phone, desk = sign_in("shuji", size=PHONE), sign_in("jiedao", size=DESK)
    mine, queue = phone.url + "elections/mine/", desk.url + "elections/queue/"

    def tap(button: str, said: str, **fields: str) -> None:
        phone.goto(mine)
        phone.get_by_role("link", name="去办理").tap()
        for name, value in fields.items():
            phone.fill(f"[name={name}]", value)
        phone.get_by_role("button", name=button, exact=True).tap()
        phone.wait_for_selector(f"text={said}")
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]

    def click(button: str, said: str) -> None:
        desk.goto(queue)
        desk.get_by_role("link", name="财政局党支部").first.click()
        desk.get_by_role("link", name="去办理").click()
        if desk.locator("[name=members]").count():
            for at in range(4):
                desk.locator("[name=members]").nth(at).check(force=True)
        desk.fill("[name=document]", "城关工委〔2026〕8号")
        desk.get_by_role("button", name=button, exact=True).click()
        desk.wait_for_selector(f"text={said}")

    phone.goto(mine)
    phone.get_by_role("link", name="开始筹备换届").tap()
    phone.get_by_role("button", name="开始筹备").tap()
    phone.wait_for_selector("text=已开始筹备")
    tap("登记请示", "请示已登记")
    click("批复", "已批复")
    tap("登记", "名额和选举办法已登记")
    tap("登记", "酝酿已登记", first="10")
    tap("登记", "预备人选已登记")
    tap("登记报批", "报批已登记", document="财支〔2026〕2号")
    click("批准并登记名单", "候选人已批准")
    people = list(Election.unscoped.get().people.values_list("pk", flat=True))
    votes = {f"yes_{pk}": "9" if pk != people[-1] else "0" for pk in people}
    votes |= {f"no_{pk}": "0" if pk != people[-1] else "9" for pk in people}
    tap("计票", "计票已登记", present="9", issued="9", returned="9",
        **votes, **{f"abstain_{pk}": "0" for pk in people})  # fmt: skip
    phone.goto(mine)
    phone.get_by_role("link", name="去办理").tap()
    phone.select_option("[name=secretary]", str(people[0]))
    phone.fill("[name=secretary_yes]", "3")
    phone.get_by_role("button", name="登记", exact=True).tap()
    phone.wait_for_selector("text=书记已选出")
    tap("登记报告", "报告已登记")
    click("批复", "新一届职务和届次已登记")

    assert Election.unscoped.get().state == Stage.CONFIRMED
    assert CommitteeTerm.unscoped.filter(unit=branch).count() == 2
    assert Post.unscoped.filter(unit=branch, until=None).count() == 3
