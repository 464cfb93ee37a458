"""Word files of 组织生活: the list of problems, the branch's results, one member's slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from branches.enums import MemberKind
from core.papers import Paper
from meetings.enums.life import AppraisalState, ReviewState
from meetings.models import Appraisal, AppraisalEntry, LifeProblem, LifeReview
from meetings.rules.life import grade_totals


def problems_paper(review: LifeReview, problems: Sequence[LifeProblem]) -> bytes:
    """组织生活会整改清单: problem, measure, owner, deadline, result; what is not closed says so."""
    closed = review.state == ReviewState.CLOSED
    note = "" if closed else f"（{review.get_state_display()}）"
    paper = Paper(f"{review.unit.name}{review.year}年组织生活会整改清单", subtitle=note)
    if review.meeting is not None:
        paper.text(f"会议日期：{_day(review.meeting.held_on)}")
    rows = [
        [
            str(number),
            row.text,
            str(row.get_source_display()),
            row.measure,
            row.owner,
            _day(row.due_on),
            f"{_day(row.done_on)}\n{row.result}" if row.done_on else "",
        ]
        for number, row in enumerate(problems, start=1)
    ]
    heads = ("序号", "问题", "来源", "整改措施", "责任人", "期限", "完成情况")
    paper.table(heads, rows, widths=(12, 34, 20, 34, 18, 18, 20))
    paper.text("支部书记（签字）：　　　　　　　　年　　月　　日")
    return paper.data()


def summary_paper(appraisal: Appraisal, entries: Sequence[AppraisalEntry]) -> bytes:
    """民主评议结果汇总表 of a branch, in the order of the roster, with totals below."""
    approved = appraisal.state == AppraisalState.APPROVED
    note = "" if approved else f"（{appraisal.get_state_display()}，尚未审定）"
    paper = Paper(f"{appraisal.unit.name}{appraisal.year}年民主评议党员结果汇总表", subtitle=note)
    if appraisal.returned:
        paper.text(f"发出测评票 {appraisal.issued} 张，收回 {appraisal.returned} 张。")
    rows = [
        [
            str(number),
            row.name,
            str(MemberKind(row.kind).label),
            *(
                "—" if count is None else str(count)
                for count in (row.excellent, row.competent, row.basic, row.poor)
            ),
            _outcome(row),
        ]
        for number, row in enumerate(entries, start=1)
    ]
    heads = ("序号", "姓名", "人员类别", "优秀票", "合格票", "基本合格票", "不合格票", "等次")
    paper.table(heads, rows, widths=(12, 26, 24, 16, 16, 18, 16, 28))
    totals = grade_totals(row.grade for row in entries if row.graded)
    said = "，".join(f"{grade.label} {number} 名" for grade, number in totals.items())
    graded = sum(row.graded for row in entries)
    paper.text(f"参评 {len(entries)} 名，评定等次 {graded} 名：{said}。")
    if appraisal.decided_at is not None:
        paper.text(f"审定日期：{_day(appraisal.decided_at.date())}")
    paper.text("本表涉及党员个人评议结果，只由支部和审定的党（工）委留存，不公开、不排名。")
    paper.text("支部书记（签字）：　　　　　　　　年　　月　　日")
    return paper.data()


def slip_paper(entry: AppraisalEntry) -> bytes:
    """民主评议结果告知单: one member's grade, handed to himself; no ballots, nobody else's."""
    appraisal = entry.appraisal
    paper = Paper("民主评议结果告知单", subtitle=f"（{appraisal.year}年度）")
    paper.text(f"{entry.name}同志：")
    paper.text(
        f"按照《中国共产党支部工作条例（试行）》第十七条，{appraisal.unit.name}开展了"
        f"{appraisal.year}年度民主评议党员，经个人自评、党员互评、民主测评，"
        "支部委员会提出意见，报上级党组织审定。现将您的评议结果告知如下："
    )
    facts = [("姓名", entry.name), ("人员类别", str(MemberKind(entry.kind).label))]
    facts.append(("评议等次", str(entry.get_grade_display())))
    if entry.poor_reason:
        facts.append(("原因", str(entry.get_poor_reason_display())))
    if appraisal.decided_at is not None:
        facts.append(("审定日期", _day(appraisal.decided_at.date())))
    paper.facts(facts)
    paper.text("对结果有意见的，可以向支部或上级党组织提出。本单由支部书记当面交给本人。")
    paper.text("告知人（签字）：　　　　　　本人（签字）：")
    paper.text("　　　　　　　　　　　　　　　年　　月　　日")
    return paper.data()


def _outcome(row: AppraisalEntry) -> str:
    if row.excused:
        return f"不参加评定（{row.get_excused_display()}）"
    if not row.graded:
        return "参加评议，不评定等次"
    text = str(row.get_grade_display() or "—")
    return f"{text}\n{row.get_poor_reason_display()}" if row.poor_reason else text


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
