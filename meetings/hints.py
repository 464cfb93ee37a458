"""提示，供参考: what a reviewer may want to look at beside a record.

Photos that are in another record too, minutes that read like another's, many records typed within
an hour. Made anew each time from keys (``models.hints``), for those who review only; never stored
as a mark, never scored. A record out of the asker's scope is said to be there and not named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from branches.models import Unit
from meetings.enums import Status
from meetings.models import Meeting, MeetingFile
from meetings.querysets import MeetingQuerySet
from meetings.rules.hints import (
    ALIKE,
    NEAR_BITS,
    RUSH,
    RUSH_WITHIN,
    is_comparable,
    likeness,
    photo_keys,
    rush,
    text_keys,
)

# More of a kind is not shown: who sees five will look for himself.
MOST = 5
# So many candidates are looked at, whatever is in the tables.
_CANDIDATES = 40
_READ = 12
_FILED = (Status.SUBMITTED, Status.ACCEPTED, Status.RETURNED)


@dataclass(frozen=True)
class Hint:
    """One sentence; ``meeting`` is the other record when it may be opened, else None."""

    kind: str
    text: str
    meeting: Meeting | None = None


# Other records of the district with a photo of the same bytes, or one that looks alike.
_PHOTOS = """
SELECT f.meeting_id, bool_or(found.same)
FROM (
    (SELECT id, true AS same FROM meetings_meetingfile
     WHERE sha256 = ANY(%(digests)s) AND meeting_id <> %(me)s ORDER BY id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT k.file_id, false
     FROM unnest(%(keys)s::integer[], %(hashes)s::bigint[]) AS mine(key, hash)
     CROSS JOIN LATERAL (
        SELECT file_id FROM meetings_photokey p
        WHERE p.key = mine.key AND bit_count((p.dhash # mine.hash)::bit(64)) <= %(bits)s
        LIMIT %(most)s
     ) k)
) found
JOIN meetings_meetingfile f ON f.id = found.id
JOIN meetings_meeting m ON m.id = f.meeting_id
JOIN branches_unit u ON u.id = m.unit_id
WHERE f.meeting_id <> %(me)s AND m.status = ANY(%(filed)s)
  AND u.district_id IS NOT DISTINCT FROM %(district)s
GROUP BY f.meeting_id
ORDER BY f.meeting_id DESC
LIMIT %(shown)s
"""

# Other records of the district whose minutes share a key, those with most keys in common first.
_MINUTES = """
SELECT m.id, m.minutes
FROM (
    SELECT k.meeting_id, count(*) AS shared
    FROM unnest(%(keys)s::bigint[]) AS mine(key)
    CROSS JOIN LATERAL (
        SELECT meeting_id FROM meetings_minuteskey b
        WHERE b.key = mine.key AND b.meeting_id <> %(me)s
        ORDER BY b.meeting_id DESC LIMIT %(most)s
    ) k
    GROUP BY k.meeting_id
    ORDER BY shared DESC, k.meeting_id DESC
    LIMIT %(most)s
) found
JOIN meetings_meeting m ON m.id = found.meeting_id
JOIN branches_unit u ON u.id = m.unit_id
WHERE m.status = ANY(%(filed)s) AND u.district_id IS NOT DISTINCT FROM %(district)s
ORDER BY found.shared DESC, m.id DESC
LIMIT %(read)s
"""


def hints_of(
    meeting: Meeting,
    files: Iterable[MeetingFile],
    *,
    units: Sequence[Unit],
    readable: Callable[[MeetingQuerySet], MeetingQuerySet],
) -> list[Hint]:
    """The hints beside a record: four questions to the database at most.

    ``units`` is the asker's reach; ``readable`` narrows the records in it to those he may open.
    """
    photos, alike = _photos(meeting, files), _minutes(meeting)
    named: dict[int, Meeting] = {}
    if photos or alike:
        rows: MeetingQuerySet = Meeting.objects.within(*units).filter(pk__in={*photos, *alike})
        named = {row.pk: row for row in readable(rows).select_related("unit")}
    found = [
        Hint("photo", f"有{'同一张' if same else '相近的'}照片出现在", named.get(pk))
        for pk, same in photos.items()
    ]
    found += [
        Hint("minutes", f"会议内容有 {round(100 * share)}% 相同的是", named.get(pk))
        for pk, share in alike.items()
    ]
    count = _rush(meeting)
    if count >= RUSH:
        found.append(Hint("rush", f"同一账号在一小时内录入了 {count} 条记录，这是其中一条。"))
    return found


def _photos(meeting: Meeting, files: Iterable[MeetingFile]) -> dict[int, bool]:
    """Other records with a photo like one of this one's → whether it is the very same."""
    photos = [file for file in files if file.dhash is not None]
    if not photos:
        return {}
    pairs = [(key, file.dhash) for file in photos for key in photo_keys(file.dhash or 0)]
    with connection.cursor() as cursor:
        cursor.execute(
            _PHOTOS,
            {
                "digests": [file.sha256 for file in photos],
                "keys": [key for key, _ in pairs],
                "hashes": [look for _, look in pairs],
                "bits": NEAR_BITS,
                "most": _CANDIDATES,
                "shown": MOST,
                **_here(meeting),
            },
        )
        return dict(cursor.fetchall())


def _minutes(meeting: Meeting) -> dict[int, float]:
    """Other records whose minutes are nearly these → how much of them, 0–1."""
    if not is_comparable(meeting.minutes):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _MINUTES,
            {
                "keys": text_keys(meeting.minutes),
                "most": _CANDIDATES,
                "read": _READ,
                **_here(meeting),
            },
        )
        rows = cursor.fetchall()
    alike = {pk: likeness(meeting.minutes, text) for pk, text in rows}
    best = sorted(alike, key=lambda pk: -alike[pk])
    return {pk: alike[pk] for pk in best[:MOST] if alike[pk] >= ALIKE}


def _here(meeting: Meeting) -> dict[str, Any]:
    return {
        "me": meeting.pk,
        "filed": [status.value for status in _FILED],
        "district": meeting.unit.district_id,
    }


def _rush(meeting: Meeting) -> int:
    """How many records its account typed within the hour around it; 0 for another system's."""
    if meeting.created_by_id is None:
        return 0
    at = meeting.created_at
    rows = Meeting.objects.everywhere("counted only: nothing of them is shown").filter(
        created_by=meeting.created_by_id,
        created_at__range=(at - RUSH_WITHIN, at + RUSH_WITHIN),
    )
    return rush(rows.order_by("created_at").values_list("created_at", flat=True)[:500], at)


# Which of these records a hint stands beside; for a draw that weighs them, in one statement. Equal
# photos and three keys of eight stand for what the page looks at more closely.
_HINTED = """
WITH listed AS (
    SELECT m.id, m.created_by_id, m.created_at, u.district_id
    FROM meetings_meeting m JOIN branches_unit u ON u.id = m.unit_id WHERE m.id = ANY(%(ids)s)
), typed AS (
    SELECT m.created_by_id, m.created_at, count(*) OVER (
        PARTITION BY m.created_by_id ORDER BY m.created_at
        RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW
    ) AS so_many
    FROM meetings_meeting m
    WHERE m.created_by_id IN (SELECT created_by_id FROM listed)
      AND m.created_at BETWEEN (SELECT min(created_at) - interval '1 hour' FROM listed)
                           AND (SELECT max(created_at) + interval '1 hour' FROM listed)
)
SELECT mine.meeting_id
FROM meetings_meetingfile mine
JOIN listed l ON l.id = mine.meeting_id
WHERE mine.dhash IS NOT NULL AND EXISTS (
    SELECT 1
    FROM meetings_meetingfile other
    JOIN meetings_meeting m ON m.id = other.meeting_id AND m.status = ANY(%(filed)s)
    JOIN branches_unit u ON u.id = m.unit_id AND u.district_id IS NOT DISTINCT FROM l.district_id
    WHERE other.sha256 = mine.sha256 AND other.meeting_id <> mine.meeting_id
)
UNION
SELECT mine.meeting_id
FROM meetings_minuteskey mine
JOIN listed l ON l.id = mine.meeting_id
CROSS JOIN LATERAL (
    SELECT meeting_id FROM meetings_minuteskey b
    WHERE b.key = mine.key AND b.meeting_id <> mine.meeting_id
    ORDER BY b.meeting_id DESC LIMIT %(most)s
) other
JOIN meetings_meeting m ON m.id = other.meeting_id AND m.status = ANY(%(filed)s)
JOIN branches_unit u ON u.id = m.unit_id AND u.district_id IS NOT DISTINCT FROM l.district_id
GROUP BY mine.meeting_id, other.meeting_id
HAVING count(*) >= 3
UNION
SELECT l.id
FROM listed l
JOIN typed t ON t.created_by_id = l.created_by_id AND t.so_many >= %(rush)s
 AND t.created_at BETWEEN l.created_at AND l.created_at + interval '1 hour'
"""


def hinted(ids: Collection[int]) -> set[int]:
    """Those of the records beside which a hint stands."""
    filled: dict[str, Any] = {
        "ids": list(ids),
        "filed": [status.value for status in _FILED],
        "rush": RUSH,
        "most": _CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HINTED, filled)
        return {pk for (pk,) in cursor.fetchall()}
