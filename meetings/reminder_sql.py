"""The statements behind the reminders; each names who is told what, for all districts at once.

They go between ``WITH`` and the outbox's insert (core.outbox.fan_out) and stand around the
relation ``owed`` of :mod:`meetings.duty_sql`: first who is asked, then what is owed, then
``wanted``. A key is (reminder, user, unit, period): the same reason is never told twice.
"""

from __future__ import annotations

from meetings.duty_sql import OWED

# A question put before is put again only about what has changed since, with all that stands below
# it; a group counts for its branch. That it was put is written with its notices, from the same
# snapshot: a transaction still open then has a number of ``since`` or later, and is seen next time.
# OFFSET 0 and the arrays keep few units a matter of few index look-ups: the planner takes a range
# of paths for a share of the table and would walk all of it for each.
_SWEPT = """
touched AS (
    SELECT DISTINCT b.id, b.path
    FROM (
        SELECT DISTINCT unit_id FROM meetings_touched
        WHERE NOT %(whole)s AND transaction >= %(since)s
    ) AS t
    JOIN branches_unit u ON u.id = t.unit_id
    LEFT JOIN branches_unit p ON p.id = u.parent_id AND u.kind = %(unit_group)s
    CROSS JOIN LATERAL (
        SELECT x.id, x.path FROM branches_unit x
        WHERE x.path >= COALESCE(p.path, u.path) AND x.path < COALESCE(p.path, u.path) || '['
        OFFSET 0
    ) AS b
), swept AS (
    INSERT INTO meetings_sweep (name, asked, day, since)
    VALUES (%(name)s, %(fingerprint)s, %(on)s,
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ON CONFLICT (name) DO UPDATE
    SET asked = excluded.asked, day = excluded.day, since = excluded.since
), """

# Secretaries for their branch, group leaders for their group (unless they are the secretary too).
_WHO = """
grants AS (
    SELECT g.user_id, g.role, g.unit_id
    FROM branches_grant g JOIN accounts_user a ON a.id = g.user_id
    WHERE a.is_active AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
      AND g.role IN (%(secretary)s, %(group_leader)s)
      AND (%(whole)s OR g.unit_id = ANY(ARRAY(SELECT id FROM touched)))
      AND (%(all_units)s OR g.unit_id IN (
          SELECT e.unit_id FROM meetings_event e
          WHERE e.window_end BETWEEN %(first)s AND %(last)s AND NOT e.is_withdrawn))
), who AS (
    SELECT user_id, unit_id, NULL::bigint AS group_id
    FROM grants WHERE role = %(secretary)s
    UNION ALL
    SELECT l.user_id, u.parent_id, l.unit_id
    FROM grants l JOIN branches_unit u ON u.id = l.unit_id AND u.kind = %(unit_group)s
    WHERE l.role = %(group_leader)s AND NOT EXISTS (
        SELECT 1 FROM grants s
        WHERE s.role = %(secretary)s AND s.user_id = l.user_id AND s.unit_id = u.parent_id)
)"""

_ASKED = """, asked AS (
    SELECT DISTINCT unit_id AS id FROM who
), """

_FIXED_DAY = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.unit_id || ':'
               || to_char(o.fixed_day, 'YYYY-MM-DD') AS key,
           w.user_id AS recipient_id, %(template)s AS template,
           jsonb_build_object(
               'unit', o.unit_name, 'unit_id', o.unit_id,
               'day', to_char(o.fixed_day, 'FMMM月FMDD日'),
               'weekday', substr('日一二三四五六', extract(dow FROM o.fixed_day)::int + 1, 1)
           ) AS payload,
           to_char(o.fixed_day, 'FMMM月FMDD日') || %(title)s AS title,
           %(link)s AS link
    FROM owed o JOIN who w ON w.unit_id = o.unit_id AND w.group_id IS NULL
    WHERE o.state = ANY(%(missing)s) AND o.fixed_day BETWEEN %(day_first)s AND %(day_last)s
)"""

_UNTOLD = """, untold AS (
    SELECT * FROM who w WHERE NOT EXISTS (
        SELECT 1 FROM core_notice n
        WHERE n.key = %(name)s || ':' || w.user_id || ':' || COALESCE(w.group_id, w.unit_id)
                      || ':' || %(month)s)
), asked AS (
    SELECT DISTINCT unit_id AS id FROM untold
), """

# What the end of the month will miss, each thing by its name.
_MONTH_END = """, named AS (
    SELECT * FROM unnest(%(n_number)s::int[], %(n_cause)s::text[], %(n_label)s::text[],
                         %(n_name)s::text[]) AS n (number, cause, label, name)
), wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || COALESCE(w.group_id, w.unit_id) || ':'
               || %(month)s AS key,
           w.user_id AS recipient_id, %(template)s AS template,
           jsonb_build_object(
               'unit', min(o.unit_name), 'unit_id', w.unit_id, 'month', %(month_name)s,
               'due', %(due_name)s,
               'missing', jsonb_agg(
                   n.name || COALESCE('（' || NULLIF(o.group_name, '') || '）', '')
                   ORDER BY o.number, o.group_code)
           ) AS payload,
           %(month_name)s || '还有' || count(*) || '项没有完成' AS title,
           %(link)s AS link
    FROM owed o
    JOIN named n ON n.number = o.number AND n.cause = o.cause AND n.label = o.label
    JOIN untold w ON w.unit_id = o.unit_id AND (w.group_id IS NULL OR w.group_id = o.group_id)
    WHERE o.state = ANY(%(missing)s) AND o.event_id IS NULL
    GROUP BY w.user_id, w.unit_id, w.group_id
)"""

_MUST_HOLD = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.unit_id || ':'
               || COALESCE('e' || o.event_id, to_char(o.due, 'YYYY-MM-DD')) AS key,
           w.user_id AS recipient_id, %(template)s AS template,
           jsonb_build_object(
               'unit', o.unit_name, 'unit_id', o.unit_id,
               'first', to_char(o.first, 'FMMM月FMDD日'), 'due', to_char(o.due, 'FMMM月FMDD日'),
               'cause', c.name, 'event', o.event_title
           ) AS payload,
           c.name || '党员大会最迟' || to_char(o.due, 'FMMM月FMDD日') || '召开' AS title,
           %(link)s AS link
    FROM owed o
    JOIN unnest(%(c_cause)s::text[], %(c_name)s::text[]) AS c (cause, name) ON c.cause = o.cause
    JOIN who w ON w.unit_id = o.unit_id AND w.group_id IS NULL
    WHERE o.state = ANY(%(missing)s)
)"""

