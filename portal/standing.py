"""How far a 通知 has come: the list of the issuer, and who has read one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from branches.enums import Field, UnitKind
from branches.models import Unit
from core.pages import page_of
from portal.enums import Reach, State
from portal.models import Circular, Receipt
from portal.querysets import CircularQuerySet, ReceiptQuerySet
from portal.reaching import count
from portal.rules import is_late, percent

HEADERS = (
    "党组织代码", "党组织名称", "上级党（工）委", "情况", "阅知时间", "阅知人", "签收时间",
    "签收人", "催办次数",
)  # fmt: skip
_NAMES_SHOWN = 8


def narrowed(rows: CircularQuerySet, shown: str, on: date) -> CircularQuerySet:
    """The issuer's list: all, drafts, or what is owed somewhere after its day."""
    rows = rows.select_related("unit").with_counts().order_by("state", "-issued_at", "-pk")
    if shown == "draft":
        return rows.filter(state=State.DRAFT)
    if shown == "overdue":
        late = Receipt.objects.everywhere("of rows that are scoped").overdue(on=on)
        return rows.filter(pk__in=late.order_by().values("circular"))
    return rows


def lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Each 通知 with how many have read, and signed where that was asked for."""
    return [
        {
            "row": row,
            "done": row.was_signed if row.needs_sign else row.was_read,
            "words": f"{row.was_signed if row.needs_sign else row.was_read} / {row.total}",
            "verb": "签收" if row.needs_sign else "阅知",
        }
        for row in rows
    ]


def facts(row: Circular, on: date, shown: str, query: Mapping[str, str]) -> dict[str, Any]:
    """What the issuer sees of one 通知: of a draft whom it will reach, then who has read it."""
    known: dict[str, Any] = {"reach": reach_words(row), "shown": shown}
    if row.is_draft:
        return known | {"count": count(row, on), "counted": None, "page": None, "rows": []}
    receipts = _receipts(row)
    counted = receipts.aggregate(
        total=Count("pk"),
        was_read=Count("pk", filter=Q(read_at__isnull=False)),
        was_signed=Count("pk", filter=Q(signed_at__isnull=False)),
        shared=Count("pk", filter=Q(shared_at__isnull=False)),
    )
    done = counted["was_signed"] if row.needs_sign else counted["was_read"]
    found = page_of(_asked(receipts, shown), query)
    return known | {
        "count": None,
        "counted": counted | {"owing": counted["total"] - done, "done": done},
        "percent": percent(done, counted["total"]),
        "page": found,
        "rows": [_line(one, row, on) for one in found.rows],
        "may_urge": row.is_live and receipts.urgeable(on=on).exists(),
    }


def _receipts(row: Circular) -> ReceiptQuerySet:
    rows: ReceiptQuerySet = Receipt.objects.everywhere("the issuer reads all he issued to").filter(
        circular=row
    )
    return rows


def _asked(rows: ReceiptQuerySet, shown: str) -> ReceiptQuerySet:
    narrowed: dict[str, Q] = {
        "unread": Q(read_at__isnull=True),
        "read": Q(read_at__isnull=False),
        "signed": Q(signed_at__isnull=False),
        "shared": Q(shared_at__isnull=False),
        "owing": Q(read_at__isnull=True) | Q(circular__needs_sign=True, signed_at__isnull=True),
    }
    found: ReceiptQuerySet = rows.filter(narrowed.get(shown, Q()))
    return found.select_related("unit__committee", "read_by", "signed_by").order_by("unit__path")


def _line(one: Receipt, row: Circular, on: date) -> dict[str, Any]:
    one.circular = row
    return {
        "row": one,
        "tone": "ok" if one.is_done else "wait",
        "late": row.is_live and is_late(row.sign_by, on, done=one.is_done),
    }


def reach_words(row: Circular) -> str:
    """按类别：党支部、联合党支部. One query when units were named."""
    if row.reach == Reach.KIND:
        return f"按类别：{'、'.join(str(UnitKind(one).label) for one in row.kinds)}"
    if row.reach == Reach.FIELD:
        return f"按领域：{'、'.join(str(Field(one).label) for one in row.fields)}"
    if row.reach in (Reach.COMMITTEES, Reach.CHOSEN):
        units = Unit.objects.everywhere("named by the issuer, below him").filter(
            code__in=row.places
        )
        names = [str(unit) for unit in units.order_by("path")[:_NAMES_SHOWN]]
        more = f" 等 {len(row.places)} 个" if len(row.places) > len(names) else ""
        tail = "及其下级" if row.reach == Reach.COMMITTEES else ""
        return f"{'、'.join(names)}{more}{tail}"
    return str(Reach(row.reach).label)


def sheet_rows(row: Circular) -> Iterator[tuple[str, ...]]:
    """回执, row by row."""
    for one in _asked(_receipts(row), "").iterator(chunk_size=2000):
        yield (
            one.unit.code,
            one.unit.name,
            one.unit.committee.name if one.unit.committee else "",
            str(one.progress.label),
            _when(one.read_at),
            one.read_by.name if one.read_by else "",
            _when(one.signed_at),
            one.signed_by.name if one.signed_by else "",
            str(one.urged),
        )


def _when(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
