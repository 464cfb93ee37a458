"""The walls: officers by grant, second factor, fresh sign-in, files by reason, reads logged."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from branches.enums import Role
from branches.models import Grant
from branches.scope import scope_of
from branches.services import access
from cadres import services
from cadres.asks import asked
from cadres.models import Cadre, ReadLog
from core.crypto import Tampered
from core.errors import Refusal
from core.workbooks import read_sheets
from tests.access.routes import routes
from tests.cadres.conftest import Office
from tests.factories.cadres import make_motion, make_officer, signed_in
from tests.factories.meetings import make_meeting

CADRE_ROUTES = [route for route in routes() if route.pattern.startswith("cadres/")]


def _url(route: Any, office: Office) -> str:
    return route.url({"uuid": office.cadre.uuid})


@pytest.mark.parametrize("who", ["superuser", "chief"])
def test_s6_every_address_is_404_for_the_administrator_and_the_districts_staff(
    office: Office, who: str
) -> None:
    client = signed_in(getattr(office, who), office.cadre)

    codes = {
        (route.pattern, method): getattr(client, method)(_url(route, office)).status_code
        for route in CADRE_ROUTES
        for method in ("get", "post")
    }

    assert {key: code for key, code in codes.items() if code != 404} == {}
    assert len(CADRE_ROUTES) > 40


def test_s6_no_table_of_cadres_is_in_the_admin_nor_anything_of_them_in_search_and_asks(
    office: Office,
) -> None:
    client = signed_in(office.superuser)
    name = office.cadre.name

    assert [m for m in admin.site._registry if m._meta.app_label == "cadres"] == []
    found = client.get(reverse("search"), {"q": name}).content.decode()
    assert "cadres/" not in found
    assert name not in client.get("/").content.decode()
    assert asked(scope_of(office.superuser, on=office.today), 1, office.today) == []
    paths = client.get("/api/v1/schema/").content.decode()
    assert "cadre" not in paths


def test_s6_a_superuser_with_a_grant_of_his_own_comes_in(office: Office) -> None:
    access.give(user=office.superuser, role=Role.CADRE_OFFICER, unit=office.district)
    Authenticator.objects.create(
        user=office.superuser, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )

    assert signed_in(office.superuser).get(reverse("cadres:roster")).status_code == 200


def test_the_role_is_not_given_on_a_page_not_even_by_a_superuser(office: Office) -> None:
    for by in (office.superuser, office.chief):
        with pytest.raises(Refusal, match="不能在页面上授权"):
            access.give(user=office.chief, role=Role.CADRE_OFFICER, unit=office.district, by=by)
    data = {
        "user": office.superuser.pk, "role": Role.CADRE_OFFICER, "unit": office.district.pk,
        "since": "2026-01-01",
    }  # fmt: skip
    signed_in(office.superuser).post(reverse("admin:branches_grant_add"), data)
    assert not Grant.unscoped.filter(user=office.superuser).exists()


def test_the_role_is_given_and_ended_at_the_console(office: Office) -> None:
    call_command("name_cadre_officer", office.chief.username, office.district.code,
                 stdout=io.StringIO())  # fmt: skip
    assert Role.CADRE_OFFICER in scope_of(office.chief, on=office.today).roles
    call_command("name_cadre_officer", office.chief.username, office.district.code, end=True,
                 stdout=io.StringIO())  # fmt: skip
    assert Role.CADRE_OFFICER not in scope_of(office.chief, on=office.today).roles
    with pytest.raises(CommandError):
        call_command("name_cadre_officer", "nobody", office.district.code)


def test_an_officer_sees_nothing_of_other_programmes(office: Office) -> None:
    meeting = make_meeting(office.bureau, topic="支部的事")
    client = signed_in(office.officer)

    assert client.get(f"/meetings/{meeting.uuid}/").status_code == 404
    assert "支部的事" not in client.get("/meetings/").content.decode()
    assert scope_of(office.officer, on=office.today).units == ()


def test_another_districts_officer_gets_404_and_the_foreign_row_stays(office: Office) -> None:
    client = signed_in(office.stranger, office.cadre)

    for name in ("file", "open", "people_edit", "people_family"):
        assert client.get(reverse(f"cadres:{name}", args=[office.cadre.uuid])).status_code == 404
    assert office.cadre.name not in client.get(reverse("cadres:roster")).content.decode()


def test_s11_without_a_second_factor_an_officer_is_sent_to_set_it_up(
    office: Office, settings: Any
) -> None:
    bare = make_officer(office.district, factor=False)

    reply = signed_in(bare).get(reverse("cadres:roster"))
    assert (reply.status_code, reply.url) == (302, reverse("mfa_activate_totp"))  # type: ignore[attr-defined]

    # In a trial it follows the setting for other staff.
    settings.DEBUG = True
    assert signed_in(bare).get(reverse("cadres:roster")).status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    assert signed_in(bare).get(reverse("cadres:roster")).status_code == 302


def test_s34_a_stale_sign_in_opens_no_file_and_exports_nothing(office: Office) -> None:
    client = signed_in(office.officer, fresh=False)

    for url in (reverse("cadres:open", args=[office.cadre.uuid]), reverse("cadres:export"),
                reverse("cadres:import")):  # fmt: skip
        for method in (client.get, client.post):
            reply = method(url, {"reason": "核对任职时间"})
            assert reply.status_code == 302
            assert reply.url.startswith(reverse("account_reauthenticate"))  # type: ignore[attr-defined]
    row = make_motion(office.bureau, office.officer, office.ago(3))
    reply = client.post(reverse("cadres:process_paper", args=[row.uuid]))
    assert reply.url.startswith(reverse("account_reauthenticate"))  # type: ignore[attr-defined]
    assert ReadLog.unscoped.count() == 0


def test_a_file_opens_by_a_reason_that_is_logged_and_shuts_after_ten_minutes(
    office: Office,
) -> None:
    client = signed_in(office.officer)
    page, door = (reverse(f"cadres:{n}", args=[office.cadre.uuid]) for n in ("file", "open"))

    shut = client.get(page)
    assert (shut.status_code, shut.url.startswith(door)) == (302, True)  # type: ignore[attr-defined]
    assert client.get(door).status_code == 200
    assert client.post(door, {"reason": "看"}).status_code == 422
    assert ReadLog.unscoped.count() == 0
    assert client.post(door, {"reason": "核对任职时间"}).status_code == 302
    assert "云泉" in client.get(page).content.decode()
    assert client.get(page).status_code == 200
    line = ReadLog.unscoped.get()
    assert (line.by, line.cadre, line.reason) == (office.officer, office.cadre, "核对任职时间")

    session = client.session
    session["cadres_open"] = {str(office.cadre.uuid): time.time() - 1}
    session.save()
    assert client.get(page).status_code == 302


def test_an_open_file_opens_no_other_and_leads_nowhere_else(office: Office) -> None:
    other = Cadre.unscoped.exclude(pk=office.cadre.pk).first()
    assert other is not None
    client = signed_in(office.officer, office.cadre)

    door = reverse("cadres:open", args=[office.cadre.uuid])
    reply = client.post(door, {"reason": "核对任职时间", "next": "https://evil.example/cadres/"})
    assert reply.url == reverse("cadres:file", args=[office.cadre.uuid])  # type: ignore[attr-defined]
    assert client.get(reverse("cadres:file", args=[office.foreign.uuid])).status_code == 404


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_the_log(office: Office, how: str) -> None:
    services.open_file(cadre=office.cadre, by=office.officer, reason="核对任职时间")
    rows = ReadLog.unscoped.all()

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(reason="没看过") if how == "update" else rows.delete()
    assert rows.get().reason == "核对任职时间"


def test_exports_are_counted_watermarked_and_hold_no_whole_numbers(office: Office) -> None:
    client = signed_in(office.officer)
    url = reverse("cadres:export")

    assert client.post(url, {"reason": ""}).status_code == 422
    for number in (1, 2):
        reply = client.post(url, {"reason": "年度汇总"})
        data = b"".join(reply.streaming_content)  # type: ignore[attr-defined]
        text = str([sheet.rows for sheet in read_sheets(data)])
        assert f"第 {number} 次导出" in text
        assert office.officer.username in text
        assert office.cadre.unseal("id_number") not in text
        assert "13912345678" not in text
    assert list(ReadLog.unscoped.order_by("id").values_list("number", "rows")) == [(1, 1), (2, 1)]


def test_s27_a_sealed_value_does_not_open_in_another_row(office: Office) -> None:
    office.cadre.native_place = office.foreign.phone or office.foreign.id_number
    with pytest.raises(Tampered):
        office.cadre.unseal("native_place")
    raw = Cadre.unscoped.filter(pk=office.cadre.pk).values_list("id_number", "phone").get()
    assert b"13912345678" not in b"".join(bytes(one) for one in raw)


def test_a_written_form_needs_the_declaration_and_notes_it(office: Office) -> None:
    client = signed_in(office.officer, office.cadre)
    url = reverse("cadres:people_rank", args=[office.cadre.uuid])
    data = {"rank": "四级调研员", "since": "2025-01-01"}

    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"declared": "on"}).status_code == 302
    assert list(ReadLog.unscoped.values_list("kind", "what")) == [("declared", "登记职级")]


def test_the_page_and_the_verb_both_refuse_what_may_not_be_here(office: Office) -> None:
    client = signed_in(office.officer, office.cadre)
    url = reverse("cadres:people_rank", args=[office.cadre.uuid])

    reply = client.post(url, {"rank": "据反映有问题", "since": "2025-01-01", "declared": "on"})
    assert "本系统不存放这类内容" in reply.content.decode()
    with pytest.raises(Refusal, match="涉密"):
        services.add_rank(cadre=office.cadre, rank="机密★1年", since=office.today)


def test_a_scan_of_an_archive_is_refused_by_its_name(office: Office) -> None:
    upload = io.BytesIO(b"x")
    upload.name = "干部档案第三页.jpg"  # type: ignore[misc]

    with pytest.raises(Refusal, match="档案"):
        services.keep_photo(cadre=office.cadre, by=office.officer, upload=upload)


def test_anonymous_is_sent_to_the_door_and_pages_are_not_kept(office: Office) -> None:
    assert Client().get(reverse("cadres:roster")).status_code == 302
    reply = signed_in(office.officer).get(reverse("cadres:roster"))
    assert "no-store" in reply["Cache-Control"]
    assert "非涉密系统" in reply.content.decode()


def test_the_same_number_has_one_file(office: Office) -> None:
    number = office.cadre.unseal("id_number")

    with pytest.raises((Refusal, IntegrityError)):
        services.add_cadre(unit=office.bureau, by=None, name="另一人", sex="1", id_number=number)
