"""Spot checks (不定期调阅)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from core.outbox import tell
from meetings.entries import FindingEntry, PointEntry
from meetings.enums import COUNTING
from meetings.models import CheckPoint, DrawnRecord, Finding, Meeting, SpotCheck
from meetings.services.draws import others_work
from meetings.telling import keepers


@transaction.atomic
def record_spot_check(
    *,
    unit: Unit,
    by: User,
    checked_on: date,
    score: Decimal,
    findings: str = "",
    meeting: Meeting | None = None,
) -> SpotCheck:
    """Note a 调阅 with its score, 0–100, and what was found.

    The same check by the same person sent twice is one.

    Raises:
        Refusal: the score is out of range, or the record is not one that was filed by the unit.
    """
    findings = findings.replace("\x00", "").strip()
    if not unit.is_branch:
        raise Refusal("调阅记在党支部名下，请选择支部。", field="unit")
    if not Decimal(0) <= score <= Decimal(100):
        raise Refusal("得分应在 0 到 100 之间。", field="score")
    if meeting is not None:
        if unit.pk not in (meeting.unit_id, meeting.unit.parent_id):
            raise Refusal("这条记录不属于所选支部。", field="meeting")
        _check_readable(meeting, by)
    # Two sendings of one form queue up here, so that the second finds what the first wrote.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    same = SpotCheck.unscoped.filter(
        unit=unit, meeting=meeting, checked_on=checked_on, score=score, findings=findings, by=by
    ).first()
    if same is not None:
        return same
    return SpotCheck.unscoped.create(
        unit=unit, meeting=meeting, checked_on=checked_on, score=score, findings=findings, by=by
    )


def _check_readable(meeting: Meeting, by: User) -> None:
    """Only what counts is read, and never one's own work (S16)."""
    if meeting.status not in COUNTING:
        raise Refusal("只调阅已提交或已通过的记录。", field="meeting")
    this = Meeting.objects.everywhere("the caller found it in scope").filter(pk=meeting.pk)
    if not others_work(this, by).exists():
        raise Refusal("这条记录是您本人录入或提交的，请由另一位同志调阅。", code="forbidden")


@transaction.atomic
def check_record(
    *,
    meeting: Meeting,
    by: User,
    checked_on: date,
    points: Sequence[PointEntry],
    findings: Sequence[FindingEntry] = (),
    drawn: DrawnRecord | None = None,
    form_key: UUID | None = None,
) -> SpotCheck:
    """调阅: read a record, give points for each item of the sheet, put down what was found.

    The total becomes the score. The branch is told when something was found. The same form again
    is the check that it made; a record that was drawn is read once for its draw.

    Raises:
        Refusal: points out of range, a finding without its asking, one's own work, or somebody
            has read it for this draw already (``conflict``).
    """
    branch = meeting.unit.parent if meeting.unit.is_group else meeting.unit
    if branch is None or not branch.is_branch:
        raise Refusal("调阅记在党支部名下，这条记录不属于支部。", field="meeting")
    Meeting.unscoped.select_for_update(of=("self",)).get(pk=meeting.pk)
    same = SpotCheck.unscoped.filter(form_key=form_key).first() if form_key else None
    if same is not None:
        if (same.by_id, same.meeting_id) != (by.pk, meeting.pk):
            raise Refusal("这张表已经用过，请重新打开再填。", code="conflict")
        return same
    _check_readable(meeting, by)
    _check_sheet(points, findings, checked_on)
    if drawn is not None and SpotCheck.unscoped.filter(drawn=drawn).exists():
        raise Refusal("这条记录已经有同志调阅过了，请刷新后看结果。", code="conflict")
    check: SpotCheck = SpotCheck.unscoped.create(
        unit=branch,
        meeting=meeting,
        drawn=drawn,
        checked_on=checked_on,
        score=sum((one.points for one in points), Decimal(0)),
        findings="\n".join(one.text for one in findings),
        by=by,
        form_key=form_key,
    )
    CheckPoint.unscoped.bulk_create(
        CheckPoint(check_of=check, place=place, name=one.name, full=one.full, points=one.points)
        for place, one in enumerate(points, start=1)
    )
    Finding.unscoped.bulk_create(
        Finding(check_of=check, unit=branch, text=one.text, ask=one.ask, due_on=one.due_on)
        for one in findings
    )
    if findings:
        _tell_findings(check, findings)
    return check


def _check_sheet(
    points: Sequence[PointEntry], findings: Sequence[FindingEntry], checked_on: date
) -> None:
    if sum(one.full for one in points) != Decimal(100):
        raise Refusal("评分表各项分值合计应为 100 分，请刷新页面后再填。", code="conflict")
    for one in points:
        if not 0 <= one.points <= one.full:
            raise Refusal(f"“{one.name}”应在 0 到 {one.full.normalize():f} 分之间。")
    for found in findings:
        if not found.text.strip() or not found.ask.strip():
            raise Refusal("每个问题都要写明整改要求。", field="findings")
        if found.due_on < checked_on:
            raise Refusal("整改期限不能早于调阅日期。", field="findings")


def _tell_findings(check: SpotCheck, findings: Sequence[FindingEntry]) -> None:
    due = min(one.due_on for one in findings)
    tell(
        key=f"findings:{check.pk}",
        to=keepers([check.unit], timezone.localdate()),
        template="meetings/notices/findings",
        payload={
            "unit": str(check.unit),
            "record": str(check.meeting),
            "findings": [one.text for one in findings],
            "due": f"{due.month}月{due.day}日",
        },
        title=f"调阅发现 {len(findings)} 个问题，请整改",
        link=reverse("meetings:check_detail", args=[check.uuid]),
    )
