"""A year of 换届选举 in the sample district: elections at every step, a wave, what is overdue.

All of it is invented and hangs on ``sample.today``. Written in bulk: each election is put there as
筹备 and led along its way by one statement a step, so that the database's own rules hold here too;
what is finished goes through the verb, so that posts and terms follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from branches.enums import MemberKind
from branches.models import CommitteeTerm, Member, Unit
from branches.sample import SampleDistrict
from branches.services.terms import NewTerm, add_terms
from core.dates import add_months
from elections.enums import CIVIC_COUNTS, CivicStage, Route, ShiftKind, Stage
from elections.models import (
    Ballot,
    BallotLine,
    Candidate,
    CivicStep,
    Election,
    ElectionStep,
    Exclusion,
    ExclusionReason,
    Shift,
    Wave,
    WaveBody,
)
from elections.rules import way
from elections.services import confirm, save_wave
from elections.settings import route_of

_STREET = "990101001"
_PACE = timedelta(days=5)
# Days to the end of the term, and the step (None: nothing is begun), by code.
_ELSEWHERE: tuple[tuple[str, int, Stage | None], ...] = (
    ("99010100100101", 61, Stage.APPROVED),
    ("99010100100201", 84, Stage.ASKED),
    ("990101800001", 20, Stage.CONFIRMED),
    ("990101800002", 75, Stage.PREPARED),
    ("990101800003", 44, Stage.PLANNED),
    ("990101800004", -25, None),
    ("990101800005", 28, Stage.CHOSEN),
    ("990101800006", 18, Stage.APPROVED),
    ("990101810001", -12, Stage.ANSWERED),
    ("990101810002", 23, None),
    ("990101810003", -40, None),
    ("990101810004", 165, None),
    ("990101820001", 70, Stage.CANCELLED),
    ("990101820002", 26, None),
    ("990101820003", 80, None),
)
# The wave, street by street: 党委, 党总支, 党总支.
_WAVE: tuple[tuple[Stage | None, ...], ...] = (
    (Stage.CONFIRMED, Stage.REPORTED, Stage.FILED),
    (Stage.CONFIRMED, Stage.CONFIRMED, Stage.VOTED),
    (Stage.CONFIRMED, Stage.DIVIDED, Stage.APPROVED),
    (Stage.CONFIRMED, Stage.CONFIRMED, Stage.CONFIRMED),
    (Stage.CONSULTED, Stage.ANSWERED, None),
)
# How far the 自治组织 of each body are that has voted, in turn.
_CIVIC = (6, 4, 5, 2, 6, 3, 4, 1, 2)
_COUNTS = {1: (7, None), 2: (1462, None), 3: (9, None), 4: (9, 1), 5: (1088, 5), 6: (None, None)}


@dataclass
class _Spec:
    """One election: where, how far, and who works at it."""

    unit: Unit
    stage: Stage
    term: CommitteeTerm
    people: list[Member]
    author: User | None
    above: User
    election: Election = field(init=False)
    days: dict[int, date] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The last step that is led to in bulk."""
        if self.stage == Stage.CANCELLED:
            return Stage.PLANNED
        return min(self.stage, Stage.REPORTED)


@dataclass
class _Build:
    """What is made, and from what."""

    sample: SampleDistrict
    authors: dict[int, User]
    users: dict[str, User]
    specs: list[_Spec] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The sample's clock."""
        return self.sample.today

    def people(self, unit: Unit) -> list[Member]:
        """Full members of a unit and of all below it."""
        return [
            member
            for branch in self.sample.branches
            if branch.path.startswith(unit.path)
            for member in self.sample.members.get(branch.pk, [])
            if member.kind == MemberKind.FULL
        ]

    def author(self, unit: Unit) -> User | None:
        """Who writes for a unit: its secretary, or that of the first branch below."""
        below = [branch for branch in self.sample.branches if branch.path.startswith(unit.path)]
        return next((self.authors[one.pk] for one in below if one.pk in self.authors), None)

    def above(self, unit: Unit) -> User:
        """Who answers."""
        return self.users["jiedao" if unit.code.startswith(_STREET) else "zuzhibu"]


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    made = _Build(sample, authors, users)
    wave = _wave(made)
    terms = _terms(made, wave)
    _choose(made, wave, terms)
    _open(made, wave)
    _lead(made, Stage.APPROVED)
    _exclude(made)
    _vote(made)
    _lead(made, Stage.REPORTED)
    _finish(made)
    _shifts(made, terms)
    _civic(made, wave)


