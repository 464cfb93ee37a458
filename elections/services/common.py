"""What all verbs of 换届 share: locks, clean words, one step of an election."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max

from accounts.models import User
from branches.models import Member
from core import attachments, files
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from elections.enums import ANSWERS, NAMELESS, Stage
from elections.models import Election, ElectionFile, ElectionStep
from elections.permissions import is_same_person
from elections.rules import can_move

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)
MAX_FILES = 60


def lock(election: Election) -> Election:
    """The election as it is now, its row locked to the end of the transaction."""
    rows = Election.unscoped.select_for_update(of=("self",)).select_related(
        "unit", "unit__committee", "unit__parent", "term"
    )
    found: Election = rows.get(pk=election.pk)
    return found


def step(
    election: Election,
    to: Stage,
    *,
    by: User | None,
    day: date,
    on: date,
    document: str = "",
    note: str = "",
    first: int | None = None,
    second: int | None = None,
    upload: files.Upload | None = None,
    kept: ElectionFile | None = None,
) -> Election:
    """Take one step of a locked election and note it; saves whatever else was set on it.

    Asked for the same step again on the same day by the same person, it is done already.

    Raises:
        Refusal: out of order (conflict), a day that does not fit, his own filing answered, a name
            while names are talked over, a file that is not fit.
    """
    last = election.steps.order_by("-pk").first()
    if election.state == to and last is not None and (last.day, last.by_id) == (day, by and by.pk):
        return election
    if not can_move(
        election.state, to, route=election.route, with_committee=election.with_committee
    ):
        raise Refusal(
            f"现在是“{Stage(election.state).label}”，不能改为“{to.label}”；请刷新页面看最新情况。",
            code="conflict",
        )
    earlier = election.steps.filter(after__lt=to).aggregate(day=Max("day"))["day"]
    past(day, on, "日期", field="day", since=earlier)
    if to in ANSWERS and to > election.state:
        _another(election, to, by)
    document = text(document, "文号", field="document", longest=80, needed=False)
    note = text(note, "说明", field="note", needed=False)
    if to in NAMELESS:
        _nameless(election, document, note, upload)
    file = kept or (keep_file(election=election, by=by, upload=upload) if upload else None)
    before, election.state = election.state, to
    checked(election)
    election.save()
    ElectionStep.unscoped.create(
        election=election, before=before, after=to, day=day, document=document, note=note,
        first=first, second=second, file=file, by=by,
    )  # fmt: skip
    return election


def _another(election: Election, to: Stage, by: User | None) -> None:
    filed = election.steps.filter(after=ANSWERS[to]).order_by("-pk").first()
    if by is not None and filed is not None and is_same_person(by.pk, filed.by_id):
        raise Refusal("报送的同志不能自己批复，请由上级另一位同志办理。", code="forbidden")


def _nameless(
    election: Election, document: str, note: str, upload: files.Upload | None
) -> None:  # fmt: skip
    if upload is not None or note:
        raise Refusal("酝酿、审查和报批期间只登记日期、人数和文号，不上传材料、不写人选。")
    people = Member.unscoped.filter(unit__path__startswith=election.unit.path)
    for name in people.values_list("name", flat=True).iterator():
        if len(name) > 1 and name in document:
            raise Refusal("文号里不要写人选姓名：人选公示、批准以后才登记。", field="document")


def text(value: str, what: str, *, field: str, longest: int = 500, needed: bool = True) -> str:
    """The words without stray signs.

    Raises Refusal: nothing there, too long, or a mark of secrecy (rules.md §10).
    """
    words = value.replace("\x00", "").strip()
    if needed and not words:
        raise Refusal(f"请填写{what}。", field=field)
    if len(words) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内。", field=field)
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return words


def past(day: date, on: date, what: str, *, field: str, since: date | None = None) -> date:
    """A day that has come, not before ``since``. Raises Refusal otherwise."""
    if day > on:
        raise Refusal(f"{what}不能晚于今天。", field=field)
    if day < (since or EARLIEST):
        raise Refusal(f"{what}不能早于上一步的 {since or EARLIEST:%Y-%m-%d}。", field=field)
    return day


def sane(day: date, *, field: str) -> date:
    """A day in a sensible year. Raises Refusal otherwise."""
    if not EARLIEST <= day <= LATEST:
        raise Refusal("请核对日期的年份。", field=field)
    return day


def checked(row: models.Model) -> None:
    """Let fields and constraints of a row check it. Raises Refusal with the first sentence."""
    keys = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=keys)
        row.validate_constraints()
    except ValidationError as fault:
        field, messages = next(iter(fault.message_dict.items()))
        known = {f.name for f in row._meta.fields}
        raise Refusal(messages[0], field=field if field in known else "") from None


def keep_file(
    *, election: Election, by: User | None, upload: files.Upload, field: str = "file"
) -> ElectionFile:
    """Keep a checked photo or paper with an election that the caller has locked.

    Photos are drawn anew; PDF, Word and Excel come as they are; the same file again is the same
    row. Raises Refusal: the file is not fit, or there are too many.
    """
    try:
        clean = attachments.accept(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field=field, code=refused.code) from None
    with attachments.storing(clean) as stored:
        kept: ElectionFile
        kept, _ = attachments.keep(
            ElectionFile.unscoped.filter(election=election), stored, most=MAX_FILES,
            too_many=f"一次换届最多 {MAX_FILES} 份材料，请挑要紧的上传。", field=field,
            election=election, by=by,
        )  # fmt: skip
        return kept


def only_at(election: Election, *stages: Any, what: str) -> None:
    """Refuse unless the election stands at one of these steps."""
    if election.state not in stages:
        raise Refusal(f"现在是“{Stage(election.state).label}”，{what}。", code="conflict")
