"""A year of 党费与经费 in the sample district."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from branches.enums import Field
from branches.models import Member, Unit
from branches.sample import EDGES, SampleDistrict
from core.dates import Period, add_months
from dues import services
from dues.enums import Category, DueState, RemitState
from dues.models import Budget, Due, Payment, Remittance, Standard
from dues.opening import open_month
from dues.rules import months_between

_MONTHS = 12
_WAGES = ("12.50", "18.00", "32.50", "41.00", "46.80", "78.00", "93.00", "105.00")
_PENSIONS = ("14.00", "16.50", "19.80", "22.40", "24.60")
_SPENDINGS = (
    ("主题党日", "主题党日活动用车和讲解", "860"),
    ("党员教育", "购买学习书籍 30 册", "1140"),
    ("走访慰问", "慰问生活困难党员 4 户", "1200"),
    ("阵地建设", "更新宣传栏版面", "980"),
)
_DOCUMENT = "云组〔样例〕3 号"
_LINES = "主题党日 4000\n党员教育 3000\n走访慰问 3000\n阵地建设 2000"
_RESULT = (
    "全年开展主题党日 12 次，购置学习资料 60 册，走访慰问 11 户，更新宣传栏 2 处。"
    "经费使用按月公开，党员没有意见。"
)


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    random = Random(20240601)  # noqa: S311 — the same year every time, nothing secret
    this = sample.today.replace(day=1)
    first = add_months(this, 1 - _MONTHS)
    _standards(sample, random, first, authors)
    _count("branches_member", "dues_standard")
    for month in months_between(first, this):
        open_month(month)
    _count("dues_due")
    _payments(sample, random, authors)
    _reductions(sample, users)
    _sums(sample, authors, users)
    _money(sample, authors, users)


def _count(*tables: str) -> None:
    """Let the planner know of what this transaction has written by the thousand."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _people(sample: SampleDistrict) -> Iterable[tuple[Unit, list[Member]]]:
    for unit in sample.branches:
        yield unit, sample.members.get(unit.pk, [])


def _standards(
    sample: SampleDistrict, random: Random, since: date, authors: dict[int, User]
) -> None:
    rows = []
    for unit, members in _people(sample):
        for member in members:
            # Now and then somebody was forgotten.
            if random.random() < 0.015:
                continue
            category, amount = _standard(member, unit, sample.today, random)
            rows.append(
                Standard(
                    member=member, category=category, amount=Decimal(amount), since=since,
                    by=authors.get(unit.pk),
                )
            )  # fmt: skip
    Standard.unscoped.bulk_create(rows)


def _standard(member: Member, unit: Unit, today: date, random: Random) -> tuple[str, str]:
    age = today.year - (member.birth_date.year if member.birth_date else today.year - 40)
    if age > 60:
        return Category.RETIRED, random.choice(_PENSIONS)
    if unit.field == Field.VILLAGE:
        return Category.FARMER, random.choice(("0.20", "0.50", "1.00"))
    if random.random() < 0.05:
        return random.choice((Category.LAID_OFF, Category.RELIEF)), "0.20"
    if random.random() < 0.06:
        return Category.IRREGULAR, random.choice(_WAGES[:3])
    return Category.EMPLOYED, random.choice(_WAGES)


def _payments(sample: SampleDistrict, random: Random, authors: dict[int, User]) -> None:
    """Most of everything; a few who stopped months ago; half of the branches done this month."""
    this = sample.today.replace(day=1)
    silent, own = sample.edge("silent").pk, sample.edge("three_groups").pk
    stopped = _stopped(sample, random)
    rows: list[Payment] = []
    dues: list[int] = []
    found = Due.unscoped.filter(state=DueState.OWED, amount__isnull=False)
    for pk, unit, member, month, amount in found.order_by("pk").values_list(
        "pk", "unit_id", "member_id", "month", "amount"
    ):
        back = (this.year - month.year) * 12 + this.month - month.month
        if back < stopped.get(member, 0) or (unit == silent and back < 2):
            continue
        if back == 0 and (unit == own or unit % 2 == 0 or sample.today.day < 5):
            continue
        if random.random() < (0.08 if back == 0 else 0.012):
            continue
        day = min(month + timedelta(days=3 + (unit + member) % 18), sample.today)
        rows.append(
            Payment(
                unit_id=unit,
                member_id=member,
                amount=amount or 0,
                paid_on=day,
                by=authors.get(unit),
            )
        )
        dues.append(pk)
    made = Payment.unscoped.bulk_create(rows, batch_size=2000)
    _join(dues, [row.pk for row in made])


