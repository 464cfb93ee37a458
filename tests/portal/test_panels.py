"""What every programme gives to a branch's page: bounded queries, and no person on the wall."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import dues.panels
import elections.panels
import membership.panels
import starrating.panels
import support.panels
import works.panels
from branches.scope import Scope, scope_of
from config.panels import Source, panels
from core.panels import Panel
from elections.enums import Stage
from tests.factories.branches import make_members, make_term
from tests.factories.dues import JULY, make_paid, make_payers, open_months
from tests.factories.elections import DUE, STARTED, make_election
from tests.factories.membership import make_candidate
from tests.factories.starrating import make_organisation, make_round
from tests.factories.support import make_check, make_link, make_venue, make_visit
from tests.factories.works import make_pledge, make_post
from tests.portal.conftest import Town
from tests.portal.test_views import signed_in
from works.enums import PledgeState
from works.services import confirm_pledge

# At most two queries each, however much there is.
BOUNDED: list[Source] = [
    dues.panels.panels,
    elections.panels.panels,
    membership.panels.panels,
    starrating.panels.panels,
    support.panels.panels,
    works.panels.panels,
]
NAMES = ("刘普通", "陈普通", "吴向党", "秦国安")


def furnish(town: Town) -> None:
    """One of everything that these six know of a branch."""
    liu, chen = make_members(town.branch, 2)
    for one, name in ((liu, "刘普通"), (chen, "陈普通")):
        one.name = name
        one.save()
    make_pledge(town.branch, title="建成代办点")
    make_pledge(town.branch, liu, title="照看楼道", state=PledgeState.REPORTED)
    make_post(town.branch, chen)
    make_check(make_venue(town.branch), "sign")
    make_visit(make_link(town.branch), "门牌不规范")
    payers = make_payers(town.branch, 5)
    open_months(town.branch, JULY)
    make_paid(payers[0])
    make_term(town.branch, started_on=STARTED, due_on=DUE)
    make_election(Stage.ASKED, unit=town.branch)
    make_candidate(town.branch, name="吴向党")
    make_organisation(town.branch, name="云泉科技有限公司")
    make_round(town.district)


def more_of_everything(town: Town) -> None:
    """The same again, beside what is there."""
    for number in range(2):
        one = make_members(town.branch, 1)[0]
        make_pledge(town.branch, one, title=f"第{number}件")
        make_pledge(town.branch, title=f"支部第{number}件")
        make_post(town.branch, one)
        make_link(town.branch, name=f"联系{number}")
        make_candidate(town.branch)
        make_organisation(town.branch)
    open_months(town.branch, JULY)


def of(town: Town, name: str) -> Scope:
    """The scope of one of the people of the town."""
    return scope_of(getattr(town, name), on=timezone.localdate())


def shown(town: Town, name: str = "secretary") -> dict[str, Panel]:
    """What that person's page shows, by key."""
    return {one.key: one for one in panels(town.branch, timezone.localdate(), of(town, name))}


def words(panel: Panel) -> str:
    """All that can be read in a panel."""
    return " ".join(f"{one.text} {one.note} {one.badge}" for one in panel.lines)


def test_each_matter_says_where_it_stands(town: Town) -> None:
    furnish(town)
    found = shown(town)
    for key, said in {
        "pledges": "建成代办点 支部承诺 · 2026-09-30 前兑现 践诺中",
        "model_posts": "服务窗口党员示范岗　陈普通 一次办好",
        "venue": "缺 1 项 ",
        "contacts": "秦国安（区委常委） 本季度走访 1 次 1 个问题在跟进",
        "dues": "应交 7 人，已交 1 人 2 人还没有核定 还有 6 人",
        "elections": "2026-08-20 届满 已请示",
        "admissions": "入党申请人  1 名",
        "stars": "云泉科技有限公司 支部：逐项自评，2026-04-30 前 还没有参评",
    }.items():
        assert said in words(found[key])
    assert "下一步：批复换届请示" in words(found["elections"])


def test_nothing_that_may_hang_on_the_wall_names_a_person(town: Town) -> None:
    furnish(town)
    found = shown(town)
    public = {
        key: " ".join(f"{one.text} {one.note}" for one in panel.public)
        for key, panel in found.items()
        if panel.public is not None
    }
    assert not [name for name in NAMES if name in " ".join(public.values())]
    assert public["pledges"] == "建成代办点 2026-09-30 前兑现"
    assert public["dues"] == "应交 7 人，已交 1 人 "
    assert "届满" in public["elections"]
    assert not public.keys() & {"admissions", "contacts", "model_posts", "venue"}


def test_a_leader_who_looks_on_reads_no_names_of_members(town: Town) -> None:
    furnish(town)
    found = shown(town, "leader")
    said = " ".join(words(panel) for panel in found.values())
    assert not [name for name in NAMES[:3] if name in said]
    assert "照看楼道" not in said
    assert "应交 7 人" in said
    assert "1 名" in words(found["admissions"])


def test_every_way_out_of_a_panel_is_open_to_its_reader(town: Town) -> None:
    furnish(town)
    for name in ("secretary", "judge", "staff", "leader"):
        client = signed_in(getattr(town, name))
        ways = {
            url
            for source in BOUNDED
            for panel in source(town.branch, timezone.localdate(), of(town, name))
            for url in (panel.more, *(line.url for line in panel.lines))
        }
        assert {url: client.get(url).status_code for url in ways if url} == {
            url: 200 for url in ways if url
        }


def test_a_programme_costs_two_queries_at_most_whatever_there_is(town: Town) -> None:
    def costs() -> dict[str, int]:
        return {source.__module__: cost(source) for source in BOUNDED}

    def cost(source: Source) -> int:
        with CaptureQueriesContext(connection) as found:
            source(town.branch, timezone.localdate(), scope)
        return len(found)

    scope = of(town, "secretary")
    assert max(costs().values()) <= 2
    furnish(town)
    before = costs()
    assert max(before.values()) <= 2
    more_of_everything(town)
    assert costs() == before


def test_a_group_has_none_of_it(town: Town) -> None:
    scope = of(town, "secretary")
    assert not [one for one in BOUNDED if one(town.group, timezone.localdate(), scope)]


def test_a_branch_with_nothing_says_what_is_missing(town: Town) -> None:
    text = signed_in(town.secretary).get(reverse("branch_page", args=[town.branch.code])).text
    for said in (
        "还没有登记承诺。", "还没有登记活动阵地。", "这个月的党费还没有列出。", "还没有登记届次。",
    ):  # fmt: skip
        assert said in text
    for said in ("发展党员</h2>", "两新星级", "党员示范岗", "联系点</h2>"):
        assert said not in text


def test_a_kept_pledge_stands_with_its_day(town: Town) -> None:
    pledge = make_pledge(town.branch, title="修好路灯", state=PledgeState.REPORTED)
    confirm_pledge(pledge=pledge, by=town.staff, on=timezone.localdate())
    panel = shown(town)["pledges"]
    assert "修好路灯 支部承诺 · 2026-07-14 已兑现 已兑现" in words(panel)
    assert panel.public is not None
    assert panel.public[0].note == "2026-07-14 已兑现"
