"""The tree: placing, moving, merging, dissolving, renaming."""

from __future__ import annotations

from datetime import date

import pytest

from branches import services
from branches.enums import ChangeKind, UnitKind
from branches.models import Unit, UnitChange
from branches.services import NewUnit
from core.errors import Refusal
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_member,
    make_post,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def problems() -> tuple[list[int], ...]:
    return tuple(Unit.unscoped.find_problems())


def paths() -> list[tuple[str, str]]:
    return list(Unit.unscoped.order_by("path").values_list("name", "path"))


def test_units_are_placed_one_after_another_below_their_parent() -> None:
    district = make_district(name="区委")
    first, second = make_committee(district, name="甲"), make_committee(district, name="乙")
    branch = make_branch(second, name="丙")
    group = make_group(branch, name="丁")

    assert paths() == [
        ("区委", "0001"),
        ("甲", "00010001"),
        ("乙", "00010002"),
        ("丙", "000100020001"),
        ("丁", "0001000200010001"),
    ]
    assert (district.district_id, district.committee_id) == (district.pk, None)
    assert (first.district_id, first.committee_id) == (district.pk, first.pk)
    assert (group.district_id, group.committee_id) == (district.pk, second.pk)
    assert UnitChange.unscoped.filter(kind=ChangeKind.FOUNDED).count() == 5
    assert problems() == ([], [], [], [], [])


def test_many_units_in_any_order_of_rows_get_the_same_tree() -> None:
    rows = [
        NewUnit(code="4", name="支部", kind=UnitKind.BRANCH, parent_code="3"),
        NewUnit(code="1", name="区委", kind=UnitKind.DISTRICT),
        NewUnit(code="3", name="总支", kind=UnitKind.GENERAL_BRANCH, parent_code="2"),
        NewUnit(code="2", name="工委", kind=UnitKind.WORKING_COMMITTEE, parent_code="1"),
    ]

    units = services.place_many(rows)

    assert [unit.code for unit in units] == ["4", "1", "3", "2"]
    assert paths() == [
        ("区委", "0001"),
        ("工委", "00010001"),
        ("总支", "000100010001"),
        ("支部", "0001000100010001"),
    ]
    assert problems() == ([], [], [], [], [])


def test_many_units_cost_a_fixed_number_of_statements(django_assert_num_queries) -> None:
    street = make_committee()

    for size in (1, 300):
        rows = [
            NewUnit(
                code=f"b{size}-{i}", name=f"支部{size}-{i}", kind=UnitKind.BRANCH, parent=street
            )
            for i in range(size)
        ]
        with django_assert_num_queries(12):
            services.place_many(rows)

    assert problems() == ([], [], [], [], [])


def test_rows_whose_parents_run_in_a_circle_are_refused() -> None:
    rows = [
        NewUnit(code="1", name="甲", kind=UnitKind.COMMITTEE, parent_code="2"),
        NewUnit(code="2", name="乙", kind=UnitKind.COMMITTEE, parent_code="1"),
    ]

    with pytest.raises(Refusal, match="“甲”的上级关系绕成了圈，请核对上级党组织。"):
        services.place_many(rows)


@pytest.mark.parametrize(
    ("kind", "above", "sentence"),
    [
        (
            UnitKind.BRANCH,
            UnitKind.BRANCH,
            "党支部不能直接设在党支部“上级”之下，请核对类别或上级。",
        ),
        (UnitKind.COMMITTEE, UnitKind.GENERAL_BRANCH, "党委不能直接设在党总支“上级”之下，"),
        (UnitKind.GROUP, UnitKind.COMMITTEE, "党小组不能直接设在党委“上级”之下，"),
        (UnitKind.DISTRICT, UnitKind.COMMITTEE, "区委不能直接设在党委“上级”之下，"),
    ],
)
def test_a_kind_that_may_not_stand_there_is_refused(kind: str, above: str, sentence: str) -> None:
    parent = make_unit(make_committee(), above, name="上级")

    with pytest.raises(Refusal) as refused:
        make_unit(parent, kind)

    assert refused.value.message.startswith(sentence)


def test_a_taken_code_and_a_taken_name_are_refused() -> None:
    street = make_committee(name="街道")
    make_branch(street, code="620102", name="一支部")

    with pytest.raises(Refusal, match="党组织代码“620102”已被使用，请核对。"):
        make_branch(street, code="620102")
    with pytest.raises(Refusal, match="“街道”下已有“一支部”，请核对或改用全称。"):
        make_branch(street, name="一支部")


