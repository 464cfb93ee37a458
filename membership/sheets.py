"""发展党员名册 and 转接台账 as workbooks: numbers masked, always."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from membership.agenda import lines
from membership.models import Transfer
from membership.querysets import CandidateQuerySet, TransferQuerySet

MOST = 3000
CASE_HEAD = (
    "姓名", "性别", "出生日期", "公民身份号码", "党支部", "所属党（工）委", "阶段", "适用规定",
    "申请日期", "支部大会通过日期", "预备期满", "转正日期", "下一步", "由谁办",
    "最早", "最迟", "超期",
)  # fmt: skip
TRANSFER_HEAD = (
    "姓名", "方向", "人员类别", "从哪里", "到哪里", "情况", "提出日期", "原因", "介绍信编号",
    "开具日期", "有效期至", "回执日期", "生效日期",
)  # fmt: skip


def case_rows(rows: CandidateQuerySet, *, on: date) -> Iterator[tuple[object, ...]]:
    """A candidate a row, with what is next; four questions."""
    known = rows.select_related("unit__committee", "rules").order_by("unit__path", "pk")[:MOST]
    for line in lines(known, on=on):
        one = line.candidate
        committee = one.unit.committee
        yield (
            one.name, one.get_sex_display(), one.birth_date, one.masked_id_number, one.unit.name,
            committee.name if committee else "", one.get_stage_display(), one.rules.code,
            one.applied_on, one.accepted_on or "", one.probation_ends or "",
            one.confirmed_on or "", line.title, line.who_label, line.from_day or "",
            line.until or "", "是" if line.is_late else "",
        )  # fmt: skip


def transfer_rows(rows: TransferQuerySet) -> Iterator[tuple[object, ...]]:
    """A transfer a row."""
    known = rows.select_related("from_unit", "to_unit").order_by("-asked_on", "-pk")[:MOST]
    for one in known:
        yield _transfer(one)


def _transfer(one: Transfer) -> tuple[object, ...]:
    return (
        one.name, one.get_way_display(), one.get_kind_display(),
        one.from_unit.name if one.from_unit else one.outside,
        one.to_unit.name if one.to_unit else one.outside, one.state_label, one.asked_on,
        one.reason, one.letter_number, one.letter_on or "", one.expires_on or "",
        one.receipt_on or "", one.effective_on or "",
    )  # fmt: skip
