"""Rosters from sheets as people write them."""

from __future__ import annotations

import random
from datetime import date

import pytest

from branches import imports, services
from branches.enums import MemberKind, PostKind, Role
from branches.imports import Plan, Rights
from branches.models import Member, Unit
from tests.branches.sheets import MEMBER_HEAD, workbook
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_id_number,
    make_member,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FIRST, SECOND = make_id_number(100001), make_id_number(100002)
Row = tuple[object, ...]


@pytest.fixture
def branch() -> Unit:
    street = make_committee(make_district(name="中共红旗区委员会"), name="东街党工委")
    return make_branch(street, name="东街第一党支部", code="410003")


def row(name: str, number: str, unit: str = "东街第一党支部", **cells: object) -> Row:
    values: dict[str, object] = {
        "性别": "",
        "出生日期": "",
        "人员类别": "正式党员",
        "手机号码": "13800000001",
        "入党日期": "2010.7",
        "是否流动": "否",
        **cells,
        "姓名": name,
        "公民身份号码": number,
        "所在党支部": unit,
    }
    return tuple(values[title] for title in MEMBER_HEAD)


def load(rows: list[Row], rights: Rights | None = None, **layout: str) -> Plan:
    return imports.commit(
        "members",
        workbook(MEMBER_HEAD, rows, **layout),
        rights=rights or Rights.of_machine(),
        today=TODAY,
    )


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.letter, fault.message) for fault in plan.faults]


def test_a_roster_loads_sealed_and_a_second_load_changes_nothing(branch: Unit) -> None:
    rows = [row("王 明", FIRST), row("李红", SECOND, 手机号码=13800000002.0, 人员类别="预备")]

    plan = load(rows, title="东街第一党支部党员名册", footer="合计 2 人")

    assert (faults(plan), len(plan.created)) == ([], 2)
    first, second = Member.unscoped.order_by("pk")
    assert (first.name, first.unseal("id_number"), first.sex) == ("王明", FIRST, "1")
    assert (second.kind, second.unseal("phone")) == (MemberKind.PROBATIONARY, "13800000002")
    assert (first.unit, first.birth_date, first.joined_on) == (
        branch,
        date(1985, 3, 12),
        date(2010, 7, 1),
    )
    random.Random(1).shuffle(rows)
    again = load(rows)
    assert (again.created, again.changed, again.unchanged) == ([], [], 2)


@pytest.mark.parametrize(
    "written",
    ["东街第一支部", "东街 第一党支部", "410003", "红旗区东街第一党支部", "中共东街第一支部委员会"],
)
def test_a_branch_is_found_as_people_write_it(branch: Unit, written: str) -> None:
    load([row("王明", FIRST, written)])

    assert Member.unscoped.get().unit == branch


def test_every_fault_has_its_row_column_and_sentence_and_nothing_is_written(branch: Unit) -> None:
    wrong = FIRST[:-1] + ("1" if FIRST[-1] != "1" else "2")

    plan = load(
        [
            row("王明", FIRST),
            row("王明", FIRST),
            row("李红", wrong),
            row("张强", SECOND, "没有的党支部"),
            row("赵勇", make_id_number(100003), 性别="女"),
            row("钱军", make_id_number(100004), 出生日期="1990-01-01"),
            row("孙涛", make_id_number(100005), "东街党工委"),
            row("周杰", make_id_number(100006), 人员类别="群众"),
        ]
    )

    assert [(fault.row, fault.letter) for fault in plan.faults] == [
        (3, "C"),
        (4, "C"),
        (5, "F"),
        (6, "B"),
        (7, "D"),
        (8, "F"),
        (9, "E"),
    ]
    assert plan.faults[0].message == "与第 2 行的公民身份号码相同"
    assert plan.faults[2].message == "找不到党支部“没有的党支部”"
    assert plan.faults[3].message == "与公民身份号码里的性别不一致"
    assert plan.faults[5].message == "“东街党工委”是党工委，党员要在党支部里"
    assert all(FIRST not in fault.text and FIRST not in fault.value for fault in plan.faults)
    assert Member.unscoped.count() == 0


