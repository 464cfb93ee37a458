"""What a PDF, Word or Excel file carries besides its text, looked at before it is kept.

The checks read structure only and never render: scripts, macros, programs to launch, embedded
files, remote templates, passwords, and bytes that do not belong to the file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Literal
from xml.sax.saxutils import unescape

from core.workbooks.faults import WorkbookError
from core.workbooks.safety import check_archive

DocumentKind = Literal["pdf", "docx", "xlsx"]

INFLATED = 64 * 1024 * 1024
TEXT = 8 * 1024 * 1024
_HEAD = 64 * 1024

_SAVE_AS_PDF = "请用 Word、WPS 重新导出一份 PDF 后再上传"
_SAVE_AGAIN = "请用 Word、Excel 或 WPS 打开，另存为新的 .docx 或 .xlsx 后再上传"
_ACTIONS = {
    b"JavaScript": "脚本",
    b"JS": "脚本",
    b"Launch": "启动程序的动作",
    b"RichMedia": "多媒体",
    b"EmbeddedFile": "嵌入的附件",
    b"EmbeddedFiles": "嵌入的附件",
    b"XFA": "动态表单",
}
_ACTION = re.compile(rb"/(" + b"|".join(_ACTIONS) + rb")(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_]")
_EXTERNAL = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_FIELD_CODE = re.compile(rb"\bDDE(AUTO)?\b|<(?:\w+:)?altChunk\b")


class DocumentRefused(Exception):
    """A document that is not kept: what is wrong and what to do, in one sentence."""


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut, locked, active, or more than a PDF."""
    end = data.rfind(b"%%EOF")
    if not data.startswith(b"%PDF-") or end < 0 or b"startxref" not in data[-4096:]:
        raise DocumentRefused(f"PDF 不完整或已损坏，{_SAVE_AS_PDF}。")
    if data[end + 5 :].strip(b"\0 \r\n\t"):
        raise DocumentRefused(f"PDF 末尾有不属于它的内容，{_SAVE_AS_PDF}。")
    # Compressed streams are noise to a search by words; object streams may hide an action.
    bare = _STREAM.sub(b"stream endstream", data)
    if re.search(rb"/Encrypt(?![A-Za-z0-9])", bare):
        raise DocumentRefused("PDF 加了密码或限制，请取消密码和限制后再上传。")
    for part in (bare, *_object_streams(data)):
        found = _ACTION.search(_ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), part))
        if found:
            raise DocumentRefused(f"PDF 里带有{_ACTIONS[found[1]]}，{_SAVE_AS_PDF}。")


def _object_streams(data: bytes) -> list[bytes]:
    """Return the contents of a PDF's compressed object streams, up to a bound."""
    found, left = [], INFLATED
    for stream in _STREAM.finditer(data):
        if b"/ObjStm" in _ESCAPED.sub(b"", data[max(stream.start() - 400, 0) : stream.start()]):
            try:
                content = zlib.decompressobj().decompress(stream[1], left)
            except zlib.error:
                continue
            left -= len(content)
            found.append(content)
            if left <= 0:
                raise DocumentRefused(f"PDF 解开后异常庞大，{_SAVE_AS_PDF}。")
    return found


def check_office(data: bytes, kind: Literal["docx", "xlsx"]) -> str:
    """Refuse a Word or Excel file that is broken, locked or active; return the text found in it."""
    try:
        check_archive(data, "word/" if kind == "docx" else "xl/")
    except WorkbookError as refused:
        fault = refused.fault
        hint = _SAVE_AGAIN if re.search("Excel|工作簿", fault.hint) else fault.hint
        raise DocumentRefused(f"{fault.message}，{hint}。") from refused
    if len(data) != data.rfind(b"PK\x05\x06") + 22:
        raise DocumentRefused(f"文件末尾有不属于它的内容，{_SAVE_AGAIN}。")
    texts, left = [], TEXT
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            name = part.filename.lower()
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                with archive.open(part) as stream:
                    content = stream.read(_HEAD)
                    _check_part(name, content)
                    if _is_text(name) and left > 0:
                        content += stream.read(left)
                        left -= len(content)
                        texts.append(_check_text(content))
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as broken:
                raise DocumentRefused(f"文件不完整或已损坏，{_SAVE_AGAIN}。") from broken
    return "\n".join(texts)


def _check_part(name: str, head: bytes) -> None:
    root = _ROOT.search(head)
    if root is None or b"<!DOCTYPE" in head[: root.start()]:
        raise DocumentRefused(f"文件里有不该有的定义，{_SAVE_AGAIN}。")
    if name == "[content_types].xml" and b"macroenabled" in head.lower():
        raise DocumentRefused("文件带有宏，请另存为不含宏的格式后再上传。")
    if name.endswith(".rels"):
        links = [link for link in _EXTERNAL.findall(head) if b"/hyperlink" not in link]
        if links:
            raise DocumentRefused(f"文件引用了外部的模板或对象，{_SAVE_AGAIN}。")


def _is_text(name: str) -> bool:
    return name == "xl/sharedstrings.xml" or bool(
        re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name)
    )


def _check_text(content: bytes) -> str:
    """Return the words of a part, a line for each paragraph; refuse fields that run something."""
    if _FIELD_CODE.search(content):
        raise DocumentRefused(f"文件里带有会自动执行的域，{_SAVE_AGAIN}。")
    lines = re.sub(rb"</(?:\w+:)?(p|si)>|<(?:\w+:)?br/>", b"\n", content)
    return unescape(re.sub(rb"<[^>]*>", b"", lines).decode(errors="replace"))
