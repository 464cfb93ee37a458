"""A district with a bureau, its officers, a cadre; and the same elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from cadres.models import Cadre
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.cadres import make_cadre, make_officer, make_quota


@dataclass
class Office:
    """Who works here and on whom."""

    district: Unit
    bureau: Unit
    officer: User
    second: User
    stranger: User
    chief: User
    superuser: User
    cadre: Cadre
    foreign: Cadre
    today: date

    def ago(self, days: int) -> date:
        """So many days before today."""
        return self.today - timedelta(days=days)


@pytest.fixture
def office(db: None) -> Office:
    district, other = make_district(), make_district()
    bureau = make_branch(
        make_committee(district), name="区财政局党支部", short_name="区财政局党支部"
    )
    make_quota(bureau, 2)
    return Office(
        district, bureau, make_officer(district), make_officer(district), make_officer(other),
        make_user(Role.DISTRICT_STAFF, district),
        make_account(is_staff=True, is_superuser=True),
        make_cadre(bureau, name="霍若溪", phone="13912345678", native_place="云泉"),
        make_cadre(make_committee(other), name="祝明德"), timezone.localdate(),
    )  # fmt: skip
