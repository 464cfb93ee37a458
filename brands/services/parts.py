"""What all verbs share: locks, texts, papers, and the note of a move."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from brands.enums import FileKind, Ladder, Stage, Step
from brands.models import Brand, BrandFile, BrandMove, BrandYear
from brands.rules import can_move_stage, can_move_step, step_with
from brands.services.files import keep
from core import files
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of

REASON_MAX = 300


def lock_brand(pk: int) -> Brand:
    """The brand as it is now, its row locked to the end of the transaction."""
    rows = Brand.unscoped.select_for_update(of=("self",)).select_related("unit", "unit__committee")
    return rows.get(pk=pk)


def lock_year(year: BrandYear) -> BrandYear:
    """A year as it is now; its brand is locked first, then the year, always in this order."""
    brand = lock_brand(year.brand_id)
    found = BrandYear.unscoped.select_for_update(of=("self",)).get(pk=year.pk)
    found.brand = brand
    return found


def latest_year(brand: Brand) -> BrandYear | None:
    """The latest year that was not withdrawn, locked after its brand."""
    rows = BrandYear.unscoped.filter(brand=brand).exclude(stage=Stage.WITHDRAWN)
    return rows.select_for_update(of=("self",)).order_by("-year").first()


def plain(text: str, what: str, *, longest: int, field: str = "", needed: bool = True) -> str:
    """A text without what cannot be kept. Raises Refusal: missing, too long, marked secret."""
    found = text.replace("\x00", "").strip()
    if needed and not found:
        raise Refusal(f"请填写{what}。", field=field)
    if len(found) > longest:
        raise Refusal(f"{what}请控制在 {longest} 字以内，现在有 {len(found)} 字。", field=field)
    mark = mark_in_text(found)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return found


def reason(text: str, what: str) -> str:
    """Why, as it is told to the unit."""
    return plain(text, f"{what}的理由", longest=REASON_MAX, field="reason")


def paper(
    *, brand: Brand, by: User | None, document: str, upload: files.Upload | None, what: str
) -> tuple[str, BrandFile | None]:
    """The document of a move: its number or title, or the file itself. Raises Refusal: neither."""
    number = plain(document, "文件依据", longest=100, field="document", needed=False)
    if not number and upload is None:
        raise Refusal(f"{what}要有文件依据：写文号或材料名称，或者上传文件。", field="document")
    kept = keep(brand=brand, by=by, upload=upload, kind=FileKind.DOCUMENT) if upload else None
    return number, kept


def move_stage(
    year: BrandYear,
    to: Stage,
    *,
    by: User | None,
    on: date,
    document: str = "",
    file: BrandFile | None = None,
    why: str = "",
) -> None:
    """Take a locked year to another 环节, and its brand along; both moves are noted."""
    if not can_move_stage(year.stage, to):
        raise Refusal(moved_already(year), code="conflict")
    before, brand = Stage(year.stage), year.brand
    step = step_with(before, to, brand.step)
    year.stage, year.stage_on = to, on
    year.save()
    BrandMove.unscoped.create(
        brand=brand, year=year, ladder=Ladder.STAGE, before=before, after=to, on=on,
        document=document, file=file, reason=why, by=by,
    )  # fmt: skip
    if step != brand.step:
        move_step(brand, step, by=by, on=on, document=document, file=file, why=why, year=year)


def move_step(
    brand: Brand,
    to: Step,
    *,
    by: User | None,
    on: date,
    year: BrandYear | None,
    document: str = "",
    file: BrandFile | None = None,
    why: str = "",
) -> None:
    """Take a locked brand to another 步骤 and note it."""
    if not can_move_step(brand.step, to):
        word = Step(brand.step).label
        raise Refusal(
            f"这个品牌现在处在“{word}”，不能直接转为“{to.label}”；请刷新后看最新情况。",
            code="conflict",
        )
    before, brand.step, brand.step_on = Step(brand.step), to, on
    brand.save()
    BrandMove.unscoped.create(
        brand=brand, year=year, ladder=Ladder.STEP, before=before, after=to, on=on,
        document=document, file=file, reason=why, by=by,
    )  # fmt: skip


def moved_already(year: BrandYear) -> str:
    """What a verb says when somebody was faster."""
    word = Stage(year.stage).label
    return (
        f"“{year.brand}”{year.year}年创建现在处在“{word}”环节，不能这样办理；请刷新后看最新情况。"
    )


def at_stage(year: BrandYear, *stages: Stage) -> None:
    """Refuse unless the locked year is at one of the 环节."""
    if year.stage not in stages:
        raise Refusal(moved_already(year), code="conflict")
