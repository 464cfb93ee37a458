"""一次录入，多处使用: 介绍信 with stub and 回执, 公示, 全程纪实表 as Word files."""

from __future__ import annotations

from datetime import date

from branches.enums import Sex
from core.codes import EDUCATION, NATIONALITY
from core.holidays import calendar_around
from core.papers import Paper
from membership.book import books, steps_of
from membership.enums import Number, StepState
from membership.models import Candidate, Step, Transfer
from membership.rules import Book, publicity_end

_NATIONS, _SCHOOLS = dict(NATIONALITY.choices), dict(EDUCATION.choices)


def said(day: date | None) -> str:
    """2026年7月5日, or room to write it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　　月　　日"


def month(day: date | None) -> str:
    """2026年7月, or room to write it."""
    return f"{day.year}年{day.month}月" if day else "　　年　　月"


def letter_paper(transfer: Transfer) -> bytes:
    """中国共产党党员组织关系介绍信: stub, letter and 回执 on one file, to be cut apart.

    The whole identity number is written by hand: it leaves the system masked.
    """
    number = transfer.letter_number or "　　　　"
    paper = Paper("中国共产党党员组织关系介绍信", subtitle=f"存根　第 {number} 号")
    kind = transfer.get_kind_display()
    due = month(transfer.dues_until)
    paper.text(
        f"{transfer.name}，{kind}，由{_old(transfer)}转到{_new(transfer)}。党费已交到{due}。"
        f"有效期 {transfer.valid_days or '　　'} 天。"
    )
    paper.text(said(transfer.letter_on))
    paper.heading(f"介绍信　第 {number} 号")
    paper.text(f"{_new(transfer)}：")
    paper.text(
        f"兹介绍{transfer.name}同志（{kind}）组织关系由{_old(transfer)}转去，请接洽。"
        f"该同志党费已交到{due}。"
    )
    paper.facts(
        [
            ("姓名", transfer.name),
            ("性别", _sex(transfer)),
            ("公民身份号码", "（核对本人证件后填写）"),
            ("人员类别", kind),
            ("有效期", f"{transfer.valid_days or '　　'} 天，至{said(transfer.expires_on)}"),
        ]
    )
    paper.text(f"{transfer.issuer.name if transfer.issuer else '（开信单位盖章）'}　（盖章）")
    paper.text(said(transfer.letter_on))
    paper.heading(f"回执　第 {number} 号")
    paper.text(f"{transfer.issuer.name if transfer.issuer else _old(transfer)}：")
    paper.text(
        f"{transfer.name}同志的组织关系已转到　　　　　　　　　　　　党支部，特此回复。"
        "请在接收后及时填写回执寄回。"
    )
    paper.text("经办人：　　　　　　联系电话：　　　　　　　　（盖章）")
    paper.text("　　年　　月　　日")
    return paper.data()


def _old(transfer: Transfer) -> str:
    return transfer.from_unit.name if transfer.from_unit is not None else transfer.outside


def _new(transfer: Transfer) -> str:
    return transfer.to_unit.name if transfer.to_unit is not None else transfer.outside


def _sex(transfer: Transfer) -> str:
    sex = transfer.member.sex if transfer.member is not None else transfer.sex
    return str(Sex(sex).label)


def notice_paper(candidate: Candidate, *, on: date) -> bytes:
    """发展对象公示, for five working days from today (or as it was held)."""
    book, steps = _known(candidate)
    held = next((step for step in steps if step.number == Number.PUBLISH), None)
    first = held.since if held is not None and held.since else on
    limit = book[Number.PUBLISH].least_workdays or 5
    last = held.day if held else publicity_end(first, limit, calendar=calendar_around(first))
    contacts = next((s.persons for s in steps if s.number == Number.CONTACTS), "") or "—"
    paper = Paper("发展对象公示", subtitle=candidate.unit.name)
    paper.text(
        f"经党支部培养教育考察，支委会讨论，上级党委同意，拟将{candidate.name}同志列为发展对象，"
        f"现予公示。公示期从{said(first)}至{said(last)}（不少于 {limit} 个工作日）。"
        "对公示对象有不同意见的，请向党支部或上级党（工）委反映，反映人的情况严格保密。"
    )
    paper.facts(
        [
            ("姓名", candidate.name),
            ("性别", candidate.get_sex_display()),
            ("出生年月", month(candidate.birth_date)),
            ("民族", _NATIONS.get(candidate.ethnicity, "—")),
            ("学历", _SCHOOLS.get(candidate.education, "—")),
            ("工作岗位", candidate.job or "—"),
            ("申请入党时间", said(candidate.applied_on)),
            ("培养联系人", contacts),
        ]
    )
    paper.text(candidate.unit.name)
    paper.text(said(first))
    return paper.data()


def record_paper(candidate: Candidate) -> bytes:
    """发展党员全程纪实表: the 25 steps with day, who, outcome and where the paper lies."""
    book, steps = _known(candidate)
    paper = Paper("发展党员全程纪实表", subtitle=candidate.unit.name)
    paper.facts(
        [
            ("姓名", candidate.name),
            ("公民身份号码", candidate.masked_id_number or "—"),
            ("出生年月", month(candidate.birth_date)),
            ("所在阶段", str(candidate.get_stage_display())),
            ("适用规定", candidate.rules.regulation),
            ("预备期", _probation(candidate)),
        ]
    )
    rows = []
    for number, limit in sorted(book.items()):
        mine = [step for step in steps if step.number == number]
        for step in mine or (None,):
            rows.append(
                [
                    str(number), limit.name,
                    said(step.day) if step else "",
                    _words(step) if step else "",
                    step.paper if step else "",
                ]
            )  # fmt: skip
    paper.text("")
    paper.table(
        ("步骤", "名称", "日期", "办理情况", "材料存放处"), rows, widths=(14, 38, 32, 44, 28)
    )
    return paper.data()


def _known(candidate: Candidate) -> tuple[Book, list[Step]]:
    return books([candidate.rules_id])[candidate.rules_id], steps_of([candidate])[candidate.pk]


def _probation(candidate: Candidate) -> str:
    if candidate.accepted_on is None:
        return "—"
    more = f"（延长 {candidate.extended_months} 个月）" if candidate.extended_months else ""
    return f"{said(candidate.accepted_on)}至{said(candidate.probation_ends)}{more}"


def _words(step: Step) -> str:
    tally = ""
    if step.eligible is not None:
        tally = (
            f"应到 {step.eligible} 人，实到 {step.present} 人，赞成 {step.yes} 票，"
            f"反对 {step.no} 票，弃权 {step.abstain} 票"
        )
    result = step.outcome_label if step.outcome else ""
    waits = "已报送，等答复" if step.state == StepState.SENT else ""
    parts = (waits, result, tally, step.persons, step.document, step.late_reason)
    return "\n".join(part for part in parts if part)
