"""Organisations from sheets as people write them."""

from __future__ import annotations

import random
from datetime import date

import pytest

from branches import imports
from branches.enums import Role, UnitKind
from branches.imports import Plan, Rights
from branches.models import CommitteeTerm, Unit, UnitChange
from core.errors import Refusal
from tests.branches.sheets import UNIT_HEAD, workbook
from tests.factories.branches import make_branch, make_committee, make_district, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
Rows = list[tuple[object, ...]]

DISTRICT: Rows = [
    ("中共红旗区委员会", "410000", "党委", "", "机关", "1990-07-01", ""),
    ("中共红旗区东街街道工作委员会", "410001", "党工委", "中共红旗区委员会", "街道", "", ""),
    ("东街社区党总支", "410002", "621", "中共红旗区东街街道工作委员会", "社区", "2003.5", ""),
    ("东街第一党支部", "410003", "党支部", "东街社区党总支", "社区", "2010年3月", "13800000001"),
    ("东街第二党支部", "410004", "联合党支部", "410002", "社区", 40000, 13800000002.0),
    ("第一党小组", "410005", "党小组", "东街第一党支部", "社区", "", ""),
]


def plan_of(rows: Rows, rights: Rights | None = None, **layout: str) -> Plan:
    return imports.check(
        "units",
        workbook(UNIT_HEAD, rows, **layout),
        rights=rights or Rights.of_machine(),
        today=TODAY,
    )


def load(rows: Rows, **layout: str) -> Plan:
    return imports.commit(
        "units", workbook(UNIT_HEAD, rows, **layout), rights=Rights.of_machine(), today=TODAY
    )


def faults(plan: Plan) -> list[str]:
    return [fault.text for fault in plan.faults]


def tree() -> dict[str, str | None]:
    return dict(Unit.unscoped.order_by("code").values_list("name", "parent__name"))


def test_a_district_loads_and_its_root_committee_becomes_the_district() -> None:
    plan = load(DISTRICT)

    assert (faults(plan), len(plan.created)) == ([], 6)
    assert tree() == {
        "中共红旗区委员会": None,
        "中共红旗区东街街道工作委员会": "中共红旗区委员会",
        "东街社区党总支": "中共红旗区东街街道工作委员会",
        "东街第一党支部": "东街社区党总支",
        "东街第二党支部": "东街社区党总支",
        "第一党小组": "东街第一党支部",
    }
    assert Unit.unscoped.get(code="410000").kind == UnitKind.DISTRICT
    second = Unit.unscoped.get(code="410004")
    assert (second.founded_on, second.unseal("contact_phone")) == (date(2009, 7, 6), "13800000002")
    assert tuple(Unit.unscoped.find_problems()) == ([], [], [], [], [])


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_rows_gives_the_same_tree_and_a_second_load_changes_nothing(seed: int) -> None:
    rows = DISTRICT.copy()
    random.Random(seed).shuffle(rows)
    load(rows)
    random.Random(seed + 10).shuffle(rows)

    again = load(rows)

    assert (faults(again), again.created, again.changed, again.unchanged) == ([], [], [], 6)
    assert UnitChange.unscoped.count() == 6


@pytest.mark.parametrize(
    "written",
    [
        "红旗区东街街道工作委员会",
        "红旗区东街街道党工委",
        "中共红旗区东街街道工委",
        "东街街道党工委",
        "东街街道党委",
        " 中共 红旗区 东街街道　工作委员会 ",
        "中国共产党红旗区东街街道工作委员会",
        "410001",
    ],
)
def test_a_parent_is_found_as_people_write_it(written: str) -> None:
    rows = [*DISTRICT[:2], ("西街社区党总支", "410009", "党总支", written, "社区", "", "")]

    load(rows)

    assert tree()["西街社区党总支"] == "中共红旗区东街街道工作委员会"


def test_a_title_above_a_footer_below_and_merged_cells_are_coped_with() -> None:
    plan = load(
        [DISTRICT[0], DISTRICT[1], DISTRICT[2], ("", "", "", "", "", "", "")],
        title="红旗区党组织信息表",
        footer="填表人：王明",
    )

    assert (faults(plan), len(plan.created)) == ([], 3)


def test_every_fault_is_listed_with_its_row_and_column_and_nothing_is_written() -> None:
    plan = load(
        [
            *DISTRICT,
            ("东街第三党支部", "410003", "党支部", "东街社区党总支", "社区", "", ""),
            ("东街第四党支部", "410006", "支部会", "东街社区党总支", "社区", "", ""),
            ("东街第五党支部", "410007", "党支部", "不存在的党委", "社区", "", ""),
            ("东街第六党支部", "410008", "党支部", "东街第一党支部", "社区", "", ""),
            ("东街第七党支部", "410010", "党支部", "", "社区", "2020-13-01", "123"),
        ]
    )

    assert [(fault.row, fault.letter) for fault in plan.faults] == [
        (8, "B"),
        (9, "C"),
        (10, "D"),
        (11, "D"),
        (12, "F"),
        (12, "G"),
        (12, "D"),
    ]
    assert plan.faults[0].message == "与第 5 行的代码重复"
    assert plan.faults[2].message == "找不到上级党组织“不存在的党委”"
    assert plan.faults[3].message == "党支部不能直接设在党支部“东街第一党支部”之下"
    assert plan.faults[6].message == "党支部要有上级党组织"
    assert Unit.unscoped.count() == 0


