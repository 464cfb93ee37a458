"""The way of an election up to the vote: 筹备, 请示, 批复, 名额和办法, 酝酿, 审查, 报批, 批准."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from branches.enums import BRANCH_KINDS, UnitKind
from branches.models import CommitteeTerm, Member, Unit
from core.errors import Refusal
from core.files import Upload
from elections.enums import Stage
from elections.models import Candidate, Election, ElectionStep, WaveBody
from elections.roster import voters
from elections.rules import least_candidates
from elections.services.common import lock, only_at, past, sane, step, text
from elections.settings import limits, route_of, seats_span

_ELECTED_KINDS = (
    UnitKind.COMMITTEE, UnitKind.GENERAL_BRANCH, UnitKind.BRANCH, UnitKind.JOINT_BRANCH,
)  # fmt: skip


@transaction.atomic
def open_election(
    *,
    unit: Unit,
    by: User | None,
    on: date,
    begun_on: date,
    planned_on: date,
    with_committee: bool,
    seats: int,
    delegates: int = 0,
) -> Election:
    """筹备换届: what is to be elected, how many, when. Opened twice it is the one that runs.

    ``begun_on`` is the day on which the preparation was decided; what is typed later keeps it.

    Raises:
        Refusal: a unit that does not elect (党工委, 临时党组织, 党小组), seats that do not fit.
    """
    if unit.kind not in _ELECTED_KINDS:
        raise Refusal(f"{unit.get_kind_display()}由上级派出或指定，不进行换届选举。", field="unit")
    if unit.dissolved_on is not None and unit.dissolved_on <= on:
        raise Refusal(f"{unit}已经撤销，不进行换届选举。", field="unit")
    past(begun_on, on, "筹备开始日期", field="begun_on")
    found = _running(unit)
    if found is not None:
        return found
    term = CommitteeTerm.unscoped.filter(unit=unit).order_by("-started_on").first()
    done = Election.unscoped.filter(wave=OuterRef("wave"), unit=unit, state=Stage.CONFIRMED)
    body = (
        WaveBody.unscoped.filter(unit=unit, wave__starts_on__lte=on)
        .exclude(Exists(done))
        .order_by("-wave__starts_on")
        .first()
    )
    fresh = Election(
        unit=unit, term=term if term and term.ended_on is None else None,
        number=term.number + 1 if term else 1, route=route_of(unit), created_by=by,
        wave=body.wave if body else None,
    )  # fmt: skip
    _set_plan(fresh, on, planned_on, with_committee, seats, delegates)
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        twin = _running(unit)
        if twin is None:
            raise
        return twin
    ElectionStep.unscoped.create(election=fresh, before=None, after=0, day=begun_on, by=by)
    return fresh


def _running(unit: Unit) -> Election | None:
    rows = Election.objects.everywhere("of the unit that asks").filter(unit=unit)
    found: Election | None = rows.running().first()
    return found


@transaction.atomic
def change_plan(
    *, election: Election, on: date, planned_on: date, with_committee: bool, seats: int,
    delegates: int | None = None,
) -> Election:  # fmt: skip
    """Correct what is planned while nothing has been sent up; ``delegates`` None leaves them."""
    election = lock(election)
    only_at(election, Stage.PREPARED, what="已经上报，不能再改筹备内容")
    kept = election.delegates if delegates is None else delegates
    _set_plan(election, on, planned_on, with_committee, seats, kept)
    election.save()
    return election


def _set_plan(
    election: Election, on: date, planned_on: date, with_committee: bool, seats: int,
    delegates: int,
) -> None:  # fmt: skip
    bounds = limits(on)
    if not with_committee and election.unit.kind not in BRANCH_KINDS:
        raise Refusal("党委、党总支都要选举委员会。", field="with_committee")
    people = voters(election.unit, on=on).count()
    if with_committee and election.unit.kind in BRANCH_KINDS and people < bounds.committee_from:
        raise Refusal(
            f"正式党员 {people} 名，不足 {bounds.committee_from} 名的支部不设委员会，"
            f"由党员大会直接选举书记（{bounds.source('elections.committee_from')}）。",
            field="with_committee",
        )
    if delegates and election.unit.kind != UnitKind.COMMITTEE:
        raise Refusal("只有党的基层委员会可以召开党员代表大会选举。", field="delegates")
    least, most = seats_span(election.unit, bounds)
    if with_committee and not least <= seats <= most:
        raise Refusal(f"委员名额应在 {least} 到 {most} 名之间。", field="seats")
    election.planned_on = sane(planned_on, field="planned_on")
    election.with_committee, election.delegates = with_committee, delegates
    election.seats = seats if with_committee else 1


@transaction.atomic
def ask(
    *, election: Election, by: User, day: date, on: date, document: str = "",
    file: Upload | None = None,
) -> Election:  # fmt: skip
    """请示: ask the committee above for the election."""
    return step(lock(election), Stage.ASKED, by=by, day=day, on=on, document=document, upload=file)


@transaction.atomic
def answer(
    *, election: Election, by: User, day: date, on: date, document: str, note: str = "",
    file: Upload | None = None,
) -> Election:  # fmt: skip
    """批复请示: by another person than who asked."""
    words = text(document, "批复文号", field="document", longest=80)
    return step(
        lock(election), Stage.ANSWERED, by=by, day=day, on=on, document=words, note=note,
        upload=file,
    )  # fmt: skip


@transaction.atomic
def send_back(*, election: Election, by: User, on: date, note: str = "") -> Election:
    """退回: the 请示, the names or the report, with a reason; back to where it is done again.

    Names that come back are talked over anew; none of them was stored.
    """
    election = lock(election)
    only_at(election, Stage.ASKED, Stage.FILED, Stage.REPORTED, what="没有等批复的请示、人选或报告")
    if election.state == Stage.FILED:
        # No words beside names.
        return step(election, Stage.CONSULTED, by=by, day=on, on=on)
    words = text(note, "退回的理由", field="note")
    if election.state == Stage.REPORTED:
        to = Stage.DIVIDED if election.with_committee else Stage.VOTED
        return step(election, to, by=by, day=on, on=on, note=words)
    return step(election, Stage.PREPARED, by=by, day=on, on=on, note=words)


@transaction.atomic
def plan(
    *, election: Election, by: User, day: date, on: date, seats: int, candidates: int,
    document: str = "", file: Upload | None = None,
) -> Election:  # fmt: skip
    """名额和选举办法: how many seats, how many candidates (差额), on which day decided."""
    election, bounds = lock(election), limits(on)
    if election.with_committee:
        least, most = seats_span(election.unit, bounds)
        if not least <= seats <= most:
            raise Refusal(f"委员名额应在 {least} 到 {most} 名之间。", field="seats")
        election.seats = seats
    fewest = needed_candidates(election, margin=bounds.margin)
    if candidates < fewest:
        raise Refusal(
            f"应选 {election.seats} 名，候选人至少 {fewest} 名"
            f"（{bounds.source('elections.margin')}）。",
            field="candidates",
        )
    election.candidates = candidates
    return step(
        election, Stage.PLANNED, by=by, day=day, on=on, document=document, upload=file
    )  # fmt: skip


def needed_candidates(election: Election, *, margin: int) -> int:
    """The fewest candidates: 差额 for 委员; a secretary elected by the meeting may stand alone."""
    if not election.with_committee:
        return int(election.seats)
    return least_candidates(election.seats, margin)


@transaction.atomic
def consult(*, election: Election, by: User, day: date, on: date, first: int) -> Election:
    """酝酿初步人选: the day and how many took part; no name (rules.md §10)."""
    return step(lock(election), Stage.CONSULTED, by=by, day=day, on=on, first=first)


@transaction.atomic
def review(
    *, election: Election, by: User, day: date, on: date, first: int, second: int
) -> Election:  # fmt: skip
    """资格联审 or 考察: how many were looked at, how many did not pass."""
    if second > first:
        raise Refusal("不合格人数不能多于审查人数。", field="second")
    return step(lock(election), Stage.REVIEWED, by=by, day=day, on=on, first=first, second=second)


@transaction.atomic
def choose(*, election: Election, by: User, day: date, on: date, first: int) -> Election:
    """支委会定预备人选: the day and how many; as many as the method asks for."""
    election = lock(election)
    if election.candidates is not None and first < election.candidates:
        raise Refusal(
            f"选举办法定的候选人是 {election.candidates} 名，预备人选不能少于这个数。",
            field="first",
        )
    return step(election, Stage.CHOSEN, by=by, day=day, on=on, first=first)


@transaction.atomic
def file_names(*, election: Election, by: User, day: date, on: date, document: str) -> Election:
    """报批: by day and document number; the names go up on paper."""
    words = text(document, "报批文号", field="document", longest=80)
    return step(lock(election), Stage.FILED, by=by, day=day, on=on, document=words)


@transaction.atomic
def approve_names(
    *, election: Election, by: User, day: date, on: date, document: str,
    members: Sequence[Member], file: Upload | None = None,
) -> Election:  # fmt: skip
    """批准候选人: here, and not before, the names are entered.

    Raises:
        Refusal: too few, somebody without the vote, or of another organisation.
    """
    election = lock(election)
    words = text(document, "批复文号", field="document", longest=80)
    if election.state == Stage.APPROVED:
        return step(election, Stage.APPROVED, by=by, day=day, on=on, document=words)
    only_at(election, Stage.FILED, what="还没有报批，不能登记候选人")
    _refuse_people(election, members)
    fewest = election.candidates or needed_candidates(election, margin=limits(on).margin)
    if len({member.pk for member in members}) < fewest:
        raise Refusal(f"候选人应有 {fewest} 名，现在选了 {len(members)} 名。", field="members")
    Candidate.unscoped.bulk_create(
        Candidate(election=election, member=member) for member in members
    )
    return step(
        election, Stage.APPROVED, by=by, day=day, on=on, document=words, upload=file
    )  # fmt: skip


def _refuse_people(election: Election, members: Sequence[Member]) -> None:
    for member in members:
        if not member.votes:
            raise Refusal(f"{member}没有被选举权（预备党员或留党察看）。", field="members")
        if not member.unit.path.startswith(election.unit.path):
            raise Refusal(f"{member}不是“{election.unit}”的党员。", field="members")


@transaction.atomic
def cancel(*, election: Election, by: User, on: date, note: str) -> Election:
    """终止: before the vote, with a reason; the next one begins anew."""
    election = lock(election)
    words = text(note, "终止的理由", field="note")
    return step(election, Stage.CANCELLED, by=by, day=on, on=on, note=words)
