"""What groups are told of a ranking: that it is out."""

from __future__ import annotations

import pytest

from branches.enums import Role
from branches.services import set_up_robot
from core import outbox
from core.models import Notice
from tests.factories.assessment import make_run
from tests.factories.branches import make_branch, make_committee, make_district, make_user

pytestmark = pytest.mark.django_db


def test_the_groups_that_listen_hear_that_a_ranking_is_out() -> None:
    district = make_district(name="云泉区委")
    street = make_committee(district)
    make_branch(street)
    chief = make_user(Role.DISTRICT_STAFF, district)
    for unit, topic in ((district, "ranking"), (street, "behind"), (make_committee(), "ranking")):
        set_up_robot(
            unit=unit,
            name="书记群",
            address=f"https://open.feishu.cn/open-apis/bot/v2/hook/{unit.code}-0000",
            topics=[topic],
            by=chief,
        )
    run = make_run(district, published_by=chief)
    notice = Notice.objects.get(recipient=None)
    assert notice.title == "2026年第三季度考核结果已发布"
    assert notice.link == f"/runs/{run.uuid}/"
    assert outbox.text_of(notice).startswith(
        "云泉区委：2026年第三季度考核结果已发布，共 1 个支部参评。"
    )
