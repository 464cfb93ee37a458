"""查阅记录: each verb writes one line that nobody can change."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.enums import ReadKind
from cadres.models import Cadre, ReadLog
from cadres.rules.screen import refused_text
from core.errors import Refusal

SHORTEST_REASON = 4


def _reason(reason: str) -> str:
    text = " ".join(reason.split())
    if len(text) < SHORTEST_REASON:
        raise Refusal("请写清查阅事由，至少四个字，例如：核对任职时间。", field="reason")
    if fault := refused_text(text):
        raise Refusal(fault, field="reason")
    return text


@transaction.atomic
def open_file(*, cadre: Cadre, by: User, reason: str) -> ReadLog:
    """Note that ``by`` opens this person's file, and why. Refusal without a reason."""
    return ReadLog.unscoped.create(
        unit=cadre.unit, by=by, kind=ReadKind.OPENED, cadre=cadre, what="干部档案",
        reason=_reason(reason),
    )  # fmt: skip


@transaction.atomic
def export(
    *, unit: Unit, by: User, what: str, reason: str, rows: int = 1, cadre: Cadre | None = None
) -> ReadLog:
    """Note that something leaves the house; ``number`` counts what this person took out."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    before = ReadLog.unscoped.filter(by=by, kind=ReadKind.EXPORTED).count()
    return ReadLog.unscoped.create(
        unit=unit, by=by, kind=ReadKind.EXPORTED, cadre=cadre, what=what[:200],
        reason=_reason(reason), rows=rows, number=before + 1,
    )  # fmt: skip


@transaction.atomic
def declare(*, unit: Unit, by: User, what: str, cadre: Cadre | None = None) -> ReadLog:
    """Note that ``by`` declared what he writes or uploads free of secrets."""
    return ReadLog.unscoped.create(
        unit=unit, by=by, kind=ReadKind.DECLARED, cadre=cadre, what=what[:200]
    )
