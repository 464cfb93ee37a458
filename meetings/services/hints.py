"""Keys of photos and minutes, written when they come in, so that alike ones are found later."""

from __future__ import annotations

import io

from PIL import Image

from meetings.models import Meeting, MeetingFile, MinutesKey, PhotoKey
from meetings.rules.hints import dhash, photo_keys, signed, text_keys


def picture_hash(data: bytes) -> int | None:
    """The difference hash of a clean picture as the database keeps it; None without a picture."""
    if not data:
        return None
    with Image.open(io.BytesIO(data)) as opened:
        grey = opened.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    return signed(dhash(list(grey.tobytes())))


def note_photo(file: MeetingFile) -> None:
    """Keep the keys of a photo that was just stored; a paper has none."""
    if file.dhash is None:
        return
    PhotoKey.unscoped.bulk_create(
        PhotoKey(file=file, key=key, dhash=file.dhash) for key in photo_keys(file.dhash)
    )


def note_minutes(meeting: Meeting) -> None:
    """Keep the keys of a record's minutes as they are filed; what did not change stays."""
    wanted = set(text_keys(meeting.minutes))
    rows = MinutesKey.unscoped.filter(meeting=meeting)
    known = set(rows.values_list("key", flat=True))
    if known == wanted:
        return
    rows.delete()
    MinutesKey.unscoped.bulk_create(MinutesKey(meeting=meeting, key=key) for key in sorted(wanted))
