"""What the hourly task does: remind of tasks, findings, applications and sheets near their day.

The question is put to the database: what is owed now and not told yet? A missed hour, two
schedulers or a killed worker change nothing; each reminder has a key and goes out once (R10, R11).
Last days are counted by working days (调休 observed).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from brands.enums import InspectionState, ReviewState, Stage
from core.holidays import calendar_around
from core.outbox import fan_out

# So many working days ahead; and so many days back a late one is still told when hours were missed.
SOON_WORKDAYS = 3
CATCH_UP = timedelta(days=7)
_DAY = timedelta(days=1)

# ``item`` tells one thing owed from another in the key.
_OWED = """
who AS (
    SELECT DISTINCT g.user_id, g.role, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role IN (%(secretary)s, %(committee)s) AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
), at_work AS (
    SELECT y.id, y.stage, y.year, b.uuid, b.name, u.path, b.id AS brand_id,
           COALESCE(NULLIF(u.short_name, ''), u.name) AS unit_name
    FROM brands_brandyear y
    JOIN brands_brand b ON b.id = y.brand_id
    JOIN branches_unit u ON u.id = b.unit_id
    WHERE y.stage IN (%(topic)s, %(underway)s, %(inspected)s)
), owed AS (
    SELECT y.*, 'task' AS kind, 't' || p.id AS item, p.name AS words, p.due_on
    FROM at_work y JOIN brands_planitem p ON p.year_id = y.id
    WHERE y.stage = %(underway)s AND p.done_on IS NULL
      AND p.due_on BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT y.*, 'finding', 'i' || i.id, left(i.findings, 40), i.due_on
    FROM at_work y JOIN brands_inspection i ON i.year_id = y.id
    WHERE i.state = %(open)s AND i.due_on BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT y.*, 'apply', 'a' || y.id, '', s.apply_by
    FROM at_work y
    JOIN branches_unit d ON d.path = left(y.path, 4)
    JOIN brands_scheme s ON s.unit_id = d.id AND s.year = y.year
    WHERE y.stage = %(topic)s AND s.apply_by BETWEEN %(first)s AND %(last)s
)"""

# To whoever keeps the brand: the secretary of its unit, or the staff of a committee that owns it.
_ITEMS = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.item || ':'
               || to_char(o.due_on, 'YYYY-MM-DD') AS key,
           w.user_id AS recipient_id, 'brands/notices/' || o.kind || '_' || %(when)s AS template,
           jsonb_build_object('brand', o.name, 'unit', o.unit_name, 'item', o.words,
                              'due', to_char(o.due_on, 'FMMM月FMDD日')) AS payload,
           left(%(title)s || '品牌“' || o.name || '”'
                || CASE o.kind WHEN 'task' THEN '的任务' WHEN 'finding' THEN '的整改'
                               ELSE '的申报' END, 200) AS title,
           %(link)s || o.uuid || '/' AS link
    FROM owed o JOIN (SELECT DISTINCT user_id, path FROM who) w ON w.path = o.path
)"""

# Past its day: to the committee above, once a week for each brand.
_ABOVE = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.brand_id || ':' || %(week)s AS key,
           w.user_id AS recipient_id, 'brands/notices/behind' AS template,
           jsonb_build_object('brand', min(o.name), 'unit', min(o.unit_name),
               'tasks', count(*) FILTER (WHERE o.kind = 'task'),
               'findings', count(*) FILTER (WHERE o.kind = 'finding')) AS payload,
           left('品牌“' || min(o.name) || '”有事项逾期', 200) AS title,
           %(link)s || o.uuid || '/' AS link
    FROM owed o JOIN who w
      ON starts_with(o.path, w.path) AND w.path <> o.path AND w.role = %(committee)s
    WHERE o.kind <> 'apply'
    GROUP BY w.user_id, o.brand_id, o.uuid
)"""

# A reviewer with a sheet that is not filled; the sheet is addressed to him, wherever he works.
_SHEETS = """
wanted AS (
    SELECT 'brand-sheet:' || r.reviewer_id || ':' || r.id || ':'
               || to_char(s.review_by, 'YYYY-MM-DD') AS key,
           r.reviewer_id AS recipient_id, 'brands/notices/sheet_soon' AS template,
           jsonb_build_object('brand', b.name,
                              'due', to_char(s.review_by, 'FMMM月FMDD日')) AS payload,
           left('请评审品牌“' || b.name || '”', 200) AS title,
           %(link)s || r.uuid || '/' AS link
    FROM brands_review r
    JOIN accounts_user a ON a.id = r.reviewer_id AND a.is_active
    JOIN brands_brandyear y ON y.id = r.year_id AND y.review_state = %(open)s
    JOIN brands_brand b ON b.id = y.brand_id
    JOIN branches_unit u ON u.id = b.unit_id
    JOIN branches_unit d ON d.path = left(u.path, 4)
    JOIN brands_scheme s ON s.unit_id = d.id AND s.year = y.year
    WHERE r.submitted_at IS NULL AND s.review_by BETWEEN %(first)s AND %(last)s
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = (on, calendar_around(on).add_workdays(on, SOON_WORKDAYS).day)
    late = (on - _DAY - CATCH_UP, on - _DAY)
    monday = on - timedelta(days=on.weekday())
    return {
        "soon": _send(_ITEMS, now, "brand-soon", *soon, when="soon", title="快到期了："),
        "late": _send(_ITEMS, now, "brand-late", *late, when="late", title="已逾期："),
        "behind": _send(_ABOVE, now, "brand-behind", *late, week=monday.isoformat()),
        "sheets": fan_out(
            _SHEETS,
            {
                "first": soon[0],
                "last": soon[1],
                "open": ReviewState.OPEN.value,
                "link": reverse("brands:review_list"),
            },
            day=on,
            now=now,
        ),
    }


def _send(sql: str, now: datetime, name: str, first: date, last: date, **more: str) -> int:
    on = timezone.localdate(now)
    parameters: dict[str, Any] = {
        "name": name, "on": on, "first": first, "last": last,
        "secretary": Role.SECRETARY.value, "committee": Role.COMMITTEE_STAFF.value,
        "topic": Stage.TOPIC.value, "underway": Stage.UNDERWAY.value,
        "inspected": Stage.INSPECTED.value, "open": InspectionState.OPEN.value,
        "link": reverse("brands:brand_list"), **more,
    }  # fmt: skip
    return fan_out(_OWED + sql, parameters, day=on, now=now)