def _wave(made: _Build) -> Wave:
    start = add_months(made.today, -4)
    return save_wave(
        unit=made.sample.root, by=made.users["zuzhibu"], year=made.today.year,
        name=f"{made.today.year} 年村（社区）“两委”换届", starts_on=start,
        party_by=made.today - timedelta(days=4), civic_by=add_months(made.today, 2),
        regulation="《关于做好村（社区）“两委”换届工作的通知》（云委组〔样例〕）",
        demands="先党组织、后自治组织；候选人资格联审全覆盖；严肃换届纪律。",
    )  # fmt: skip


def _streets(made: _Build) -> list[list[Unit]]:
    """The village and community organisations of each street."""
    found = []
    for number in range(1, len(_WAVE) + 1):
        codes = [f"990101{number:03d}{place:03d}" for place in (1, 2, 3)]
        found.append([made.sample.units[code] for code in codes])
    return found


def _terms(made: _Build, wave: Wave) -> dict[int, CommitteeTerm]:
    """Terms that end when the sample needs it; villages get the first they have."""
    places = [unit for street in _streets(made) for unit in street]
    rows = []
    for at, unit in enumerate(places):
        due = wave.party_by + timedelta(days=30 + at)
        rows.append(NewTerm(unit=unit, started_on=add_months(due, -60), due_on=due))
    add_terms(rows)
    wanted = {code: days for code, days, _ in _ELSEWHERE}
    units = [*places, *(made.sample.units[code] for code in wanted)]
    terms = {
        term.unit_id: term for term in CommitteeTerm.unscoped.filter(unit__in=units, ended_on=None)
    }
    for unit in units:
        term = terms.get(unit.pk)
        if term is None:
            continue
        if unit.code in wanted:
            years = 5 if route_of(unit) == Route.VILLAGE else 3
            term.due_on = made.today + timedelta(days=wanted[unit.code])
            term.started_on = add_months(term.due_on, -12 * years)
            term.number = 4
        else:
            term.number = 8
        term.seats = _seats(unit)
    CommitteeTerm.unscoped.bulk_update(
        list(terms.values()), ["due_on", "started_on", "number", "seats"]
    )
    return terms


def _seats(unit: Unit) -> int:
    return 3 if unit.is_branch else 5


def _choose(made: _Build, wave: Wave, terms: dict[int, CommitteeTerm]) -> None:
    planned = [(made.sample.units[code], stage) for code, _, stage in _ELSEWHERE]
    for street, stages in zip(_streets(made), _WAVE, strict=True):
        planned += zip(street, stages, strict=True)
    for unit, stage in planned:
        if stage is not None and unit.pk in terms:
            made.specs.append(
                _Spec(unit, stage, terms[unit.pk], made.people(unit), made.author(unit),
                      made.above(unit))
            )  # fmt: skip


def _open(made: _Build, wave: Wave) -> None:
    bodies = set(WaveBody.unscoped.filter(wave=wave).values_list("unit_id", flat=True))
    for place, spec in enumerate(made.specs):
        steps = [
            stage for stage in way(route=route_of(spec.unit), with_committee=True)
            if stage <= min(spec.stage, Stage.CONFIRMED)
        ]  # fmt: skip
        if spec.stage == Stage.CANCELLED:
            steps = [stage for stage in steps if stage <= Stage.PLANNED]
        # The finished ones ended weeks ago, those under way in these days.
        last = made.today - timedelta(days=1 + place % 4)
        if spec.stage == Stage.CONFIRMED:
            last -= timedelta(days=9 + 2 * (place % 9))
        spec.days = {stage: last - _PACE * (len(steps) - 1 - at) for at, stage in enumerate(steps)}
        seats = _seats(spec.unit)
        spec.election = Election(
            unit=spec.unit, term=spec.term, wave=wave if spec.unit.pk in bodies else None,
            number=spec.term.number + 1, route=route_of(spec.unit), seats=seats,
            candidates=seats + 1 if spec.end >= Stage.PLANNED else None,
            planned_on=spec.days.get(Stage.VOTED, made.today + timedelta(days=12)),
            voted_on=spec.days.get(Stage.VOTED), divided_on=spec.days.get(Stage.DIVIDED),
            created_by=spec.author,
        )  # fmt: skip
    Election.unscoped.bulk_create(spec.election for spec in made.specs)
    ElectionStep.unscoped.bulk_create(step for spec in made.specs for step in _steps(spec))
    gone = [spec for spec in made.specs if spec.stage == Stage.CANCELLED]
    Election.unscoped.filter(pk__in=[spec.election.pk for spec in gone]).update(
        state=Stage.CANCELLED
    )


