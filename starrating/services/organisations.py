"""Organisations: the register, demotion, 示范点, “五个一”, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS
from branches.models import Unit
from core import attachments, files
from core.codes import CodeError, check_credit_code
from core.errors import Refusal
from starrating.enums import Cause, Stage
from starrating.models import (
    Activity,
    ActivityKind,
    ItemScore,
    ModelSite,
    Organisation,
    Plan,
    Rating,
    StarFile,
)
from starrating.rules import Given
from starrating.services.common import checked, lock, past, set_stars, text
from starrating.services.ratings import score

MAX_FILES = 60
_PLAIN = ("kind", "industry", "staff_count", "member_count", "party_form", "managed_by")
# An organisation hangs on a branch, or on the committee that a big firm has itself.
UNIT_KINDS = (*BRANCH_KINDS, *COMMITTEE_KINDS)


@transaction.atomic
def save_organisation(
    *,
    unit: Unit,
    by: User | None,
    name: str,
    credit_code: str,
    on: date,
    manager: Unit | None = None,
    founded_on: date | None = None,
    organisation: Organisation | None = None,
    **values: Any,
) -> Organisation:
    """Register an organisation below a Party organisation, or correct it.

    ``manager`` None is the committee above; ``founded_on`` None the day the unit was founded.

    Raises:
        Refusal: a code that does not check, one known already, a unit that holds no organisation.
    """
    if unit.kind not in UNIT_KINDS or unit.district_id is None:
        raise Refusal("请选择党支部、党总支或党委。", field="unit")
    found = organisation and Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    fresh = found or Organisation(by=by)
    try:
        fresh.credit_code = check_credit_code(credit_code)
    except CodeError as fault:
        raise Refusal(f"{fault}。", field="credit_code") from None
    fresh.unit, fresh.district_id = unit, unit.district_id
    fresh.name = text(name, "名称", field="name", longest=100)
    for key in _PLAIN:
        if key in values:
            setattr(fresh, key, values[key])
    fresh.manager = _manager(unit, manager)
    day = founded_on or fresh.founded_on or unit.founded_on
    fresh.founded_on = past(day, on, "党组织成立日期", field="founded_on") if day else None
    if fresh.member_count and fresh.staff_count is not None:
        _fewer(fresh)
    checked(fresh)
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        raise Refusal(
            "本区已经登记过这个统一社会信用代码，请核对。", field="credit_code", code="conflict"
        ) from None
    return fresh


def _fewer(organisation: Organisation) -> None:
    if organisation.member_count > organisation.staff_count:
        raise Refusal("党员人数不能多于职工人数，请核对。", field="member_count")


def _manager(unit: Unit, manager: Unit | None) -> Unit | None:
    if manager is None:
        return unit.committee or unit.parent
    if unit.district_id not in (manager.district_id, manager.pk):
        raise Refusal("属地管理党组织应在本区。", field="manager")
    return manager


@transaction.atomic
def load_all(*, rows: Iterable[Mapping[str, Any]], by: User, on: date) -> tuple[int, int]:
    """Write rows of a workbook: new ones, and corrections of those known by their credit code.

    All or none. Returns how many were new, and how many were known. Raises Refusal, naming the row.
    """
    new = old = 0
    for row in rows:
        values = dict(row)
        number = values.pop("number", 0)
        known = Organisation.unscoped.filter(
            district=values["unit"].district_id, credit_code=values["credit_code"]
        ).first()
        try:
            save_organisation(by=by, on=on, organisation=known, **values)
        except Refusal as refusal:
            raise Refusal(f"第 {number} 行：{refusal.message}", code=refusal.code) from None
        new, old = (new, old + 1) if known else (new + 1, old)
    return new, old


@transaction.atomic
def close_organisation(
    *, organisation: Organisation, by: User, day: date, on: date
) -> Organisation:
    """注销: it takes part in no further round. Again changes nothing.

    A 示范点 is the district's word: it is ended first.
    """
    found: Organisation = Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    if found.closed_on is not None:
        return found
    if ModelSite.unscoped.filter(organisation=found, ended_on__isnull=True).exists():
        raise Refusal("这家组织是示范点，请组织部先取消示范点，再注销。", code="conflict")
    found.closed_on = past(day, on, "注销日期", field="day")
    found.save(update_fields=["closed_on", "updated_at"])
    return found


@transaction.atomic
def demote(*, organisation: Organisation, by: User, to: int, reason: str, on: date) -> Organisation:
    """动态降级: fewer stars between rounds, with a reason."""
    found: Organisation = Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    if not found.stars:
        raise Refusal("现在没有星级，不能降级。", code="conflict")
    if not 0 <= to < found.stars:
        raise Refusal(f"现在是{found.stars_name}，请选择更低的星级。", field="to")
    words = text(reason, "降级的理由", field="reason")
    set_stars(found, to, cause=Cause.DEMOTED, day=on, by=by, note=words)
    found.refresh_from_db()
    return found


@transaction.atomic
def name_model(
    *, organisation: Organisation, by: User, named_on: date, feature: str, on: date
) -> ModelSite:
    """确定示范点 within the plan's quota, which the database counts. Again: the one there."""
    found: Organisation = Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    site = ModelSite.unscoped.filter(organisation=found, ended_on__isnull=True).first()
    if site is not None:
        return site
    if found.closed_on:
        raise Refusal("已经注销的组织不能作示范点。", code="conflict")
    plan, _ = Plan.unscoped.get_or_create(unit_id=found.district_id)
    made = ModelSite(
        organisation=found, plan=plan, by=by,
        named_on=past(named_on, on, "确定日期", field="named_on"),
        feature=text(feature, "特色做法", field="feature", longest=300),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as fault:
        if "starrating_models_not_overrun" not in str(fault):
            raise
        raise Refusal(
            f"示范点名额 {plan.model_high} 个已满，先取消一个或者在规划里增加名额。",
            code="conflict",
        ) from None
    return made


@transaction.atomic
def end_model(*, site: ModelSite, by: User, reason: str, on: date) -> ModelSite:
    """取消示范点, with a reason. Again changes nothing."""
    found: ModelSite = ModelSite.unscoped.select_for_update().get(pk=site.pk)
    if found.ended_on is not None:
        return found
    found.end_reason = text(reason, "取消原因", field="reason", longest=300)
    found.ended_on = max(on, found.named_on)
    found.save()
    return found


@transaction.atomic
def tick(
    *,
    organisation: Organisation,
    kind: str,
    by: User,
    day: date,
    note: str,
    on: date,
    upload: files.Upload | None = None,
) -> Activity:
    """“五个一”: one activity done, with a photo or paper; again in its year, it is corrected.

    Raises:
        Refusal: no such activity, a day to come, no evidence yet.
    """
    Organisation.unscoped.select_for_update().get(pk=organisation.pk)
    which = ActivityKind.objects.filter(code=kind, is_active=True).first()
    if which is None:
        raise Refusal("请选择是哪一项活动。", field="kind")
    past(day, on, "开展日期", field="day")
    rows = Activity.unscoped.filter(organisation=organisation, kind=which, year=day.year)
    known = rows.first()
    proofs = StarFile.unscoped.filter(activity=known) if known else StarFile.unscoped.none()
    if upload is None and not proofs.exists():
        raise Refusal("请上传一张照片或一份材料作佐证。", field="file")
    found = known or Activity(organisation=organisation, kind=which, year=day.year)
    found.day, found.by = day, by
    found.note = text(note, "开展情况", field="note")
    found.save()
    if upload is not None:
        keep_file(upload=upload, by=by, field="file", organisation=organisation, activity=found)
    return found


@transaction.atomic
def assess_item(
    *,
    row: ItemScore,
    by: User,
    given: Given,
    upload: files.Upload | None = None,
) -> ItemScore:
    """自评 of one item with its evidence, both or neither."""
    written = score(rating=row.rating, stage=Stage.SELF, by=by, values={row.pk: given})
    if upload is not None:
        attach(row=row, by=by, upload=upload)
    return written[0]


@transaction.atomic
def score_sheet(
    *,
    rating: Rating,
    stage: str,
    by: User,
    values: Mapping[int, Given],
    uploads: Mapping[int, files.Upload],
) -> list[ItemScore]:
    """初核 or 审核 of some items with the evidence found, by the id of the row; all or nothing."""
    rows = score(rating=rating, stage=stage, by=by, values=values)
    for row in rows:
        if row.pk in uploads:
            attach(row=row, by=by, upload=uploads[row.pk], field=f"file_{row.pk}")
    return rows


@transaction.atomic
def attach(*, row: ItemScore, by: User, upload: files.Upload, field: str = "file") -> StarFile:
    """佐证材料 of an item, as long as the rating is not decided. The same file is the same row."""
    rating = lock(row.rating)
    if rating.is_final:
        raise Refusal("这一家已经办结，不能再上传材料。", code="conflict")
    return keep_file(upload=upload, by=by, field=field, organisation=rating.organisation, score=row)


def keep_file(
    *, upload: files.Upload, by: User | None, field: str, organisation: Organisation, **owner: Any
) -> StarFile:
    """Keep a checked photo or paper; photos are drawn anew. Raises Refusal when it is not fit."""
    try:
        clean = attachments.accept(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field=field, code=refused.code) from None
    with attachments.storing(clean) as stored:
        kept: StarFile
        kept, _ = attachments.keep(
            StarFile.unscoped.filter(**owner), stored, most=MAX_FILES,
            too_many=f"一项最多 {MAX_FILES} 个附件，请挑要紧的上传。", field=field,
            organisation=organisation, by=by, **owner,
        )  # fmt: skip
        return kept
