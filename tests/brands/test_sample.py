"""样例区 has a year of brands in every state, whatever the day, and within the database's rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from brands.enums import Stage, Step
from brands.models import Brand, BrandYear, Inspection, PlanItem, Quota, Review
from brands.rules import coupled
from config.management.commands.load_sample import load

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2027, 1, 1), date(2028, 2, 29)])
def test_the_sample_holds_every_state_on_any_day(
    today: date, settings: Any, tmp_path: Any, time_machine: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    time_machine.move_to(f"{today} 09:00:00+08:00", tick=False)
    load(today=today)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    this = BrandYear.unscoped.filter(year=today.year)
    assert set(this.values_list("stage", flat=True)) == set(Stage) - {Stage.WITHDRAWN}
    assert set(Brand.unscoped.values_list("step", flat=True)) == set(Step)
    for year in this.select_related("brand"):
        assert coupled(year.stage, year.brand.step), year
    assert set(this.exclude(grade=None).values_list("grade", flat=True)) == {
        "excellent", "good", "ordinary",
    }  # fmt: skip
    assert this.filter(stage_on__gt=today).count() == 0
    assert set(Inspection.unscoped.values_list("state", flat=True)) == {1, 2, 3}
    assert Review.unscoped.filter(submitted_at=None).exists()
    if today.month > 1:
        assert PlanItem.unscoped.filter(done_on=None, due_on__lt=today).exists()
    for quota in Quota.unscoped.filter(year=today.year, unit__depth=1):
        assert quota.taken == this.filter(is_fist=True).count()
