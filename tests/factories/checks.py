"""Draws, checks with findings, comments and alike records for tests, made through the services."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from branches.models import Unit
from meetings import services
from meetings.entries import FindingEntry, PointEntry
from meetings.models import CheckDraw, Comment, Finding, Meeting, SpotCheck

DUE = date(2026, 8, 14)
FULL = (20, 30, 15, 20, 15)
NAMES = ("要素齐全", "主题内容", "到会与请假", "讨论与决议", "照片与签到")


def make_draw(unit: Unit, by: User, *, wanted: int = 1, **facts: Any) -> CheckDraw:
    """A draw from the unit's records of the summer of 2026."""
    facts.setdefault("since", date(2026, 6, 1))
    facts.setdefault("until", date(2026, 8, 31))
    facts.setdefault("due_on", DUE)
    facts.setdefault("form_key", uuid4())
    return services.start_draw(unit=unit, by=by, wanted=wanted, **facts)


def points(*given: int) -> list[PointEntry]:
    """The usual sheet with these points; full marks when none are named."""
    return [
        PointEntry(name, Decimal(full), Decimal(one))
        for name, full, one in zip(NAMES, FULL, given or FULL, strict=True)
    ]


def make_check(
    meeting: Meeting, by: User, *given: int, findings: Sequence[str] = (), **facts: Any
) -> SpotCheck:
    """A record read by the sheet, with a finding for each text."""
    facts.setdefault("checked_on", date(2026, 7, 20))
    return services.check_record(
        meeting=meeting,
        by=by,
        points=points(*given),
        findings=[FindingEntry(text, "下次会议起改正", DUE) for text in findings],
        **facts,
    )


def make_finding(meeting: Meeting, by: User, text: str = "讨论发言没有记到人") -> Finding:
    """A check with one finding."""
    return Finding.unscoped.get(check_of=make_check(meeting, by, findings=[text]))


def make_comment(meeting: Meeting, by: User, text: str = "发言可以记得更细") -> Comment:
    """审阅意见 of somebody above."""
    return services.add_comment(meeting=meeting, by=by, text=text, form_key=uuid4())


def scene(seed: int = 1, *, size: tuple[int, int] = (800, 600), quality: int = 90) -> bytes:
    """A drawn photo, the same for the same seed, at any size and quality."""
    dice = random.Random(seed)
    image = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(image)
    for _ in range(30):
        x, y = dice.randrange(700), dice.randrange(500)
        shade = dice.randrange(256)
        pen.rectangle((x, y, x + dice.randrange(80, 300), y + dice.randrange(80, 300)), shade)
    out = io.BytesIO()
    image.resize(size).save(out, "JPEG", quality=quality)
    return out.getvalue()


def photo(data: bytes, name: str = "合影.jpg") -> SimpleUploadedFile:
    """Bytes as a form hands them over."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def long_minutes(seed: int = 1) -> str:
    """Minutes of four hundred characters, the same for the same seed."""
    dice = random.Random(seed)
    return "".join(chr(dice.randrange(0x4E00, 0x8E00)) for _ in range(400))
