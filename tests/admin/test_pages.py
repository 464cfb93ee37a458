"""Every page of the data administration opens for whom it is meant, and shows what is his."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from assessment.models import Appeal, Ruling, Run, RunRow, Scheme, SchemeDraft
from branches.enums import Role
from branches.models import Exemption, Grant, Member, Unit
from branches.services import clients, set_up_robot
from core.models import Delivery, Job, Notice, Preference, RuleParameter
from meetings.enums import Kind
from meetings.models import CheckIn, CheckInSession, FixedDayMove, Meeting, MinutesTemplate, Urge
from meetings.services.feeds import open_feed
from rectification.enums import State
from rectification.models import FigureEntry, Inspection, Problem
from tests.factories import elections as make_elections
from tests.factories import portal
from tests.factories import support as support_rows
from tests.factories import works as works_rows
from tests.factories.accounts import make_account
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_exemption,
    make_group,
    make_members,
    make_post,
    make_term,
    make_user,
)
from tests.factories.brands import one_of_everything
from tests.factories.checks import make_draw, make_finding
from tests.factories.dues import one_of_everything as dues_of_everything
from tests.factories.life import make_appraisal, make_review, make_talk
from tests.factories.meetings import make_correction, make_event, make_meeting, make_spot_check
from tests.factories.membership import one_of_everything as one_of_membership
from tests.factories.programme import make_postponement, make_programme, make_share
from tests.factories.rectification import make_batch, make_case, make_closing, make_hands
from tests.factories.starrating import one_of_everything as star_of_everything
from tests.factories.study import make_booking, make_course, make_phases, make_plan, make_text

pytestmark = pytest.mark.django_db


class World:
    """One district with one row of everything, and its people."""

    def __init__(self) -> None:
        self.district = make_district()
        self.street = make_committee(self.district)
        self.branch = make_branch(self.street)
        self.group = make_group(self.branch)
        self.members = make_members(self.branch, 3)
        self.staff = make_user(Role.DISTRICT_STAFF, self.district)
        self.second = make_user(Role.DISTRICT_STAFF, self.district)
        self.street_staff = make_user(Role.COMMITTEE_STAFF, self.street)
        self.secretary = make_user(Role.SECRETARY, self.branch)
        self.post = make_post(self.branch, member=self.members[0])
        self.term = make_term(self.branch)
        self.exemption = make_exemption(self.branch, approved=False)
        self.meeting = make_meeting(
            self.branch, attendance=[(member, "") for member in self.members], by=self.secretary
        )
        self.correction = make_correction(self.meeting, by=self.secretary, topic="改")
        MinutesTemplate.unscoped.create(unit=self.street, kind=Kind.GROUP, text="【主题】")
        one_of_everything(self.branch)
        star_of_everything(self.branch)
        portal.one_of_everything(self.branch)
        dues_of_everything(self.branch)
        make_elections.one_of_everything(make_branch(self.street, field="office"))
        one_of_membership(self.branch)
        support_rows.one_of_everything(self.branch, by=self.secretary)
        works_rows.one_of_everything(self.branch, self.members[1], by=self.secretary)
        self.event = make_event(self.branch, by=self.secretary)
        self.check = make_spot_check(self.branch, meeting=self.meeting, by=self.staff)
        self.review = make_review(self.branch, by=self.secretary)
        self.appraisal = make_appraisal(self.branch, by=self.secretary)
        self.talk = make_talk(self.branch, self.members[0], self.members[1])
        self.finding = make_finding(self.meeting, self.staff)
        self.draw = make_draw(self.street, self.staff)
        self.phase = make_phases(self.district)[0]
        self.text = make_text(self.phase)
        self.plan = make_plan(self.branch)
        self.course = make_course(self.district)
        self.booking = make_booking(self.branch, self.course)
        self.move = FixedDayMove.unscoped.create(
            unit=self.district, month=date(2027, 8, 1), day=date(2027, 8, 20), reason="防汛",
            proposed_by=self.staff,
        )  # fmt: skip
        self.programme = make_programme(self.district, date(2026, 7, 1), by=self.staff)
        self.postponement = make_postponement(
            self.branch, date(2026, 7, 7), date(2026, 7, 9), by=self.secretary
        )
        self.share = make_share(self.meeting, state="proposed")
        session = CheckInSession.unscoped.create(
            meeting=self.meeting, started_at=timezone.now(), ended_at=timezone.now()
        )
        self.checkin = CheckIn.unscoped.create(
            meeting=self.meeting, session=session, member=self.members[0], at=timezone.now()
        )
        self.issued = clients.issue_client(
            title="数据平台", unit=self.district, scopes=["read"],
            expires_on=date(2099, 1, 1),
        )  # fmt: skip
        # Parties to the case are not those who look at it.
        hands = make_hands()
        self.case = make_case(
            State.EXAMINED, unit=self.branch, batch=make_batch(self.district), hands=hands
        )
        make_closing(self.case, hands)
        Problem.unscoped.create(
            case=self.case, source="visit", title="路灯不亮", collected_on=date(2026, 7, 1)
        )
        Inspection.unscoped.create(
            case=self.case, day=date(2026, 7, 1), manner="open", timing="regular",
            inspectors="督查组", findings="台账不全",
        )  # fmt: skip
        FigureEntry.unscoped.create(
            case=self.case, day=date(2026, 7, 1), kind="cards", amount=Decimal(3)
        )
        self.run = Run.unscoped.create(
            unit=self.district, period="2026Q2", period_start=date(2026, 4, 1),
            period_end=date(2026, 6, 30), scheme=Scheme.objects.first(),
        )  # fmt: skip
        self.row = RunRow.unscoped.create(
            run=self.run, unit_id=self.branch.pk, path=self.branch.path, code=self.branch.code,
            name=self.branch.name, field=self.branch.field, score=Decimal("88.50"),
        )  # fmt: skip
        self.appeal, self.draft = appeal_and_draft(self)
        RuleParameter.objects.create(
            key="k", title="党员大会次数", value=1, level="national", regulation="支部工作条例",
            effective_from=date(2018, 10, 28),
        )  # fmt: skip
        Job.objects.create(task="t", title="导入党员", initiator=self.staff)
        notice = Notice.objects.create(
            key=f"k{self.staff.pk}", recipient=self.staff, template="t", title="待审批",
            day=date(2026, 7, 1),
        )  # fmt: skip
        Delivery.objects.create(notice=notice, channel="email", address="somebody@example.com")
        Preference.objects.create(user=self.staff)
        self.robot = set_up_robot(
            unit=self.street, name="书记群", topics=["move"], by=self.staff,
            address="https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 40,
        )  # fmt: skip
        open_feed(unit=self.branch, by=self.secretary)
        Urge.unscoped.create(unit=self.street, by=self.staff, month=date(2026, 7, 1), told=1)


def appeal_and_draft(world: World) -> tuple[Appeal, SchemeDraft]:
    """An upheld appeal with its ruling, and a draft of a scheme."""
    now = timezone.now()
    appeal = Appeal.unscoped.create(
        unit=world.branch, run=world.run, duty="fixed_day::2026-04", duty_name="固定组织生活日",
        reason="按时召开", state="upheld", remedy="on_time", answer="属实", filed_at=now,
        decided_at=now, answer_by=now.date(), filed_by=world.secretary, decided_by=world.staff,
    )  # fmt: skip
    Ruling.unscoped.create(
        unit=world.branch, quarter="2026Q2", duty=appeal.duty, kind="fixed_day", period="2026-04",
        first=date(2026, 4, 1), due=date(2026, 4, 30), remedy="on_time", credit=10000,
        appeal=appeal, at=now,
    )  # fmt: skip
    scheme = Scheme.objects.get(pk=world.run.scheme_id)
    draft = SchemeDraft.unscoped.create(
        unit=world.district, based_on=scheme, title="明年的方案", valid_from=date(2099, 1, 1),
        parameters=scheme.parameters, edited_by=world.staff,
    )  # fmt: skip
    return appeal, draft


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once. Each test runs inside the transaction and leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def superuser() -> User:
    return make_account(is_staff=True, is_superuser=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


ALL = sorted(admin.site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label for model in ALL]
# Everything but accounts, which are the superuser's.
OF_STAFF = [model for model in ALL if model is not User]
# What is the same for all districts, and everybody's own. The first score sheet holds for all; the
# access matrix tries those of others.
SHARED = {
    "core.Holiday",
    "core.RuleParameter",
    "assessment.Scheme",
    "meetings.CheckSheet",
    "rectification.ListingReason",
    "starrating.ActivityKind",
    "starrating.GuidanceLevel",
    "starrating.VetoReason",
    "dues.Band",
    "elections.ExclusionReason",
    "membership.RuleSet",
    "membership.StepRule",
    "support.VenueItem",
    "works.SchemeTag",
}


def test_only_our_own_tables_are_here() -> None:
    apps = {model._meta.app_label for model in ALL}

    assert apps == {
        "accounts",
        "assessment",
        "branches",
        "brands",
        "core",
        "dues",
        "elections",
        "meetings",
        "portal",
        "membership",
        "rectification",
        "starrating",
        "support",
        "works",
    }


@pytest.mark.parametrize("model", ALL, ids=IDS)
@pytest.mark.parametrize("who", ["superuser", "staff"])
def test_every_page_opens(
    world: World, superuser: User, model: type[models.Model], who: str
) -> None:
    user = superuser if who == "superuser" else world.staff
    client = signed_in(user)
    row = model._base_manager.order_by("pk").last()
    assert row is not None
    expected = 403 if model is User and who == "staff" else 200

    assert client.get(url(model, "changelist")).status_code == expected
    assert client.get(url(model, "changelist"), {"q": "支部"}).status_code == expected
    assert client.get(url(model, "change", row.pk)).status_code == expected
    adds = admin.site._registry[model].has_add_permission
    page = client.get(url(model, "add"))
    assert page.status_code in (200, 403)
    if who == "superuser":
        assert page.status_code == (200 if adds(page.wsgi_request) else 403)


@pytest.mark.parametrize("model", OF_STAFF, ids=[model._meta.label for model in OF_STAFF])
def test_staff_of_another_district_see_nothing(world: World, model: type[models.Model]) -> None:
    if model._meta.label in SHARED:
        pytest.skip("the same for all")
    strange = make_district()
    stranger = make_user(Role.DISTRICT_STAFF, strange)
    client = signed_in(stranger)
    row = model._base_manager.order_by("pk").first()
    assert row is not None

    page = client.get(url(model, "changelist"))
    seen = {found.pk for found in page.context["cl"].result_list}
    rows = {
        "branches.Unit": {strange.pk},
        "branches.Grant": set(Grant.unscoped.filter(user=stranger).values_list("pk", flat=True)),
        "branches.UnitChange": seen - {row.pk},
    }

    assert page.status_code == 200
    assert seen == rows.get(model._meta.label, set())
    assert client.get(url(model, "change", row.pk)).status_code == 404


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.LEADER])
def test_roles_without_staff_work_do_not_come_in(world: World, role: str) -> None:
    client = signed_in(make_user(role, world.branch))

    assert client.get(reverse("admin:index")).status_code in (302, 403)
    assert client.get(url(Unit, "changelist")).status_code in (302, 403)


def test_what_is_not_there_is_not_found(world: World) -> None:
    client = signed_in(world.staff)

    for key in ("abc", "0", "99999999999999999999"):
        assert client.get(url(Unit, "change", key)).status_code == 404


@pytest.mark.parametrize("model", [Unit, Member, Meeting, Grant, Exemption])
def test_a_list_costs_the_same_whatever_its_length(world: World, model: type[models.Model]) -> None:
    client = signed_in(world.staff)
    client.get(url(model, "changelist"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url(model, "changelist"))
    for number in range(8):
        branch = make_branch(world.street)
        make_members(branch, 2)
        make_exemption(branch, approved=False)
        make_meeting(branch, held_on=date(2026, 7, 1 + number))
        make_user(Role.SECRETARY, branch)

    with CaptureQueriesContext(connection) as many:
        client.get(url(model, "changelist"))

    assert len(many) == len(few)
    # The badge of the bell counts one person's unread notices, by its index.
    counts = [row["sql"] for row in many if "COUNT(*)" in row["sql"]]
    assert [sql for sql in counts if "LIMIT" not in sql and "core_notice" not in sql] == []


def test_numbers_are_masked_and_found_whole_only(world: World) -> None:
    member = world.members[1]
    number = member.unseal("id_number")
    client = signed_in(world.staff)

    page = client.get(url(Member, "changelist"), {"q": number})
    assert [row.pk for row in page.context["cl"].result_list] == [member.pk]
    assert number not in client.get(url(Member, "changelist")).content.decode()
    page = client.get(url(Member, "change", member.pk))
    assert number not in page.content.decode()
    page = client.get(url(Member, "changelist"), {"q": number[:10]})
    assert list(page.context["cl"].result_list) == []


@pytest.mark.parametrize("term", ["支部", "zb", "\x00", ""])
def test_fields_find_only_what_is_in_reach(world: World, term: str) -> None:
    make_branch(make_committee(make_district()))
    client = signed_in(world.staff)
    asked = {"app_label": "branches", "model_name": "member", "field_name": "unit", "term": term}

    answer = client.get(reverse("admin:autocomplete"), asked)

    assert answer.status_code == 200
    below = Unit.unscoped.filter(path__startswith=world.district.path)
    mine = {str(pk) for pk in below.values_list("pk", flat=True)}
    assert {line["id"] for line in answer.json()["results"]} <= mine


def test_accounts_of_other_districts_are_not_found(world: World) -> None:
    stranger = make_user(Role.SECRETARY, make_branch(make_committee(make_district())))
    free = make_account(name="新同志")
    asked = {"app_label": "branches", "model_name": "grant", "field_name": "user", "term": ""}

    answer = signed_in(world.staff).get(reverse("admin:autocomplete"), asked)
    refused = signed_in(world.street_staff).get(reverse("admin:autocomplete"), asked)

    found = {line["id"] for line in answer.json()["results"]}
    assert str(free.pk) not in found
    assert str(world.secretary.pk) in found
    assert str(stranger.pk) not in found
    assert refused.status_code == 403


def test_the_lists_of_organisations_and_people_lead_to_the_import(world: World) -> None:
    client = signed_in(world.staff)

    for model, kind in ((Unit, "units"), (Member, "members")):
        way = reverse("branches:import_start", kwargs={"kind": kind})
        assert f'href="{way}"' in client.get(url(model, "changelist")).content.decode()


def test_nothing_can_be_deleted(world: World, superuser: User) -> None:
    client = signed_in(superuser)

    for model in ALL:
        row = model._base_manager.order_by("pk").last()
        assert row is not None
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("period", "found"), [("2026", 1), ("2026-07", 1), ("2026-06", 0), ("2025", 0), ("x", 1)]
)
def test_records_are_narrowed_to_a_year_and_a_month(world: World, period: str, found: int) -> None:
    assert world.meeting.held_on == date(2026, 7, 1)

    page = signed_in(world.staff).get(url(Meeting, "changelist"), {"period": period}, follow=True)

    assert page.context["cl"].result_count == found


def test_a_row_is_chosen_by_a_box_that_says_which_it_is(world: World) -> None:
    Meeting.unscoped.filter(pk=world.meeting.pk).update(topic="<甲>")
    world.meeting.refresh_from_db()

    page = signed_in(world.staff).get(url(Meeting, "changelist")).content.decode()

    box = f'name="_selected_action" value="{world.meeting.pk}" class="action-select" aria-label="'
    assert box in page
    assert escape(world.meeting) in page.split(box)[1].split("\n")[0]
    assert "<甲>" not in page
