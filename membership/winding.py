"""流动和失联: the roster's marks open and end a clock, by two statements for all."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

# A mark without a clock: since the day its present run began, as the history tells; a row from
# before there was a history counts from its typing. A clock without its mark ends.
_OPEN = """
INSERT INTO membership_clock (uuid, member_id, kind, since, place, at, updated_at)
SELECT gen_random_uuid(), m.id, k.kind,
       LEAST(%(on)s::date, COALESCE(
         (SELECT min(e.pgh_created_at) FROM branches_memberevent e
          WHERE e.pgh_obj_id = m.id
            AND CASE k.kind WHEN 'lost' THEN e.is_lost ELSE e.is_floating END
            AND e.pgh_created_at > COALESCE(
              (SELECT max(x.pgh_created_at) FROM branches_memberevent x
               WHERE x.pgh_obj_id = m.id
                 AND NOT CASE k.kind WHEN 'lost' THEN x.is_lost ELSE x.is_floating END),
              '-infinity'::timestamptz)),
         m.created_at)::date), '', clock_timestamp(), clock_timestamp()
FROM branches_member m CROSS JOIN (VALUES ('floating'), ('lost')) AS k(kind)
WHERE m.state IN ('active', 'on_probation')
  AND CASE k.kind WHEN 'lost' THEN m.is_lost ELSE m.is_floating END
ON CONFLICT (member_id, kind) WHERE until IS NULL DO NOTHING
"""
_END = """
UPDATE membership_clock c
SET until = GREATEST(c.since, %(on)s::date), updated_at = clock_timestamp()
FROM branches_member m
WHERE m.id = c.member_id AND c.until IS NULL
  AND NOT (m.state IN ('active', 'on_probation')
           AND CASE c.kind WHEN 'lost' THEN m.is_lost ELSE m.is_floating END)
"""


@transaction.atomic
def wind_clocks(*, on: date) -> tuple[int, int]:
    """Let the clocks follow the roster; (opened, ended). Safe to run again, two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"on": on})
        opened = cursor.rowcount
        cursor.execute(_END, {"on": on})
        return opened, cursor.rowcount
