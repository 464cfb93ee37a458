"""An organisation as people write it."""

from __future__ import annotations

import pytest

from branches.models import Unit
from branches.naming import unit_named
from core.errors import Refusal
from tests.factories.branches import make_branch, make_committee

pytestmark = pytest.mark.django_db


def test_a_code_a_name_a_short_name_or_a_part_that_is_plain() -> None:
    street = make_committee()
    branch = make_branch(street, name="滨河社区第一党支部", short_name="滨河一支部")
    make_branch(street, name="滨河社区第二党支部", short_name="滨河二支部")
    reach = Unit.objects.within(street)

    for text in (branch.code, " 滨河社区第一党支部 ", "滨河一支部", "第一党支部"):
        assert unit_named(reach, text, field="unit") == branch
    with pytest.raises(Refusal, match="不止一个"):
        unit_named(reach, "滨河社区", field="unit")
    with pytest.raises(Refusal, match="没有找到"):
        unit_named(reach, "没有这个", field="unit")
    with pytest.raises(Refusal, match="请填写社区的名称或代码"):
        unit_named(reach, " ", field="unit", what="社区")


def test_what_is_out_of_reach_is_not_found_by_its_name() -> None:
    stranger = make_branch(name="别处的党支部")
    with pytest.raises(Refusal, match="没有找到"):
        unit_named(Unit.objects.within(make_committee()), stranger.name, field="unit")
