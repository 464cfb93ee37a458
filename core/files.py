"""Private files: what may come in, how it is kept, and how it goes out again.

In: `accept_image` decodes a photo in full and draws it anew, so that place, camera and anything
hidden in it are gone; `accept_document` lets plain PDF, Word and Excel files through. Kept: under
`settings.PRIVATE_ROOT`, by a random name, whole or not at all. Out: `serve`, from a view that has
checked who asks; nothing here decides access.

    clean = files.accept_image(upload)           # FileRefused says what to do
    stored = files.store(clean)                  # then create the row, in a transaction
    return files.serve(request, row.path, row.name, content_type=row.content_type, inline=True)

A file without a row (the transaction failed) is swept by `sweep_orphans` a day later.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from PIL import Image, ImageOps

from core.documents import DocumentRefused, check_office, check_pdf
from core.errors import Refusal
from core.screening import mark_in_name, mark_in_text, refusal_of

MAX_IMAGE = 20 * 1024 * 1024
MAX_DOCUMENT = 20 * 1024 * 1024
MAX_PIXELS = 70_000_000
LONGEST_SIDE = 2560
THUMBNAIL = 400
MAX_NAME = 100
BATCH = 1000

# The last three are let in by name to be refused with advice.
IMAGE_NAMES = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif")
INLINE_TYPES = ("image/jpeg", "image/png")
_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PATH = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}\Z")
_UNSAFE = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"|?*%;]')
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_NOT_A_PHOTO = "这不是能用的照片，请上传 JPG、PNG 或 WebP 格式的照片。"
_TOO_MANY_PIXELS = f"照片的像素太多（上限 {MAX_PIXELS // 10_000} 万），请把照片缩小后再上传。"
_NOT_A_DOCUMENT = "这不是能用的文件，请上传 PDF、Word（.docx）或 Excel（.xlsx）文件。"


class FileRefused(Refusal):
    """An upload that is not kept: the message says what is wrong and what to do."""


class Upload(Protocol):
    """A file as a form hands it over (django.core.files.File)."""

    name: str | None

    def read(self, num_bytes: int | None = None, /) -> bytes:
        """Return up to so many bytes."""

    def seek(self, offset: int, /) -> object:
        """Go back to the beginning."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """An upload that passed: its safe display name, its type, its bytes, a photo's thumbnail."""

    name: str
    content_type: str
    data: bytes
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on disk: path below the private root, SHA-256 as hex, size in bytes."""

    path: str
    sha256: str
    size: int
    name: str
    content_type: str
    thumbnail: str = ""

    @property
    def is_photo(self) -> bool:
        """Whether it is a photo; otherwise a paper."""
        return self.content_type in INLINE_TYPES

    @property
    def columns(self) -> dict[str, Any]:
        """What a row that hangs on it writes down."""
        return asdict(self)


# --- In --------------------------------------------------------------------------------------


def accept_image(upload: Upload) -> CleanFile:
    """Return a photo drawn anew: upright, at most 2560 px, no EXIF, no place, nothing appended.

    Takes JPEG, PNG and WebP up to 20 MB and 70 megapixels; gives JPEG, or PNG for a PNG. Raises
    FileRefused for anything else.
    """
    name, _, data = _taken(upload, MAX_IMAGE, IMAGE_NAMES, _NOT_A_PHOTO)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise FileRefused(
            "这是苹果手机的 HEIC 照片，请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，"
            "或用微信发给自己再保存上传。"
        )
    if not _is_image(data):
        raise FileRefused(_NOT_A_PHOTO)
    try:
        return _drawn_anew(name, data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise FileRefused(_TOO_MANY_PIXELS) from bomb
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as broken:
        raise FileRefused("照片不完整或已损坏，请重新拍摄或另存后再上传。") from broken


def _is_image(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def _drawn_anew(name: str, data: bytes) -> CleanFile:
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
        kind = "png" if opened.format == "PNG" else "jpg"
        if opened.width * opened.height > MAX_PIXELS:
            raise FileRefused(_TOO_MANY_PIXELS)
        # A JPEG is decoded to its end, but no larger than needed.
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        ImageOps.exif_transpose(opened, in_place=True)
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        image = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    if kind == "jpg":
        image = _on_white(image)
    small = _on_white(image)
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return CleanFile(
        name=f"{name}.{kind}",
        content_type=_TYPES[kind],
        data=_encoded(image, kind),
        thumbnail=_encoded(small, "jpg"),
        width=image.width,
        height=image.height,
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Return a copy without transparency."""
    if image.mode != "RGBA":
        return image.copy()
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _encoded(image: Image.Image, kind: str) -> bytes:
    # What Pillow carries along (comments, profiles, text) would be written again.
    image.info.clear()
    out = io.BytesIO()
    if kind == "jpg":
        image.save(out, "JPEG", quality=85, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()


def accept_document(upload: Upload) -> CleanFile:
    """Return a PDF, Word (.docx) or Excel (.xlsx) file as it came, if it is only that.

    Name, first bytes and structure must agree. Macros, scripts, embedded files, remote templates
    and passwords are refused, and so are marks of secrecy in the name or, for Word and Excel, in
    the text (a reminder, not a secrecy check). Raises FileRefused.
    """
    name, kind, data = _taken(upload, MAX_DOCUMENT, ("pdf", "docx", "xlsx"), _NOT_A_DOCUMENT)
    magic = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
    if kind not in magic or not data.startswith(magic[kind]):
        raise FileRefused(_NOT_A_DOCUMENT)
    try:
        if kind == "pdf":
            check_pdf(data)
            text = ""
        else:
            text = check_office(data, "docx" if kind == "docx" else "xlsx")
    except DocumentRefused as refused:
        raise FileRefused(str(refused)) from refused
    mark = mark_in_text(text)
    if mark:
        raise FileRefused(refusal_of(mark, "文件内容"))
    return CleanFile(name=f"{name}.{kind}", content_type=_TYPES[kind], data=data)


def _taken(
    upload: Upload, most: int, extensions: Sequence[str], refusal: str
) -> tuple[str, str, bytes]:
    """Return an upload's safe name, its extension and its bytes, if name and size will do."""
    given = upload.name or ""
    mark = mark_in_name(given)
    if mark:
        raise FileRefused(refusal_of(mark, "文件名"))
    stem, dot, extension = given.rpartition(".")
    extension = extension.lower() if dot else ""
    if dot and extension not in extensions:
        raise FileRefused(_old_office(extension) or refusal)
    upload.seek(0)
    data = upload.read(most + 1)
    if not data:
        raise FileRefused("文件是空的，请确认选对了文件。")
    if len(data) > most:
        raise FileRefused(f"文件超过 {most // 1024 // 1024} MB，请压缩后再上传。")
    return safe_name(stem if dot else given), extension, data


def _old_office(extension: str) -> str:
    if extension in {"doc", "wps", "docm", "rtf"}:
        return "请用 Word 或 WPS 打开，另存为 .docx 或导出 PDF 后再上传。"
    if extension in {"xls", "et", "xlsm", "xlsb"}:
        return "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
    return ""


def safe_name(name: str) -> str:
    """Return a file name fit for showing and for a download: no paths, no invisible turns."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return _UNSAFE.sub("", last).strip(" .")[:MAX_NAME] or "未命名"


# --- Kept ------------------------------------------------------------------------------------


def store(clean: CleanFile) -> StoredFile:
    """Write a file, and its thumbnail, below the private root; whole or not at all.

    Temporary name, flush to disk, hash of what the disk holds, rename: a row created afterwards
    never points at half a file. Raises FileRefused when the disk is full.
    """
    thumbnail = ""
    try:
        if clean.thumbnail:
            thumbnail, _ = _written(clean.thumbnail)
        path, digest = _written(clean.data)
    except OSError as full:
        discard(thumbnail)
        raise FileRefused(
            "服务器暂时存不下这个文件，请稍后再传；仍不行请告诉管理员。", code="conflict"
        ) from full
    return StoredFile(path, digest, len(clean.data), clean.name, clean.content_type, thumbnail)


def _written(data: bytes) -> tuple[str, str]:
    """Write bytes under a new random name; return path and SHA-256 of what was read back."""
    name = uuid4().hex
    path = f"{name[:2]}/{name[2:4]}/{name}"
    final = Path(settings.PRIVATE_ROOT) / path
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = final.with_suffix(".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        if digest != hashlib.sha256(data).hexdigest():
            raise OSError("the disk gave back other bytes")
        part.rename(final)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _flush_folder(final.parent)
    return path, digest


def _flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def discard(*paths: str) -> None:
    """Delete files by their paths; those that are gone already, or are no paths, are no matter."""
    for path in paths:
        if _PATH.match(path):
            (Path(settings.PRIVATE_ROOT) / path).unlink(missing_ok=True)


def sweep_orphans(
    *,
    known: Callable[[Sequence[str]], Collection[str]],
    now: datetime,
    older_than: timedelta = timedelta(days=1),
) -> int:
    """Delete files that no row knows, and broken-off writes, older than a day; count them.

    `known` gets a thousand paths at a time and returns those that rows (files or thumbnails)
    point at. Young files are left: their row may be about to be written.
    """
    swept, batch = 0, []
    limit = (now - older_than).timestamp()
    for file in _old_files(Path(settings.PRIVATE_ROOT), limit):
        batch.append(file)
        if len(batch) == BATCH:
            swept += _sweep(batch, known)
            batch = []
    return swept + _sweep(batch, known)


def _old_files(root: Path, limit: float) -> Iterator[Path]:
    for file in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if file.is_file() and file.stat().st_mtime < limit:
            yield file


def _sweep(files: list[Path], known: Callable[[Sequence[str]], Collection[str]]) -> int:
    root = Path(settings.PRIVATE_ROOT)
    paths = {file.relative_to(root).as_posix(): file for file in files}
    kept = set(known([path for path in paths if _PATH.match(path)])) if paths else set()
    gone = [file for path, file in paths.items() if path not in kept]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


# --- Out -------------------------------------------------------------------------------------


def serve(
    request: HttpRequest,
    path: str,
    name: str,
    *,
    content_type: str = "application/octet-stream",
    inline: bool = False,
) -> HttpResponseBase:
    """Return a stored file to somebody the calling view has let in; 404 for what is not there.

    Always a download, but for photos with `inline`; never run, sniffed, framed or cached. With
    `settings.PRIVATE_ACCEL_PREFIX` the front server sends the bytes.
    """
    if request.method not in {"GET", "HEAD"} or not _PATH.match(path):
        raise Http404
    file = Path(settings.PRIVATE_ROOT) / path
    response: HttpResponseBase
    if settings.PRIVATE_ACCEL_PREFIX:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.PRIVATE_ACCEL_PREFIX.rstrip('/')}/{path}"
    else:
        try:
            response = FileResponse(file.open("rb"), content_type=content_type)
        except FileNotFoundError:
            raise Http404 from None
    shown = inline and content_type in INLINE_TYPES
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
