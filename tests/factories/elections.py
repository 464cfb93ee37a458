"""换届 for tests, made through the services: elections that stand where asked, and waves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from branches.enums import PostKind
from branches.models import CommitteeTerm, Member, Unit
from elections import services
from elections.enums import Stage
from elections.models import Ballot, Election, ExclusionReason, Shift, Wave
from elections.roster import elected, eligible, standing, voters
from elections.services import Tally
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_members, make_post, make_term

STARTED = date(2023, 8, 20)
# Three years later; the vote falls into the months before.
DUE = date(2026, 8, 20)
DAY = date(2026, 7, 14)


@dataclass
class Hands:
    """Who files and who answers."""

    branch: User
    street: User


def make_hands() -> Hands:
    """Two accounts without roles: services ask for no role."""
    return Hands(make_account(), make_account())


@dataclass
class Ground:
    """A branch with ten voters, a committee whose term ends soon, and a secretary."""

    unit: Unit
    members: list[Member]
    term: CommitteeTerm


def make_ground(unit: Unit | None = None, *, people: int = 10, due_on: date = DUE) -> Ground:
    """Full members, a running term, the old secretary in office since its begin."""
    unit = unit or make_branch(field="office")
    members = make_members(unit, people)
    term = make_term(unit, started_on=STARTED, due_on=due_on)
    make_post(unit, PostKind.SECRETARY, member=members[0], since=STARTED)
    make_post(unit, PostKind.MEMBER, member=members[1], since=STARTED)
    return Ground(unit, members, term)


def make_election(
    stage: Stage = Stage.PREPARED,
    *,
    unit: Unit | None = None,
    hands: Hands | None = None,
    on: date = DAY,
    seats: int = 3,
    with_committee: bool = True,
    **facts: Any,
) -> Election:
    """An election that has gone its way up to ``stage``, every day of it ``on``."""
    unit = unit or make_ground().unit
    hands = hands or make_hands()
    election = services.open_election(
        unit=unit, by=hands.branch, on=on, begun_on=on, planned_on=on,
        with_committee=with_committee, seats=seats, **facts,
    )  # fmt: skip
    return forward(election, stage, hands=hands, on=on)


def forward(
    election: Election, stage: Stage, *, hands: Hands | None = None, on: date = DAY
) -> Election:
    """Lead an election on to ``stage``."""
    hands = hands or make_hands()
    election.refresh_from_db()
    if stage == Stage.CANCELLED:
        return services.cancel(election=election, by=hands.branch, on=on, note="合并")
    while election.state < stage:
        _next(election, hands, on)
        election.refresh_from_db()
    return election


def _next(election: Election, hands: Hands, on: date) -> None:
    own: dict[str, Any] = {"election": election, "by": hands.branch, "day": on, "on": on}
    above = own | {"by": hands.street, "document": "街工委〔2026〕3号"}
    review = election.route != "branch"
    match Stage(election.state):
        case Stage.PREPARED:
            services.ask(document="滨河支〔2026〕1号", **own)
        case Stage.ASKED:
            services.answer(**above)
        case Stage.ANSWERED:
            seats = election.seats
            services.plan(
                seats=seats, candidates=seats + 1 if election.with_committee else 1, **own
            )
        case Stage.PLANNED:
            services.consult(first=9, **own)
        case Stage.CONSULTED if review:
            services.review(first=6, second=1, **own)
        case Stage.CONSULTED | Stage.REVIEWED:
            services.choose(first=election.candidates or 4, **own)
        case Stage.CHOSEN:
            services.file_names(document="滨河支〔2026〕2号", **own)
        case Stage.FILED:
            approve(election, hands, on=on)
        case Stage.APPROVED:
            vote(election, hands=hands, on=on)
        case Stage.VOTED if election.with_committee:
            divide(election, hands=hands, on=on)
        case Stage.VOTED | Stage.DIVIDED:
            services.report(document="滨河支〔2026〕3号", **own)
        case Stage.REPORTED:
            services.confirm(**above)


def approve(
    election: Election, hands: Hands, *, members: list[Member] | None = None, on: date = DAY
) -> Election:
    """The names that 报批 asked for, the last of the roster first."""
    if members is None:
        rows = voters(election.unit, on=on).order_by("-pk")
        members = list(rows.select_related("unit")[: election.candidates or 4])
    return services.approve_names(
        election=election, by=hands.street, day=on, on=on, document="街工委〔2026〕5号",
        members=members,
    )  # fmt: skip


def vote(
    election: Election,
    yes: list[int] | None = None,
    *,
    hands: Hands | None = None,
    on: date = DAY,
    present: int | None = None,
    issued: int | None = None,
    returned: int | None = None,
    **more: Any,
) -> Ballot:
    """A round of the meeting; without ``yes`` all but the last candidate are elected."""
    people = standing(election)
    # One of the ten is away: nine are enough for the quorum.
    present = eligible(election, on=on) - 1 if present is None else present
    back = returned if returned is not None else present
    if yes is None:
        yes = [back - at % 2 for at in range(len(people))]
        if len(people) > 1:
            yes[-1] = 0
    tally = Tally(present=present, issued=issued or present, returned=back)
    votes = {one.pk: (got, back - got, 0) for one, got in zip(people, yes, strict=True)}
    return services.record_ballot(
        election=election, by=(hands or make_hands()).branch, day=on, on=on, tally=tally,
        votes=votes, **more,
    )  # fmt: skip


def divide(
    election: Election, *, hands: Hands | None = None, on: date = DAY, yes: int | None = None
) -> Ballot:
    """The committee's first session: the first elected becomes secretary."""
    people = elected(election)
    got = len(people) if yes is None else yes
    offices = {one.pk: PostKind.ORGANISER.value for one in people[1:2]}
    return services.divide_work(
        election=election, by=(hands or make_hands()).branch, day=on, on=on,
        tally=Tally(present=len(people), issued=len(people), returned=len(people)),
        secretary=people[0].pk, secretary_votes=(got, len(people) - got, 0), offices=offices,
    )  # fmt: skip