def _steps(spec: _Spec) -> list[ElectionStep]:
    found, before = [], None
    for stage, day in spec.days.items():
        if stage > spec.end:
            continue
        above = stage in (Stage.ANSWERED, Stage.APPROVED)
        number = spec.unit.code[-4:]
        found.append(
            ElectionStep(
                election=spec.election, before=before, after=stage, day=day,
                by=spec.above if above else spec.author,
                document={
                    Stage.ASKED: f"支〔{day.year}〕{number}-1号",
                    Stage.ANSWERED: f"工委〔{day.year}〕{number}号",
                    Stage.FILED: f"支〔{day.year}〕{number}-2号",
                    Stage.APPROVED: f"工委〔{day.year}〕{number}-2号",
                    Stage.REPORTED: f"支〔{day.year}〕{number}-3号",
                }.get(Stage(stage), ""),
                first=_first(spec, stage), second=1 if stage == Stage.REVIEWED else None,
            )
        )  # fmt: skip
        before = stage
    if spec.stage == Stage.CANCELLED:
        found.append(
            ElectionStep(
                election=spec.election, before=before, after=Stage.CANCELLED,
                day=max(spec.days.values()) + timedelta(days=1), by=spec.author,
                note="企业搬迁，党支部拟合并，换届与合并一并办理",
            )
        )  # fmt: skip
    return found


def _first(spec: _Spec, stage: int) -> int | None:
    count, seats = len(spec.people), _seats(spec.unit)
    return {
        Stage.CONSULTED: count, Stage.REVIEWED: seats + 3, Stage.CHOSEN: seats + 1,
        Stage.VOTED: _present(count), Stage.DIVIDED: seats,
    }.get(Stage(stage))  # fmt: skip


