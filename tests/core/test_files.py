"""What may come in, how it is kept, how it goes out."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.http import FileResponse, Http404
from django.test import RequestFactory
from PIL import Image
from pytest_django.fixtures import Settings

from core import files
from core.files import CleanFile, FileRefused, accept_document, accept_image
from core.screening import mark_in_name, mark_in_text
from tests.core.samples import files as samples
from tests.core.samples import workbooks
from tests.core.samples.files import PHP, SCRIPT, upload

NOW = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
NOT_A_PHOTO = "这不是能用的照片，请上传 JPG、PNG 或 WebP 格式的照片。"
NOT_A_DOCUMENT = "这不是能用的文件，请上传 PDF、Word（.docx）或 Excel（.xlsx）文件。"
DAMAGED = "照片不完整或已损坏，请重新拍摄或另存后再上传。"
PIXELS = "照片的像素太多（上限 7000 万），请把照片缩小后再上传。"
EMPTY = "文件是空的，请确认选对了文件。"
HEIC = (
    "这是苹果手机的 HEIC 照片，请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，"
    "或用微信发给自己再保存上传。"
)


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.PRIVATE_ACCEL_PREFIX = ""
    return tmp_path / "private"


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


# --- Photos ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "stored_name", "content_type", "written"),
    [
        ("会议.jpg", "JPEG", "会议.jpg", "image/jpeg", "JPEG"),
        ("会议.JPEG", "JPEG", "会议.jpg", "image/jpeg", "JPEG"),
        ("会议.png", "PNG", "会议.png", "image/png", "PNG"),
        ("会议.webp", "WEBP", "会议.jpg", "image/jpeg", "JPEG"),
        ("微信图片.jpg", "PNG", "微信图片.png", "image/png", "PNG"),
        ("image", "JPEG", "image.jpg", "image/jpeg", "JPEG"),
    ],
)
def test_a_photo_is_kept_in_a_plain_format(
    name: str, kind: str, stored_name: str, content_type: str, written: str
) -> None:
    clean = accept_image(upload(name, samples.photo(kind)))
    assert (clean.name, clean.content_type, clean.width, clean.height) == (
        stored_name,
        content_type,
        80,
        60,
    )
    assert (opened(clean.data).format, opened(clean.thumbnail).format) == (written, "JPEG")


def test_a_large_photo_is_made_smaller_and_gets_a_thumbnail() -> None:
    clean = accept_image(upload("a.jpg", samples.photo(size=(5120, 3000))))
    assert (clean.width, clean.height) == (2560, 1500)
    assert opened(clean.thumbnail).size == (400, 234)


def test_a_small_photo_is_not_blown_up() -> None:
    assert opened(accept_image(upload("a.jpg", samples.photo())).thumbnail).size == (80, 60)


def test_place_camera_comment_and_profile_are_gone_and_the_photo_stands_upright() -> None:
    data = samples.photo_with_place()
    assert b"canary" in data
    assert b"SecretPhone" in data
    clean = accept_image(upload("a.jpg", data))
    image = opened(clean.data)
    assert (dict(image.getexif()), image.size) == ({}, (60, 80))
    for kept in (clean.data, clean.thumbnail):
        assert not any(word in kept for word in (b"canary", b"SecretPhone", b"Exif", b"GPS"))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    red = image.convert("RGB").getpixel((30, 10))
    assert isinstance(red, tuple)
    assert (red[0] > 200, red[2] < 60) == (True, True)


def test_words_inside_a_png_are_gone() -> None:
    data = samples.png_with_text()
    assert b"canary" in data
    clean = accept_image(upload("a.png", data))
    assert b"canary" not in clean.data
    assert opened(clean.data).info == {}


@pytest.mark.parametrize("tail", [SCRIPT, PHP, b"PK\x03\x04" + bytes(50), b"canary"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_was_appended_to_a_photo_is_gone(kind: str, tail: bytes) -> None:
    clean = accept_image(upload("a.jpg", samples.photo(kind) + tail))
    assert tail not in clean.data
    assert tail not in clean.thumbnail


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_every_kind_of_colour_is_understood(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new(mode, (20, 10))
    out = io.BytesIO()
    image.save(out, kind)
    clean = accept_image(upload("a.png", out.getvalue()))
    assert opened(clean.thumbnail).mode == "RGB"
    assert opened(clean.data).mode == ("RGBA" if mode in {"RGBA", "LA"} else "RGB")


def test_the_same_photo_gives_the_same_bytes() -> None:
    once, again = (accept_image(upload("a.jpg", samples.photo_with_place())) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", b"", EMPTY),
        ("a.svg", b"<svg onload='alert(1)'/>", NOT_A_PHOTO),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NOT_A_PHOTO),
        ("a.png", b"<?xml version='1.0'?><svg/>", NOT_A_PHOTO),
        ("a.jpg", SCRIPT, NOT_A_PHOTO),
        ("a.html", samples.photo(), NOT_A_PHOTO),
        ("a.php", samples.photo(), NOT_A_PHOTO),
        ("a.jpg.svg", samples.photo(), NOT_A_PHOTO),
        ("a.exe", samples.photo(), NOT_A_PHOTO),
        ("a.jpg", b"\xff\xd8\xff" + SCRIPT, DAMAGED),
        ("a.jpg", b"\xff\xd8\xff\xe0", DAMAGED),
        ("a.png", b"\x89PNG\r\n\x1a\n" + SCRIPT, DAMAGED),
        ("a.webp", b"RIFF\x10\0\0\0WEBP" + SCRIPT, DAMAGED),
        ("a.jpg", SCRIPT + samples.photo(), NOT_A_PHOTO),
        ("a.jpg", b"GIF89a/*" + SCRIPT, NOT_A_PHOTO),
        ("a.gif", samples.photo("GIF"), NOT_A_PHOTO),
        ("a.jpg", samples.photo("GIF"), NOT_A_PHOTO),
        ("a.jpg", samples.photo("BMP"), NOT_A_PHOTO),
        ("a.jpg", samples.photo("TIFF"), NOT_A_PHOTO),
        ("a.jpg", samples.photo("ICO"), NOT_A_PHOTO),
        ("a.jpg", samples.photo("PDF"), NOT_A_PHOTO),
        ("a.jpg", b"MZ" + bytes(100), NOT_A_PHOTO),
        ("a.png", workbooks.raw(), NOT_A_PHOTO),
        ("a.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n", NOT_A_PHOTO),
        ("a.jpg", samples.photo()[:-200], DAMAGED),
        ("a.jpg", samples.photo()[:100], DAMAGED),
        ("a.png", samples.photo("PNG")[:-60], DAMAGED),
        ("a.png", samples.photo("PNG").replace(b"IDAT", b"IDAX"), DAMAGED),
        ("a.webp", samples.photo("WEBP")[:40], DAMAGED),
        ("a.png", samples.huge_png(), PIXELS),
        ("a.png", samples.huge_png(10_000, 8_000), PIXELS),
        ("a.png", samples.huge_png(0, 10), DAMAGED),
        ("a.jpg", samples.huge_jpeg(), PIXELS),
        ("a.png", samples.text_bomb_png(), DAMAGED),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        ("a.jpg", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", HEIC),
    ],
)
def test_what_is_no_photo_is_refused(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as caught:
        accept_image(upload(name, data))
    assert caught.value.message == sentence


def test_a_photo_beyond_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_IMAGE", 500)
    with pytest.raises(FileRefused, match="文件超过 0 MB，请压缩后再上传"):
        accept_image(upload("a.jpg", samples.photo()))


# --- Papers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("记录.pdf", samples.pdf(), "application/pdf"),
        (
            "记录.PDF",
            samples.pdf(samples.stream(b"BT /JS (x) Tj /JavaScript ET")),
            "application/pdf",
        ),
        (
            "记录.docx",
            samples.docx("誓词：保守党的秘密"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "名册.xlsx",
            workbooks.book([["姓名"], ["王明"]]),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_a_plain_paper_is_kept_as_it_came(name: str, data: bytes, content_type: str) -> None:
    stem = name.partition(".")[0]
    clean = accept_document(upload(name, data))
    assert clean == CleanFile(f"{stem}{Path(name).suffix.lower()}", content_type, data)


JAVASCRIPT = "PDF 里带有脚本，请用 Word、WPS 重新导出一份 PDF 后再上传。"
PDF_CUT = "PDF 不完整或已损坏，请用 Word、WPS 重新导出一份 PDF 后再上传。"
PDF_TAIL = "PDF 末尾有不属于它的内容，请用 Word、WPS 重新导出一份 PDF 后再上传。"
AGAIN = "请用 Word、Excel 或 WPS 打开，另存为新的 .docx 或 .xlsx 后再上传。"
MACROS = "文件带有宏或控件，请另存为不含宏的 .xlsx 或 .docx 后再上传。"
AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 或导出 PDF 后再上传。"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", b"", EMPTY),
        ("a.pdf", SCRIPT, NOT_A_DOCUMENT),
        ("a.html", SCRIPT, NOT_A_DOCUMENT),
        ("a.pdf", SCRIPT + samples.pdf(), NOT_A_DOCUMENT),
        ("a.pdf", samples.pdf(tail=SCRIPT), PDF_TAIL),
        ("a.pdf", samples.pdf(tail=workbooks.raw()), PDF_TAIL),
        ("a.pdf", samples.pdf()[:-10], PDF_CUT),
        ("a.pdf", samples.pdf()[:100], PDF_CUT),
        ("a.pdf", samples.pdf(b"4 0 obj <</S/JavaScript/JS(app.alert(1))>> endobj\n"), JAVASCRIPT),
        ("a.pdf", samples.pdf(b"4 0 obj <</S/J#61vaScript/J#53(x)>> endobj\n"), JAVASCRIPT),
        (
            "a.pdf",
            samples.pdf(samples.stream(b"4 0 <</S/JavaScript/JS(x)>>", b"/Type/ObjStm")),
            JAVASCRIPT,
        ),
        (
            "a.pdf",
            samples.pdf(b"4 0 obj <</S/Launch/F(cmd.exe)>> endobj\n"),
            "PDF 里带有启动程序的动作，请用 Word、WPS 重新导出一份 PDF 后再上传。",
        ),
        (
            "a.pdf",
            samples.pdf(b"4 0 obj <</Type/EmbeddedFile>> endobj\n"),
            "PDF 里带有嵌入的附件，请用 Word、WPS 重新导出一份 PDF 后再上传。",
        ),
        (
            "a.pdf",
            samples.pdf(b"4 0 obj <</Encrypt 5 0 R>> endobj\n"),
            "PDF 加了密码或限制，请取消密码和限制后再上传。",
        ),
        ("a.docx", samples.docx(extra={"word/vbaProject.bin": b"x"}), MACROS),
        ("a.docm", samples.docx(), AS_DOCX),
        ("a.doc", workbooks.OLE + bytes(600), AS_DOCX),
        ("a.xlsm", workbooks.raw(), "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"),
        ("a.docx", workbooks.OLE + bytes(600), NOT_A_DOCUMENT),
        (
            "a.docx",
            samples.docx(
                extra={
                    "[Content_Types].xml": b"<Types><x ContentType='application/vnd.ms-word."
                    b"document.macroEnabled.main+xml'/></Types>"
                }
            ),
            "文件带有宏，请另存为不含宏的格式后再上传。",
        ),
        ("a.docx", samples.remote_template(), f"文件引用了外部的模板或对象，{AGAIN}"),
        (
            "a.docx",
            samples.docx(extra={"word/embeddings/oleObject1.bin": b"x"}),
            "文件里有外部链接或嵌入的对象，"
            "请断开链接、删去嵌入的对象，或把内容复制到新文件（按“值”粘贴）后再上传。",
        ),
        (
            "a.docx",
            samples.docx('DDEAUTO c:\\\\cmd.exe "/k"'),
            f"文件里带有会自动执行的域，{AGAIN}",
        ),
        (
            "a.docx",
            samples.docx(extra={"word/header1.xml": b"<w:hdr><w:altChunk r:id='x'/></w:hdr>"}),
            f"文件里带有会自动执行的域，{AGAIN}",
        ),
        (
            "a.docx",
            samples.docx(extra={"word/styles.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            f"文件里有不该有的定义，{AGAIN}",
        ),
        (
            "a.docx",
            samples.docx(extra={"word/media/x.xml": bytes(30_000_000)}),
            f"文件解开后异常庞大，{AGAIN}",
        ),
        ("a.docx", samples.docx(tail=SCRIPT), f"文件末尾有不属于它的内容，{AGAIN}"),
        ("a.docx", samples.docx()[:-30], f"文件不完整或已损坏，{AGAIN}"),
        ("a.docx", SCRIPT + samples.docx(), NOT_A_DOCUMENT),
        ("a.docx", workbooks.raw(), "这不是 Word 文件，请上传 .docx 文件。"),
        ("a.xlsx", samples.docx(), "这不是表格文件，请上传 .xlsx、.xls 或 .csv 文件。"),
        ("a.docx", samples.archive({"evil.exe": b"MZ"}), "这不是 Word 文件，请上传 .docx 文件。"),
        ("a.zip", samples.archive({"a.txt": b"x"}), NOT_A_DOCUMENT),
        ("a.exe", b"MZ" + bytes(100), NOT_A_DOCUMENT),
        ("pdf", samples.pdf(), NOT_A_DOCUMENT),
        ("a.xlsx", workbooks.entity_bomb(), f"文件里有不该有的定义，{AGAIN}"),
        ("a.xlsx", workbooks.raw(extra={"xl/macrosheets/a.xml": b"<a/>"}), MACROS),
    ],
)
def test_a_paper_that_is_more_than_paper_is_refused(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as caught:
        accept_document(upload(name, data))
    assert caught.value.message == sentence


# --- Marks of secrecy ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("绝密文件.pdf", "绝密"),
        ("关于×的请示（机密）.docx", "机密"),
        ("秘密.jpg", "秘密"),
        ("方案★.pdf", "★"),
        ("保守党的秘密学习记录.docx", ""),
        ("秘密写票处.jpg", ""),
        ("秘书处会议.docx", ""),
    ],
)
def test_a_mark_in_a_name_is_seen(name: str, mark: str) -> None:
    assert mark_in_name(name) == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("机密★1年\n关于……", "机密★"),
        ("秘 密 ★ 长期", "秘密★"),
        ("标题\n绝 密\n正文", "绝密"),
        ("【机密】\n正文", "【机密】"),
        ("★5年", "★5年"),
        ("我志愿加入中国共产党……严守党的纪律，保守党的秘密，对党忠诚", ""),
        ("不得泄露国家秘密和工作秘密", ""),
        ("学习《保守国家秘密法》", ""),
        ("", ""),
    ],
)
def test_a_mark_in_a_text_is_seen_but_not_the_mere_word(text: str, mark: str) -> None:
    assert mark_in_text(text) == mark


def test_a_marked_file_is_refused_without_claiming_a_secrecy_check() -> None:
    with pytest.raises(FileRefused) as caught:
        accept_image(upload("机密方案.jpg", samples.photo()))
    assert caught.value.message == (
        "文件名带有“机密”字样：本系统不得存放涉密内容，请不要上传。"
        "确认不涉密的，请去掉该字样后再试（这里只认字样，不能代替保密审查）。"
    )
    with pytest.raises(FileRefused, match="文件内容带有“秘密★”字样"):
        accept_document(upload("a.docx", samples.docx("秘密★3年\n正文")))
    with pytest.raises(FileRefused, match="文件内容带有“机密”字样"):
        accept_document(upload("a.xlsx", workbooks.raw(extra=_shared("机密"))))


def _shared(text: str) -> dict[str, bytes]:
    return {"xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>".encode()}


# --- Names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32", "system32"),
        ("..", "未命名"),
        ("", "未命名"),
        ("/", "未命名"),
        ("签到\u202egpj.exe", "签到gpj.exe"),
        ('a"b<c>|d?*\r\ne', "abcde"),
        ("长" * 300, "长" * 100),
        ("七月 主题党日", "七月 主题党日"),
    ],
)
def test_a_name_is_made_harmless(name: str, safe: str) -> None:
    assert files.safe_name(name) == safe


def test_a_traversing_upload_lands_under_a_random_name(root: Path) -> None:
    stored = files.store(accept_image(upload("../../../evil.jpg", samples.photo())))
    assert stored.name == "evil.jpg"
    assert {file.resolve().is_relative_to(root) for file in root.rglob("*")} == {True}
    assert "evil" not in " ".join(map(str, root.rglob("*")))


# --- Kept ------------------------------------------------------------------------------------


def paper(data: bytes = b"paper") -> CleanFile:
    return CleanFile("记录.pdf", "application/pdf", data)


def everything(root: Path) -> list[Path]:
    return sorted(file for file in root.rglob("*") if file.is_file())


def test_a_stored_file_is_whole_private_and_known_by_its_hash(root: Path) -> None:
    clean = accept_image(upload("a.jpg", samples.photo()))
    stored = files.store(clean)
    file = root / stored.path
    assert file.read_bytes() == clean.data
    assert (root / stored.thumbnail).read_bytes() == clean.thumbnail
    assert (stored.sha256, stored.size) == (
        hashlib.sha256(clean.data).hexdigest(),
        len(clean.data),
    )
    assert stored.path == f"{file.name[:2]}/{file.name[2:4]}/{file.name}"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o077) == (0o600, 0)
    assert len(everything(root)) == 2


def test_a_full_disk_leaves_nothing_behind_and_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused) as caught:
        files.store(paper())
    assert caught.value.message == "服务器暂时存不下这个文件，请稍后再传；仍不行请告诉管理员。"
    assert everything(root) == []


def test_a_thumbnail_does_not_outlive_the_failure_of_its_photo(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = files._written

    def second_fails(data: bytes) -> tuple[str, str]:
        if data == b"photo":
            raise OSError(errno.EIO, "broken")
        return written(data)

    monkeypatch.setattr(files, "_written", second_fails)
    with pytest.raises(FileRefused):
        files.store(CleanFile("a.jpg", "image/jpeg", b"photo", b"thumbnail"))
    assert everything(root) == []


def test_a_disk_that_gives_back_other_bytes_is_noticed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"other")
    with pytest.raises(FileRefused):
        files.store(paper())
    assert everything(root) == []


def test_discarding_takes_only_stored_paths(root: Path) -> None:
    stored = files.store(paper())
    outside = root.parent / "outside"
    outside.write_text("x")
    files.discard("../outside", "", "aa/bb/nothing", stored.path, stored.path)
    assert outside.exists()
    assert everything(root) == []


def aged(root: Path, path: str, days: float) -> None:
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(root / path, (moment, moment))


def test_the_sweep_takes_old_files_that_no_row_knows_and_broken_off_writes(root: Path) -> None:
    known, orphan, young = (files.store(paper()).path for _ in range(3))
    part = f"{known}.part"
    (root / part).write_bytes(b"half")
    for path, days in ((known, 3), (orphan, 3), (young, 0.5), (part, 3)):
        aged(root, path, days)
    asked: list[str] = []

    def rows(paths: Sequence[str]) -> set[str]:
        asked.extend(paths)
        return {known}

    assert files.sweep_orphans(known=rows, now=NOW) == 2
    assert sorted(asked) == sorted([known, orphan])
    assert everything(root) == sorted([root / known, root / young])
    assert files.sweep_orphans(known=rows, now=NOW) == 0


def test_the_sweep_asks_in_batches(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 2)
    for _ in range(5):
        aged(root, files.store(paper()).path, 2)
    sizes: list[int] = []

    def rows(paths: Sequence[str]) -> list[str]:
        sizes.append(len(paths))
        return []

    assert files.sweep_orphans(known=rows, now=NOW) == 5
    assert sizes == [2, 2, 1]


# --- Out -------------------------------------------------------------------------------------


def release(response: object) -> None:
    """Close the file, but not the request: that would look for a database."""
    assert isinstance(response, FileResponse)
    response.file_to_stream.close()


def headers(response: object) -> dict[str, str]:
    kept = dict(response.items())  # type: ignore[attr-defined]
    kept.pop("Content-Length", None)
    return kept


def test_a_file_goes_out_as_a_download_that_cannot_run(rf: RequestFactory) -> None:
    stored = files.store(paper(b"%PDF"))
    response = files.serve(
        rf.get("/"), stored.path, "七月记录.pdf", content_type="application/pdf", inline=True
    )
    assert isinstance(response, FileResponse)
    assert response.getvalue() == b"%PDF"
    release(response)
    assert headers(response) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''%E4%B8%83%E6%9C%88%E8%AE%B0%E5%BD%95"
        ".pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def test_a_photo_may_be_shown_in_the_page(rf: RequestFactory) -> None:
    stored = files.store(paper(b"x"))
    response = files.serve(
        rf.get("/"), stored.path, "a.jpg", content_type="image/jpeg", inline=True
    )
    release(response)
    assert response["Content-Disposition"] == 'inline; filename="a.jpg"'


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf"])
def test_nothing_but_a_photo_is_ever_shown_in_the_page(
    rf: RequestFactory, content_type: str
) -> None:
    stored = files.store(paper(b"x"))
    response = files.serve(rf.get("/"), stored.path, "a", content_type=content_type, inline=True)
    release(response)
    assert response["Content-Disposition"] == 'attachment; filename="a"'


def test_the_front_server_sends_the_bytes_where_it_is_set_up(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.PRIVATE_ACCEL_PREFIX = "/private/"
    stored = files.store(paper())
    response = files.serve(rf.get("/"), stored.path, "a.pdf", content_type="application/pdf")
    assert response["X-Accel-Redirect"] == f"/private/{stored.path}"
    assert (response.content, response["X-Content-Type-Options"]) == (b"", "nosniff")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../../etc/passwd",
        "aa/bb/../../../../etc/passwd",
        "/etc/passwd",
        "aa/bb/cc",
        "aa/bb/0123456789abcdef0123456789abcdef",
        f"aa/bb/aabb{'0' * 28}\n",
        f"aa/bb/aabb{'0' * 28}",
    ],
)
def test_a_path_that_is_none_or_leads_nowhere_is_not_found(rf: RequestFactory, path: str) -> None:
    with pytest.raises(Http404):
        files.serve(rf.get("/"), path, "a.pdf")


def test_a_file_is_only_ever_fetched(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        files.serve(rf.post("/"), files.store(paper()).path, "a.pdf")
