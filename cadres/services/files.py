"""The verbs of a cadre file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres.models import Appraisal, Cadre, Family, Photo, RankStep, Stint
from cadres.rules.screen import refused_name
from cadres.services.common import saved, screened
from core import attachments, files
from core.codes import CodeError, check_id_number, check_phone
from core.errors import Refusal
from core.pinyin import search_key

SEALED = ("id_number", "phone", "born", "native_place", "birthplace", "health", "honours")
_TEXTS = (
    "name", "native_place", "birthplace", "health", "honours", "title", "specialty",
    "full_education", "full_school", "part_education", "part_school",
)  # fmt: skip
MAX_PHOTOS = 5
DROPPABLE = (Stint, Family, RankStep, Appraisal)


def _fill(cadre: Cadre, facts: dict[str, Any]) -> None:
    """Set the facts of a form; sealed ones through seal. An empty number leaves the old one."""
    screened(**{name: facts.get(name) for name in _TEXTS})
    facts = dict(facts)
    for name, check in (("id_number", check_id_number), ("phone", check_phone)):
        try:
            if facts.get(name):
                check(facts[name])
            else:
                facts.pop(name, None)
        except CodeError as fault:
            raise Refusal(str(fault), field=name) from None
    if facts.get("id_number"):
        told = check_id_number(facts["id_number"])
        facts["id_number"] = told.number
        if facts.get("born") and facts["born"] != told.birth_date:
            raise Refusal(
                "出生日期与身份号码里的不一致。以任前档案审核的认定为准，请核对后填写。",
                field="born",
            )
        facts["born"] = told.birth_date
    for name, value in facts.items():
        if name in SEALED:
            text = value.isoformat() if isinstance(value, date) else value
            cadre.seal(name, text or None)
        else:
            setattr(cadre, name, value)
    cadre.name_key = search_key(cadre.name)


@transaction.atomic
def add_cadre(*, unit: Unit, by: User | None, **facts: Any) -> Cadre:
    """Open a file. Refusal for a number that has one, and for what may not be here."""
    cadre = Cadre(unit=unit, by=by)
    _fill(cadre, facts)
    saved(cadre)
    return cadre


@transaction.atomic
def edit_cadre(*, cadre: Cadre, **facts: Any) -> Cadre:
    """Change what the file says."""
    row = Cadre.unscoped.select_for_update(of=("self",)).get(pk=cadre.pk)
    _fill(row, facts)
    saved(row)
    return row


@transaction.atomic
def add_stint(
    *,
    cadre: Cadre,
    since: date,
    place: str,
    post: str,
    until: date | None = None,
    unit: Unit | None = None,
    level: str = "",
    in_quota: bool = False,
    on_trial_until: date | None = None,
) -> Stint:
    """Add a stretch of the 简历; the same again is the same row."""
    screened(place=place, post=post)
    known = Stint.unscoped.filter(cadre=cadre, since=since, place=place, post=post).first()
    if known is not None:
        return known
    stint = Stint(
        cadre=cadre, since=since, until=until, place=place, post=post,
        unit=unit if in_quota else None, level=level if in_quota else "", in_quota=in_quota,
        on_trial_until=on_trial_until,
    )  # fmt: skip
    saved(stint)
    return stint


@transaction.atomic
def end_stint(*, stint: Stint, until: date, on: date) -> Stint:
    """Note that a post ended: its 职数 is free from then on."""
    row = Stint.unscoped.select_for_update(of=("self",)).get(pk=stint.pk)
    if row.until is not None and row.until != until:
        raise Refusal("这一段已经结束，请刷新后核对。", code="conflict")
    if until > on:
        raise Refusal("结束日期不能在今天以后。", field="until")
    row.until = until
    saved(row)
    return row


@transaction.atomic
def add_family(
    *, cadre: Cadre, relation: str, name: str, born: str = "", politics: str = "", work: str = ""
) -> Family:
    """Add a family member; everything but the relation is sealed. The same again is one row."""
    screened(relation=relation, name=name, work=work, born=born)
    for known in Family.unscoped.filter(cadre=cadre, relation=relation):
        if known.unseal("name") == name:
            return known
    row = Family(cadre=cadre, relation=relation, politics=politics)
    for field, text in (("name", name), ("born", born), ("work", work)):
        row.seal(field, text or None)
    saved(row)
    return row


@transaction.atomic
def add_rank(*, cadre: Cadre, rank: str, since: date, document: str = "") -> RankStep:
    """Add a 职级 since a day."""
    screened(rank=rank, document=document)
    row = RankStep(cadre=cadre, rank=rank, since=since, document=document)
    saved(row)
    return row


@transaction.atomic
def appraise(*, cadre: Cadre, year: int, grade: str, on: date) -> Appraisal:
    """Note the result of a year's 考核."""
    if year > on.year:
        raise Refusal("年度不能在今年以后。", field="year")
    row = Appraisal(cadre=cadre, year=year, grade=grade)
    saved(row)
    return row


@transaction.atomic
def drop(*, row: Stint | Family | RankStep | Appraisal) -> None:
    """Take out a row that was written by mistake; the change history keeps it."""
    type(row).unscoped.filter(pk=row.pk).delete()


@transaction.atomic
def keep_photo(*, cadre: Cadre, by: User, upload: files.Upload) -> Photo:
    """Keep a portrait, drawn anew. Scans of archives and marked names are refused."""
    if fault := refused_name(upload.name or ""):
        raise Refusal(fault, field="photo")
    Cadre.unscoped.select_for_update(of=("self",)).get(pk=cadre.pk)
    try:
        clean = files.accept_image(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="photo", code=refused.code) from None
    with attachments.storing(clean) as stored:
        photo: Photo
        photo, _ = attachments.keep(
            Photo.unscoped.filter(cadre=cadre), stored, most=MAX_PHOTOS, field="photo",
            too_many=f"一个人最多留 {MAX_PHOTOS} 张照片。", cadre=cadre, by=by,
        )  # fmt: skip
        return photo
