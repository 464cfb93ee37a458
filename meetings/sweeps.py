"""Which of an hour's questions were answered before, and since when.

A question is whole the first time on a day, and whenever its text, its days or the database server
are others; later that day it is put about the units that changed since (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

# Transaction numbers mean something on one server only: a dump loaded elsewhere begins anew.
_READ = """
SELECT r.server, s.name, s.asked, s.since,
       EXISTS (SELECT 1 FROM meetings_touched t WHERE t.transaction >= s.since)
FROM (
    SELECT extract(epoch FROM pg_postmaster_start_time()) || '/' || d.oid AS server
    FROM pg_database d WHERE d.datname = current_database()
) AS r
LEFT JOIN meetings_sweep s ON TRUE
"""

# Of no use to any sweep any more. What another day asked is forgotten first, so that a clock that
# jumps there and back asks everything again.
_PRUNE_SWEEPS = "DELETE FROM meetings_sweep WHERE day <> %s"
_PRUNE_TOUCHED = """
DELETE FROM meetings_touched
WHERE transaction < (
    SELECT COALESCE(min(since), pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    FROM meetings_sweep)
"""


@dataclass(frozen=True)
class _Swept:
    asked: str
    since: int
    changed: bool


@dataclass(frozen=True)
class Sweeps:
    """What was asked before this hour, by the reminder's name."""

    server: str
    done: Mapping[str, _Swept]

    @classmethod
    def read(cls) -> Sweeps:
        """As the database knows it now; one query."""
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            rows = cursor.fetchall()
        return cls(
            server=rows[0][0],
            done={row[1]: _Swept(*row[2:]) for row in rows if row[1] is not None},
        )

    def question(self, sql: str, filled: Mapping[str, Any]) -> dict[str, Any] | None:
        """The parameters that make a reminder's question whole or partial; None: nothing is new."""
        facts = repr((self.server, sql, sorted(filled.items())))
        fingerprint = sha256(facts.encode()).hexdigest()
        before = self.done.get(filled["name"])
        if before is None or before.asked != fingerprint:
            return {"fingerprint": fingerprint, "whole": True, "since": 0}
        if not before.changed:
            return None
        return {"fingerprint": fingerprint, "whole": False, "since": before.since}

    def prune(self, on: date) -> None:
        """Forget what no later hour of this day asks for."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_PRUNE_SWEEPS, [on])
            cursor.execute(_PRUNE_TOUCHED)
