"""催办 of 组织生活: a word to the secretaries of branches that have something left of the year."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from core.outbox import fan_out
from meetings.life_standing import MATCH, STAND, Question, filled

# 催办: to the secretaries of the chosen branches, once a day, what is left of the year.
_URGE = f"""{STAND}, wanted AS (
    SELECT 'life-urged:' || a.id || ':' || s.id || ':' || %(on)s AS key, a.id AS recipient_id,
           %(template)s AS template,
           jsonb_build_object(
               'unit', s.name, 'unit_id', s.id, 'who', %(who)s::text, 'year', %(year)s::int,
               'left', to_jsonb(array_remove(ARRAY[
                   CASE WHEN s.review IN ('none', 'open') THEN '组织生活会' END,
                   CASE WHEN s.appraisal IN ('none', 'open') THEN '民主评议党员' END,
                   CASE WHEN s.talks <> 'done' THEN '谈心谈话（还差'
                        || GREATEST(s.needed - s.talked, 0) || '项）' END
               ], NULL))
           ) AS payload,
           '催办：' || %(year)s || '年组织生活还没有办完' AS title,
           %(link)s || '?unit=' || s.id || '&year=' || %(year)s AS link
    FROM stand s
    JOIN branches_grant g ON g.unit_id = s.id AND g.role = %(secretary)s
     AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
    JOIN accounts_user a ON a.id = g.user_id AND a.is_active
    WHERE (%(ids)s::bigint[] IS NULL OR s.id = ANY(%(ids)s::bigint[])) AND {MATCH}
      AND (s.review IN ('none', 'open') OR s.appraisal IN ('none', 'open') OR s.talks <> 'done')
)
"""  # noqa: S608 — joined from constants


def urge(*, question: Question, unit_ids: Sequence[int] | None, by: User) -> int:
    """催办 the branches that have something left; the number of notices that were new.

    None means all of the question. Once a day for each branch and secretary.
    """
    parameters = filled(question) | {
        "ids": None if unit_ids is None else list(unit_ids),
        "who": by.name,
        "template": "meetings/notices/life_urged",
        "link": reverse("meetings:life_home"),
        "secretary": Role.SECRETARY.value,
    }
    return fan_out(_URGE, parameters, day=question.on, now=timezone.now())