def a_reason() -> ExclusionReason:
    """The first of the listed reasons."""
    return ExclusionReason.objects.order_by("position")[0]


def make_shift(
    term: CommitteeTerm, moved_to: date, *, hands: Hands | None = None, on: date = DAY,
    approved: bool = True,
) -> Shift:  # fmt: skip
    """提前 or 延期 of a term, approved by another."""
    hands = hands or make_hands()
    shift = services.propose_shift(
        unit=term.unit, by=hands.branch, on=on, moved_to=moved_to, reason="整村搬迁"
    )
    if not approved:
        return shift
    return services.decide_shift(
        shift=shift, by=hands.street, on=on, approve=True, answer="街工委〔2026〕9号"
    )


def make_wave(district: Unit, *, starts_on: date = date(2026, 5, 1), **facts: Any) -> Wave:
    """A wave with all villages and communities of the district."""
    given: dict[str, Any] = {
        "name": "2026 年村（社区）“两委”换届", "year": 2026, "party_by": date(2026, 8, 31),
        "civic_by": date(2026, 11, 30),
    }  # fmt: skip
    return services.save_wave(unit=district, by=None, starts_on=starts_on, **given | facts)


def one_of_everything(branch: Unit) -> Election:
    """For the data administration: a row of each of its tables."""
    hands = make_hands()
    ground = make_ground(branch)
    election = make_election(Stage.PREPARED, unit=branch, hands=hands)
    services.exclude(
        election=election, member=ground.members[2], reason=a_reason(), decided_on=DAY,
        by=hands.branch, on=DAY,
    )  # fmt: skip
    forward(election, Stage.VOTED, hands=hands)
    make_shift(ground.term, date(2026, 12, 1), approved=False)
    if branch.district is not None:
        make_wave(branch.district)
    return election
