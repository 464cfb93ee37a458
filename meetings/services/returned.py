"""To those who filed a record: that it came back. Urgent, as it does not count meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from core.outbox import fan_out

# Whoever keeps the branch or the group, and who wrote it. The reason stays inside the house: it
# may say more than a mail should.
_RETURNED = """
back AS (
    SELECT m.id, m.uuid, m.held_on, m.unit_id, m.created_by_id, u.name,
           (SELECT max(s.id) FROM meetings_meetingstep s WHERE s.meeting_id = m.id) AS step
    FROM meetings_meeting m JOIN branches_unit u ON u.id = m.unit_id
    WHERE m.id = ANY(%(ids)s::bigint[])
), wanted AS (
    SELECT 'returned:' || a.id || ':' || b.id || ':' || b.step AS key, a.id AS recipient_id,
           %(template)s AS template,
           jsonb_build_object('unit', b.name, 'day', to_char(b.held_on, 'FMMM月FMDD日')) AS payload,
           to_char(b.held_on, 'FMMM月FMDD日') || '的会议记录被退回' AS title,
           %(link)s || b.uuid || '/' AS link
    FROM back b
    CROSS JOIN LATERAL (
        SELECT g.user_id FROM branches_grant g
        WHERE g.unit_id = b.unit_id AND g.role = ANY(%(roles)s) AND g.since <= %(on)s
          AND (g.until IS NULL OR g.until >= %(on)s)
        UNION
        SELECT b.created_by_id
    ) AS w
    JOIN accounts_user a ON a.id = w.user_id AND a.is_active
)
"""


def tell_returned(meeting_ids: Iterable[int]) -> int:
    """Tell of these records that they came back, by one statement; the number of new notices.

    Call it in the transaction that returns them, after the step is written.
    """
    now = timezone.now()
    on = timezone.localdate(now)
    filled = {
        "ids": list(meeting_ids),
        "template": "meetings/notices/returned",
        "link": reverse("meetings:meeting_list"),
        "roles": [Role.SECRETARY.value, Role.GROUP_LEADER.value],
        "on": on,
    }
    return fan_out(_RETURNED, filled, day=on, now=now, urgent=True)
