"""阵地: registered by the branch, checked by it once a year, confirmed by those above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from core import attachments, files
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, past, words
from support.enums import CHECK_MOVES, CheckState
from support.models import Venue, VenueAnswer, VenueCheck, VenueFile, VenueItem

MAX_PHOTOS = 60


@transaction.atomic
def save_venue(
    *,
    unit: Unit,
    by: User | None,
    name: str,
    address: str,
    area: Decimal | None = None,
    shared_with: str = "",
    opened_on: date | None = None,
    on: date,
) -> Venue:
    """Register the venue of a branch, or correct it: there is one a branch."""
    if not unit.is_branch:
        raise Refusal("阵地按党支部登记，请选择一个党支部。", field="unit")
    # The branch is the lock: two first entries at once are one venue.
    Unit.unscoped.select_for_update().get(pk=unit.pk)
    venue = Venue.unscoped.filter(unit=unit).first() or Venue(unit=unit, by=by)
    venue.name = words(name, "名称", field="name", longest=60)
    venue.address = words(address, "地址", field="address", longest=120)
    venue.area = area
    venue.shared_with = words(
        shared_with, "与谁共用", field="shared_with", longest=80, needed=False
    )
    venue.opened_on = past(opened_on, on, "启用日期", field="opened_on") if opened_on else None
    return kept(venue)


def _locked(venue: Venue) -> Venue:
    found: Venue = Venue.unscoped.select_for_update().get(pk=venue.pk)
    return found


@transaction.atomic
def add_photo(
    *, venue: Venue, by: User | None, item: VenueItem, photo: files.Upload | None
) -> VenueFile:
    """Keep a photo of one item; drawn anew, the same picture once."""
    if photo is None:
        raise Refusal("请选择照片。", field="photo")
    venue = _locked(venue)
    try:
        clean = files.accept_image(photo)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="photo", code=refused.code) from None
    with attachments.storing(clean) as stored:
        kept_file: VenueFile
        kept_file, _ = attachments.keep(
            VenueFile.unscoped.filter(venue=venue, item=item), stored, most=MAX_PHOTOS,
            too_many=f"一个项目最多 {MAX_PHOTOS} 张照片，请挑要紧的上传。", field="photo",
            venue=venue, item=item, by=by,
        )  # fmt: skip
        return kept_file


@transaction.atomic
def submit_check(
    *,
    venue: Venue,
    by: User | None,
    answers: Mapping[int, tuple[bool, str]],
    note: str = "",
    on: date,
) -> VenueCheck:
    """年度自查 of the year of ``on``: each item by its key, whether it is there, and a word on it.

    Until it is confirmed it may be corrected; a returned one waits again.
    """
    venue = _locked(venue)
    items = list(VenueItem.objects.filter(is_active=True))
    if any(item.pk not in answers for item in items):
        raise Refusal("清单里还有没答的项目，请逐项选“有”或“没有”。")
    check = VenueCheck.unscoped.filter(venue=venue, year=on.year).first()
    if check is None:
        check = VenueCheck(venue=venue, year=on.year)
    elif check.state == CheckState.CONFIRMED:
        raise Refusal(
            f"{on.year} 年的自查已经确认，不能再改；有变化的明年自查时登记。", code="conflict"
        )
    elif check.state == CheckState.RETURNED:
        check.state = CheckState.SUBMITTED
    check.note = words(note, "说明", field="note", longest=300, needed=False)
    check.submitted_on, check.submitted_by = on, by
    # The answer to the one before stays readable in the history.
    check.answer, check.decided_on, check.decided_by = "", None, None
    kept(check)
    VenueAnswer.unscoped.filter(check_of=check).delete()
    VenueAnswer.unscoped.bulk_create(
        VenueAnswer(
            check_of=check, item=item, is_there=answers[item.pk][0],
            note=words(answers[item.pk][1], item.title, field=f"note_{item.pk}", longest=100,
                       needed=False),
        )
        for item in items
    )  # fmt: skip
    return check


@transaction.atomic
def confirm_check(*, check: VenueCheck, by: User | None, on: date, answer: str = "") -> VenueCheck:
    """Confirm a check; twice is once."""
    return _decide(check, CheckState.CONFIRMED, by, on, answer, needed=False)


@transaction.atomic
def return_check(*, check: VenueCheck, by: User | None, on: date, answer: str) -> VenueCheck:
    """Return a check with a reason."""
    return _decide(check, CheckState.RETURNED, by, on, answer, needed=True)


def _decide(
    check: VenueCheck, to: CheckState, by: User | None, on: date, answer: str, *, needed: bool
) -> VenueCheck:
    _locked(check.venue)
    found: VenueCheck = VenueCheck.unscoped.select_for_update().get(pk=check.pk)
    if found.state == to:
        return found
    demand_move(found, to, moves=CHECK_MOVES, name="这份自查")
    found.answer = words(answer, "退回原因", field="answer", longest=300, needed=needed)
    found.state, found.decided_on, found.decided_by = to, on, by
    return kept(found)
