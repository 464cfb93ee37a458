"""Everything that the page of one election shows; a constant number of questions."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.scope import Scope
from elections import permissions as may
from elections.agenda import ABOVE, BRANCH, next_step, stage_label, stations
from elections.enums import NAMELESS, Stage
from elections.models import Election
from elections.permissions import is_same_person
from elections.reckoning import verdict_words, vote_facts
from elections.rules import least_present, least_votes
from elections.services import approved_shift
from elections.settings import shown_limits

_COUNTS: dict[int, tuple[str, str]] = {
    Stage.CONSULTED: ("参加推荐", ""),
    Stage.REVIEWED: ("审查", "不合格"),
    Stage.CHOSEN: ("预备人选", ""),
    Stage.VOTED: ("到会", ""),
    Stage.DIVIDED: ("到会", ""),
}


def election_facts(
    election: Election, *, scope: Scope, user_id: int, on: date
) -> dict[str, Any]:  # fmt: skip
    """The context of the page."""
    unit = election.unit
    prepares, answers = may.may_prepare(scope, unit.path), may.may_answer(scope, unit)
    step = next_step(election)
    history = list(election.steps.select_related("by", "file"))
    filed_by = history[-1].by_id if history else None
    mine = step is not None and (
        (step.who == BRANCH and prepares)
        or (step.who == ABOVE and answers and not is_same_person(user_id, filed_by))
    )
    ballots = list(election.ballots.prefetch_related("lines__candidate__member"))
    sees_excluded = may.may_see_excluded(scope, unit.path)
    return {
        "election": election,
        "way": stations(election),
        "step": step,
        "step_mine": mine,
        "waits_for_another": step is not None and step.who == ABOVE and answers and not mine,
        "history": [_told(one, election) for one in history],
        "facts": vote_facts(election, on) if election.state < Stage.VOTED else [],
        "exclusions": (
            list(election.exclusions.select_related("member", "reason")) if sees_excluded else []
        ),
        "sees_excluded": sees_excluded,
        "people": list(election.people.select_related("member").order_by("-elected", "pk")),
        "ballots": [_ballot(one) for one in ballots],
        "shift": approved_shift(election) if election.term_id else None,
        "may": _may(election, prepares, answers, ballots),
        "nameless": election.state < Stage.APPROVED,
        "today": on,
    }


def _told(one: Any, election: Election) -> dict[str, Any]:
    first, second = _COUNTS.get(Stage(one.after), ("", ""))
    counts = [
        f"{label} {number} 人"
        for label, number in ((first, one.first), (second, one.second))
        if label and number is not None
    ]
    label = stage_label(one.after, election.route, delegates=election.by_delegates)
    if one.before is not None and one.after < one.before:
        label = f"退回到“{label}”"
    return {"step": one, "label": label, "counts": "，".join(counts)}


def _ballot(one: Any) -> dict[str, Any]:
    limits = shown_limits(one.day)
    needed = (
        f"到会须不少于 {least_present(one.eligible, limits.quorum)} 人"
        f"（{limits.source('elections.quorum')}）；当选须得 {least_votes(one.eligible)} 票"
        f"（{limits.source('elections.majority')}）"
    )
    return {
        "ballot": one, "lines": list(one.lines.all()), "words": verdict_words(one),
        "needed": needed,
    }  # fmt: skip


def _may(election: Election, prepares: bool, answers: bool, ballots: list[Any]) -> dict[str, Any]:
    state = election.state
    live = [one for one in ballots if one.verdict != "struck"]
    early = state < Stage.VOTED and not live
    return {
        "change": prepares and state == Stage.PREPARED,
        "exclude": prepares and early and not election.delegates,
        "back": answers and state in (Stage.ASKED, Stage.FILED, Stage.REPORTED),
        "shorten": (
            prepares and state == Stage.APPROVED and bool(live) and live[-1].verdict == "short"
            and election.with_committee
        ),
        "strike": live[-1].uuid if prepares and live and 8 <= state <= 10 else None,
        "cancel": prepares and state < Stage.VOTED,
        "papers": prepares or answers,
        "upload": state not in NAMELESS,
    }  # fmt: skip
