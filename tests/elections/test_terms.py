"""Terms: alerts that are told once and caught up, 提前和延期, what assessment asks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from branches.enums import Role
from branches.models import CommitteeTerm, Unit
from core.errors import Refusal
from core.models import Notice, RuleParameter
from core.outbox import text_of
from elections import services
from elections.enums import Stage
from elections.models import Shift
from elections.notices import owed
from elections.scores import overdue_units, term_standings
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.elections import (
    DAY,
    DUE,
    forward,
    make_election,
    make_ground,
    make_hands,
    make_shift,
)

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


@pytest.fixture
def branch() -> Unit:
    street = make_committee(make_district())
    unit = make_branch(street, short_name="滨河社区党支部", field="office")
    make_ground(unit)
    make_user(Role.SECRETARY, unit, username="shuji")
    make_user(Role.SECRETARY, make_branch(street), username="neighbour")
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao")
    return unit


def told(day: date) -> list[tuple[str, str]]:
    """What a run on that day adds: who, and what."""
    known = set(Notice.objects.values_list("pk", flat=True))
    owed(at(day))
    rows = Notice.objects.exclude(pk__in=known).order_by("pk")
    return sorted((row.recipient.username, row.title) for row in rows if row.recipient)


def test_each_alert_is_told_once_to_the_branch_and_to_its_committee(branch: Unit) -> None:
    assert told(date(2026, 2, 19)) == []
    # Due on 20 August: the first alert holds from 20 February on.
    assert told(date(2026, 2, 20)) == [
        ("jiedao", "滨河社区党支部还有不到 6 个月届满"),
        ("shuji", "滨河社区党支部还有不到 6 个月届满"),
    ]  # fmt: skip
    assert told(date(2026, 2, 21)) == []
    assert [who for who, _ in told(date(2026, 5, 20))] == ["jiedao", "shuji"]
    assert [who for who, _ in told(date(2026, 7, 20))] == ["jiedao", "shuji"]
    notice = Notice.objects.filter(recipient__username="shuji").order_by("pk")[0]
    assert "2026年8月20日届满" in text_of(notice)


def test_a_job_that_was_away_for_weeks_catches_up_and_what_is_overdue_is_told_monthly(
    branch: Unit,
) -> None:
    assert len(told(date(2026, 4, 30))) == 2
    assert told(date(2026, 8, 20)) != []
    assert "滨河社区党支部换届已超期" in [title for _, title in told(date(2026, 8, 21))]
    assert told(date(2026, 8, 22)) == []
    assert len(told(date(2026, 9, 1))) == 2


def test_an_approved_delay_moves_the_alerts_and_a_finished_vote_ends_them(branch: Unit) -> None:
    term = CommitteeTerm.unscoped.get(unit=branch)
    make_shift(term, date(2027, 2, 20))
    assert told(date(2026, 8, 19)) == []
    assert len(told(date(2026, 8, 20))) == 2
    election = make_election(Stage.APPROVED, unit=branch, on=date(2026, 11, 25))
    assert len(told(date(2026, 11, 25))) == 2
    forward(election, Stage.VOTED, on=date(2026, 12, 1))
    assert told(date(2027, 1, 25)) == []


def test_the_district_gets_one_list_a_month(branch: Unit) -> None:
    assert branch.district is not None
    make_user(Role.DISTRICT_STAFF, branch.district, username="zuzhibu")
    assert ("zuzhibu", "1 个党组织不到 6 个月届满") in told(date(2026, 2, 20))
    assert told(date(2026, 2, 28)) == []
    assert told(date(2026, 3, 2)) == [("zuzhibu", "1 个党组织不到 6 个月届满")]
    notice = Notice.objects.filter(recipient__username="zuzhibu").order_by("pk")[0]
    assert text_of(notice).startswith("不到 6 个月届满的党组织 1 个：滨河社区党支部。")
    assert notice.link == "/elections/terms/?window=6"


def test_months_are_what_staff_wrote(branch: Unit) -> None:
    RuleParameter.objects.filter(key="elections.alerts").update(value=[9])
    assert len(told(date(2025, 11, 20))) == 2
    assert told(date(2026, 2, 20)) == []


def test_a_shift_is_a_year_at_most_asked_once_and_decided_by_another() -> None:
    hands, term = make_hands(), make_ground().term
    with pytest.raises(Refusal, match="不超过 12 个月"):
        make_shift(term, date(2027, 8, 21), hands=hands)
    shift = make_shift(term, date(2027, 8, 20), hands=hands, approved=False)
    assert make_shift(term, date(2027, 8, 20), hands=hands, approved=False) == shift
    with pytest.raises(Refusal, match="已经申请过"):
        make_shift(term, date(2027, 1, 1), hands=hands)
    with pytest.raises(Refusal, match="申请人不能"):
        services.decide_shift(shift=shift, by=hands.branch, on=DAY, approve=True, answer="同意")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.unscoped.filter(pk=shift.pk).update(state="approved", decided_by=hands.branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.unscoped.filter(pk=shift.pk).update(moved_to=date(2028, 1, 1))
    with pytest.raises(Refusal, match="理由"):
        services.decide_shift(shift=shift, by=hands.street, on=DAY, approve=False, answer=" ")
    services.decide_shift(shift=shift, by=hands.street, on=DAY, approve=False, answer="不符")
    assert make_shift(term, date(2027, 1, 1), hands=hands).state == "approved"
    with pytest.raises(Refusal, match="已经有人审批"):
        services.decide_shift(shift=shift, by=hands.street, on=DAY, approve=True, answer="批")


def test_a_committee_overdue_without_approval_has_nothing_in_the_period() -> None:
    district = make_district()
    street = make_committee(district)
    fine, late, delayed, renewed = (
        make_ground(make_branch(street, field="office"), due_on=due)
        for due in (date(2027, 8, 20), date(2026, 6, 29), date(2026, 3, 1), DUE)
    )
    make_shift(delayed.term, date(2026, 12, 1))
    none = make_branch(street)
    make_election(Stage.CONFIRMED, unit=renewed.unit)

    found = term_standings(units=[district], first=date(2026, 1, 1), last=date(2026, 6, 30))
    assert {pk: one.score for pk, one in found.items()} == {
        fine.unit.pk: Decimal(100), late.unit.pk: Decimal(0), delayed.unit.pk: Decimal(100),
        renewed.unit.pk: Decimal(100),
    }  # fmt: skip
    assert found[late.unit.pk].late_days == 1
    assert none.pk not in found
    second = {"first": date(2026, 7, 1), "last": date(2026, 12, 31)}
    assert overdue_units(units=[street], **second) == {late.unit.pk, delayed.unit.pk}
    assert overdue_units(units=[fine.unit], **second) == set()
