"""典型案例 as a Word file, with its photos; the API's rows."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from brands.enums import FileKind, Stage
from brands.models import BrandFile
from brands.services import brands
from tests.brands.conftest import Town
from tests.brands.test_services import refusal
from tests.brands.test_views import at, promoted, url
from tests.core.samples.files import photo
from tests.factories.brands import YEAR, make_year


def picture(number: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"照片{number}.jpg", photo(size=(300 + number, 200)))


def test_the_case_is_a_word_file_with_at_most_two_photos(
    town: Town, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    brand = promoted(town)
    for number in range(2):
        brands.add_picture(
            brand=brand, by=town.secretary, upload=picture(number), kind=FileKind.PHOTO, year=YEAR
        )
    said = refusal(
        brands.add_picture, brand=brand, by=town.secretary, upload=picture(2),
        kind=FileKind.PHOTO, year=YEAR,
    )  # fmt: skip
    assert "最多 2 张" in said.message
    assert BrandFile.unscoped.filter(kind=FileKind.PHOTO).count() == 2

    reply = at(town.other_judge).get(url("case_paper", brand.uuid))

    paper = Document(io.BytesIO(reply.content))
    text = "\n".join(line.text for line in paper.paragraphs)
    assert [word in text for word in (brand.name, "一、背景", "设课堂", "三、成效启示")] == [
        True
    ] * 4
    assert len(paper.inline_shapes) == 2


def test_a_cover_takes_the_old_ones_place_and_papers_stay(
    town: Town, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    client = at(town.secretary)
    for number in (1, 2):
        client.post(url("pictures", year.brand.uuid), {"kind": "cover", "file": picture(number)})
    year.brand.refresh_from_db()
    assert year.brand.cover is not None
    assert year.brand.cover.name == "照片2.jpg"
    paper = year.brand.cover
    BrandFile.unscoped.filter(pk=paper.pk).update(kind=FileKind.DOCUMENT)

    client.post(url("file_remove", paper.uuid))

    assert BrandFile.unscoped.filter(pk=paper.pk).exists()


def test_the_api_tells_brands_and_their_years(town: Town) -> None:
    brand = promoted(town)

    row = at(town.staff).get("/api/v1/brands/").json()["results"][0]
    year = at(town.staff).get("/api/v1/brand-years/", {"grade": "excellent"}).json()["results"][0]

    assert (row["name"], row["step"], row["unit"]) == (brand.name, "promoted", town.branch.code)
    assert (year["stage"], year["grade"], year["score"]) == ("closed", "excellent", "90.00")
    assert at(town.stranger).get("/api/v1/brands/").json()["results"] == []
    assert at(town.staff).get("/api/v1/brands/", {"knd": "x"}).status_code == 400
