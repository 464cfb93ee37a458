"""The verbs: quota, appointments to the end of 试用期, audit, oversight, draw, training."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from branches.models import Unit
from cadres import services
from cadres.counting import sum_of
from cadres.enums import AuditItemKind, Conclusion, Level, Must, Step, Way
from cadres.models import (
    Appointment,
    AppointmentStep,
    Audit,
    AuditItem,
    Cadre,
    Draw,
    MatterReport,
    Order,
    Stint,
)
from cadres.notices import owed
from core.errors import Refusal
from core.models import Notice
from tests.cadres.conftest import Office
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_district
from tests.factories.cadres import audited, make_cadre, make_motion, make_quota, walk


def _walk(office: Office, to: str, *, days: int = 120, **facts: Any) -> Appointment:
    row = make_motion(office.bureau, office.officer, office.ago(days), **facts)
    return walk(row, to, by=office.officer, second=office.second, cadre=office.cadre)


def test_a_motion_over_quota_is_blocked_with_the_sum(office: Office) -> None:
    _walk(office, Step.MOTION)
    _walk(office, Step.MOTION)

    with pytest.raises(Refusal, match=r"现配 0 − 拟免 0 \+ 拟配 3 = 3 ＞ 核定 2"):
        _walk(office, Step.MOTION)
    assert Appointment.unscoped.count() == 2


def test_a_leaving_holder_makes_room_and_must_be_gone_before_the_next_takes_office(
    office: Office,
) -> None:
    holders = [
        services.add_stint(
            cadre=make_cadre(office.bureau), since=date(2020, 1, 1), place="区财政局",
            post="副局长", unit=office.bureau, level=Level.DEPUTY_TOWN, in_quota=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    row = _walk(office, Step.PUBLICITY, frees=1)
    day = (row.publicity_until or office.today) + timedelta(days=1)

    def office_it() -> Appointment:
        return services.advance(appointment=row, step=Step.OFFICE, by=office.officer,
                                on=office.today, day=day)  # fmt: skip

    with pytest.raises(Refusal, match="登记免职"):
        office_it()
    services.end_stint(stint=holders[0], until=day, on=office.today)
    office_it()
    assert sum_of(office.bureau, Level.DEPUTY_TOWN, on=office.today).filled == 2


def test_an_appointment_goes_from_motion_to_the_end_of_the_trial(office: Office) -> None:
    row = _walk(office, Step.CONFIRM, days=500)

    assert row.is_over
    assert list(row.steps.values_list("step", flat=True)) == row.sequence
    stint = Stint.unscoped.get(cadre=office.cadre)
    assert (stint.since, stint.place, stint.on_trial_until) == (row.decided_on, "区财政局", None)
    assert stint.in_quota
    before = row.steps.count()
    again = services.advance(appointment=row, step=Step.CONFIRM, by=office.officer,
                             on=office.today, day=office.today)  # fmt: skip
    assert (again.pk, row.steps.count()) == (row.pk, before)


def test_who_fails_his_trial_leaves_the_post(office: Office) -> None:
    row = _walk(office, Step.OFFICE, days=120)

    services.advance(appointment=row, step=Step.CONFIRM, by=office.officer, on=office.today,
                     day=office.today, passed=False)  # fmt: skip

    assert Stint.unscoped.get(cadre=office.cadre).until == office.today


@pytest.mark.parametrize("way", Way)
def test_both_orders_are_walked(office: Office, way: str) -> None:
    row = _walk(office, Step.INSPECT, way=way)

    first = {Way.TERM: Step.TALKS, Way.SINGLE: Step.MEETING}[Way(way)]
    assert row.sequence[1] == first


def test_a_decision_waits_for_audit_and_the_four(office: Office) -> None:
    row = _walk(office, Step.INSPECT)
    facts = {"members": 9, "present": 8, "yes": 7, "day": row.step_on, "on": office.today}

    with pytest.raises(Refusal) as refused:
        services.advance(appointment=row, step=Step.DECIDE, by=office.officer, **facts)
    assert "任前档案审核" in refused.value.message
    assert refused.value.message.count("凡提四必") == 4


def test_an_open_item_keeps_the_audit_from_its_review(office: Office) -> None:
    row = _walk(office, Step.INSPECT)
    audit = Audit.unscoped.get(appointment=row)
    for kind in AuditItemKind:
        open_ = kind == AuditItemKind.AGE
        services.audit_item(
            audit=audit, kind=kind, recorded="1985.03", confirmed="", basis="",
            conclusion=Conclusion.OPEN if open_ else Conclusion.SAME, by=office.officer,
        )  # fmt: skip

    with pytest.raises(Refusal, match="还没有审定：年龄"):
        services.review_audit(audit=audit, by=office.second, day=office.today, on=office.today,
                              paper="柜")  # fmt: skip
    with pytest.raises(Refusal, match="另一位"):
        services.review_audit(audit=audit, by=office.officer, day=office.today, on=office.today,
                              paper="柜")  # fmt: skip
    services.audit_item(audit=audit, kind=AuditItemKind.AGE, recorded="1985.03",
                        confirmed="1984.03", basis="入党志愿书", conclusion=Conclusion.SETTLED,
                        by=office.officer)  # fmt: skip
    services.review_audit(audit=audit, by=office.second, day=office.today, on=office.today,
                              paper="柜")  # fmt: skip
    assert row.musts.get().kind == Must.ARCHIVE
    item = AuditItem.unscoped.get(audit=audit, kind=AuditItemKind.AGE)
    assert item.unseal("confirmed") == "1984.03"

    # A change after the review opens it again.
    services.audit_item(audit=audit, kind=AuditItemKind.AGE, recorded="1985.03", confirmed="",
                        basis="", conclusion=Conclusion.OPEN, by=office.officer)  # fmt: skip
    assert not row.musts.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"step": Step.DECIDE},
        {"step": Step.OFFICE},
        {"sequence": ["motion", "office"]},
        {"filled": 9},
    ],
)
def test_s17_the_database_refuses_what_the_verbs_refuse(
    office: Office, change: dict[str, Any]
) -> None:
    row = _walk(office, Step.INSPECT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Appointment.unscoped.filter(pk=row.pk).update(**change)


def test_s17_steps_once_written_stay(office: Office) -> None:
    _walk(office, Step.MOTION)

    with pytest.raises(DatabaseError), transaction.atomic():
        AppointmentStep.unscoped.update(day=date(2000, 1, 1))


def test_nobody_is_named_before_he_is_inspected(office: Office) -> None:
    with pytest.raises(Refusal, match="酝酿"):
        make_motion(office.bureau, office.officer, office.ago(9), paper=f"{office.cadre.name}的卷")
    row = _walk(office, Step.MOTION)
    with pytest.raises(DatabaseError), transaction.atomic():
        Appointment.unscoped.filter(pk=row.pk).update(cadre=office.cadre)


def test_a_short_publicity_is_refused_with_the_earliest_day(office: Office) -> None:
    row = _walk(office, Step.DECIDE)

    with pytest.raises(Refusal, match="不少于 5 个工作日"):
        services.advance(appointment=row, step=Step.PUBLICITY, by=office.officer, on=office.today,
                         day=row.step_on, until=row.step_on + timedelta(days=2))  # fmt: skip


def test_an_appointment_is_stopped_with_a_reason_and_frees_its_post(office: Office) -> None:
    row = _walk(office, Step.INSPECT)

    services.stop(appointment=row, by=office.officer, on=office.today, day=office.today,
                  reason="机构调整")  # fmt: skip

    assert sum_of(office.bureau, Level.DEPUTY_TOWN, on=office.today).planned == 0
    with pytest.raises(Refusal):
        services.advance(appointment=row, step=Step.DECIDE, by=office.officer, on=office.today,
                         day=office.today)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_r13_the_last_post_is_planned_once_however_many_try() -> None:
    bureau = make_branch(make_district())
    make_quota(bureau, 1)
    by, made, refused = make_account(), list[int](), list[str]()

    def attempt() -> None:
        try:
            made.append(make_motion(Unit.unscoped.get(pk=bureau.pk), by,
                                    timezone.localdate()).pk)  # fmt: skip
        except Refusal as refusal:
            refused.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (len(made), len(refused)) == (1, 3)


# --- 三单, 三责 -------------------------------------------------------------------------------


def _order(office: Office, kind: str = "inquire", days: int = 40, **facts: Any) -> Order:
    day = office.ago(days)
    given = {"approved_on": day, "issued_on": day, "form_key": uuid.uuid4()} | facts
    return services.issue(
        cadre=office.cadre, kind=kind, reason="duty", approved_by="部长", paper="1 号柜",
        by=office.officer, on=office.today, **given,
    )  # fmt: skip


def test_an_inquiry_that_goes_overdue_is_told_once_without_a_name(office: Office) -> None:
    order = _order(office)
    assert order.reply_due is not None
    now = timezone.make_aware(
        timezone.datetime.combine(order.reply_due + timedelta(days=1), timezone.datetime.min.time())
    )

    first, second = owed(now), owed(now)

    assert (first["late"], second["late"]) == (2, 0)
    notice = Notice.objects.filter(recipient=office.officer).get()
    assert notice.title == "三单超过回复期限"
    assert office.cadre.name not in str([notice.title, notice.payload, notice.link])


def test_an_order_is_issued_after_its_approval_and_once(office: Office) -> None:
    key = uuid.uuid4()
    assert _order(office, form_key=key).pk == _order(office, form_key=key).pk
    with pytest.raises(Refusal, match="先批准"):
        _order(office, approved_on=office.today)


def test_an_inquiry_is_closed_after_its_reply_only(office: Office) -> None:
    order = _order(office)
    with pytest.raises(Refusal, match="书面回复"):
        services.close(order=order, closed_on=office.today, outcome="explained", on=office.today)
    services.reply(order=order, replied_on=office.today, on=office.today)
    services.close(order=order, closed_on=office.today, outcome="explained", on=office.today)
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.unscoped.update(state="issued")


def test_an_admonition_keeps_from_promotion_and_names_the_article(office: Office) -> None:
    _order(office, "admonish", days=60)
    row = _walk(office, Step.INSPECT, days=20)
    audited(row, office.officer, office.second)

    with pytest.raises(Refusal, match=r"诫勉影响期到 .*实施细则"):
        services.advance(appointment=row, step=Step.DECIDE, by=office.officer, on=office.today,
                         day=office.today, members=9, present=9, yes=9)  # fmt: skip


def test_a_duty_notice_reaches_each_once_and_waits_for_its_receipt(office: Office) -> None:
    facts: dict[str, Any] = {"kind": "economic", "number": "1 号", "issued_on": office.ago(9),
                             "by": office.officer, "on": office.today}  # fmt: skip

    assert services.notify_duty(cadres=[office.cadre], **facts) == 1
    assert services.notify_duty(cadres=[office.cadre], **facts) == 0
    notice = office.cadre.duty_notices.get()
    with pytest.raises(Refusal):
        services.receive(notice=notice, received_on=office.ago(10), paper="柜", on=office.today)
    services.receive(notice=notice, received_on=office.today, paper="柜", on=office.today)


# --- 个人有关事项, training --------------------------------------------------------------------


def _filed(office: Office, count: int = 9) -> list[MatterReport]:
    for _ in range(count):
        make_cadre(office.bureau)
    services.open_year(unit=office.district, year=office.today.year, by=office.officer,
                       on=office.today)  # fmt: skip
    rows = list(MatterReport.unscoped.all())
    services.file_reports(reports=rows, filed_on=office.today, paper="柜", by=office.officer,
                          on=office.today)  # fmt: skip
    return rows


def test_a_year_lists_leading_cadres_of_the_subtree_once(office: Office) -> None:
    make_cadre(office.bureau, level=Level.STAFF)
    facts: dict[str, Any] = {"unit": office.district, "year": office.today.year,
                             "by": office.officer, "on": office.today}  # fmt: skip

    assert (services.open_year(**facts), services.open_year(**facts)) == (1, 0)


def test_a_spot_check_drawn_twice_with_one_seed_gives_the_same_people(office: Office) -> None:
    _filed(office)
    facts: dict[str, Any] = {
        "unit": office.district, "year": office.today.year, "percent": 30, "witness": "纪委",
        "by": office.officer, "seed": "20260318",
    }  # fmt: skip

    one, two = (services.start_draw(form_key=uuid.uuid4(), **facts) for _ in range(2))

    people = [list(row.drawn.order_by("place").values_list("report", flat=True))
              for row in (one, two)]  # fmt: skip
    assert people[0] == people[1]
    assert (one.wanted, len(people[0])) == (3, 3)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.unscoped.update(seed="x")


def test_nobody_filed_nobody_is_drawn(office: Office) -> None:
    with pytest.raises(Refusal, match="没有名单"):
        services.start_draw(unit=office.district, year=2020, percent=10, witness="纪委",
                            by=office.officer, form_key=uuid.uuid4())  # fmt: skip


def test_a_course_gives_hours_once_each(office: Office) -> None:
    course = services.add_course(
        unit=office.district, title="专题班", kind="topic", starts_on=office.today,
        ends_on=office.today, hours=Decimal(70), by=office.officer,
    )  # fmt: skip

    services.enrol(course=course, cadres=[office.cadre], absent=Decimal(11))
    services.enrol(course=course, cadres=[office.cadre], absent=Decimal(10))

    assert list(course.people.values_list("hours", flat=True)) == [60]


def test_a_tag_is_given_by_a_standard_of_the_own_unit(office: Office) -> None:
    mine = services.set_criterion(unit=office.district, kind="clean", text="三年没有三单")
    foreign = services.set_criterion(unit=office.foreign.unit, kind="clean", text="别处的标准")
    facts: dict[str, Any] = {"year": office.today.year, "basis": "对照标准", "by": office.officer,
                             "on": office.today}  # fmt: skip

    tag = services.give_tag(cadre=office.cadre, criterion=mine, **facts)
    assert services.give_tag(cadre=office.cadre, criterion=mine, **facts) == tag
    with pytest.raises(Refusal):
        services.give_tag(cadre=office.cadre, criterion=foreign, **facts)


def test_the_family_is_sealed_and_the_same_person_is_one_row(office: Office) -> None:
    row = services.add_family(cadre=office.cadre, relation="妻子", name="柯某", work="某校")

    assert services.add_family(cadre=office.cadre, relation="妻子", name="柯某") == row
    assert "柯某".encode() not in bytes(row.name or b"")
    assert Cadre.unscoped.get(pk=office.cadre.pk).family.get().unseal("work") == "某校"