# Committees are told how many of theirs are behind: their staff, and the groups whose robots listen
# (with names of branches, as a group has no list of its own). Every ancestor of a branch that is
# behind counts it: cheaper than a range of paths for each committee.
_STAFF = """
listeners AS (
    SELECT g.user_id, g.user_id::text AS who, g.unit_id, '' AS channel, '' AS address
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    WHERE g.role = %(committee_staff)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
    UNION ALL
    SELECT NULL, 'robot' || r.id, r.unit_id, r.kind, r.uuid::text
    FROM branches_robot r
    WHERE r.is_active AND %(topic_behind)s = ANY(r.topics)
), staff AS (
    SELECT l.*, u.path, u.name
    FROM listeners l
    JOIN branches_unit u ON u.id = l.unit_id
    WHERE (%(whole)s OR u.path = ANY(ARRAY(
              SELECT DISTINCT substr(t.path, 1, k)
              FROM touched t CROSS JOIN generate_series(4, length(t.path), 4) AS k)))
      AND (%(month)s = '' OR NOT EXISTS (
          SELECT 1 FROM core_notice n
          WHERE n.key = %(name)s || ':' || l.who || ':' || l.unit_id || ':' || %(month)s))
), asked AS (
    SELECT DISTINCT b.id
    FROM (SELECT DISTINCT path FROM staff) AS s
    JOIN branches_unit b ON b.path >= s.path AND b.path < s.path || '['
    WHERE b.kind = ANY(%(unit_kinds)s)
), """

_BEHIND = """, late_units AS (
    SELECT o.unit_id, o.unit_path, o.unit_name,
           CASE WHEN %(month)s = '' THEN to_char(o.fixed_day, 'YYYY-MM-DD') ELSE %(month)s END
               AS period,
           CASE WHEN %(month)s = '' THEN to_char(o.fixed_day, 'FMMM月FMDD日')
                ELSE %(month_name)s END AS period_name,
           CASE WHEN %(month)s = '' THEN to_char(o.first, 'YYYY-MM') ELSE %(month)s END AS month
    FROM owed o
    WHERE o.state = ANY(%(missing)s) AND o.event_id IS NULL
      AND (%(month)s <> '' OR o.fixed_day BETWEEN %(day_first)s AND %(day_last)s)
    GROUP BY 1, 2, 3, 4, 5, 6
), counted AS (
    SELECT substr(l.unit_path, 1, k) AS path, l.period, l.period_name, l.month, count(*) AS branches
    FROM late_units l CROSS JOIN generate_series(4, length(l.unit_path), 4) AS k
    GROUP BY 1, 2, 3, 4
), wanted AS (
    SELECT %(name)s || ':' || s.who || ':' || s.unit_id || ':' || c.period AS key,
           s.user_id AS recipient_id, %(template)s AS template,
           jsonb_build_object(
               'unit', s.name, 'unit_id', s.unit_id, 'period', c.period_name,
               'branches', c.branches,
               'names', CASE WHEN s.user_id IS NOT NULL THEN '[]'::jsonb ELSE (
                   SELECT jsonb_agg(x.unit_name ORDER BY x.unit_path) FROM (
                       SELECT l.unit_name, l.unit_path FROM late_units l
                       WHERE l.period = c.period AND l.unit_path >= s.path
                         AND l.unit_path < s.path || '['
                       ORDER BY l.unit_path LIMIT %(most_names)s
                   ) AS x) END
           ) AS payload,
           c.period_name || %(title)s || c.branches || '个支部' AS title,
           %(link)s || '?month=' || c.month || %(link_more)s AS link,
           s.channel, s.address
    FROM staff s JOIN counted c ON c.path = s.path
)"""

FIXED_DAY = _SWEPT + _WHO + _ASKED + OWED + _FIXED_DAY
MONTH_END = _SWEPT + _WHO + _UNTOLD + OWED + _MONTH_END
MUST_HOLD = _SWEPT + _WHO + _ASKED + OWED + _MUST_HOLD
BEHIND = _SWEPT + _STAFF + OWED + _BEHIND
