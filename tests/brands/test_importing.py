"""A list of brands from a workbook and back: every fault first, then all or nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brands.models import Brand, BrandYear
from core.workbooks import read_sheets, write_rows
from tests.brands.conftest import Town
from tests.brands.test_views import at, url
from tests.factories.brands import make_brand

HEAD = ("党组织代码", "品牌名称", "类别", "主题", "理念", "内涵", "目标")


def book(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    write_rows(stream, HEAD, rows)
    return SimpleUploadedFile("品牌.xlsx", stream.getvalue())


def send(client: Client, *rows: tuple[str, ...]) -> Any:
    return client.post(url("brand_import"), {"file": book(*rows)})


def test_every_fault_is_listed_and_nothing_is_written(town: Town) -> None:
    reply = send(
        at(town.staff),
        (town.branch.code, "四点半学校", "社区", "", "", "", ""),
        ("没有的单位", "银龄课堂", "社区", "", "", "", ""),
        (town.branch.code, "四点半学校", "社区", "", "", "", ""),
        (town.branch.code, "心灵社工", "工厂", "", "", "", ""),
        (town.branch.code, "", "社区", "", "", "", ""),
    )

    faults = reply.context["plan"].faults
    assert reply.status_code == 422
    assert sorted(fault.row for fault in faults) == [3, 4, 5, 6]
    assert "或不在您的管理范围内" in reply.content.decode()
    assert not Brand.unscoped.exists()


def test_what_was_previewed_is_written_once_and_all(town: Town) -> None:
    known = make_brand(town.branch, name="老品牌")
    client = at(town.staff)
    reply = send(
        client,
        (town.branch.code, known.name, "社区", "", "", "", ""),
        (town.community.name, "四点半学校", "社区品牌", "放学有去处", "", "", ""),
        (town.street.short_name, "菜单式服务", "街道", "", "", "", ""),
    )
    assert (len(reply.context["plan"].rows), reply.context["plan"].known) == (2, 1)
    assert Brand.unscoped.count() == 1
    ticket = reply.context["ticket"]

    for _ in range(2):
        client.post(url("brand_import_confirm"), {"ticket": ticket})

    assert Brand.unscoped.count() == BrandYear.unscoped.count() == 3
    assert Brand.unscoped.get(name="四点半学校").theme == "放学有去处"


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c"])
def test_a_ticket_that_is_none_writes_nothing(town: Town, ticket: str) -> None:
    at(town.staff).post(url("brand_import_confirm"), {"ticket": ticket})

    assert not Brand.unscoped.exists()


def test_anothers_ticket_writes_nothing(town: Town) -> None:
    row = (town.branch.code, "四点半学校", "社区", "", "", "", "")
    ticket = send(at(town.staff), row).context["ticket"]

    at(town.second).post(url("brand_import_confirm"), {"ticket": ticket})

    assert not Brand.unscoped.exists()


def test_units_beyond_his_reach_are_not_there_for_a_committee(town: Town) -> None:
    reply = send(at(town.other_judge), (town.branch.code, "四点半学校", "社区", "", "", "", ""))

    assert [fault.row for fault in reply.context["plan"].faults] == [2]
    assert at(town.secretary).get(url("brand_import")).status_code == 403


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"text"])
def test_a_file_that_is_no_workbook_is_told_so(town: Town, data: bytes) -> None:
    upload = SimpleUploadedFile("品牌.xlsx", data)

    reply = at(town.staff).post(url("brand_import"), {"file": upload})

    assert reply.status_code == 422


def test_the_export_holds_what_the_gallery_shows(town: Town) -> None:
    make_brand(town.branch, name="四点半学校")
    make_brand(town.other_branch, name="=1+1")

    reply = at(town.judge).get(url("brand_export"))

    data = b"".join(reply.streaming_content)
    (sheet,) = [one for one in read_sheets(data) if one.name != "说明"]
    rows = [[str(cell or "") for cell in row] for row in sheet.rows]
    assert [row[3] for row in rows] == ["品牌名称", "四点半学校"]
