"""The statements of the outbox; ``{users}`` is the table of accounts."""

from __future__ import annotations

# When each person's deliveries may go: the rules of ``core.quiet``, for many people at once.
# ``local`` is the moment by the clock on the wall, ``due`` what holds for whoever has said nothing.
WISHES = """
SELECT p.user_id, p.by_mail,
       (CASE
            WHEN p.quiet_from <= p.quiet_to
             AND d.at::time >= p.quiet_from AND d.at::time < p.quiet_to
            THEN d.at::date + p.quiet_to
            WHEN p.quiet_from > p.quiet_to AND d.at::time >= p.quiet_from
            THEN d.at::date + 1 + p.quiet_to
            WHEN p.quiet_from > p.quiet_to AND d.at::time < p.quiet_to
            THEN d.at::date + p.quiet_to
            ELSE d.at
        END) AT TIME ZONE %(zone)s AS due
FROM core_preference p
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN %(urgent)s OR p.digest = 'now' THEN %(local)s::timestamp
        WHEN p.digest = 'daily'
        THEN date_trunc('day', %(local)s::timestamp) + make_interval(
                hours => p.digest_hour,
                days => (%(local)s::time > make_time(p.digest_hour, 0, 0))::int)
        ELSE date_trunc('week', %(local)s::timestamp) + make_interval(
                hours => p.digest_hour,
                days => 7 * (date_trunc('week', %(local)s::timestamp)
                             + make_interval(hours => p.digest_hour)
                             < %(local)s::timestamp)::int)
    END AS at
) AS d
"""

# The caller's text ends with a CTE ``wanted`` (key, recipient_id, template, payload, title, link);
# who has no mail address is told in the inbox alone. The anti-join keeps a repeated run from
# trying a million inserts that all conflict (5 s against 19 s); ON CONFLICT settles a race.
FAN_OUT = f"""
, told AS (
    INSERT INTO core_notice (key, recipient_id, template, payload, title, link, day, created_at)
    SELECT w.key, w.recipient_id, w.template, w.payload, w.title, w.link, %(day)s, %(now)s
    FROM wanted w
    WHERE NOT EXISTS (SELECT 1 FROM core_notice n WHERE n.key = w.key)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key, recipient_id
), posted AS (
    INSERT INTO core_delivery (notice_id, channel, address, next_try_at)
    SELECT told.id, %(channel)s, u.email, COALESCE(p.due, %(due)s)
    FROM told
    JOIN {{users}} u ON u.id = told.recipient_id
    LEFT JOIN ({WISHES}) AS p ON p.user_id = told.recipient_id
    WHERE u.email <> '' AND COALESCE(p.by_mail, TRUE)
)
"""  # noqa: S608 — joined from constants

# For a ``wanted`` that has ``channel`` and ``address`` too: its rows without a recipient are told
# to a group. Nobody's preferences hold there, only the default quiet hours.
TO_GROUPS = """
, grouped AS (
    INSERT INTO core_delivery (notice_id, channel, address, next_try_at)
    SELECT told.id, w.channel, w.address, %(due)s
    FROM told JOIN wanted w ON w.key = told.key
    WHERE told.recipient_id IS NULL
)
"""

COUNT = "SELECT count(*) FROM told"

NAMED = """
wanted AS (
    SELECT %(key)s || ':' || t.id AS key, t.id AS recipient_id, %(template)s AS template,
           %(payload)s::jsonb AS payload, %(title)s AS title, %(link)s AS link
    FROM {users} t
    WHERE t.id = ANY(%(ids)s::bigint[]) AND t.is_active
)
"""

GROUPS = """
wanted AS (
    SELECT key, NULL::bigint AS recipient_id, template, payload::jsonb, title, link, channel,
           address
    FROM unnest(%(keys)s::text[], %(templates)s::text[], %(payloads)s::text[], %(titles)s::text[],
                %(links)s::text[], %(channels)s::text[], %(addresses)s::text[])
      AS t (key, template, payload, title, link, channel, address)
)
"""

# Committed before anything is sent: a row is in one sender's hands, or its lease has run out.
# What the last person of a batch has waiting beyond it is taken along.
CLAIM = """
WITH first AS (
    SELECT id, next_try_at, address FROM core_delivery
    WHERE state IN ('waiting', 'sending') AND next_try_at <= %(now)s AND channel = %(channel)s
    ORDER BY next_try_at, address, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
), rest AS (
    SELECT d.id FROM core_delivery d
    JOIN (SELECT next_try_at, address FROM first ORDER BY 1 DESC, 2 DESC LIMIT 1) AS l
      ON d.next_try_at = l.next_try_at AND d.address = l.address
    WHERE d.state IN ('waiting', 'sending') AND d.channel = %(channel)s
      AND d.id <> ALL(ARRAY(SELECT id FROM first))
    LIMIT %(batch)s
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE core_delivery d
SET state = %(sending)s, attempts = d.attempts + 1, next_try_at = %(lease)s,
    round = COALESCE(d.round, %(round)s::uuid)
WHERE d.id IN (SELECT id FROM first UNION ALL SELECT id FROM rest)
RETURNING d.id, d.attempts
"""
