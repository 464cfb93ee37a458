"""不定期调阅: the draw."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.enums import COUNTING, Status
from meetings.hints import hinted
from meetings.models import CheckDraw, DrawnRecord, Meeting, MeetingStep
from meetings.querysets import MeetingQuerySet
from meetings.rules.checks import LONGEST_LIST, MOST_DRAWN, draw, list_digest, list_lines


def others_work(rows: MeetingQuerySet, by: User) -> MeetingQuerySet:
    """Without the records that ``by`` wrote or filed (S16)."""
    filed = MeetingStep.unscoped.filter(
        meeting=OuterRef("pk"), by=by, after__in=(Status.DRAFT, Status.SUBMITTED)
    )
    found: MeetingQuerySet = rows.exclude(created_by=by).exclude(Exists(filed))
    return found


@transaction.atomic
def start_draw(
    *,
    unit: Unit,
    by: User,
    since: date,
    until: date,
    wanted: int,
    due_on: date,
    form_key: UUID,
    fields: Sequence[str] = (),
    kind_mask: int = 0,
    risk_percent: int = 0,
) -> CheckDraw:
    """Draw ``wanted`` filed records of the subtree at random, and keep list, digest and seed.

    Records that were drawn before, and those that ``by`` wrote himself, are not on the list. The
    same form again is the draw that it made.

    Raises:
        Refusal: nothing to draw from, more wanted than there is, or a list too long to hold.
    """
    known = CheckDraw.unscoped.filter(form_key=form_key)
    # Two sendings of one form queue up here, so that the second finds what the first wrote.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    found = known.first()
    if found is not None:
        return _own(found, by)
    _check(since, until, wanted, risk_percent)
    rows = _candidates(unit, by, since, until, fields, kind_mask)
    ids = dict(rows.values_list("uuid", "pk")[: LONGEST_LIST + 1])
    if len(ids) > LONGEST_LIST:
        raise Refusal(
            f"符合条件的记录超过 {LONGEST_LIST} 条，请缩短召开日期的范围，或只选一个党（工）委。",
            field="until",
        )
    if not ids:
        raise Refusal(
            "没有可以抽取的记录：这一段里没有已提交的记录，或者都抽过、都是您本人录入的。请换一个范围。",
            field="since",
        )
    if wanted > len(ids):
        raise Refusal(f"符合条件的只有 {len(ids)} 条，请减少抽取条数。", field="wanted")
    stars = hinted(list(ids.values())) if risk_percent else set()
    lines = list_lines((uuid, pk in stars) for uuid, pk in ids.items())
    seed = secrets.token_hex(16)
    fresh = CheckDraw(
        unit=unit, since=since, until=until, fields=list(fields), kind_mask=kind_mask,
        risk_percent=risk_percent, wanted=wanted, listed="\n".join(lines), listed_count=len(lines),
        list_sha256=list_digest(lines), seed=seed, due_on=due_on, by=by, form_key=form_key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        # The same form, sent at the same moment for another unit.
        return _own(known.get(), by)
    drawn = draw(lines=lines, seed=seed, wanted=wanted, risk_percent=risk_percent)
    DrawnRecord.unscoped.bulk_create(
        DrawnRecord(draw=fresh, meeting_id=ids[UUID(one.uuid)], place=place, hinted=one.hinted)
        for place, one in enumerate(drawn, start=1)
    )
    return fresh


def _own(found: CheckDraw, by: User) -> CheckDraw:
    if found.by_id != by.pk:
        raise Refusal("这张表已经用过，请重新打开再抽。", code="conflict")
    return found


def _check(since: date, until: date, wanted: int, risk_percent: int) -> None:
    if until < since:
        raise Refusal("截止日期不能早于起始日期。", field="until")
    if not 1 <= wanted <= MOST_DRAWN:
        raise Refusal(f"一次抽取 1 到 {MOST_DRAWN} 条。", field="wanted")
    if not 0 <= risk_percent <= 100:
        raise Refusal("占比应在 0 到 100 之间。", field="risk_percent")


def _candidates(
    unit: Unit, by: User, since: date, until: date, fields: Sequence[str], kind_mask: int
) -> QuerySet[Meeting]:
    rows: MeetingQuerySet = Meeting.objects.within(unit).held_in(since, until)
    rows = rows.filter(status__in=COUNTING)
    if fields:
        rows = rows.filter(unit__field__in=fields)
    if kind_mask:
        rows = rows.of_kind(kind_mask)
    before = DrawnRecord.unscoped.filter(meeting=OuterRef("pk"))
    return others_work(rows, by).exclude(Exists(before)).order_by("pk")
