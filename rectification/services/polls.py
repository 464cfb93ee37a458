"""群众评议: polls by tally sheet, or by anonymous one-time codes.

Threat model: docs/security.md, 匿名测评. :func:`vote` writes two things only: it deletes the slip
and inserts the answer.
"""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from accounts.models import User
from core import files
from core.crypto import blind_index
from core.errors import Refusal
from rectification.enums import Choice, ClosingState, PollState, PollWay, State
from rectification.models import Answer, Case, Closing, Poll, Slip
from rectification.rules import Lines, Tally, poll_faults
from rectification.services.common import checked, lock, move, once, sane
from rectification.services.files import keep_file

# No 0 O 1 I L: read from paper, typed on a phone. 31 signs, 12 of them: 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
MOST_SLIPS = 300
MOST_ISSUED = 5000
# The same words whether a code never was, was used, or belongs to a poll that is over.
NOT_VALID = "这个码不能用：可能输错了，可能已经投过票，也可能测评已经结束。请核对纸条上的 12 位码。"
_PURPOSE = "rectification.slip"


def lines_of(case: Case) -> Lines:
    """The pass lines of the case's batch."""
    batch = case.batch
    return Lines(
        score=batch.pass_score,
        satisfaction=batch.pass_satisfaction,
        dissatisfaction=batch.most_dissatisfied,
        least_answers=batch.least_answers,
        fair_counts=batch.fair_counts,
    )


def tally_of(poll: Poll) -> Tally:
    """The counts of a counted poll."""
    return Tally(poll.satisfied, poll.fair, poll.dissatisfied)


@transaction.atomic
def open_poll(
    *,
    case: Case,
    by: User,
    way: str,
    opens_on: date,
    closes_on: date,
    form_key: UUID | None = None,
) -> Poll:
    """Open a poll of the running round; one at a time."""
    case = lock(case)
    if case.state not in (State.UNDERWAY, State.EXAMINED):
        raise Refusal("进入整顿以后才组织民意测评。", code="conflict")
    if way not in PollWay.values:
        raise Refusal("请选择测评方式。", field="way")
    sane(opens_on, field="opens_on")
    if sane(closes_on, field="closes_on") < opens_on:
        raise Refusal("截止日期不能早于开始日期。", field="closes_on")
    if Closing.unscoped.filter(case=case, state=ClosingState.PROPOSED).exists():
        raise Refusal("正在审批销号，不再组织测评。", code="conflict")
    running = Poll.unscoped.filter(case=case, state=PollState.OPEN)
    other = running.exclude(form_key=form_key) if form_key else running
    if other.exists():
        raise Refusal("上一次测评还没有计票，请先计票再发起新的测评。", code="conflict")
    poll, _ = once(
        Poll,
        form_key,
        lambda: Poll(
            case=case, round=case.round, way=way, opens_on=opens_on, closes_on=closes_on, by=by,
            form_key=form_key,
        ),
    )  # fmt: skip
    return poll


def _locked(poll: Poll, way: PollWay) -> Poll:
    # A vote on its way holds its slip and refers to the poll: a full lock here would cross with it.
    found: Poll = (
        Poll.unscoped.select_for_update(of=("self",), no_key=True)
        .select_related("case__batch", "case__unit")
        .get(pk=poll.pk)
    )
    if found.state != PollState.OPEN:
        raise Refusal("这次测评已经计票，不能再改。", code="conflict")
    if found.way != way:
        raise Refusal(f"这次测评是“{PollWay(found.way).label}”。", code="conflict")
    return found


@transaction.atomic
def issue_slips(*, poll: Poll, count: int) -> list[str]:
    """Make ``count`` codes and return them, once: only their fingerprints are kept.

    They come in no order, and nobody is written beside them.
    """
    poll = _locked(poll, PollWay.LINK)
    if not 1 <= count <= MOST_SLIPS:
        raise Refusal(f"一次打印 1 到 {MOST_SLIPS} 张，多的请分几次。", field="count")
    if poll.issued + count > MOST_ISSUED:
        raise Refusal(f"一次测评最多发 {MOST_ISSUED} 张。", field="count")
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(count)]
    rows = sorted(_fingerprint(code) for code in codes)
    Slip.objects.bulk_create(Slip(fingerprint=mark, poll=poll) for mark in rows)
    poll.issued += count
    poll.save()
    return codes


