"""What 干部工作 asks of an officer, for the first page. Counts only: no name leaves the door."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from branches.scope import Scope
from cadres.boards import SOON
from cadres.enums import AuditItemKind, AuditState, Conclusion, OrderState, Step
from cadres.limits import shown_limits
from cadres.models import Appointment, Audit, Drawn, DutyNotice, MatterReport, Order
from cadres.permissions import officer_units
from core.asks import Ask


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """What waits for this officer; [] without a query for everybody else."""
    units = officer_units(scope)
    if not units:
        return []
    owed = Order.objects.within(*units).filter(state=OrderState.ISSUED)
    late = owed.filter(reply_due__lt=on).count()
    soon = owed.filter(reply_due__range=(on, on + SOON)).count()
    ends = on + timedelta(days=shown_limits(on).trial_notice_days)
    trials = Appointment.objects.within(*units).filter(
        step=Step.OFFICE, is_over=False, trial_until__lte=ends
    )
    settled = Count("items", filter=Q(items__conclusion__in=(Conclusion.SAME, Conclusion.SETTLED)))
    reviews = (
        Audit.objects.within(*units)
        .filter(state=AuditState.OPEN, appointment__step=Step.INSPECT)
        .exclude(by=user_id)
        .annotate(settled=settled)
        .filter(settled=len(AuditItemKind))
    )
    lines = (
        ("三单超过回复期限", late, "oversight", "?state=overdue", "clock-exclamation"),
        ("三单快到回复期限", soon, "oversight", "", "clock"),
        ("试用期将满或已满，请组织考核", trials.count(), "appointments", "", "hourglass"),
        ("任前档案审核等您复审", reviews.count(), "appointments", "", "checks"),
        (
            "三责告知书逾期未签收",
            DutyNotice.objects.within(*units).filter(received_on=None, receipt_due__lt=on).count(),
            "oversight", "#duties", "rubber-stamp",
        ),
        (
            "个人有关事项报告逾期未交",
            MatterReport.objects.within(*units).filter(filed_on=None, due_on__lt=on).count(),
            "matters", "", "clipboard-list",
        ),
        (
            "抽查核实结果没有登记",
            Drawn.objects.within(*units).filter(outcome="").count(), "matters", "", "list-check",
        ),
    )  # fmt: skip
    return [
        Ask(
            title=title, url=reverse(f"cadres:{name}") + query, count=count, icon=icon,
            until=on - timedelta(days=1) if "超过" in title or "逾期" in title else None,
        )
        for title, count, name, query, icon in lines
        if count
    ]  # fmt: skip
