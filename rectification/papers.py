"""一次录入，多处使用: 台账, 公示, 亮牌 and a poll's slips as Word files, from the same rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import qrcode
from django.conf import settings
from django.urls import reverse
from qrcode.constants import ERROR_CORRECT_M

from core.papers import Paper
from rectification.enums import FIGURE_UNITS, FigureKind, HelperKind, ProblemState
from rectification.models import (
    Acceptance,
    Case,
    CaseStep,
    FigureEntry,
    Helper,
    Inspection,
    ListingReason,
    Poll,
    Problem,
    Promise,
    Report,
)
from rectification.rules import plain


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def record_paper(case: Case) -> bytes:
    """整顿台账 of one case: why, the four, the plan, each problem, oversight, how it ended."""
    paper = Paper(f"{case.unit.name}整顿台账", subtitle=f"（{case.batch}）")
    paper.facts(_facts(case))
    for title, text in (
        ("一、主要问题表现", case.detail),
        ("二、整顿前基本情况", case.baseline),
        ("三、一支部一策", case.plan),
    ):
        if text.strip():
            paper.heading(title)
            paper.text(text)
    _problems(paper, case)
    _oversight(paper, case)
    _figures(paper, case)
    _ends(paper, case)
    return paper.data()


def _facts(case: Case) -> list[tuple[str, str]]:
    titles = dict(ListingReason.objects.values_list("code", "title"))
    helpers = {h.kind: h for h in Helper.unscoped.filter(case=case, until=None)}
    rows = [
        ("状态", f"{case.get_state_display()}（第 {case.round} 轮）"),
        ("列入情形", "\n".join(titles.get(code, code) for code in case.reasons)),
        ("会议决定", f"{said(case.decided_on)} {case.decision_number}" if case.decided_on else "—"),
        ("整顿期限", said(case.deadline)),
    ]
    for kind in HelperKind:
        helper = helpers.get(kind)
        words = f"{helper.workplace} {helper.position} {helper.name}".strip() if helper else "—"
        rows.append((str(kind.label), words))
    return rows


def _problems(paper: Paper, case: Case) -> None:
    rows = list(Problem.unscoped.filter(case=case).order_by("collected_on", "pk"))
    if not rows:
        return
    paper.heading("四、问题清单")
    paper.table(
        ("序号", "问题", "责任人和期限", "措施和结果", "状态"),
        [
            [
                str(number),
                f"{row.title}\n（{row.get_source_display()}）",
                f"{row.owner or '—'}\n{said(row.due_on)}",
                "\n".join(filter(None, [row.measures, row.result, row.answer])) or "—",
                str(ProblemState(row.state).label),
            ]
            for number, row in enumerate(rows, start=1)
        ],
        widths=(12, 42, 30, 50, 22),
    )


def _oversight(paper: Paper, case: Case) -> None:
    reports = list(Report.unscoped.filter(case=case).select_related("due"))
    looks = list(Inspection.unscoped.filter(case=case).order_by("day", "pk"))
    if not reports and not looks:
        return
    paper.heading("五、汇报和督查")
    for report in reports:
        late = "（迟交）" if report.is_late else ""
        paper.text(f"{report.due.title}：{said(report.filed_on)}提交{late}。")
    for look in looks:
        answer = f"整改回复：{look.answer}" if look.answer else ""
        paper.text(
            f"{said(look.day)}，{look.get_timing_display()}，{look.get_manner_display()}："
            f"{look.findings}{answer}"
        )


def _figures(paper: Paper, case: Case) -> None:
    rows = list(FigureEntry.unscoped.filter(case=case, is_void=False).values_list("kind", "amount"))
    if not rows:
        return
    paper.heading("六、整顿成效")
    sums = [
        f"{kind.label} {plain(sum((a for k, a in rows if k == kind), start=type(rows[0][1])(0)))} "
        f"{FIGURE_UNITS[kind]}"
        for kind in FigureKind
    ]
    paper.text("，".join(sums) + "。")


def _ends(paper: Paper, case: Case) -> None:
    tries = list(Acceptance.unscoped.filter(case=case).order_by("pk"))
    if tries:
        paper.heading("七、验收和销号")
    for one in tries:
        rate = "—" if one.satisfaction is None else f"{plain(one.satisfaction)}%"
        verdict = "通过" if one.passed else f"未通过：{'；'.join(one.faults)}"
        paper.text(f"{said(one.day)}验收，得分 {plain(one.total)} 分，满意率 {rate}，{verdict}。")
    paper.heading("办理过程" if not tries else "八、办理过程")
    for step in CaseStep.unscoped.filter(case=case):
        words = "，".join(filter(None, [step.document, step.note]))
        paper.text(f"{said(step.day)}　{step.get_after_display()}{'　' if words else ''}{words}")


def notice_paper(case: Case) -> bytes:
    """宣传栏公示: every promise with its person and last day, and where to speak up."""
    paper = Paper("整改承诺公示", subtitle=case.unit.name)
    rows = list(Promise.unscoped.filter(case=case).order_by("due_on", "pk"))
    paper.text(
        f"按照{case.batch.name}要求，现将本党组织整改承诺事项公示如下，请党员群众监督。"
        "对整改情况有意见的，可向党组织或上级党（工）委反映。"
    )
    paper.table(
        ("序号", "承诺事项", "责任人", "完成期限", "兑现情况"),
        [
            [str(number), row.item, row.person, said(row.due_on), row.outcome or "整改中"]
            for number, row in enumerate(rows, start=1)
        ],
        widths=(14, 60, 24, 34, 24),
    )
    paper.text(case.unit.name)
    return paper.data()


def card_paper(promise: Promise) -> bytes:
    """亮牌: one promise on a sheet to be hung up."""
    paper = Paper("亮牌整改", subtitle=promise.case.unit.name)
    paper.table(
        (),
        [
            ["整改事项", promise.item],
            ["责任人", promise.person],
            ["完成期限", said(promise.due_on)],
            ["公开日期", said(promise.posted_on)],
            ["兑现情况", promise.outcome],
        ],
        widths=(36, 120),
        bold_first=True,
        height=22,
    )
    paper.text("请党员群众监督。")
    return paper.data()


def slips_paper(poll: Poll, codes: Sequence[str]) -> bytes:
    """Slips to be cut apart: a QR code and the same code in letters, no number, no name.

    The code stands behind the # of the address, which a browser keeps to itself: no log of any
    server holds it.
    """
    address = f"{settings.PUBLIC_URL}{reverse('rectification:vote')}"
    paper = Paper("民意测评码", subtitle=f"{poll.case.unit.name}　{said(poll.closes_on)}截止")
    paper.text("请沿线裁开，打乱后发给群众。每张只能用一次，不记名，不要登记谁拿了哪一张。")
    paper.slips([(_qr(f"{address}#{code}"), _words(code, address)) for code in codes])
    return paper.data()


def _words(code: str, address: str) -> list[str]:
    parts = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    return ["扫码投票，匿名，只投一次", "测评码", parts, address]


def _qr(text: str) -> bytes:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=4, border=2)
    code.add_data(text)
    stream = io.BytesIO()
    code.make_image().save(stream, "PNG")
    return stream.getvalue()
