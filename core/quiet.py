"""When a message may leave the house: quiet hours (免打扰) and digests (汇总), pure arithmetic.

The outbox asks the same of the database for many people at once (``core.outbox``); a test holds the
two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wishes:
    """What one person wants; local times of day.

    ``quiet_from`` to ``quiet_to`` may pass midnight; equal times mean no quiet hours. ``digest`` is
    now, daily (at ``hour``) or weekly (Monday at ``hour``).
    """

    quiet_from: time = time(21)
    quiet_to: time = time(8)
    digest: str = "now"
    hour: int = 9

    def is_quiet(self, at: time) -> bool:
        """Whether nothing may be sent at this time of day."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to

    def due(self, now: datetime, *, urgent: bool = False) -> datetime:
        """When what is told at ``now`` (local) is to be sent.

        What is urgent does not wait for the digest; in quiet hours it waits like everything else.
        """
        moment = now if urgent else self._digest(now)
        if not self.is_quiet(moment.time()):
            return moment
        end = datetime.combine(moment.date(), self.quiet_to, moment.tzinfo)
        return end + _DAY if moment.time() >= self.quiet_to else end

    def _digest(self, now: datetime) -> datetime:
        if self.digest == "now":
            return now
        moment = datetime.combine(now.date(), time(self.hour), now.tzinfo)
        step = 1
        if self.digest == "weekly":
            moment -= timedelta(days=now.weekday())
            step = 7
        return moment if moment >= now else moment + timedelta(days=step)


# Who has said nothing.
DEFAULT = Wishes()