def test_parents_in_a_circle_are_named() -> None:
    plan = plan_of(
        [
            DISTRICT[0],
            ("甲党委", "1", "党委", "乙党委", "机关", "", ""),
            ("乙党委", "2", "党委", "甲党委", "机关", "", ""),
        ]
    )

    assert [fault.row for fault in plan.faults] == [3, 4]
    assert plan.faults[0].message == "上级关系绕成了圈：甲党委 → 乙党委 → 甲党委"


def test_several_rows_without_a_parent_are_all_named() -> None:
    plan = plan_of([DISTRICT[0], ("中共绿城区委员会", "420000", "党委", "", "机关", "", "")])

    assert [fault.row for fault in plan.faults] == [2, 3]
    assert plan.faults[0].message == (
        "有 2 个党组织没有填写上级（第 2 行中共红旗区委员会、第 3 行中共绿城区委员会），"
        "看不出哪个是区委"
    )


def test_a_name_that_fits_several_parents_lists_them() -> None:
    rows = [
        *DISTRICT[:2],
        ("中共红旗区西街街道工作委员会", "410020", "党工委", "中共红旗区委员会", "街道", "", ""),
        ("机关党总支", "410021", "党总支", "中共红旗区东街街道工作委员会", "机关", "", ""),
        ("机关党总支", "410022", "党总支", "中共红旗区西街街道工作委员会", "机关", "", ""),
        ("机关第一党支部", "410023", "党支部", "机关党总支", "机关", "", ""),
    ]

    plan = plan_of(rows)

    assert faults(plan) == [
        "第 7 行「上级党组织」列：上级党组织“机关党总支”可能是："
        "机关党总支（代码 410021，上级 中共红旗区东街街道工作委员会）；"
        "机关党总支（代码 410022，上级 中共红旗区西街街道工作委员会），请改填上级的代码"
    ]


def test_changes_show_old_and_new_and_a_new_parent_moves_the_subtree() -> None:
    load(DISTRICT)
    rows = [
        ("中共红旗区西街街道工作委员会", "410020", "党工委", "红旗区委", "街道", "", ""),
        ("东街社区党总支", "410002", "党总支", "西街街道党工委", "农村", "2003-05-01", ""),
    ]

    plan = load(rows)

    assert [change.fields for change in plan.changed] == [
        (
            ("领域", "社区", "农村"),
            ("上级党组织", "中共红旗区东街街道工作委员会", "中共红旗区西街街道工作委员会"),
        )
    ]
    group = Unit.unscoped.get(code="410005")
    assert group.committee == Unit.unscoped.get(code="410020")
    assert tuple(Unit.unscoped.find_problems()) == ([], [], [], [], [])


def test_empty_cells_and_missing_columns_leave_what_stands() -> None:
    load(DISTRICT)
    head, row = UNIT_HEAD[:4], ("东街第一党支部", "410003", "党支部", "")

    plan = imports.commit("units", workbook(head, [row]), rights=Rights.of_machine(), today=TODAY)

    assert (faults(plan), plan.unchanged) == ([], 1)
    assert Unit.unscoped.get(code="410003").unseal("contact_phone") == "13800000001"


def test_election_days_make_a_term() -> None:
    head = (*UNIT_HEAD, "任期年限", "当选日期", "届满日期")
    rows = [(*row, *("", "", "")) for row in DISTRICT]
    rows[3] = (*DISTRICT[3], "3年", "2025.6", "")

    for expected in (6, 0):
        plan = imports.commit(
            "units", workbook(head, rows), rights=Rights.of_machine(), today=TODAY
        )
        assert (faults(plan), len(plan.created)) == ([], expected)

    term = CommitteeTerm.unscoped.get()
    assert (term.started_on, term.due_on) == (date(2025, 6, 1), date(2028, 6, 1))


def test_a_committee_loads_below_itself_only() -> None:
    district = make_district(name="中共红旗区委员会")
    mine = make_committee(district, name="中共红旗区东街街道工作委员会")
    theirs = make_committee(district, name="中共红旗区西街街道工作委员会")
    foreign = make_branch(theirs, code="620001", name="西街支部")
    rights = Rights.of(make_user(Role.COMMITTEE_STAFF, mine), on=TODAY)

    plan = plan_of(
        [
            ("东街支部", "620002", "党支部", "东街街道党工委", "社区", "", ""),
            ("西街二支部", "620003", "党支部", "西街街道党工委", "社区", "", ""),
            ("西街支部改名", foreign.code, "党支部", "东街街道党工委", "社区", "", ""),
            ("中共绿城区委员会", "630000", "党委", "", "机关", "", ""),
        ],
        rights,
    )

    assert [(fault.row, fault.letter) for fault in plan.faults] == [(3, "D"), (4, "B"), (5, "D")]
    assert plan.faults[0].message == "找不到上级党组织“西街街道党工委”"
    assert plan.faults[2].message == "新建区委只能由系统管理员办理"


def test_a_preview_that_has_gone_stale_is_not_written() -> None:
    load(DISTRICT)
    rows: Rows = [("东街第一党支部", "410003", "党支部", "", "农村", "", "")]
    seen = plan_of(rows).fingerprint
    Unit.unscoped.filter(code="410003").update(field="school")

    with pytest.raises(Refusal, match="预览之后，系统里的数据有了变化，没有写入。"):
        imports.commit(
            "units",
            workbook(UNIT_HEAD, rows),
            rights=Rights.of_machine(),
            today=TODAY,
            fingerprint=seen,
        )


def test_loading_costs_the_same_number_of_queries_for_few_and_many(
    django_assert_max_num_queries,
) -> None:
    load(DISTRICT)
    rows = [
        (f"支部{number}", f"42{number:04d}", "党支部", "东街社区党总支", "社区", "", "")
        for number in range(200)
    ]

    with django_assert_max_num_queries(30):
        load(rows)