def _present(count: int) -> int:
    return -(-count * 9 // 10)


def _lead(made: _Build, last: int) -> None:
    """Lead every election on, a statement a step."""
    going = [spec for spec in made.specs if spec.stage != Stage.CANCELLED]
    for stage in range(1, last + 1):
        ready = [spec.election.pk for spec in going if stage <= spec.end and stage in spec.days]
        Election.unscoped.filter(pk__in=ready, state__lt=stage).update(state=stage)


def _exclude(made: _Build) -> None:
    """One who has moved away, in the branch of the sample's secretary."""
    reason = ExclusionReason.objects.get(code="elsewhere")
    spec = made.specs[0]
    Exclusion.unscoped.create(
        election=spec.election, member=spec.people[-1], reason=reason, by=spec.author,
        decided_on=spec.days[Stage.PLANNED], consent=f"工委〔{made.today.year}〕0101-1号",
    )  # fmt: skip


def _vote(made: _Build) -> None:
    """Candidates with their approval; rounds of those that have voted, one of them short."""
    people, ballots, lines = [], [], []
    named = [s for s in made.specs if s.stage != Stage.CANCELLED and s.end >= Stage.APPROVED]
    for spec in named:
        seats = _seats(spec.unit)
        short = spec.unit.code == "990101800006"
        won = seats if spec.end >= Stage.VOTED else seats - 1 if short else 0
        mine = [
            Candidate(election=spec.election, member=member, elected=at < won, office=_office(
                at, spec) if at < won else "")
            for at, member in enumerate(spec.people[: seats + 1])
        ]  # fmt: skip
        people += mine
        if won:
            ballot, rows = _round(made, spec, mine, won)
            ballots.append(ballot)
            lines += rows
        if spec.end >= Stage.DIVIDED:
            ballot, rows = _session(spec, mine[0])
            ballots.append(ballot)
            lines += rows
    Candidate.unscoped.bulk_create(people)
    Ballot.unscoped.bulk_create(ballots)
    BallotLine.unscoped.bulk_create(lines)


def _office(at: int, spec: _Spec) -> str:
    if spec.end < Stage.DIVIDED:
        return ""
    return ("secretary", "organiser", "publicist", "discipline", "member")[at]


def _round(
    made: _Build, spec: _Spec, people: list[Candidate], won: int
) -> tuple[Ballot, list[BallotLine]]:
    count, seats = len(spec.people), _seats(spec.unit)
    present = _present(count)
    valid = present - 1
    short = won < seats
    ballot = Ballot(
        election=spec.election, body="meeting", round=1, eligible=count, present=present,
        day=spec.days.get(Stage.VOTED) or spec.days[Stage.APPROVED] + timedelta(days=1),
        seats=seats, issued=present, returned=present, invalid=1,
        verdict="short" if short else "filled", remaining=seats - won, by=spec.author,
    )  # fmt: skip
    rows = []
    for at, one in enumerate(people):
        yes = valid - at if at < won else min(count // 2 - 1, 1 + at)
        away = min(1, valid - yes)
        rows.append(
            BallotLine(ballot=ballot, candidate=one, yes=yes, no=valid - yes - away, abstain=away,
                       elected=at < won)
        )  # fmt: skip
    return ballot, rows


def _session(spec: _Spec, secretary: Candidate) -> tuple[Ballot, list[BallotLine]]:
    seats = _seats(spec.unit)
    ballot = Ballot(
        election=spec.election, body="committee", office="secretary", round=1,
        day=spec.days[Stage.DIVIDED], eligible=seats, present=seats, seats=1, issued=seats,
        returned=seats, verdict="filled", by=spec.author,
    )  # fmt: skip
    return ballot, [BallotLine(ballot=ballot, candidate=secretary, yes=seats, elected=True)]


def _finish(made: _Build) -> None:
    for spec in made.specs:
        if spec.stage == Stage.CONFIRMED:
            day = spec.days[Stage.CONFIRMED]
            confirm(
                election=spec.election, by=spec.above, day=day, on=made.today,
                document=f"工委〔{day.year}〕{spec.unit.code[-4:]}-3号",
            )  # fmt: skip


def _shifts(made: _Build, terms: dict[int, CommitteeTerm]) -> None:
    """A delay that was approved, one that waits."""
    found = []
    for code, months, reason, decided in (
        ("990101810003", 4, "园舍整体搬迁，党员分三处办公，待搬迁后换届", True),
        ("990101820002", 5, "负责人更换，企业改制年底前完成", False),
        ("99010100100301", 3, "社区拆并，待网格调整后换届", False),
    ):
        unit = made.sample.units[code]
        term = terms.get(unit.pk) or CommitteeTerm.unscoped.filter(
            unit=unit, ended_on=None
        ).first()  # fmt: skip
        if term is None:
            continue
        found.append(
            Shift(
                unit=unit, term=term, kind=ShiftKind.LATE, due_on=term.due_on, reason=reason,
                moved_to=add_months(term.due_on, months), document=f"支〔{made.today.year}〕9号",
                proposed_by=made.author(unit), state="approved" if decided else "proposed",
                decided_by=made.above(unit) if decided else None,
                decided_on=term.due_on - timedelta(days=20) if decided else None,
                answer=f"工委〔{made.today.year}〕21号" if decided else "",
            )
        )  # fmt: skip
    Shift.unscoped.bulk_create(found)


def _civic(made: _Build, wave: Wave) -> None:
    """The 自治组织: days and counts; those vote after their Party organisation."""
    bodies = {body.unit_id: body for body in WaveBody.unscoped.filter(wave=wave)}
    voted = [s for s in made.specs if s.unit.pk in bodies and s.end >= Stage.VOTED]
    # One statement a step: the database asks for the step before.
    rows: dict[int, list[CivicStep]] = {stage.value: [] for stage in CivicStage}
    for place, spec in enumerate(voted):
        party = spec.days[Stage.VOTED]
        room = (made.today - party).days
        for stage in range(1, _CIVIC[place % len(_CIVIC)] + 1):
            ahead = timedelta(days=5 * (5 - stage))
            day = party - ahead if stage < CivicStage.VOTED else party + timedelta(
                days=min(room, 4 * (stage - 3))
            )  # fmt: skip
            rows[stage].append(
                CivicStep(
                    body=bodies[spec.unit.pk], stage=stage, day=day, by=spec.author,
                    **_counts(stage, place),
                )
            )  # fmt: skip
    for steps in rows.values():
        CivicStep.unscoped.bulk_create(steps)


def _counts(stage: int, place: int) -> dict[str, Any]:
    first, second = _COUNTS[stage]
    if stage in (CivicStage.VOTERS, CivicStage.VOTED) and first is not None:
        first += 37 * place
    names = len(CIVIC_COUNTS[stage])
    return {"first": first if names else None, "second": second if names > 1 else None}
