"""两新星级 full of canaries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from starrating import services
from starrating.defaults import Line
from starrating.enums import Category, Method, State
from starrating.models import (
    Activity,
    ActivityKind,
    ItemScore,
    ModelSite,
    Plan,
    Rating,
    StarChange,
    StarFile,
)
from tests.factories.starrating import DAY, forward, make_hands, make_organisation, make_round


def build(world: Any, branches: Iterable[str]) -> None:
    """In each district a round; in each branch organisations in 自评, 待初核 and 待审核."""
    keys, things = list(branches), world.objects
    for key in keys:
        unit = world.units[key]
        for number, name in enumerate(("star_organisation", "star_second", "star_third")):
            things[name][key] = make_organisation(
                unit, name=f"企业{number}zo{key}z", founded_on=date(2015, 1, 1)
            )
    for district in ("1", "2"):
        _district(world, district)
    for key in keys:
        _branch(world, key)


def _district(world: Any, key: str) -> None:
    unit, things = world.units[key], world.objects
    standard = services.save_standard(
        unit=unit, by=None, name=f"标准zu{key}z", regulation=f"依据zu{key}z",
        lines=(
            Line(Category.TEAM, f"班子zu{key}z", Decimal(60), (Method.PAPERS,), f"材料zu{key}z"),
            Line(Category.SOCIETY, f"评价zu{key}z", Decimal(40), (Method.POLL,), ""),
        ),
    )  # fmt: skip
    things["star_standard"][key] = standard
    things["star_round"][key] = make_round(unit, name=f"轮次zu{key}z", standard=standard)
    services.save_plan(
        unit=unit, model_low=1, model_high=9, targets={2027: (Decimal(10), Decimal(30))}
    )
    things["star_plan"][key] = Plan.unscoped.get(unit=unit)


def _branch(world: Any, key: str) -> None:
    things = world.objects
    round_, author = things["star_round"][key[0]], things["author"][key]
    rows = {r.organisation_id: r for r in Rating.unscoped.filter(round=round_)}
    hands = make_hands()
    one = things["star_organisation"][key]
    checked = rows[one.pk]
    things["star_rating"][key] = checked
    things["star_self"][key] = rows[things["star_second"][key].pk]
    things["star_filed"][key] = rows[things["star_third"][key].pk]
    forward(things["star_filed"][key], State.FILED, hands)
    forward(checked, State.CHECKED, hands)
    first = ItemScore.unscoped.filter(rating=checked).first()
    assert first is not None
    ItemScore.unscoped.filter(pk=first.pk).update(
        self_note=f"自评说明zo{key}z", check_note=f"初核理由zo{key}z"
    )
    kind = ActivityKind.objects.first()
    activity = Activity.unscoped.create(
        organisation=one, kind=kind, year=2026, day=DAY, note=f"活动zo{key}z", by=author
    )
    things["star_activity"][key] = activity
    things["star_file"][key] = StarFile.unscoped.create(
        organisation=one, activity=activity, name=f"佐证zo{key}z.jpg", path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg", content_type="image/jpeg",
        sha256=f"{len(things['star_file']):064d}", size=10, by=author,
    )  # fmt: skip
    things["star_site"][key] = ModelSite.unscoped.create(
        organisation=one, plan=things["star_plan"][key[0]], named_on=DAY,
        feature=f"特色zo{key}z", by=author,
    )  # fmt: skip
    things["star_change"][key] = StarChange.unscoped.create(
        organisation=one, after=3, cause="rated", day=DAY, note=f"变动zo{key}z", by=author
    )
    type(one).unscoped.filter(pk=one.pk).update(stars=3, stars_since=DAY)
