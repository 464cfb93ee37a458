"""The pages of 通知: what each role may, what GET leaves alone, and constant queries."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from accounts.models import User
from portal.enums import State
from portal.models import Circular, CircularFile, Receipt
from portal.services import circulars, receipts
from tests.factories.branches import make_branch
from tests.factories.portal import DAY, at, make_circular, receipt_of
from tests.portal.conftest import Town


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def typed(**facts: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()), "title": "关于防汛值守的通知", "text": "请安排值守。",
        "reach": "all", "codes": "", "sign_by": "", **facts,
    }  # fmt: skip


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("值守.jpg", out.getvalue(), content_type="image/jpeg")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_notice_goes_from_the_draft_to_the_last_receipt(town: Town) -> None:
    desk = signed_in(town.staff)
    answer = desk.post(url("circular_new"), typed(needs_sign="on"))
    row = Circular.unscoped.get()
    assert (answer.status_code, answer["Location"]) == (302, url("circular", row.uuid))
    assert "将发给 5 个党组织" in desk.get(url("circular", row.uuid)).text
    assert desk.post(url("file_add", row.uuid), {"file": picture()}).status_code == 302
    assert desk.post(url("circular_issue", row.uuid)).status_code == 302

    phone = signed_in(town.secretary)
    mine = receipt_of(row, town.branch)
    kept = CircularFile.unscoped.get()
    assert "关于防汛值守的通知" in phone.get(url("inbox")).text
    assert phone.get(url("receipt", mine.uuid)).status_code == 200
    data = b"".join(phone.get(url("file", kept.uuid)).streaming_content)  # type: ignore[attr-defined]
    assert data.startswith(b"\xff\xd8")
    mine.refresh_from_db()
    assert mine.read_at is None
    phone.post(url("receipt_sign", mine.uuid))
    phone.post(url("receipt_share", mine.uuid), {"public": "1"})
    mine.refresh_from_db()
    assert mine.signed_by == town.secretary
    assert mine.is_public

    assert "没办的" in desk.get(url("circular", row.uuid) + "?show=owing").text
    desk.post(url("circular_urge", row.uuid))
    answer = desk.post(url("circular_urge", row.uuid), follow=True)
    assert "没有可催的" in answer.text
    data = b"".join(desk.get(url("circular_export", row.uuid)).streaming_content)  # type: ignore[attr-defined]
    cells = [
        cell for sheet in load_workbook(io.BytesIO(data)) for line in sheet.values for cell in line
    ]
    assert "已签收" in cells
    assert town.second_branch.name in cells


def test_a_recall_hides_text_and_files_from_those_below(town: Town) -> None:
    row = make_circular(town.district, text="只此一段")
    kept = circulars.add_file(circular=row, by=town.staff, upload=picture())
    circulars.issue(circular=row, by=town.staff, on=DAY, now=at())
    desk, phone = signed_in(town.staff), signed_in(town.secretary)
    assert desk.post(url("circular_revoke", row.uuid), {"reason": ""}).status_code == 422
    desk.post(url("circular_revoke", row.uuid), {"reason": "日期有误"})
    text = phone.get(url("receipt", receipt_of(row, town.branch).uuid)).text
    assert "日期有误" in text
    assert "只此一段" not in text
    assert phone.get(url("file", kept.uuid)).status_code == 404
    assert "只此一段" in desk.get(url("circular", row.uuid)).text


def test_who_stands_above_does_not_sign_for_those_below(town: Town) -> None:
    row = make_circular(town.district, issued=True)
    mine = receipt_of(row, town.branch)
    for user in (town.judge, town.staff, town.leader):
        client = signed_in(user)
        assert client.get(url("receipt", mine.uuid)).status_code == 200
        assert client.post(url("receipt_read", mine.uuid)).status_code == 403
    assert signed_in(town.other_secretary).get(url("receipt", mine.uuid)).status_code == 404
    street = receipt_of(row, town.street)
    assert signed_in(town.judge).post(url("receipt_read", street.uuid)).status_code == 302
    street.refresh_from_db()
    assert street.read_by == town.judge


def test_a_committee_neither_sees_nor_recalls_the_district_s_own(town: Town) -> None:
    row = make_circular(town.district, issued=True)
    client = signed_in(town.judge)
    for name in ("circular", "circular_revoke", "circular_paper", "circular_export"):
        assert client.get(url(name, row.uuid)).status_code == 404
    assert client.post(url("circular_urge", row.uuid)).status_code == 404
    secretary = signed_in(town.secretary)
    assert secretary.get(url("circular_list")).status_code == 403
    assert secretary.get(url("circular_new")).status_code == 403


def test_a_draft_is_unknown_to_those_it_will_reach(town: Town) -> None:
    make_circular(town.district)
    assert Receipt.unscoped.count() == 0
    assert "还没有通知" in signed_in(town.secretary).get(url("inbox")).text


def test_listed_units_are_taken_by_code_or_name_and_strangers_are_named(town: Town) -> None:
    desk = signed_in(town.judge)
    wrong = typed(reach="chosen", codes=f"{town.branch.code}\n{town.other_branch.code}")
    answer = desk.post(url("circular_new"), wrong)
    assert answer.status_code == 422
    assert town.other_branch.code in answer.text
    right = typed(reach="chosen", codes=f"{town.branch.code}\n{town.second_branch.name}")
    assert desk.post(url("circular_new"), right).status_code == 302
    assert set(Circular.unscoped.get().places) == {town.branch.code, town.second_branch.code}


def test_a_draft_is_written_anew_and_thrown_away(town: Town) -> None:
    desk = signed_in(town.staff)
    row = make_circular(town.district)
    assert desk.get(url("circular_edit", row.uuid)).status_code == 200
    changed = typed(title="改过的标题", reach="field", fields_=["school"])
    assert desk.post(url("circular_edit", row.uuid), changed).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.fields) == ("改过的标题", ["school"])
    assert desk.post(url("circular_drop", row.uuid)).status_code == 302
    assert not Circular.unscoped.exists()


def test_the_paper_holds_the_text(town: Town) -> None:
    row = make_circular(town.district, issued=True)
    data = signed_in(town.staff).get(url("circular_paper", row.uuid)).content
    text = "\n".join(one.text for one in Document(io.BytesIO(data)).paragraphs)
    assert "请各支部安排党员值守。" in text


def test_lists_cost_the_same_for_one_and_for_three(town: Town) -> None:
    desk, phone = signed_in(town.staff), signed_in(town.secretary)
    first = make_circular(town.district, issued=True)
    receipts.read(receipt=receipt_of(first, town.branch), by=town.secretary, now=at())
    pages = [(desk, url("circular_list")), (phone, url("inbox"))]
    pages.append((desk, url("circular", first.uuid)))
    for one in pages:
        queries(*one)
    before = [queries(*one) for one in pages]
    make_branch(town.street), make_branch(town.other_street)
    for title in ("第二份", "第三份"):
        row = make_circular(town.district, issued=True, title=title)
        receipts.read(receipt=receipt_of(row, town.branch), by=town.secretary, now=at())
    pages[-1] = (desk, url("circular", row.uuid))
    assert [queries(*one) for one in pages] == before
    assert row.state == State.ISSUED
