"""大会选举 and 书记选举: who is counted, the tallies, what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from branches.enums import PostKind
from branches.models import Member
from core.errors import Refusal
from core.files import Upload
from elections.enums import Body, Stage, Verdict
from elections.models import (
    Ballot,
    BallotLine,
    Candidate,
    Election,
    Exclusion,
    ExclusionReason,
    Shift,
)
from elections.roster import elected, eligible, standing, voters
from elections.rules import (
    Tally,
    Votes,
    is_late,
    outcome,
    tally_faults,
    void_reasons,
    window_fault,
)
from elections.services.common import keep_file, lock, only_at, past, step, text
from elections.settings import limits, seats_span

Counts = tuple[int, int, int]


@dataclass
class _Round:
    """One round in the making."""

    election: Election
    body: Body
    office: str
    day: date
    eligible: int
    seats: int
    tally: Tally
    votes: Mapping[int, Counts]
    people: Sequence[Candidate]
    by: User
    on: date
    form_key: UUID | None
    upload: Upload | None = None
    extra: set[int] = field(default_factory=set)


@transaction.atomic
def exclude(
    *, election: Election, member: Member, reason: ExclusionReason, decided_on: date, by: User,
    on: date, consent: str = "",
) -> Exclusion:  # fmt: skip
    """不计入应到会: a listed reason, passed by the 支部大会 on that day. Twice it is one.

    Raises:
        Refusal: the vote has been taken, a reason no longer used, somebody without the vote.
    """
    election = lock(election)
    _before_vote(election)
    if not reason.is_active:
        raise Refusal("这种情形已经停用，请另选。", field="reason")
    past(decided_on, on, "支部大会通过日期", field="decided_on")
    words = text(consent, "上级同意的文号", field="consent", longest=80, needed=False)
    found = Exclusion.unscoped.filter(election=election, member=member).first()
    if found is not None:
        return found
    if not voters(election.unit, on=on).filter(pk=member.pk).exists():
        raise Refusal(f"{member}本来就不计入应到会，不用登记。", field="member")
    made: Exclusion = Exclusion.unscoped.create(
        election=election, member=member, reason=reason, decided_on=decided_on, consent=words,
        by=by,
    )  # fmt: skip
    return made


@transaction.atomic
def count_again(*, exclusion: Exclusion, by: User) -> Exclusion:
    """Take a 不计入 back before the vote; its history keeps it."""
    election = lock(exclusion.election)
    _before_vote(election)
    Exclusion.unscoped.filter(pk=exclusion.pk).delete()
    return exclusion


def _before_vote(election: Election) -> None:
    if election.state >= Stage.VOTED:
        raise Refusal("大会已经选举，应到会人数不能再改。", code="conflict")
    if election.ballots.exclude(verdict=Verdict.STRUCK).exists():
        raise Refusal("已经登记过计票，应到会人数不能再改；录错的计票可先作废。", code="conflict")


@transaction.atomic
def record_ballot(
    *,
    election: Election,
    by: User,
    day: date,
    on: date,
    tally: Tally,
    votes: Mapping[int, Counts],
    others: Sequence[tuple[Member, int]] = (),
    form_key: UUID | None = None,
    file: Upload | None = None,
) -> Ballot:
    """大会选举, one round: quorum, validity and majority are reckoned over 应到会, and kept.

    ``votes`` are (yes, no, abstain) by the candidate's primary key; ``others`` are members written
    in (另选他人) with their votes. When all seats are filled the election goes on.

    Raises:
        Refusal: numbers that do not add up, a day without approval, out of order.
    """
    election = lock(election)
    done = _made_before(form_key)
    if done is not None:
        return done
    only_at(election, Stage.APPROVED, what="候选人批准以后才能选举")
    approved = election.steps.filter(after=Stage.APPROVED).order_by("-pk").first()
    past(day, on, "选举日期", field="day", since=approved.day if approved else None)
    _within_window(election, day, on)
    people = standing(election)
    if set(votes) != {one.pk for one in people}:
        raise Refusal("候选人已有变化，请刷新页面重新填写。", code="conflict")
    written = [_write_in(election, member, day) for member, _ in others]
    counts = dict(votes) | {
        one.pk: (yes, 0, 0) for one, (_, yes) in zip(written, others, strict=True)
    }
    ballot = _hold(
        _Round(
            election=election, body=Body.MEETING, day=day, eligible=eligible(election, on=day),
            office="" if election.with_committee else PostKind.SECRETARY,
            seats=election.seats - len(elected(election)), tally=tally, votes=counts,
            people=[*people, *written], by=by, on=on, form_key=form_key, upload=file,
            extra={one.pk for one in written},
        )
    )  # fmt: skip
    if ballot.verdict == Verdict.FILLED:
        _voted(election, ballot, by=by, on=on)
    return ballot


def _made_before(form_key: UUID | None) -> Ballot | None:
    if form_key is None:
        return None
    found: Ballot | None = Ballot.unscoped.filter(form_key=form_key).first()
    return found


def approved_shift(election: Election) -> Shift | None:
    """The approved 提前 or 延期 of the term that ends."""
    found: Shift | None = Shift.unscoped.filter(Q(term=election.term_id), state="approved").first()
    return found


def _within_window(election: Election, day: date, on: date) -> None:
    term = election.term
    if term is None:
        return
    bounds, shift = limits(on), approved_shift(election)
    moved = shift.moved_to if shift else None
    fault = window_fault(
        day, due=term.due_on, moved_to=moved, lead=bounds.lead, most=bounds.most_shift
    )
    if fault:
        raise Refusal(f"{fault}（{bounds.source('elections.most_shift')}）", field="day")
    election.is_late = is_late(day, term.due_on, moved)


def _write_in(election: Election, member: Member, day: date) -> Candidate:
    if not voters(election.unit, on=day).filter(pk=member.pk).exists():
        raise Refusal(f"{member}没有被选举权，另选他人的票作无效票处理。", field="other")
    made, fresh = Candidate.unscoped.get_or_create(
        election=election, member=member, defaults={"written_in": True}
    )
    if not fresh and not made.written_in:
        raise Refusal(f"{member}本来就是候选人，不用填在另选他人里。", field="other")
    if made.elected:
        raise Refusal(f"{member}已经当选。", field="other")
    return made


def _hold(this: _Round) -> Ballot:
    """Reckon a round and keep it with its lines."""
    tally, bounds = this.tally, limits(this.on)
    lines = [Votes(key, *counts) for key, counts in this.votes.items()]
    fault = tally_faults(
        lines, eligible=this.eligible, present=tally.present, issued=tally.issued,
        returned=tally.returned, invalid=tally.invalid, seats=this.seats, written_in=this.extra,
    )  # fmt: skip
    if fault:
        raise Refusal(fault)
    faults = void_reasons(
        eligible=this.eligible, present=tally.present, issued=tally.issued,
        returned=tally.returned, limits=bounds,
    )  # fmt: skip
    found = outcome(lines, eligible=this.eligible, seats=this.seats)
    member_of = {one.pk: one.member_id for one in this.people}
    verdict = Verdict.VOID if faults else Verdict.SHORT if found.remaining else Verdict.FILLED
    sheet = (
        keep_file(election=this.election, by=this.by, upload=this.upload) if this.upload else None
    )
    rounds = this.election.ballots.filter(body=this.body, office=this.office)
    fresh = Ballot(
        election=this.election, body=this.body, office=this.office, round=rounds.count() + 1,
        day=this.day, eligible=this.eligible, present=tally.present, seats=this.seats,
        issued=tally.issued, returned=tally.returned, invalid=tally.invalid, verdict=verdict,
        faults=faults, remaining=this.seats if faults else found.remaining,
        tied=[] if faults else [member_of[key] for key in found.tied], sheet=sheet, by=this.by,
        form_key=this.form_key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        raise Refusal("别人刚登记过这一轮，请刷新页面看结果。", code="conflict") from None
    won = set() if faults else set(found.elected)
    BallotLine.unscoped.bulk_create(
        BallotLine(ballot=fresh, candidate_id=line.key, yes=line.yes, no=line.no,
                   abstain=line.abstain, elected=line.key in won)
        for line in lines
    )  # fmt: skip
    if this.body == Body.MEETING and won:
        Candidate.unscoped.filter(pk__in=won).update(elected=True)
    return fresh


def _voted(election: Election, ballot: Ballot, *, by: User, on: date, note: str = "") -> None:
    election.voted_on = ballot.day
    if not election.with_committee:
        election.people.filter(elected=True).update(office=PostKind.SECRETARY)
    step(
        election, Stage.VOTED, by=by, day=ballot.day, on=on, note=note, first=ballot.present,
        kept=ballot.sheet,
    )  # fmt: skip


@transaction.atomic
def shorten(*, election: Election, by: User, on: date, agreed: int) -> Election:
    """减少名额，不再选举: more than half of those entitled agree, enough are elected.

    Raises Refusal: nobody is missing, too few agree, too few are elected.
    """
    election = lock(election)
    only_at(election, Stage.APPROVED, what="没有未选足的名额")
    last = election.ballots.exclude(verdict=Verdict.STRUCK).order_by("-pk").first()
    if last is None or last.verdict != Verdict.SHORT:
        raise Refusal("没有未选足的名额，不用减少。", code="conflict")
    if not last.eligible >= agreed > last.eligible / 2:
        raise Refusal(
            f"须有应到会 {last.eligible} 人的一半以上同意，才能减少名额。", field="agreed"
        )
    got, (least, _) = len(elected(election)), seats_span(election.unit, limits(on))
    if got < least or not election.with_committee:
        raise Refusal(f"现在当选 {got} 名，不足 {least} 名，应另行选举。", code="conflict")
    _voted(
        election, last, by=by, on=on,
        note=f"应选 {election.seats} 名，当选 {got} 名；{agreed} 人同意减少名额，不再选举",
    )  # fmt: skip
    return election


@transaction.atomic
def divide_work(
    *,
    election: Election,
    by: User,
    day: date,
    on: date,
    tally: Tally,
    secretary: int,
    secretary_votes: Counts,
    offices: Mapping[int, str],
    deputy: int | None = None,
    deputy_votes: Counts = (0, 0, 0),
    form_key: UUID | None = None,
    file: Upload | None = None,
) -> Ballot:
    """The committee's first session: it elects its secretary and divides the work.

    ``offices`` gives every other elected member a post by his candidate's primary key. A secretary
    without a majority leaves the election where it is: the session votes again. Who stands for
    副书记 and gets no majority is 委员.
    """
    election = lock(election)
    done = _made_before(form_key)
    if done is not None:
        return done
    only_at(election, Stage.VOTED, what="大会选举以后才由委员会选举书记")
    if not election.with_committee:
        raise Refusal("这个支部不设委员会，书记由党员大会直接选举。", code="conflict")
    past(day, on, "选举日期", field="day", since=election.voted_on)
    people = elected(election)
    by_pk = {one.pk: one for one in people}
    if secretary not in by_pk or (deputy is not None and deputy not in by_pk):
        raise Refusal("书记、副书记从当选的委员中选举。", field="secretary")
    if deputy == secretary:
        raise Refusal("书记和副书记不能是同一个人。", field="deputy")
    facts: dict[str, Any] = {
        "election": election, "body": Body.COMMITTEE, "day": day, "eligible": len(people),
        "seats": 1, "tally": tally, "by": by, "on": on,
    }  # fmt: skip
    ballot = _hold(
        _Round(office=PostKind.SECRETARY, votes={secretary: secretary_votes},
               people=[by_pk[secretary]], form_key=form_key, upload=file, **facts)
    )  # fmt: skip
    if ballot.verdict != Verdict.FILLED:
        return ballot
    given = {secretary: PostKind.SECRETARY.value}
    if deputy is not None:
        second = _hold(
            _Round(office=PostKind.DEPUTY, votes={deputy: deputy_votes}, people=[by_pk[deputy]],
                   form_key=None, **facts)
        )  # fmt: skip
        won = second.verdict == Verdict.FILLED
        given[deputy] = (PostKind.DEPUTY if won else PostKind.MEMBER).value
    for one in people:
        one.office = given.get(one.pk) or offices.get(one.pk) or PostKind.MEMBER
        if one.pk not in given and one.office in (PostKind.SECRETARY, PostKind.DEPUTY):
            raise Refusal("书记、副书记由选举产生，不在分工里指定。", field="deputy")
    Candidate.unscoped.bulk_update(people, ["office"])
    election.divided_on = day
    step(election, Stage.DIVIDED, by=by, day=day, on=on, first=tally.present, kept=ballot.sheet)
    return ballot


@transaction.atomic
def strike(*, ballot: Ballot, by: User, on: date, reason: str) -> Election:
    """计票录错，作废重录: the last round only, before the report; it stays, struck.

    Raises Refusal: a round before the last, or the result is reported already.
    """
    election = lock(ballot.election)
    words = text(reason, "作废原因", field="reason", longest=200)
    only_at(
        election, Stage.APPROVED, Stage.VOTED, Stage.DIVIDED,
        what="结果已经报告，计票不能再改；请上级先退回报告",
    )  # fmt: skip
    last = election.ballots.exclude(verdict=Verdict.STRUCK).order_by("-pk").first()
    if last is None or (last.body, last.day) != (ballot.body, ballot.day):
        raise Refusal("只能作废最后一轮的计票。", code="conflict")
    # 书记 and 副书记 of one session are one sheet; the meeting's rounds go one by one.
    rows = [last]
    if last.body == Body.COMMITTEE:
        rows = list(
            election.ballots.filter(body=Body.COMMITTEE, day=last.day).exclude(
                verdict=Verdict.STRUCK
            )
        )
    elif last.pk != ballot.pk:
        raise Refusal("只能作废最后一轮的计票。", code="conflict")
    _undo(election, rows, words)
    if election.state == Stage.DIVIDED or last.body == Body.COMMITTEE:
        return _back(election, Stage.VOTED, by=by, on=on, note=words)
    return _back(election, Stage.APPROVED, by=by, on=on, note=words)


def _undo(election: Election, rows: Sequence[Ballot], reason: str) -> None:
    lines = BallotLine.unscoped.filter(ballot__in=rows)
    if rows[0].body == Body.MEETING:
        won = lines.filter(elected=True).values("candidate")
        election.people.filter(pk__in=won).update(elected=False, office="")
    else:
        election.people.update(office="")
    lines.update(elected=False)
    for row in rows:
        row.verdict, row.struck_reason = Verdict.STRUCK, reason
        row.save()


def _back(election: Election, to: Stage, *, by: User, on: date, note: str) -> Election:
    if election.state == to:
        return election
    if to == Stage.APPROVED:
        election.voted_on, election.is_late = None, False
    election.divided_on = None
    return step(election, to, by=by, day=on, on=on, note=f"计票作废重录：{note}")
