"""网上党支部: what the page gathers, and what may hang on the wall."""

from __future__ import annotations

import io
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from branches.enums import PostKind, Role
from brands.enums import Stage
from portal.models import BranchPage
from portal.services import receipts
from rectification.enums import State
from rectification.models import Promise
from tests.factories.branches import make_group, make_members, make_post, make_user
from tests.factories.brands import make_year
from tests.factories.meetings import make_meeting
from tests.factories.portal import at, make_circular, receipt_of
from tests.factories.rectification import make_batch, make_case
from tests.portal.conftest import Town
from tests.portal.test_views import signed_in


def page(town: Town, name: str = "branch_page") -> str:
    return reverse(name, args=[town.branch.code])


def furnish(town: Town) -> None:
    """Members and posts, a notice, a record, a brand and a promise."""
    people = make_members(town.branch, 4, group=town.group)
    for one, name in zip(people, ("王建国", "赵秀兰", "刘普通", "陈普通"), strict=True):
        one.name = name
        one.save()
    make_post(town.branch, PostKind.SECRETARY, member=people[0])
    make_post(town.group, PostKind.GROUP_LEADER, member=people[1])
    row = receipt_of(make_circular(town.district, issued=True), town.branch)
    receipts.read(receipt=row, by=town.secretary, now=at())
    receipts.share(receipt=row, by=town.secretary, now=at(), public=True)
    make_meeting(town.branch, topic="学习党章")
    make_year(town.branch, upto=Stage.UNDERWAY, name="楼院微心愿")
    case = make_case(State.UNDERWAY, unit=town.branch, batch=make_batch(town.district))
    Promise.unscoped.create(
        case=case, way="card", item="修好三号楼路灯", person="钱责任", due_on=date(2026, 8, 1),
        posted_on=date(2026, 7, 1),
    )  # fmt: skip


def test_the_page_gathers_what_every_programme_knows(town: Town) -> None:
    furnish(town)
    text = signed_in(town.secretary).get(page(town)).text
    for words in (
        "班子成员", "王建国", "党员 4 名", "关于防汛值守的通知", "学习计划", "7月安排",
        "固定组织生活日", "学习党章", "楼院微心愿", "修好三号楼路灯", "网络党小组", "第一党小组",
        "组长　赵秀兰", "党小组会",
    ):  # fmt: skip
        assert words in text
    assert "刘普通" not in text


def test_a_page_costs_the_same_whatever_hangs_on_it(town: Town) -> None:
    furnish(town)
    client = signed_in(town.secretary)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(page(town)).status_code == 200
        return len(found)

    cost()
    before = cost()
    for number in range(2, 4):
        group = make_group(town.branch, name=f"第{number}党小组")
        make_post(group, PostKind.GROUP_LEADER, member=make_members(town.branch, 1)[0])
        make_circular(town.district, issued=True, title=f"第{number}份通知")
    assert cost() == before


def test_the_board_shows_what_the_secretary_chose_and_no_ordinary_member(town: Town) -> None:
    furnish(town)
    client = signed_in(town.secretary)
    chosen = ["people", "notices", "month", "promises", "brands"]
    answer = client.post(page(town, "board_edit"), {"introduction": "街坊支部", "panels": chosen})
    assert answer.status_code == 302
    text = client.get(page(town, "branch_board")).text
    for words in ("街坊支部", "书记　王建国", "关于防汛值守的通知", "7月安排", "修好三号楼路灯"):
        assert words in text
    for words in ("赵秀兰", "刘普通", "钱责任", "学习党章"):
        assert words not in text
    assert "board-a3" in client.get(page(town, "branch_board") + "?size=a3").text
    paper = Document(io.BytesIO(client.get(page(town, "board_paper")).content))
    cells = "".join(cell.text for table in paper.tables for cell in table._cells)
    assert "书记　王建国" in cells
    assert "刘普通" not in cells


def test_a_panel_that_was_not_chosen_stays_off_the_wall(town: Town) -> None:
    furnish(town)
    client = signed_in(town.secretary)
    client.post(page(town, "board_edit"), {"introduction": "", "panels": ["month"]})
    text = client.get(page(town, "branch_board")).text
    assert "王建国" not in text
    answer = client.post(page(town, "board_edit"), {"introduction": "", "panels": ["records"]})
    assert answer.status_code == 422
    assert BranchPage.unscoped.get().panels == ["month"]


def test_only_the_secretary_writes_and_only_those_in_reach_read(town: Town) -> None:
    for user, show, edit in (
        (town.secretary, 200, 200),
        (town.judge, 200, 403),
        (town.staff, 200, 403),
        (town.leader, 200, 403),
        (town.other_secretary, 404, 404),
        (town.other_judge, 404, 404),
    ):
        client = signed_in(user)
        assert client.get(page(town)).status_code == show
        assert client.get(page(town, "branch_board")).status_code == show
        assert client.get(page(town, "board_edit")).status_code == edit


def test_a_group_leader_has_the_page_of_his_group(town: Town) -> None:
    furnish(town)
    client = signed_in(make_user(Role.GROUP_LEADER, town.group))
    answer = client.get(reverse("my_page"))
    assert answer["Location"] == reverse("branch_page", args=[town.group.code])
    text = client.get(answer["Location"]).text
    assert "组长　赵秀兰" in text
    assert "王建国" not in text
    assert client.get(page(town)).status_code == 404


def test_my_page_goes_to_ones_own_branch_and_lets_staff_choose(town: Town) -> None:
    assert signed_in(town.secretary).get(reverse("my_page"))["Location"] == page(town)
    text = signed_in(town.judge).get(reverse("my_page")).text
    assert town.branch.name in text
    assert town.other_branch.name not in text
