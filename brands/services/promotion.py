"""宣传推广: media reports, meetings where brands are shown, honours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from brands.enums import FileKind, MediaLevel, ShowingKind
from brands.models import Brand, Honour, MediaReport, Showing
from brands.services.files import keep
from brands.services.parts import lock_brand, plain
from core import files
from core.errors import Refusal


@transaction.atomic
def add_media(
    *,
    brand: Brand,
    by: User | None,
    level: str,
    outlet: str,
    title: str,
    on: date,
    today: date,
    link: str = "",
    upload: files.Upload | None = None,
) -> MediaReport:
    """登记媒体报道 with its link or a scan; the same report again is the one that is there.

    Raises Refusal: neither link nor scan, a day to come, a level that is none.
    """
    brand = lock_brand(brand.pk)
    if level not in MediaLevel.values:
        raise Refusal("请选择媒体层级。", field="level")
    _refuse_ahead(on, today)
    where = plain(outlet, "媒体名称", longest=60, field="outlet")
    head = plain(title, "标题", longest=120, field="title")
    known = MediaReport.unscoped.filter(brand=brand, outlet=where, title=head, on=on).first()
    if known is not None:
        return known
    if not link and upload is None:
        raise Refusal("请填链接，或者上传版面、截图。", field="link")
    scan = keep(brand=brand, by=by, upload=upload, kind=FileKind.SCAN) if upload else None
    return MediaReport.unscoped.create(
        brand=brand, level=MediaLevel(level), outlet=where, title=head, on=on, link=link,
        scan=scan, by=by,
    )  # fmt: skip


@transaction.atomic
def add_honour(
    *,
    brand: Brand,
    by: User | None,
    title: str,
    level: str,
    on: date,
    today: date,
    document: str = "",
) -> Honour:
    """登记评先评优; the same again is the one that is there. Raises Refusal."""
    brand = lock_brand(brand.pk)
    if level not in MediaLevel.values:
        raise Refusal("请选择层级。", field="level")
    _refuse_ahead(on, today)
    what = plain(title, "荣誉或评选", longest=100, field="title")
    number = plain(document, "文件依据", longest=100, field="document", needed=False)
    found, _ = Honour.unscoped.get_or_create(
        brand=brand, title=what, on=on,
        defaults={"level": MediaLevel(level), "document": number, "by": by},
    )  # fmt: skip
    return found


@transaction.atomic
def hold_showing(
    *,
    unit: Unit,
    by: User | None,
    kind: str,
    title: str,
    on: date,
    today: date,
    place: str,
    attendance: int,
    brands: Sequence[Brand],
    note: str = "",
) -> Showing:
    """登记经验交流会 or 现场观摩会 with the brands shown there; sent twice it is one.

    Raises Refusal: no brand, nobody came, a day to come.
    """
    if kind not in ShowingKind.values:
        raise Refusal("请选择活动形式。", field="kind")
    _refuse_ahead(on, today)
    if not brands:
        raise Refusal("请选择展示的品牌。", field="brands")
    if not 0 < attendance <= 100_000:
        raise Refusal("请填写参加人数。", field="attendance")
    name = plain(title, "活动名称", longest=100, field="title")
    where = plain(place, "地点", longest=100, field="place")
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    found, fresh = Showing.unscoped.get_or_create(
        unit=unit, title=name, on=on,
        defaults={
            "kind": ShowingKind(kind), "place": where, "attendance": attendance, "by": by,
            "note": plain(note, "收获", longest=500, field="note", needed=False),
        },
    )  # fmt: skip
    if fresh:
        found.brands.set(brands)
    return found


def _refuse_ahead(on: date, today: date) -> None:
    if on > today:
        raise Refusal("日期不能在今天之后。", field="on")
