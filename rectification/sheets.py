"""整顿台账 as a workbook: the list's export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.workbooks import stream_rows
from rectification.agenda import next_step, with_progress
from rectification.enums import FIGURE_UNITS, FigureKind, HelperKind
from rectification.models import FigureEntry, Helper, ListingReason
from rectification.querysets import CaseQuerySet
from rectification.rules import plain

MOST = 2000
HEAD = (
    "批次", "党组织代码", "党组织", "所属党（工）委", "状态", "第几轮", "列入情形", "主要问题表现",
    "会议决定日期", "决定文号", "整顿期限", *(str(kind.label) for kind in HelperKind),
    "问题数", "未办结", "已过期限",
    *(f"{kind.label}（{FIGURE_UNITS[kind]}）" for kind in FigureKind),
    "验收得分", "销号日期", "回头看截止", "下一步",
)  # fmt: skip


def ledger(cases: CaseQuerySet, *, on: date, cover: Mapping[str, object]) -> Iterator[bytes]:
    """Stream an .xlsx, a case a row; four questions to the database."""
    rows = list(with_progress(cases, on=on)[:MOST])
    titles = dict(ListingReason.objects.values_list("code", "title"))
    helpers = {
        (helper.case_id, helper.kind): f"{helper.workplace}{helper.position}{helper.name}"
        for helper in Helper.unscoped.filter(case__in=rows, until=None)
    }
    sums: dict[tuple[int, str], Any] = {}
    for case_id, kind, amount in FigureEntry.unscoped.filter(
        case__in=rows, is_void=False
    ).values_list("case_id", "kind", "amount"):
        sums[case_id, kind] = sums.get((case_id, kind), 0) + amount
    lines = (_row(case, titles, helpers, sums, on) for case in rows)
    return iter(stream_rows(HEAD, lines, cover=cover, sheet="整顿台账"))


def _row(case: Any, titles: Any, helpers: Any, sums: Any, on: date) -> tuple[object, ...]:
    step = next_step(case, on=on)
    committee = case.unit.committee
    busy = case.collected_count + case.solving_count + case.waiting_count
    return (
        f"第{case.batch.number}批", case.unit.code, case.unit.name,
        committee.name if committee else "", case.get_state_display(), case.round,
        "；".join(titles.get(code, code) for code in case.reasons), case.detail,
        case.decided_on or "", case.decision_number, case.deadline,
        *(helpers.get((case.pk, kind.value), "") for kind in HelperKind),
        case.problem_count, busy, case.late_count,
        *(plain(sums[case.pk, k.value]) if (case.pk, k.value) in sums else "0" for k in FigureKind),
        "" if case.accepted_total is None else plain(case.accepted_total),
        case.closed_on or "", case.watch_until or "", step.title if step else "",
    )  # fmt: skip
