"""督查: 跟踪式检查, 手术式剖析, 现场式反馈; what they found, and how it was settled."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from brands.enums import NURTURING, InspectionKind, InspectionState, Stage
from brands.models import BrandYear, Inspection
from brands.reading import scheme_of
from brands.services.parts import lock_year, moved_already, plain, reason
from brands.telling import keepers, tell_about
from core.errors import Refusal
from core.holidays import calendar_around


@transaction.atomic
def inspect(
    *,
    year: BrandYear,
    by: User,
    kind: str,
    on: date,
    today: date,
    people: str,
    findings: str,
    to_mend: bool,
) -> Inspection:
    """Note an inspection; what is to be mended is due so many working days after it (scheme).

    The same inspection by the same person sent twice is one. Raises Refusal: the year is not under
    way, a day to come, nothing written.
    """
    year = lock_year(year)
    if year.stage not in NURTURING or year.stage == Stage.CLOSED:
        raise Refusal(moved_already(year), code="conflict")
    if on > today:
        raise Refusal("督查日期不能在今天之后。", field="on")
    if kind not in InspectionKind.values:
        raise Refusal("请选择督查方式。", field="kind")
    text = plain(findings, "督查情况", longest=2000, field="findings")
    who = plain(people, "督查人员", longest=100, field="people")
    same = Inspection.unscoped.filter(year=year, kind=kind, on=on, findings=text, by=by).first()
    if same is not None:
        return same
    found = Inspection(
        year=year, kind=InspectionKind(kind), on=on, people=who, findings=text, by=by,
        state=InspectionState.OPEN if to_mend else InspectionState.CLOSED,
    )  # fmt: skip
    if to_mend:
        days = scheme_of(year.brand.unit, year.year).follow_up_days
        due = calendar_around(on).add_workdays(on, days)
        found.due_on, found.provisional = due.day, due.provisional
    found.save()
    _tell(found, year, by, today)
    return found


def _tell(found: Inspection, year: BrandYear, by: User, on: date) -> None:
    due = found.due_on
    tell_about(
        year.brand, "inspected", f"督查反馈：品牌“{year.brand}”", key=f"{found.pk}", year=year,
        to=keepers(year.brand.unit, on), on=on, by_id=by.pk, kind=found.get_kind_display(),
        due=f"{due.month}月{due.day}日" if due else "",
    )  # fmt: skip


@transaction.atomic
def answer(*, inspection: Inspection, by: User | None, on: date, text: str) -> Inspection:
    """答复整改: what was done about the findings; asked twice it is one. Raises Refusal."""
    found = _locked(inspection)
    if found.state == InspectionState.ANSWERED:
        return found
    if found.state != InspectionState.OPEN:
        raise Refusal("这次督查的问题已经销号，不用再答复。", code="conflict")
    found.answer = plain(text, "整改情况", longest=2000, field="text")
    found.state, found.answered_on, found.answered_by = InspectionState.ANSWERED, on, by
    found.save()
    if found.by_id:
        brand = found.year.brand
        tell_about(
            brand, "answered", f"待核查：{brand.unit} 答复了督查意见", key=f"{found.pk}:{on}",
            to=[found.by_id], on=on, by_id=by.pk if by else None, year=found.year,
        )  # fmt: skip
    return found


@transaction.atomic
def settle(*, inspection: Inspection, by: User, on: date) -> Inspection:
    """核查销号, by another than who answered; asked twice it is one. Raises Refusal."""
    found = _locked(inspection)
    if found.state == InspectionState.CLOSED:
        return found
    _answered(found)
    if found.answered_by_id == by.pk:
        raise Refusal("答复的同志不能自己销号，请由另一位同志核查。", code="forbidden")
    found.state, found.closed_on, found.closed_by = InspectionState.CLOSED, on, by
    found.save()
    return found


@transaction.atomic
def send_back(*, inspection: Inspection, by: User, on: date, why: str) -> Inspection:
    """退回整改: the answer does not do; the last day is reckoned anew. Raises Refusal."""
    text = reason(why, "退回")
    found = _locked(inspection)
    _answered(found)
    days = scheme_of(found.year.brand.unit, found.year.year).follow_up_days
    due = calendar_around(on).add_workdays(on, days)
    found.state, found.sent_back = InspectionState.OPEN, text
    found.due_on, found.provisional = due.day, due.provisional
    found.save()
    brand = found.year.brand
    tell_about(
        brand, "returned", f"督查整改退回：品牌“{brand}”", key=f"i{found.pk}:{on}",
        to=keepers(brand.unit, on), on=on, by_id=by.pk, year=found.year, why=text,
    )  # fmt: skip
    return found


def _locked(inspection: Inspection) -> Inspection:
    rows = Inspection.unscoped.select_for_update(of=("self",))
    return rows.select_related("year__brand__unit").get(pk=inspection.pk)


def _answered(found: Inspection) -> None:
    if found.state != InspectionState.ANSWERED:
        word = InspectionState(found.state).label
        raise Refusal(f"这次督查现在是“{word}”，请刷新后看最新情况。", code="conflict")
