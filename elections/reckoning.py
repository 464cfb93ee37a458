"""Quorum and majority as a page shows them: the number, how it comes about, the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from elections.models import Election
from elections.roster import elected, eligible, voters
from elections.rules import least_present, least_votes, share_words
from elections.settings import shown_limits


@dataclass(frozen=True)
class Fact:
    """One computed number, how it comes about, and its article."""

    label: str
    value: str
    note: str
    source: str = ""


def vote_facts(election: Election, on: date) -> list[Fact]:
    """What a meeting on that day needs."""
    limits = shown_limits(on)
    count = eligible(election, on=on)
    left = election.seats - len(elected(election))
    if election.delegates:
        how = "党员代表大会代表总数"
    else:
        whole = voters(election.unit, on=on).count()
        how = f"名册上有选举权的正式党员 {whole} 人，减去不计入的 {whole - count} 人"
    return [
        Fact("应到会", f"{count} 人", how, limits.source("elections.quorum")),
        Fact(
            "到会不少于", f"{least_present(count, limits.quorum)} 人",
            f"应到会的{share_words(limits.quorum)}，少于此数会议无效",
            limits.source("elections.quorum"),
        ),
        Fact(
            "当选须得", f"{least_votes(count)} 票",
            "赞成票超过应到会（不是实到会）的一半", limits.source("elections.majority"),
        ),
        Fact(
            "本轮应选", f"{left} 名", "选票上所选多于此数的，是无效票",
            limits.source("elections.ballots"),
        ),
    ]  # fmt: skip


def verdict_words(ballot: Any) -> str:
    """What came of a round, in one sentence."""
    if ballot.verdict == "struck":
        return f"已作废重录：{ballot.struck_reason}"
    if ballot.verdict == "void":
        return "；".join(ballot.faults)
    if ballot.tied:
        return f"有 {len(ballot.tied)} 人票数相等，就这几人再次投票；还缺 {ballot.remaining} 名"
    if ballot.verdict == "short":
        return f"赞成票过半的不足应选名额，还缺 {ballot.remaining} 名，另行选举"
    return "选足名额，选举有效"
