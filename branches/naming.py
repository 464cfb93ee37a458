"""An organisation as people write it: its code, its name or its short name."""

from __future__ import annotations

from django.db.models import Q

from branches.models import Unit
from branches.querysets import UnitQuerySet
from core.errors import Refusal


def unit_named(rows: UnitQuerySet, text: str, *, field: str, what: str = "党组织") -> Unit:
    """The one among ``rows`` (in reach already) that is meant.

    Raises Refusal: nothing written, none of that name, or more than one.
    """
    asked = text.replace("\x00", "").strip()
    if not asked:
        raise Refusal(f"请填写{what}的名称或代码。", field=field)
    exact = Q(code=asked) | Q(name=asked) | Q(short_name=asked)
    found = list(rows.filter(exact)[:2]) or list(rows.filter(name__contains=asked)[:2])
    if not found:
        raise Refusal(f"没有找到“{asked[:40]}”，请写{what}的全称或代码。", field=field)
    if len(found) > 1:
        raise Refusal(f"叫“{asked[:40]}”的{what}不止一个，请写全称或代码。", field=field)
    return found[0]
