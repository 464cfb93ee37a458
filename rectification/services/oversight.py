"""两项制度: 汇报督查; and the figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core import files
from core.errors import Refusal
from rectification.enums import WATCHING, FigureKind, Manner, State, Timing
from rectification.models import Case, FigureEntry, Inspection, Report, ReportDue
from rectification.services.common import at_work, checked, lock, move, once, past, sane, text
from rectification.services.files import keep_file

_MOST = Decimal(10_000_000)


@transaction.atomic
def file_report(
    *,
    case: Case,
    due: ReportDue,
    by: User | None,
    filed_on: date,
    summary: str,
    upload: files.Upload | None = None,
) -> Report:
    """File one of the batch's reports on the local day ``filed_on``; words, a paper, or both.

    The same report again is the one that is there: what was filed stands.
    """
    case = lock(case)
    at_work(case, also=(State.EXAMINED,))
    if due.batch_id != case.batch_id:
        raise Refusal("请选择本批次要交的报告。", field="due")
    found = Report.unscoped.filter(case=case, due=due).first()
    if found is not None:
        return found
    words = text(summary, "主要情况", field="summary", longest=5000, needed=False)
    if not words and upload is None:
        raise Refusal("请写主要情况，或者上传报告材料。", field="summary")
    kept = keep_file(case=case, by=by, upload=upload, field="file") if upload else None
    report: Report = Report.unscoped.create(
        case=case, due=due, filed_on=filed_on, summary=words, file=kept, by=by
    )
    return report


@transaction.atomic
def inspect(
    *,
    case: Case,
    by: User,
    day: date,
    manner: str,
    timing: str,
    inspectors: str,
    findings: str,
    on: date,
    answer_by: date | None = None,
    form_key: UUID | None = None,
) -> Inspection:
    """Enter a 督查; the first 回头看 after 销号 moves the case there.

    Raises:
        Refusal: 回头看 before 销号, another kind after it, or days that do not hold.
    """
    case = lock(case)
    if manner not in Manner.values or timing not in Timing.values:
        raise Refusal("请选择督查的方式和安排。", field="manner")
    watching = case.state in WATCHING
    if (timing == Timing.LOOK_BACK) != watching:
        raise Refusal("销号以后请选“回头看”；没有销号的请选定期检查或不定期抽查。", field="timing")
    if not watching:
        at_work(case, also=(State.EXAMINED,))
    past(day, on, "督查日期", field="day", since=case.closed_on if watching else case.decided_on)
    if answer_by is not None and sane(answer_by, field="answer_by") < day:
        raise Refusal("回复期限不能早于督查日期。", field="answer_by")
    made, new = once(
        Inspection,
        form_key,
        lambda: Inspection(
            case=case, round=case.round, day=day, manner=manner, timing=timing, by=by,
            inspectors=text(inspectors, "督查人员", field="inspectors", longest=120),
            findings=text(findings, "发现的情况", field="findings", longest=5000),
            answer_by=answer_by, form_key=form_key,
        ),
    )  # fmt: skip
    if new and case.state == State.CLOSED:
        move(case, State.WATCHED, by=by, day=day, note="第一次回头看")
    return made


@transaction.atomic
def answer_inspection(*, inspection: Inspection, answer: str, answered_on: date) -> Inspection:
    """The branch says what it has done about the findings. A second arrival changes nothing."""
    lock(inspection.case)
    found: Inspection = Inspection.unscoped.select_for_update().get(pk=inspection.pk)
    if found.answered_on is not None:
        return found
    found.answer = text(answer, "整改回复", field="answer", longest=5000)
    found.answered_on = answered_on
    found.save()
    return found


@transaction.atomic
def enter_figure(
    *,
    case: Case,
    by: User | None,
    day: date,
    kind: str,
    amount: Decimal,
    on: date,
    note: str = "",
    form_key: UUID | None = None,
) -> FigureEntry:
    """Enter so many of one kind on one day; 投入资金 in 万元, everything else whole."""
    case = lock(case)
    at_work(case, also=(State.EXAMINED,))
    if kind not in FigureKind.values:
        raise Refusal("请选择是哪一项数字。", field="kind")
    if not Decimal(0) < amount <= _MOST:
        raise Refusal("请核对数量，应大于 0。", field="amount")
    if kind != FigureKind.FUNDS and amount != amount.to_integral_value():
        raise Refusal("户、份、条、件应是整数；只有投入资金可以有小数。", field="amount")
    past(day, on, "日期", field="day", since=case.batch.starts_on)
    words = text(note, "说明", field="note", longest=200, needed=False)
    entry, _ = once(
        FigureEntry,
        form_key,
        lambda: FigureEntry(
            case=case, day=day, kind=kind, amount=amount, note=words, by=by, form_key=form_key
        ),
    )
    return entry


@transaction.atomic
def void_figure(*, entry: FigureEntry, reason: str) -> FigureEntry:
    """Strike a wrong entry out; it stays to be read, and counts no more."""
    lock(entry.case)
    found: FigureEntry = FigureEntry.unscoped.select_for_update().get(pk=entry.pk)
    if found.is_void:
        return found
    found.void_reason = text(reason, "作废原因", field="reason", longest=200)
    found.is_void = True
    checked(found)
    found.save()
    return found