def _join(dues: list[int], payments: list[int]) -> None:
    """Each month and its payment, by one UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dues_due AS d SET state = 'paid', payment_id = p.id, paid_on = p.paid_on "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS pair(due, payment) "
            "JOIN dues_payment p ON p.id = pair.payment WHERE d.id = pair.due",
            [dues, payments],
        )


def _stopped(sample: SampleDistrict, random: Random) -> dict[int, int]:
    """Members who have not paid for some months: id → months, the running one included."""
    found: dict[int, int] = {}
    for number, (_, members) in enumerate(_people(sample)):
        if members and number % 4 == 1:
            found[random.choice(members).pk] = (4, 6, 7, 3)[number // 4 % 4]
    return found


def _reductions(sample: SampleDistrict, users: dict[str, User]) -> None:
    """One approved, one that waits; and a gift."""
    branch = sample.edge("three_groups")
    members = sample.members[branch.pk]
    this = sample.today.replace(day=1)
    facts: dict[str, Any] = {"by": users["shuji"], "since": this, "until": add_months(this, 5)}
    known = set(Standard.unscoped.filter(member__in=members).values_list("member_id", flat=True))
    ready = [one for one in members if one.pk in known]
    usual = {row.member_id: row.amount for row in Standard.unscoped.filter(member__in=ready)}
    ready = [one for one in ready if usual[one.pk] > 10]
    services.decide_reduction(
        reduction=services.propose_reduction(
            member=ready[0], amount=Decimal("5.00"), reason="家庭困难，支委会研究同意少交", **facts
        ),
        by=users["jiedao"],
        approve=True,
    )
    services.propose_reduction(
        member=ready[1], amount=Decimal(0), reason="家庭遇灾，支委会研究同意免交半年", **facts
    )
    services.record_gift(
        member=ready[2], by=users["shuji"], amount=Decimal(3000), on=sample.today,
        given_on=sample.today - timedelta(days=20), note="“七一”前自愿一次多交",
    )  # fmt: skip


def _sums(sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Earlier quarters are confirmed; of the last one some wait, and a few are missing."""
    last = Period.containing(sample.today, "quarter").previous()
    rows = []
    for period in (last.previous().previous(), last.previous(), last):
        sums = dict(
            Payment.unscoped.filter(paid_on__range=(period.start, period.end))
            .order_by()
            .values_list("unit_id")
            .annotate(total=Sum("amount"))
        )
        for number, unit in enumerate(sample.branches):
            if unit.pk not in sums or (period == last and number % 7 == 3):
                continue
            waits = period == last and number % 3 == 0
            odd = number % 9 == 4
            rows.append(
                Remittance(
                    unit=unit, quarter=period.start, computed=sums[unit.pk],
                    amount=sums[unit.pk] - (Decimal(5) if odd else 0),
                    note="零钞差额，下季度补齐" if odd else "",
                    handed_on=min(period.end + timedelta(days=5), sample.today),
                    state=RemitState.SUBMITTED if waits else RemitState.CONFIRMED,
                    submitted_by=authors.get(unit.pk),
                    confirmed_on=None if waits else min(
                        period.end + timedelta(days=8), sample.today
                    ),
                    decided_by=None if waits else users["zuzhibu2"],
                )
            )  # fmt: skip
    Remittance.unscoped.bulk_create(rows)


def _money(sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Budgets of the streets and some branches, allotments at every step, spending, vouchers."""
    year, today = sample.today.year, sample.today
    branch = sample.edge("three_groups")
    streets = [u for u in sample.units.values() if u.committee_id == u.pk]
    allot: dict[str, Any] = {"year": year, "by": users["zuzhibu"]}
    for unit in streets:
        services.save_budget(
            unit=unit, year=year, by=users["zuzhibu2"], lines=_LINES, note="本级党建经费"
        )
        row = services.propose_allotment(
            unit=unit,
            amount=Decimal(8000),
            purpose="基层党建工作",
            document="云组〔样例〕3 号",
            **allot,
        )
        row = services.decide_allotment(allotment=row, by=users["zuzhibu2"], approve=True, on=today)
        services.receive_allotment(allotment=row, by=users["jiedao"], received_on=today, on=today)
    for unit in [branch, *sample.branches[4:24:5]]:
        by = authors.get(unit.pk) or users["shuji"]
        services.save_budget(unit=unit, year=year, by=by, lines=_LINES, note="街道拨付")
        _spendings(unit, year, today, by)
    waiting = services.propose_allotment(
        unit=branch,
        amount=Decimal(5000),
        purpose="党员活动室维修",
        document="云组〔样例〕9 号",
        **allot,
    )
    services.decide_allotment(allotment=waiting, by=users["zuzhibu2"], approve=True, on=today)
    services.propose_allotment(
        unit=sample.units[EDGES["two_groups"]], amount=Decimal(4000), purpose="慰问老党员", **allot
    )
    _last_year(branch, year - 1, users["shuji"])


def _spendings(unit: Unit, year: int, today: date, by: User) -> None:
    budget = Budget.unscoped.get(unit=unit, year=year)
    lines = {line.name: line for line in budget.lines.all()}
    for number, (name, purpose, amount) in enumerate(_SPENDINGS):
        day = date(year, 1, 10) + timedelta(days=number * 40)
        if day > today:
            break
        voucher = [_voucher(purpose, amount)] if number < 1 else []
        services.spend(
            unit=unit, year=year, by=by, day=day, amount=Decimal(amount), purpose=purpose,
            on=today, line=lines[name], vouchers=voucher,
        )  # fmt: skip


def _voucher(purpose: str, amount: str) -> SimpleUploadedFile:
    """A picture that stands for a receipt."""
    picture = Image.new("RGB", (420, 260), "#fbf7ef")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, 407, 247), outline="#b3191f", width=3)
    for row in range(5):
        pen.line((30, 60 + row * 36, 390, 60 + row * 36), fill="#cfc6b8")
    pen.text((40, 30), f"SAMPLE  {amount}.00", fill="#5a5046")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return SimpleUploadedFile(f"{purpose[:10]}.png", stream.getvalue(), "image/png")


def _last_year(unit: Unit, year: int, by: User) -> None:
    """A year that was closed with its result."""
    end = date(year, 12, 28)
    budget = services.save_budget(unit=unit, year=year, by=by, lines=_LINES)
    services.spend(
        unit=unit, year=year, by=by, day=end, amount=Decimal("11200"), purpose="全年支部活动",
        on=end,
    )  # fmt: skip
    closed = services.close_year(budget=budget, by=by, result=_RESULT, on=end)
    Budget.unscoped.filter(pk=closed.pk).update(
        updated_at=timezone.make_aware(datetime.combine(end, time(10)))
    )
