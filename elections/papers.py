"""一次录入，多处使用: 请示, 报告 and 计票单 as Word files, from the same rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.enums import UnitKind
from branches.models import Unit
from core.papers import Paper
from elections.enums import Stage
from elections.models import Election
from elections.reckoning import verdict_words, vote_facts
from elections.roster import elected, voters
from elections.rules import least_present, least_votes
from elections.settings import shown_limits, years_of

_DIGITS = "〇一二三四五六七八九十"


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def ordinal(number: int) -> str:
    """第几届 in Chinese numerals up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"


def body_name(unit: Unit, election: Election) -> str:
    """What is elected: 支部委员会, 总支部委员会, 委员会, 书记."""
    if not election.with_committee:
        return "支部书记"
    if unit.kind == UnitKind.GENERAL_BRANCH:
        return "总支部委员会"
    return "委员会" if unit.kind == UnitKind.COMMITTEE else "支部委员会"


def _above(unit: Unit) -> str:
    committee = unit.committee
    if committee is not None and committee.pk != unit.pk:
        return committee.name
    return unit.parent.name if unit.parent else "上级党组织"


def _meeting(election: Election) -> str:
    return "党员代表大会" if election.by_delegates else "党员大会"


def _day_of(election: Election, stage: Stage) -> date | None:
    """When the step was last done."""
    last = election.steps.filter(after=stage).order_by("-pk").first()
    return last.day if last is not None else None


def _sign(paper: Paper, unit: Unit, day: date) -> None:
    paper.text("　")
    paper.text(f"　　　　　　　　　　{unit.name}")
    paper.text(f"　　　　　　　　　　{said(day)}")


def request_paper(election: Election, *, on: date) -> bytes:
    """关于换届选举的请示: the term that ends, what is to be elected, when and how."""
    unit, limits = election.unit, shown_limits(on)
    name = body_name(unit, election)
    paper = Paper(f"关于召开{_meeting(election)}选举新一届{name}的请示", subtitle="")
    paper.text(f"{_above(unit)}：")
    term = election.term
    began = (
        f"本届{name}于{said(term.started_on)}选举产生，{said(term.due_on)}任期届满。"
        if term else ""
    )  # fmt: skip
    paper.text(
        f"{began}根据《中国共产党章程》和《中国共产党基层组织选举工作条例》，经研究，拟于"
        f"{said(election.planned_on)}召开{_meeting(election)}进行换届选举。现将有关事项请示如下："
    )
    paper.heading("一、选举单位的党员情况")
    count = voters(unit, on=on).count()
    paper.text(f"现有有选举权的正式党员 {count} 名。")
    if election.by_delegates:
        paper.text(f"党员代表大会代表 {election.delegates} 名。")
    paper.heading("二、新一届的组成和名额")
    if election.with_committee:
        paper.text(
            f"新一届{name}拟由委员 {election.seats} 名组成，设书记 1 名，任期 "
            f"{years_of(unit, limits)} 年。"
        )
    else:
        paper.text(f"不设委员会，设书记 1 名，任期 {years_of(unit, limits)} 年。")
    paper.heading("三、选举办法")
    how = (
        f"委员由{_meeting(election)}差额选举产生，候选人差额不少于应选人数的 {limits.margin}%；"
        "书记由新一届委员会第一次会议选举产生。"
        if election.with_committee
        else "书记由党员大会直接选举产生。"
    )
    paper.text(
        f"{how}选举采用无记名投票方式。到会有选举权人数不少于应到会人数的五分之四方可选举，"
        "赞成票超过应到会人数的一半方可当选。"
    )
    paper.text("妥否，请批示。")
    _sign(paper, unit, _day_of(election, Stage.ASKED) or on)
    return paper.data()


