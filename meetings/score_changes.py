"""What happened to a quarter's data after a moment, as one relation of SQL.

A published ranking stays as it was; whoever looks at it may ask what its next version will see.
"""

from __future__ import annotations

from meetings.enums import MoveState, Status

# Kinds of change, in the order in which a page lists them.
RECORD_CHANGES = {
    "record_submitted": "新提交的记录",
    "record_corrected": "更正",
    "record_accepted": "审核通过",
    "record_returned": "退回",
    "record_reversed": "撤销审核",
    "record_withdrawn": "撤回",
    "check": "调阅打分",
    "event": "四个必开事项",
    "fixed_day": "固定组织生活日调整",
}

# The columns: at, what, unit_id, text, meeting (uuid as text or null).
# Steps are reached through their records: those whose status moved were written since.
CHANGED = f"""
SELECT s.at,
       CASE WHEN s.before = {int(Status.ACCEPTED)} AND s.after = {int(Status.RETURNED)}
            THEN 'record_reversed'
            WHEN s.before = s.after THEN 'record_corrected'
            WHEN s.after = {int(Status.RETURNED)} THEN 'record_returned'
            WHEN s.after = {int(Status.ACCEPTED)} THEN 'record_accepted'
            WHEN s.after = {int(Status.WITHDRAWN)} THEN 'record_withdrawn'
            WHEN s.before = {int(Status.RETURNED)} THEN 'record_corrected'
            ELSE 'record_submitted' END AS what,
       m.unit_id, to_char(m.held_on, 'YYYY-MM-DD') || ' ' || m.topic AS text,
       m.uuid::text AS meeting
FROM meetings_meeting m
JOIN meetings_meetingstep s ON s.meeting_id = m.id
JOIN branches_unit u ON u.id = m.unit_id
WHERE m.updated_at > %(moment)s AND s.at > %(moment)s AND u.path ^@ ANY(%(paths)s)
  AND s.after <> {int(Status.DRAFT)}
  AND NOT (s.before = {int(Status.DRAFT)} AND s.after = {int(Status.WITHDRAWN)})
  AND (m.held_on BETWEEN %(first)s AND %(last)s OR EXISTS (
      SELECT 1 FROM meetings_event e
      WHERE e.unit_id = m.unit_id AND NOT e.is_withdrawn
        AND e.window_end BETWEEN %(start)s AND %(end)s
        AND m.held_on BETWEEN e.day AND e.window_end))
UNION ALL
SELECT c.at, 'check', c.unit_id,
       to_char(c.checked_on, 'YYYY-MM-DD') || ' ' || c.score || ' 分', NULL
FROM meetings_spotcheck c JOIN branches_unit u ON u.id = c.unit_id
WHERE c.at > %(moment)s AND c.checked_on BETWEEN %(start)s AND %(end)s
  AND u.path ^@ ANY(%(paths)s)
UNION ALL
SELECT e.updated_at, 'event', e.unit_id,
       e.title || CASE WHEN e.is_withdrawn THEN '（已撤销）' ELSE '' END, NULL
FROM meetings_event e JOIN branches_unit u ON u.id = e.unit_id
WHERE e.updated_at > %(moment)s AND e.window_end BETWEEN %(start)s AND %(end)s
  AND u.path ^@ ANY(%(paths)s)
UNION ALL
SELECT v.decided_at, 'fixed_day', v.unit_id, to_char(v.day, 'YYYY-MM-DD') || ' ' || v.reason, NULL
FROM meetings_fixeddaymove v
WHERE v.state = '{MoveState.APPROVED.value}' AND v.decided_at > %(moment)s
  AND v.month BETWEEN %(start)s AND %(end)s AND v.unit_id = %(district)s
"""  # noqa: S608