def test_another_branch_in_the_sheet_is_a_transfer_and_ends_the_posts(branch: Unit) -> None:
    other = make_branch(branch.parent, name="东街第二党支部")
    member = make_member(branch, name="王明", id_number=FIRST, phone="13800000001")
    post = make_post(branch, PostKind.SECRETARY, member=member)

    plan = load([row("王明", FIRST, "东街第二支部", 入党日期="")])

    assert [change.fields for change in plan.changed] == [
        (("所在党支部", "东街第一党支部", "东街第二党支部"),)
    ]
    member.refresh_from_db()
    post.refresh_from_db()
    assert (member.unit, member.arrived_on, post.until) == (other, TODAY, TODAY)


def test_missing_columns_and_empty_cells_leave_what_is_known(branch: Unit) -> None:
    member = make_member(branch, name="王明", id_number=FIRST, phone="13800000009", job="教师")
    head = ("姓名", "公民身份号码", "所在党支部", "手机号码")

    plan = imports.commit(
        "members",
        workbook(head, [("王明", FIRST, "东街第一党支部", "")]),
        rights=Rights.of_machine(),
        today=TODAY,
    )

    member.refresh_from_db()
    assert (plan.unchanged, member.unseal("phone"), member.job) == (1, "13800000009", "教师")


def test_a_changed_phone_is_shown_masked_and_sealed_anew(branch: Unit) -> None:
    member = make_member(branch, name="王明", id_number=FIRST, phone="13800000001")

    plan = load([row("王明", FIRST, 手机号码="139 0000 0002", 入党日期="")])

    assert plan.changed[0].fields == (("手机号码", "138****0001", "139****0002"),)
    member.refresh_from_db()
    assert member.unseal("phone") == "13900000002"


def test_a_secretary_loads_his_own_branch_only(branch: Unit) -> None:
    other = make_branch(branch.parent, name="东街第二党支部")
    make_member(other, name="李红", id_number=SECOND)
    rights = Rights.of(make_user(Role.SECRETARY, branch), on=TODAY)

    plan = load(
        [
            row("王明", FIRST),
            row("张强", make_id_number(100007), "东街第二党支部"),
            row("李红", SECOND),
        ],
        rights,
    )

    assert faults(plan) == [
        (3, "F", "找不到党支部“东街第二党支部”"),
        (4, "C", "这个身份号码已在您管理范围以外的党支部登记"),
    ]


def test_groups_are_found_within_the_branch(branch: Unit) -> None:
    group = services.place(parent=branch, code="410004", name="第一党小组", kind="group")
    head = (*MEMBER_HEAD, "党小组")

    plan = imports.commit(
        "members",
        workbook(head, [(*row("王明", FIRST), "第一小组"), (*row("李红", SECOND), "第九小组")]),
        rights=Rights.of_machine(),
        today=TODAY,
    )
    assert faults(plan) == [(3, "J", "“东街第一党支部”没有叫“第九小组”的党小组")]

    imports.commit(
        "members",
        workbook(head, [(*row("王明", FIRST), "第一小组")]),
        rights=Rights.of_machine(),
        today=TODAY,
    )
    assert Member.unscoped.get().group == group


def test_loading_costs_a_bounded_number_of_queries(
    branch: Unit, django_assert_max_num_queries
) -> None:
    rows = [row(f"党员{number}", make_id_number(number)) for number in range(110000, 110300)]

    with django_assert_max_num_queries(15):
        assert faults(load(rows)) == []


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence() -> None:
    plan = imports.check("members", b"\0\1\2", rights=Rights.of_machine(), today=TODAY)

    assert [fault.row for fault in plan.faults] == [0]
