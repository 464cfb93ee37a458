"""The pages: they open, cost the same whatever their length, import, export, Word."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image

import branches.sample
from branches.scope import scope_of
from cadres import services
from cadres.asks import asked
from cadres.enums import Step
from cadres.models import Appointment, Cadre, Photo, ReadLog
from cadres.sample import build
from core.workbooks import stream_rows
from tests.cadres.conftest import Office
from tests.factories.accounts import make_account
from tests.factories.branches import make_id_number
from tests.factories.cadres import make_cadre, make_motion, signed_in, walk

BOARDS = ("roster", "quota", "appointments", "oversight", "matters", "training", "log")


def _post(client: Client, page: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"cadres:{page}", args=args), data | {"declared": "on"})


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_costs_the_same_whatever_its_length(office: Office, board: str) -> None:
    client = signed_in(office.officer)
    _fill(office)
    client.get(reverse(f"cadres:{board}"))
    with CaptureQueriesContext(connection) as few:
        assert client.get(reverse(f"cadres:{board}")).status_code == 200
    for _ in range(2):
        _fill(office, make_cadre(office.bureau))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(f"cadres:{board}"))

    assert len(many) == len(few)


def _fill(office: Office, cadre: Cadre | None = None) -> None:
    """One of what the boards show."""
    cadre, day = cadre or office.cadre, office.ago(3)
    if Cadre.unscoped.filter(unit=office.bureau).count() < 3:
        make_motion(office.bureau, office.officer, day)
    services.issue(cadre=cadre, kind="inquire", reason="duty", approved_by="部长", approved_on=day,
                   issued_on=day, paper="柜", by=office.officer, on=office.today,
                   form_key=uuid.uuid4())  # fmt: skip
    services.open_year(unit=office.district, year=office.today.year, by=office.officer,
                       on=office.today)  # fmt: skip
    services.open_file(cadre=cadre, by=office.officer, reason="核对任职时间")


def test_a_file_is_made_and_filled_by_hand(office: Office) -> None:
    client = signed_in(office.officer)
    reply = _post(
        client, "do_cadre", unit=office.bureau.code, name="尚明德", sex="1", level="142",
        ethnicity="01", politics="01", state="serving", native_place="云泉",
    )  # fmt: skip
    cadre = Cadre.unscoped.get(name="尚明德")
    assert reply.url == reverse("cadres:file", args=[cadre.uuid])

    client = signed_in(office.officer, cadre)
    _post(client, "people_stint", cadre.uuid, since="2010-07-01", until="2015-03-01",
          place="望山街道", post="科员")  # fmt: skip
    _post(client, "people_stint", cadre.uuid, since="2015-03-01", place="区财政局", post="副局长",
          in_quota="on", unit=office.bureau.code, level="142")  # fmt: skip
    _post(client, "people_family", cadre.uuid, relation="妻子", name="柯某")
    _post(client, "people_appraisal", cadre.uuid, year="2025", grade="excellent")
    text = client.get(reverse("cadres:file", args=[cadre.uuid])).content.decode()

    for word in ("2010.07—2015.03", "2015.03—至今", "区财政局副局长", "柯某", "优秀", "云泉"):
        assert word in text
    # Editing leaves a number that was not typed again.
    client = signed_in(office.officer, office.cadre)
    kept = office.cadre.unseal("id_number")
    _post(client, "people_edit", office.cadre.uuid, unit=office.bureau.code, name="霍若溪", sex="2",
          level="141", ethnicity="01", politics="01", state="serving")  # fmt: skip
    office.cadre.refresh_from_db()
    assert (office.cadre.unseal("id_number"), office.cadre.level) == (kept, "141")


def test_the_motion_page_shows_the_sum_when_it_blocks(office: Office) -> None:
    client = signed_in(office.officer)
    facts = {"unit": office.bureau.code, "post": "副局长", "level": "141", "way": "single",
             "frees": "0", "day": str(office.today), "form_key": str(uuid.uuid4())}  # fmt: skip

    reply = _post(client, "do_motion", **facts)

    assert reply.status_code == 422
    assert "现配 0 − 拟免 0 + 拟配 1 = 1 ＞ 核定 0" in reply.content.decode()


def test_word_papers_hold_what_the_forms_ask_and_a_watermark(office: Office) -> None:
    services.add_stint(cadre=office.cadre, since=date(2015, 3, 1), place="区财政局", post="科员")
    services.add_family(cadre=office.cadre, relation="丈夫", name="裴某", work="某校教师")
    row = make_motion(office.bureau, office.officer, office.ago(60))
    row = walk(row, Step.DECIDE, by=office.officer, second=office.second, cadre=office.cadre)
    client = signed_in(office.officer, office.cadre)

    form = _words(client.post(reverse("cadres:form_paper", args=[office.cadre.uuid])).content)
    sheet = _words(client.post(reverse("cadres:process_paper", args=[row.uuid])).content)

    for word in ("姓  名", "霍若溪", "2015.03—", "拟 任 职 务", "区财政局副局长", "裴某",
                 "某校教师", "第 1 次导出"):  # fmt: skip
        assert word in form
    for word in ("动议", "应到会 9", "干部档案必审", "1985.03", "第 2 次导出"):
        assert word in sheet
    assert ReadLog.unscoped.filter(kind="exported", cadre=office.cadre).count() == 2


def _words(data: bytes) -> str:
    paper = Document(io.BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    heads = [one.text for section in paper.sections for one in section.header.paragraphs]
    return "\n".join([*cells, *heads, *(one.text for one in paper.paragraphs)])


def test_the_audits_values_show_with_the_file_open_only(office: Office) -> None:
    row = make_motion(office.bureau, office.officer, office.ago(60))
    row = walk(row, Step.DECIDE, by=office.officer, second=office.second, cadre=office.cadre)
    url = reverse("cadres:appointment", args=[row.uuid])

    assert "1985.03" not in signed_in(office.officer).get(url).content.decode()
    assert "1985.03" in signed_in(office.officer, office.cadre).get(url).content.decode()


def test_the_draw_page_verifies_itself_and_hands_out_the_list(office: Office) -> None:
    services.open_year(unit=office.district, year=office.today.year, by=office.officer,
                       on=office.today)  # fmt: skip
    services.file_reports(reports=office.cadre.matters.all(), filed_on=office.today, paper="柜",
                          by=office.officer, on=office.today)  # fmt: skip
    client = signed_in(office.officer)
    reply = _post(client, "do_draw", unit=office.district.code, year=office.today.year, percent=10,
                  witness="纪委", seed="42", form_key=str(uuid.uuid4()))  # fmt: skip

    assert "核验一致" in client.get(reply.url).content.decode()
    listed = client.post(reply.url + "list.txt").content.decode()
    assert office.cadre.name in listed
    assert "核验方法" in _words(client.post(reply.url + "sheet.docx").content)


HEAD = ("姓名", "性别", "单位代码", "职务层次", "公民身份号码", "出生日期")


def _import(client: Client, *lines: tuple[str, ...]) -> Any:
    data = b"".join(stream_rows(HEAD, lines, sheet="名册"))
    upload = SimpleUploadedFile("名册.xlsx", data)
    return client.post(reverse("cadres:import"), {"file": upload, "declared": "on"})


def test_a_roster_comes_in_whole_or_not_at_all_and_only_once(office: Office) -> None:
    client = signed_in(office.officer)
    number = make_id_number(born=date(1985, 3, 12))
    good = ("尚明德", "男", office.bureau.code, "乡科级副职", number, "1985-03-12")
    bad = ("祝思齐", "男", office.foreign.unit.code, "乡科级副职", "", "")

    reply = _import(client, good, bad)
    assert (reply.status_code, "没有这个单位" in reply.content.decode()) == (422, True)
    assert not Cadre.unscoped.filter(name="尚明德").exists()
    for _ in range(2):
        assert _import(client, good).status_code == 302
    assert Cadre.unscoped.get(name="尚明德").unseal("id_number") == number


def test_a_photo_is_drawn_anew_and_served_while_the_file_is_open(office: Office) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "navy").save(stream, "JPEG")
    client = signed_in(office.officer, office.cadre)
    upload = SimpleUploadedFile("一寸照.jpg", stream.getvalue(), "image/jpeg")
    url = reverse("cadres:people_photo", args=[office.cadre.uuid])

    assert client.post(url, {"photo": upload, "declared": "on"}).status_code == 302
    photo = reverse("cadres:photo", args=[Photo.unscoped.get().uuid])
    shown = client.get(photo)
    assert (shown.status_code, b"".join(shown.streaming_content)[:2]) == (200, b"\xff\xd8")  # type: ignore[attr-defined]
    assert signed_in(office.officer).get(photo).status_code == 302
    assert signed_in(office.stranger, office.cadre).get(photo).status_code == 404


def test_an_officer_is_asked_by_counts_without_names(office: Office) -> None:
    services.issue(
        cadre=office.cadre, kind="inquire", reason="duty", approved_by="部长",
        approved_on=office.ago(60), issued_on=office.ago(60), paper="柜", by=office.officer,
        on=office.today, form_key=uuid.uuid4(),
    )  # fmt: skip
    asks = asked(scope_of(office.officer, on=office.today), office.officer.pk, office.today)

    assert [(one.title, one.count) for one in asks] == [("三单超过回复期限", 1)]
    home = signed_in(office.officer).get("/").content.decode()
    assert "三单超过回复期限" in home
    assert office.cadre.name not in home


def test_the_sample_has_sixty_cadres_and_appointments_in_every_state(db: None) -> None:
    users = {name: make_account(username=name) for name in ("ganbu", "ganbu2", "staff")}
    sample = branches.sample.build(
        today=timezone.localdate(), district_staff=users["staff"], second_staff=users["ganbu"]
    )

    build(sample=sample, users=users)

    assert Cadre.unscoped.count() == 60
    states = set(Appointment.unscoped.values_list("step", flat=True))
    assert states == {str(step) for step in Step}