def test_a_move_takes_the_whole_subtree_along_and_leaves_a_trace() -> None:
    district = make_district()
    old, new = make_committee(district, name="旧"), make_committee(district, name="新")
    above = make_unit(old, UnitKind.GENERAL_BRANCH)
    branch = make_branch(above)
    group = make_group(branch)
    make_branch(new)

    services.move(unit=above, to=new, on=TODAY, reason="街道合并")

    for unit in (old, new, above, branch, group):
        unit.refresh_from_db()
    assert (above.path, branch.path, group.path) == (
        "000100020002",
        "0001000200020001",
        "00010002000200010001",
    )
    assert {unit.committee_id for unit in (above, branch, group)} == {new.pk}
    assert (old.numchild, new.numchild) == (0, 2)
    assert above.parent_id == new.pk
    assert problems() == ([], [], [], [], [])
    change = UnitChange.unscoped.get(kind=ChangeKind.MOVED)
    assert (change.from_parent, change.to_parent, change.reason) == (old, new, "街道合并")


def test_a_committee_that_moves_below_the_district_becomes_its_own_committee() -> None:
    district = make_district()
    street = make_committee(district)
    committee = make_unit(street, UnitKind.COMMITTEE)
    branch = make_branch(committee)

    services.move(unit=committee, to=district, on=TODAY)

    branch.refresh_from_db()
    assert branch.committee_id == committee.pk


def test_a_subtree_of_any_size_moves_by_the_same_statements(django_assert_num_queries) -> None:
    district = make_district()
    first, second = make_committee(district), make_committee(district)
    for size in (1, 50):
        above = make_unit(first, UnitKind.GENERAL_BRANCH)
        rows = [
            NewUnit(code=f"{size}-{i}", name=f"{i}", kind=UnitKind.BRANCH, parent=above)
            for i in range(size)
        ]
        services.place_many(rows)
        with django_assert_num_queries(11):
            services.move(unit=above, to=second, on=TODAY)


def test_a_unit_does_not_move_below_itself() -> None:
    street = make_committee()
    lower = make_committee(street)

    with pytest.raises(Refusal, match=r"不能把“.*”调整到它自己或它的下级之下。"):
        services.move(unit=street, to=lower, on=TODAY)


def test_a_merged_branch_gives_its_members_and_groups_to_the_other() -> None:
    street = make_committee()
    gone, stays = make_branch(street), make_branch(street)
    group = make_group(gone)
    member = make_member(gone, group=group)
    post = make_post(gone)
    term = make_term(gone)

    services.merge(unit=gone, into=stays, on=TODAY, reason="人数不足")

    for row in (gone, group, member, post, term):
        row.refresh_from_db()
    assert (member.unit_id, member.group_id, group.parent_id) == (stays.pk, group.pk, stays.pk)
    assert (gone.dissolved_on, post.until, term.ended_on) == (TODAY, TODAY, TODAY)
    assert problems() == ([], [], [], [], [])


def test_a_branch_with_members_is_not_dissolved() -> None:
    branch = make_branch(name="一支部")
    make_member(branch)

    with pytest.raises(Refusal, match="“一支部”还有 1 名党员，请先转到别的党组织。"):
        services.dissolve(unit=branch, on=TODAY)


def test_a_committee_with_branches_is_not_dissolved_but_an_empty_one_is() -> None:
    street = make_committee(name="街道")
    branch = make_branch(street)

    with pytest.raises(Refusal, match="“街道”还有下级党组织，请先调整或撤销它们。"):
        services.dissolve(unit=street, on=TODAY)
    services.dissolve(unit=branch, on=TODAY)
    services.dissolve(unit=street, on=TODAY)

    street.refresh_from_db()
    assert street.dissolved_on == TODAY


def test_the_old_name_stays_in_the_history_and_the_new_one_is_found_by_pinyin() -> None:
    branch = make_branch(name="东风支部")

    services.rename(unit=branch, name="红旗支部", on=TODAY)

    assert UnitChange.unscoped.get(kind=ChangeKind.RENAMED).old_name == "东风支部"
    assert list(Unit.unscoped.filter(name_key__contains="hqzb")) == [branch]


def test_a_branch_with_a_roster_does_not_become_a_general_branch() -> None:
    branch = make_branch(name="一支部")
    make_member(branch)

    with pytest.raises(Refusal, match="“一支部”名册上有党员，只有支部才有党员名册。"):
        services.change_unit(unit=branch, kind=UnitKind.GENERAL_BRANCH)
