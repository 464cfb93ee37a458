"""问题整改: the branch answers a finding, whoever checks closes it or returns it."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import Refusal
from core.outbox import tell
from meetings.enums.checks import FindingState
from meetings.models import Finding
from meetings.rules.checks import can_move_finding
from meetings.telling import keepers

_RESULT_MAX, _REASON_MAX = 1000, 500


def _lock(finding: Finding) -> Finding:
    rows = Finding.unscoped.select_for_update(of=("self",))
    return rows.select_related("unit", "check_of").get(pk=finding.pk)


def _said(text: str, longest: int, missing: str, field: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refusal(missing, field=field)
    if len(said) > longest:
        raise Refusal(f"请控制在 {longest} 字以内。", field=field)
    return said


def _demand(finding: Finding, to: FindingState) -> None:
    if not can_move_finding(finding.state, to):
        word = FindingState(finding.state).label
        raise Refusal(
            f"这个问题现在是“{word}”，不能再这样办理；请刷新后看最新情况。", code="conflict"
        )


@transaction.atomic
def answer_finding(*, finding: Finding, by: User, result: str) -> Finding:
    """整改情况: what the branch did. The checker is told. The same answer again is one.

    Raises:
        Refusal: nothing is said, or the finding is settled or waits to be looked at.
    """
    said = _said(result, _RESULT_MAX, "请写明整改情况：做了什么、结果怎样。", "result")
    finding = _lock(finding)
    if finding.state == FindingState.ANSWERED and finding.result == said:
        return finding
    _demand(finding, FindingState.ANSWERED)
    finding.state = FindingState.ANSWERED
    finding.result, finding.answered_by, finding.answered_at = said, by, timezone.now()
    finding.reason, finding.decided_by, finding.decided_at = "", None, None
    finding.save()
    if finding.check_of.by_id:
        _tell(finding, "finding_answered", [finding.check_of.by_id], "整改情况待核实")
    return finding


@transaction.atomic
def close_finding(*, finding: Finding, by: User) -> Finding:
    """办结: the answer holds. Never by whoever gave it (S16); closed twice is closed once."""
    finding = _lock(finding)
    if finding.state == FindingState.CLOSED:
        return finding
    return _decide(finding, FindingState.CLOSED, by, "")


@transaction.atomic
def return_finding(*, finding: Finding, by: User, reason: str) -> Finding:
    """退回再改, with the reason; the branch is told."""
    said = _said(reason, _REASON_MAX, "请写明退回的理由，让支部知道还要做什么。", "reason")
    finding = _lock(finding)
    if finding.state == FindingState.RETURNED and finding.reason == said:
        return finding
    finding = _decide(finding, FindingState.RETURNED, by, said)
    to = keepers([finding.unit], timezone.localdate())
    _tell(finding, "finding_returned", to, "整改情况被退回")
    return finding


def _decide(finding: Finding, to: FindingState, by: User, reason: str) -> Finding:
    _demand(finding, to)
    if finding.answered_by_id == by.pk:
        raise Refusal("整改情况是您本人答复的，请由另一位同志核实。", code="forbidden")
    finding.state, finding.reason = to, reason
    finding.decided_by, finding.decided_at = by, timezone.now()
    finding.save()
    return finding


def _tell(finding: Finding, name: str, to: list[int], title: str) -> None:
    moment = finding.decided_at or finding.answered_at
    tell(
        key=f"{name}:{finding.pk}:{moment:%Y%m%d%H%M%S%f}",
        to=to,
        template=f"meetings/notices/{name}",
        payload={
            "unit": str(finding.unit),
            "text": finding.text,
            "reason": finding.reason,
            "due": f"{finding.due_on.month}月{finding.due_on.day}日",
        },
        title=f"{title}：{finding.unit}",
        link=reverse("meetings:check_detail", args=[finding.check_of.uuid]),
    )
