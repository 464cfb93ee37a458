"""What a file is, and whether it may be opened at all: looked at before anything is parsed.

These checks are cheap and run in the web process; unpacking and parsing happen in a child
process with its own limits (`child.py`), so a file that lies about its sizes harms nobody.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import Literal

from core.workbooks.faults import WorkbookError

Kind = Literal["xlsx", "xls", "csv"]

MAX_BYTES = 30 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_DIRECTORY = 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传"
_NOT_A_TABLE = ("这不是表格文件", "请上传 .xlsx、.xls 或 .csv 文件")
_NOT_A_TEXT = ("这不是 Word 文件", "请上传 .docx 文件")
_STRANGERS = (
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
)
_ACTIVE = re.compile(r"vbaproject|macrosheets/|activex/|customui/", re.IGNORECASE)
_EMBEDDED = re.compile(r"(xl|word)/(embeddings|externallinks)/", re.IGNORECASE)


def kind_of(data: bytes) -> Kind:
    """Return what the bytes are; WorkbookError when it is no table or may not be opened."""
    if not data.strip():
        raise WorkbookError("文件是空的", "请确认选对了文件")
    if len(data) > MAX_BYTES:
        raise WorkbookError(
            f"文件超过 {MAX_BYTES // 1024 // 1024} MB",
            "请删去图片和多余的工作表，或分成几个文件上传",
        )
    if data.startswith(b"PK"):
        check_archive(data, "xl/")
        return "xlsx"
    if data.startswith(_OLE):
        _check_compound(data)
        return "xls"
    if data.startswith(_STRANGERS):
        raise WorkbookError(*_NOT_A_TABLE)
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if head.startswith(b"<"):
        raise WorkbookError("这是网页或 XML 文件，只是名字改成了表格", _SAVE_AS)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError(*_NOT_A_TABLE)
    return "csv"


def check_archive(data: bytes, folder: str) -> None:
    """Refuse an Office file that is broken, locked, a bomb, or carries more than data.

    `folder` is where its parts lie: xl/ for a workbook, word/ for a text. Raises WorkbookError.
    """
    broken = WorkbookError("文件不完整或已损坏", f"{_SAVE_AS}；若打不开，请重新获取原文件")
    end = data.rfind(b"PK\x05\x06", -65_557)
    if end < 0 or len(data) < end + 22:
        raise broken
    entries, directory = struct.unpack_from("<HI", data, end + 10)
    # The directory is measured first: listing it costs memory by its size, not by its count.
    if entries > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise WorkbookError("文件里的部件太多，不像正常的工作簿", _SAVE_AS)
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise broken from fault
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        raise WorkbookError(*(_NOT_A_TABLE if folder == "xl/" else _NOT_A_TEXT))
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookError("文件加了密码", "请取消密码后再上传")
    if len(names) != len(set(names)) or len(names) > MAX_ENTRIES:
        raise broken
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or any(_bomb(part) for part in parts):
        raise WorkbookError("文件解开后异常庞大", "请新建一个工作簿，只复制需要的表格后再上传")
    if any(_ACTIVE.search(name) for name in names):
        raise WorkbookError("文件带有宏或控件", "请另存为不含宏的 .xlsx 或 .docx 后再上传")
    if any(_EMBEDDED.search(name) for name in names):
        raise WorkbookError(
            "文件里有外部链接或嵌入的对象",
            "请断开链接、删去嵌入的对象，或把内容复制到新文件（按“值”粘贴）后再上传",
        )


def _bomb(part: zipfile.ZipInfo) -> bool:
    size, packed = part.file_size, part.compress_size
    return size > RATIO_FROM and size > MAX_RATIO * max(packed, 1)


def _check_compound(data: bytes) -> None:
    """Refuse old binary files that are locked or carry macros."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise WorkbookError("文件加了密码", "请取消密码后再上传")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise WorkbookError("文件带有宏或控件", "请另存为不含宏的 .xlsx 或 .docx 后再上传")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise WorkbookError(*_NOT_A_TABLE)