def report_paper(election: Election, *, on: date) -> bytes:
    """关于选举结果的报告: the meeting, the votes, who is elected, how the work is divided."""
    unit = election.unit
    name = body_name(unit, election)
    paper = Paper(f"关于第{ordinal(election.number)}届{name}选举结果的报告", subtitle="")
    paper.text(f"{_above(unit)}：")
    rounds = [one for one in election.ballots.all() if one.verdict in ("filled", "short")]
    meeting = [one for one in rounds if one.body == "meeting"]
    if not meeting:
        paper.text("还没有选举结果。")
        return paper.data()
    first = meeting[0]
    paper.text(
        f"经批准，{unit.name}于{said(first.day)}召开{_meeting(election)}。大会应到会有选举权的"
        f"{'代表' if election.by_delegates else '党员'} {first.eligible} 名，实到 {first.present} "
        f"名，符合规定人数。现将选举结果报告如下："
    )
    paper.heading("一、选举情况")
    for one in meeting:
        paper.text(
            f"{said(one.day)}第 {one.round} 轮：发出选票 {one.issued} 张，收回 {one.returned} 张，"
            f"有效 {one.valid} 张，无效 {one.invalid} 张。{verdict_words(one)}。"
        )
    paper.heading("二、当选名单")
    votes = _votes(meeting)
    paper.table(
        ("序号", "姓名", "赞成票", "职务"),
        [
            [str(at), one.member.name, str(votes.get(one.pk, "—")), one.get_office_display() or "—"]
            for at, one in enumerate(elected(election), start=1)
        ],
        widths=(20, 46, 40, 50),
    )
    if election.divided_on:
        paper.heading("三、书记选举和分工")
        for one in rounds:
            if one.body == "committee":
                who = one.lines.select_related("candidate__member").first()
                paper.text(
                    f"{said(one.day)}委员会第一次会议应到 {one.eligible} 名，"
                    f"实到 {one.present} 名，"
                    f"选举{who.candidate.member.name if who else ''}为"
                    f"{one.get_office_display()}，得 {who.yes if who else 0} 票。"
                )
    paper.text("特此报告，请批复。")
    _sign(paper, unit, _day_of(election, Stage.REPORTED) or on)
    return paper.data()


def _votes(rounds: list[Any]) -> dict[int, int]:
    found = {}
    for one in rounds:
        for line in one.lines.all():
            if line.elected:
                found[line.candidate_id] = line.yes
    return found


def count_paper(election: Election, *, on: date) -> bytes:
    """选举计票单: every round with its quorum, its votes and its verdict; blank before the vote."""
    paper = Paper("选举计票单", subtitle=f"{election.unit.name}　第{ordinal(election.number)}届")
    rounds = list(election.ballots.prefetch_related("lines__candidate__member"))
    if not rounds:
        _blank(paper, election, on)
    for one in rounds:
        limits = shown_limits(one.day)
        paper.heading(str(one))
        paper.facts(
            [
                ("选举日期", said(one.day)),
                ("应到会／实到会", f"{one.eligible} 人／{one.present} 人"),
                ("到会不少于", f"{least_present(one.eligible, limits.quorum)} 人"
                 f"（{limits.source('elections.quorum')}）"),
                ("当选须得", f"{least_votes(one.eligible)} 票"
                 f"（{limits.source('elections.majority')}）"),
                ("选票", f"发出 {one.issued} 张，收回 {one.returned} 张，有效 {one.valid} 张，"
                 f"无效 {one.invalid} 张"),
                ("应选名额", f"{one.seats} 名"),
            ]
        )  # fmt: skip
        paper.table(
            ("候选人", "赞成", "不赞成", "弃权", "结果"),
            [
                [line.candidate.member.name, str(line.yes), str(line.no), str(line.abstain),
                 "当选" if line.elected else "—"]
                for line in one.lines.all()
            ],
            widths=(46, 26, 28, 26, 30),
        )  # fmt: skip
        paper.text(f"{verdict_words(one)}。")
    paper.text("总监票人（签名）：　　　　　　总计票人（签名）：")
    return paper.data()


def _blank(paper: Paper, election: Election, on: date) -> None:
    facts = vote_facts(election, on)
    paper.facts([(one.label, f"{one.value}（{one.note}）") for one in facts])
    people = list(election.people.select_related("member"))
    paper.facts([("实到会", "　　人"), ("选票", "发出　　张，收回　　张，有效　　张，无效　　张")])
    paper.table(
        ("候选人", "赞成", "不赞成", "弃权", "结果"),
        [[one.member.name, "", "", "", ""] for one in people] or [["", "", "", "", ""]],
        widths=(46, 26, 28, 26, 30), height=12,
    )  # fmt: skip
