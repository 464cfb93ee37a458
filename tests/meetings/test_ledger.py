"""年度台账 and 会议内容 from templates: one entry, many outputs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from branches.enums import PostKind, Role
from branches.models import Member, Unit
from core.errors import Refusal
from meetings.entries import MeetingContent
from meetings.enums import Item, Kind, Status
from meetings.minutes import USUAL, begun
from meetings.models import Attendance, Vote
from meetings.rules.minutes import BLANK, PLACES, filled, unknown_places
from meetings.services.templates import set_template
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_members,
    make_post,
    make_user,
)
from tests.factories.meetings import make_meeting

DAY = date(2026, 7, 7)


@pytest.fixture
def branch(db: None) -> Unit:
    return make_branch(make_committee(make_district()), name="中共滨河社区支部委员会")


@pytest.fixture
def people(branch: Unit) -> list[Member]:
    found = make_members(branch, 3)
    make_post(branch, PostKind.SECRETARY, member=found[0])
    return found


@pytest.fixture
def secretary(branch: Unit) -> User:
    return make_user(Role.SECRETARY, branch)


def sheets(client: Client, address: str) -> dict[str, list[tuple[str | None, ...]]]:
    answer = client.get(address)
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    return {sheet.title: [tuple(row) for row in sheet.values] for sheet in book}  # type: ignore[misc]


def test_the_ledger_holds_the_year_its_duties_its_votes_and_who_came(
    client: Client, branch: Unit, people: list[Member], secretary: User
) -> None:
    rows = [(people[0], ""), (people[1], ""), (people[2], "sick")]
    record = make_meeting(
        branch,
        (Kind.MEMBERS, Kind.FIXED_DAY),
        DAY,
        status=Status.ACCEPTED,
        attendance=rows,
        topic="=讨论年度计划",
        resolution="通过",
    )
    Vote.unscoped.create(meeting=record, subject="年度计划", eligible=3, present=2, yes=2)
    make_meeting(branch, Kind.COMMITTEE, DAY, status=Status.DRAFT, topic="草稿")
    make_meeting(branch, Kind.COMMITTEE, date(2025, 7, 7), topic="去年的")
    client.force_login(secretary)
    found = sheets(client, f"/ledger/{branch.code}/2026/")

    assert list(found) == ["说明", "完成情况", "会议台账", "表决", "到会情况"]
    assert ("党组织", "中共滨河社区支部委员会") in found["说明"]
    head, line = found["会议台账"]
    assert dict(zip(head, line, strict=True)) == {
        "序号": "1",
        "召开日期": "2026-07-07",
        "会议类别": "支部党员大会、固定组织生活日",
        "组织": "中共滨河社区支部委员会",
        "主题": "=讨论年度计划",
        "主持人": None,
        "记录人": None,
        "应到": "3",
        "实到": "2",
        "缺席及事由": f"{people[2].name}（生病）",
        "完成的动作": None,
        "议程": None,
        "会议内容": None,
        "形成决议": "通过",
        "状态": "已通过",
    }
    assert found["表决"][1] == (
        "2026-07-07", "=讨论年度计划", "年度计划", "3", "2", "2", "0", "0", "通过"
    )  # fmt: skip
    came = {row[0]: row[1:] for row in found["到会情况"][1:]}
    assert came[people[0].name] == ("1", "1", "到")
    assert came[people[2].name] == ("1", "0", "缺（生病）")
    met = [row for row in found["完成情况"] if row[0] == "支部党员大会" and row[4] is not None]
    assert [row[1] for row in met] == ["2026年第三季度"]


def test_the_ledger_costs_the_same_for_one_record_and_for_three(
    client: Client,
    branch: Unit,
    people: list[Member],
    secretary: User,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client.force_login(secretary)

    def read() -> None:
        b"".join(client.get(f"/ledger/{branch.code}/2026/").streaming_content)  # type: ignore[attr-defined]

    for count in (1, 2):
        for number in range(count):
            make_meeting(
                branch, Kind.COMMITTEE, date(2026, count, number + 1), attendance=[(people[0], "")]
            )
        read()
        with django_assert_num_queries(9):  # type: ignore[attr-defined]
            read()


@pytest.mark.parametrize("year", ["1999", "2101", "99999"])
def test_a_year_that_is_none_is_not_there(
    client: Client, branch: Unit, secretary: User, year: str
) -> None:
    client.force_login(secretary)
    assert client.get(f"/ledger/{branch.code}/{year}/").status_code == 404


def test_a_leader_takes_no_list_of_people_away(client: Client, branch: Unit) -> None:
    client.force_login(make_user(Role.LEADER, branch))
    assert client.get(f"/ledger/{branch.code}/2026/").status_code == 403


def test_the_list_of_records_offers_the_ledger_of_the_one_branch(
    client: Client, branch: Unit, secretary: User
) -> None:
    client.force_login(secretary)
    text = client.get("/meetings/").content.decode()
    assert f"/ledger/{branch.code}/" in text


# --- Minutes -------------------------------------------------------------------------------------


def facts(**change: object) -> MeetingContent:
    given = {"kinds": [Kind.MEMBERS], "held_on": DAY, "topic": "年度计划", "chair": "赵芳"} | change
    return MeetingContent(**given)  # type: ignore[arg-type]


def test_minutes_begin_with_what_is_known_and_leave_the_rest_to_be_written(
    branch: Unit, people: list[Member]
) -> None:
    rows = [
        Attendance(member=people[0], name="赵芳", present=True),
        Attendance(member=people[1], name="孙强", present=False, reason="sick"),
    ]
    votes = [Vote(subject="计划", eligible=2, present=1, yes=1)]
    text = begun(unit=branch, content=facts(), people=rows, votes=votes)
    first, *_ = text.splitlines()
    assert first == "2026年7月7日，赵芳主持召开会议，应到2人，实到1人，缺席：孙强（生病）。"
    assert "【" not in text
    assert "赞成 1 票" in text
    assert BLANK in text


def test_a_joint_gathering_gets_one_part_for_each_kind(branch: Unit) -> None:
    content = facts(
        kinds=[Kind.FIXED_DAY, Kind.LECTURE], items=[Item.OATH], started_at=time(15), place="二楼"
    )
    text = begun(unit=branch, content=content, people=[], votes=[])
    assert [line for line in text.splitlines() if line.startswith("（")] == [
        "（党课）",
        "（固定组织生活日）",
    ]
    assert "重温入党誓词" in text


def test_the_nearest_units_template_is_taken(branch: Unit) -> None:
    assert branch.district is not None
    assert branch.committee is not None
    group = make_group(branch)
    set_template(unit=branch.district, kind=Kind.GROUP, text="区里的：【主题】")
    assert begun(unit=group, content=facts(kinds=[Kind.GROUP]), people=[], votes=[]) == (
        "区里的：年度计划"
    )
    set_template(unit=branch.committee, kind=Kind.GROUP, text="街道的：【主题】")
    set_template(unit=branch.committee, kind=Kind.GROUP, text="街道改过的：【主题】")
    assert begun(unit=group, content=facts(kinds=[Kind.GROUP]), people=[], votes=[]) == (
        "街道改过的：年度计划"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "请写模板"), ("【会议地点】", "没有【会议地点】可填"), ("长" * 5001, "5000 字")],
)
def test_a_template_that_cannot_be_filled_is_refused(
    branch: Unit, text: str, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        set_template(unit=branch, kind=Kind.GROUP, text=text)


def test_every_kind_has_a_usual_template_that_can_be_filled() -> None:
    assert set(USUAL) == set(Kind)
    assert [unknown_places(text) for text in USUAL.values()] == [[]] * len(Kind)


@given(st.dictionaries(st.sampled_from(sorted(PLACES)), st.text(max_size=20)))
def test_filling_leaves_no_known_place_open_and_loses_no_fact(known: dict[str, str]) -> None:
    template = "，".join(f"【{name}】" for name in PLACES)
    text = filled(template, known)
    assert text == "，".join(known.get(name) or BLANK for name in PLACES)


def test_the_form_fetches_the_template_below_what_is_written(
    client: Client, branch: Unit, people: list[Member], secretary: User
) -> None:
    client.force_login(secretary)
    form = client.get("/meetings/new/?kind=committee").context["form"]
    posted = {
        "unit": branch.pk,
        "meeting": "",
        "kinds": "2",
        "held_on": "2026-07-07",
        "topic": "研究本月工作",
        "minutes": "已经写的",
        "form_key": form["form_key"].value(),
        "eligible": [one.pk for one in people],
        "present": [one.pk for one in people],
        "votes-TOTAL_FORMS": "0",
        "votes-INITIAL_FORMS": "0",
    }
    text = client.post("/meetings/minutes/", posted, headers={"HX-Request": "true"}).context
    assert text["form"]["minutes"].value().startswith("已经写的\n\n2026年7月7日，")
    assert "研究事项：研究本月工作" in text["form"]["minutes"].value()
    empty = client.post("/meetings/minutes/", posted | {"held_on": ""}).context
    assert (empty["form"]["minutes"].value(), empty["why"]) == (
        "已经写的",
        "先选好会议类别和召开日期，再用模板。",
    )
