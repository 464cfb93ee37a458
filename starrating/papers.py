"""What people file on paper: the 评定表 of an organisation, the 公示 of a round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.papers import Paper
from starrating.enums import STAR_NAMES, State
from starrating.facts import Part
from starrating.models import Rating, Round
from starrating.rules import plain


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def _points(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)


def rating_paper(rating: Rating, parts: list[Part]) -> bytes:
    """评定表: facts, every item with the three scores side by side, differences explained."""
    one = rating.organisation
    paper = Paper("“两新”组织党组织星级评定表", subtitle=f"（{rating.round.name}）")
    paper.facts(
        [
            ("组织名称", one.name),
            ("信用代码", one.credit_code),
            ("类型和行业", f"{one.get_kind_display()}，{one.get_industry_display()}"),
            ("党组织", f"{one.unit.name}（{one.get_party_form_display()}）"),
            ("职工和党员", f"职工 {one.staff_count} 人，党员 {one.member_count} 人"),
            ("属地管理", one.manager.name if one.manager else "—"),
            ("原星级", rating.before_name),
        ]
    )
    for number, part in enumerate(parts):
        paper.heading(f"{'一二三四五六七八九十'[number]}、{part.category.label}")
        rows = [
            [
                f"{cell.row.item.name}\n（{cell.row.item.method_names or '—'}）",
                plain(cell.row.points), _points(cell.own), _points(cell.check),
                _points(cell.review),
                "\n".join(f"{who}：{words}" for who, words in cell.reasons),
            ]
            for cell in part.cells
        ]  # fmt: skip
        own, check, review = part.sums
        rows.append(["小计", plain(part.points), _points(own), _points(check), _points(review), ""])
        paper.table(
            ("指标", "分值", "自评", "初核", "审核", "说明"), rows, widths=(56, 16, 16, 16, 16, 36)
        )
    paper.heading("评定结果")
    paper.facts(
        [
            ("合计得分", f"自评 {_points(rating.self_total)}　初核 {_points(rating.check_total)}　"
                         f"审核 {_points(rating.review_total)}"),
            ("评定星级", _verdict(rating)),
            ("公示", f"{said(rating.notice_from)}至{said(rating.notice_until)}"
                     if rating.notice_from else "—"),
            ("办结日期", said(rating.ended_on)),
            ("党组织意见", "\n\n（盖章）　　年　　月　　日"),
            ("初核意见", "\n\n（盖章）　　年　　月　　日"),
            ("审核意见", "\n\n（盖章）　　年　　月　　日"),
        ]
    )  # fmt: skip
    return paper.data()


def _verdict(rating: Rating) -> str:
    if rating.state == State.VETOED and rating.veto:
        return f"一票否决：{rating.veto.title}"
    if rating.is_new:
        return "新成立，只自评，不定星级"
    words = rating.stars_name or "—"
    return f"{words}（破格：{rating.exception_reason}）" if rating.exception_ok_by_id else words


def notice_paper(round_: Round, ratings: list[Rating]) -> bytes:
    """公示: who gets how many stars, from when to when, and where to speak up."""
    paper = Paper("“两新”组织党组织星级评定结果公示", subtitle=f"（{round_.name}）")
    first = min((r.notice_from for r in ratings if r.notice_from), default=None)
    last = max((r.notice_until for r in ratings if r.notice_until), default=None)
    paper.text(
        f"经自评、初核、审核，现将{round_.name}拟评定星级的“两新”组织党组织公示如下，"
        f"公示期 {round_.notice_days} 个工作日（{said(first)}至{said(last)}）。"
        "公示期间，如有异议，请向区委组织部反映。"
    )
    rows = sorted(ratings, key=lambda r: (-(r.stars or 0), r.organisation.unit.path))
    paper.table(
        ("序号", "组织名称", "党组织", "拟评星级"),
        [
            [str(number), row.organisation.name, row.organisation.unit.name,
             STAR_NAMES[row.stars or 0]]
            for number, row in enumerate(rows, start=1)
        ],
        widths=(14, 56, 58, 28),
    )  # fmt: skip
    paper.text(f"{round_.unit.name}组织部")
    paper.text(said(first))
    return paper.data()
