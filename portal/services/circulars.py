"""通知: drafted, issued once, pressed once a day, taken back with a reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from branches.enums import Field, UnitKind
from branches.models import Unit
from core import attachments, files
from core.errors import Refusal
from core.screening import mark_in_name, refusal_of
from portal.entries import Letter
from portal.enums import Reach, State
from portal.models import Circular, CircularFile, Receipt
from portal.reaching import below, reached
from portal.rules import can_move
from portal.services.common import lock, plain
from portal.telling import tell_issued, tell_revoked, tell_urged

MAX_FILES = 9
MAX_TEXT = 5000


@transaction.atomic
def write(
    *, unit: Unit, by: User, letter: Letter, on: date, circular: Circular | None = None,
    form_key: UUID | None = None,
) -> Circular:  # fmt: skip
    """Draft a 通知 of ``unit``, or write a draft anew. The same form twice makes one.

    Raises Refusal: it was issued, nobody is meant, the day has passed, a mark of secrecy.
    """
    if circular is None and form_key is not None:
        known = Circular.unscoped.filter(form_key=form_key).first()
        if known is not None:
            return known
    row = lock(circular) if circular is not None else Circular(unit=unit, written_by=by)
    if not row.is_draft:
        raise Refusal("通知已经下发，不能再改；有误请撤回，再发一份。", code="conflict")
    _fill(row, letter, on)
    if circular is not None:
        row.save()
        return row
    row.form_key = form_key
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found: Circular | None = Circular.unscoped.filter(form_key=form_key).first()
        if form_key is None or found is None:
            raise
        return found
    return row


def _fill(row: Circular, letter: Letter, on: date) -> None:
    row.title = plain(letter.title, "标题", field="title", longest=80)
    mark = mark_in_name(row.title)
    if mark:
        raise Refusal(refusal_of(mark, "标题"), field="title")
    row.text = plain(letter.text, "正文", field="text", longest=MAX_TEXT)
    row.reach = Reach(letter.reach)
    row.kinds = _of(letter.kinds, UnitKind.values) if row.reach == Reach.KIND else []
    row.fields = _of(letter.fields, Field.values) if row.reach == Reach.FIELD else []
    row.places = []
    if row.reach in (Reach.COMMITTEES, Reach.CHOSEN):
        row.places = list(
            below(row.unit, on).filter(code__in=letter.places).values_list("code", flat=True)
        )
    _meant(row)
    if letter.sign_by is not None and letter.sign_by < on:
        raise Refusal("办理期限不能早于今天。", field="sign_by")
    row.needs_sign, row.sign_by = letter.needs_sign, letter.sign_by


def _of(given: tuple[str, ...], known: list[str]) -> list[str]:
    return [one for one in known if one in given]


def _meant(row: Circular) -> None:
    """Raise Refusal when a narrower reach names nobody."""
    asked: dict[str, tuple[list[str], str, str]] = {
        Reach.KIND: (row.kinds, "kinds", "请至少选一个类别。"),
        Reach.FIELD: (row.fields, "fields", "请至少选一个领域。"),
        Reach.COMMITTEES: (row.places, "committees", "请至少选一个党（工）委。"),
        Reach.CHOSEN: (row.places, "codes", "请至少写一个党组织的代码。"),
    }
    chosen, field, words = asked.get(row.reach, ([""], "", ""))
    if not chosen:
        raise Refusal(words, field=field)


@transaction.atomic
def add_file(*, circular: Circular, by: User, upload: files.Upload) -> CircularFile:
    """Keep an attachment with a draft; the same file again is the same row.

    Raises Refusal: it was issued, the file is not fit, there are too many.
    """
    row = lock(circular)
    if not row.is_draft:
        raise Refusal("通知已经下发，不能再加附件。", code="conflict")
    try:
        clean = attachments.accept(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="file", code=refused.code) from None
    with attachments.storing(clean) as stored:
        kept: CircularFile
        kept, _ = attachments.keep(
            CircularFile.unscoped.filter(circular=row), stored, most=MAX_FILES,
            too_many=f"一份通知最多 {MAX_FILES} 个附件。", field="file", circular=row, by=by,
        )  # fmt: skip
        return kept


@transaction.atomic
def remove_file(*, file: CircularFile) -> None:
    """Take an attachment out of a draft. Raises Refusal: it was issued."""
    row = lock(file.circular)
    if not row.is_draft:
        raise Refusal("通知已经下发，附件不能再改。", code="conflict")
    CircularFile.unscoped.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: _discard([file]))


@transaction.atomic
def drop(*, circular: Circular) -> None:
    """Throw a draft away. Raises Refusal: it was issued."""
    row = lock(circular)
    if not row.is_draft:
        raise Refusal("通知已经下发，不能删去；有误请撤回。", code="conflict")
    kept = list(CircularFile.unscoped.filter(circular=row))
    row.delete()
    transaction.on_commit(lambda: _discard(kept))


def _discard(kept: list[CircularFile]) -> None:
    for one in kept:
        files.discard(one.path, one.thumbnail)


@transaction.atomic
def issue(*, circular: Circular, by: User, on: date, now: datetime) -> Circular:
    """下发: write a receipt for each unit and tell its keepers, each person once.

    Pressed twice it goes out once. Raises Refusal: it was taken back, or nobody stands there.
    """
    row = lock(circular)
    if row.is_live:
        return row
    if not can_move(row.state, State.ISSUED):
        raise Refusal("通知已经撤回，请另发一份。", code="conflict")
    if row.sign_by is not None and row.sign_by < on:
        raise Refusal("办理期限已经过了，请先改期限再下发。", code="conflict")
    units = list(reached(row, on).values_list("pk", flat=True))
    if not units:
        raise Refusal("这个范围里现在没有党组织，请修改下发范围。", code="conflict")
    row.state, row.issued_at, row.issued_by = State.ISSUED, now, by
    row.save()
    Receipt.unscoped.bulk_create(
        [Receipt(circular=row, unit_id=pk) for pk in units], batch_size=2000
    )
    tell_issued(row, on=on, now=now)
    return row


@transaction.atomic
def urge(*, circular: Circular, on: date, now: datetime) -> int:
    """催: tell those who owe it, each unit once a day; how many units were pressed.

    Raises Refusal: it does not stand.
    """
    row = lock(circular)
    if not row.is_live:
        raise Refusal("只有已下发的通知可以催。", code="conflict")
    owing = Receipt.unscoped.filter(
        pk__in=Receipt.objects.everywhere("the issuer presses all he issued to")
        .filter(circular=row)
        .urgeable(on=on)
        .values("pk")
    )
    pressed = list(owing.values_list("pk", flat=True))
    if pressed:
        Receipt.unscoped.filter(pk__in=pressed).update(
            urged_on=on, urged=F("urged") + 1, updated_at=now
        )
        tell_urged(row, pressed, on=on, now=now)
    return len(pressed)


@transaction.atomic
def revoke(*, circular: Circular, by: User, reason: str, on: date, now: datetime) -> Circular:
    """撤回 with a reason that everybody reads who was told; twice is once.

    Raises Refusal: it was never issued, or no reason is given.
    """
    row = lock(circular)
    if row.state == State.REVOKED:
        return row
    if not can_move(row.state, State.REVOKED):
        raise Refusal("草稿不用撤回，删去就可以。", code="conflict")
    row.reason = plain(reason, "撤回理由", field="reason", longest=200)
    row.state, row.revoked_at, row.revoked_by = State.REVOKED, now, by
    row.save()
    tell_revoked(row, on=on, now=now)
    return row
