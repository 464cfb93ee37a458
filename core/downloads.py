"""Something to take away: an answer that the browser saves under its Chinese name."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.workbooks import XLSX_TYPE


def workbook_download(pieces: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """A workbook, sent as it comes to be."""
    response = StreamingHttpResponse(iter(pieces), content_type=XLSX_TYPE)
    response["Content-Disposition"] = _saved_as(name)
    return response


def file_download(data: bytes, name: str, content_type: str) -> HttpResponse:
    """A file that was made whole."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = _saved_as(name)
    return response


def _saved_as(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"