def _fingerprint(code: str) -> bytes:
    return blind_index(code, purpose=_PURPOSE)


def normal(code: str) -> str:
    """A code as typed: any case, with blanks or dashes between."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[:40]


@transaction.atomic
def vote(*, code: str, choice: str, on: date) -> None:
    """Take a vote: the slip goes and the answer comes, in one transaction, tied by nothing.

    Raises:
        Refusal: no choice; or :data:`NOT_VALID`, the same for a wrong, a used and a late code.
    """
    if choice not in Choice.values:
        raise Refusal("请选择满意、基本满意或者不满意。", field="choice")
    mark = _fingerprint(normal(code))
    # One statement takes the slip, if its poll runs: of two that use one code, one finds nothing.
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM rectification_slip s USING rectification_poll p "
            "WHERE s.fingerprint = %s AND p.id = s.poll_id AND p.state = 'open' "
            "AND %s BETWEEN p.opens_on AND p.closes_on RETURNING s.poll_id",
            [mark, on],
        )
        found = cursor.fetchone()
    if found is None:
        raise Refusal(NOT_VALID, field="code")
    Answer.unscoped.bulk_create([Answer(poll_id=found[0], choice=choice, day=on)])


@transaction.atomic
def count_poll(*, poll: Poll, by: User, on: date) -> Poll:
    """Count an anonymous poll: unused slips are void, the answers are written anew, shuffled.

    Raises:
        Refusal: it still runs, or was counted.
    """
    case = lock(poll.case)
    poll = _locked(poll, PollWay.LINK)
    if on <= poll.closes_on:
        raise Refusal(f"测评到 {poll.closes_on:%Y-%m-%d} 截止，第二天起可以计票。", code="conflict")
    Slip.objects.filter(poll=poll).delete()
    _shuffle(poll)
    rows = Answer.unscoped.filter(poll=poll).order_by().values_list("choice")
    counts = dict(rows.annotate(count=Count("pk")))
    poll.satisfied = counts.get(Choice.SATISFIED, 0)
    poll.fair = counts.get(Choice.FAIR, 0)
    poll.dissatisfied = counts.get(Choice.DISSATISFIED, 0)
    return _counted(case, poll, by, on)


def _shuffle(poll: Poll) -> None:
    """Rewrite the answers in random order under fresh keys: their place on disk tells nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM rectification_answer WHERE poll_id = %s "
            "RETURNING poll_id, choice, day) "
            "INSERT INTO rectification_answer (id, poll_id, choice, day) "
            "SELECT gen_random_uuid(), poll_id, choice, day FROM gone ORDER BY random()",
            [poll.pk],
        )


@transaction.atomic
def enter_tally(
    *,
    poll: Poll,
    by: User,
    issued: int,
    satisfied: int,
    fair: int,
    dissatisfied: int,
    invalid: int,
    on: date,
    sheet: files.Upload | None = None,
) -> Poll:
    """Enter the counts of a poll by sheet, with the sheet as a photo or paper.

    Raises:
        Refusal: the sums do not hold, or it was counted.
    """
    case = lock(poll.case)
    poll = _locked(poll, PollWay.TALLY)
    counts = (satisfied, fair, dissatisfied, invalid)
    if min(counts) < 0 or not 1 <= issued <= 100_000:
        raise Refusal("请核对票数。", field="issued")
    if sum(counts) > issued:
        raise Refusal(
            f"各项合计 {sum(counts)} 票，多于发出的 {issued} 票，请核对。", field="issued"
        )
    if on < poll.opens_on:
        raise Refusal("测评还没有开始。", code="conflict")
    poll.issued, poll.invalid = issued, invalid
    poll.satisfied, poll.fair, poll.dissatisfied = satisfied, fair, dissatisfied
    if sheet is not None:
        poll.sheet = keep_file(case=poll.case, by=by, upload=sheet, field="sheet")
    return _counted(case, poll, by, on)


def _counted(case: Case, poll: Poll, by: User, on: date) -> Poll:
    """Below the lines a case that is up for 验收 goes back at once."""
    poll.state, poll.counted_on, poll.counted_by = PollState.CLOSED, on, by
    checked(poll)
    poll.save()
    faults = poll_faults(tally_of(poll), lines_of(case))
    if faults and case.state == State.EXAMINED:
        move(case, State.UNDERWAY, by=by, day=on, note=f"测评未达标：{'；'.join(faults)}"[:500])
    return poll
