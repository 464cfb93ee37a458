"""调阅 as pure functions: the draw that anybody can repeat, the score sheet, the way of a finding.

The draw, for whoever wants to repeat it with a list in hand and no software of ours:

1. The list is a text, one line per candidate: the record's uuid in small letters, and behind it
   `` *`` (a space and a star) when hints stood beside the record. Lines in ascending order.
2. Its digest is the SHA-256 of these lines, joined by a line feed, in UTF-8, as small hex.
3. Each uuid gets a number: the SHA-256 of ``seed:uuid``, as small hex. Ascending, this is the
   order in which records are drawn.
4. With a share for the hinted, ``ceil(wanted × share ÷ 100)`` are taken first from the lines with
   a star, in that order; the rest from all lines that are left, starred or not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meetings.enums.checks import FINDING_MOVES, UNSETTLED, DrawnState, FindingState

STAR = " *"
# More is no list that somebody could hold in hand; a narrower span says more, too.
LONGEST_LIST = 20_000
MOST_DRAWN = 200
FULL = 100


@dataclass(frozen=True)
class Drawn:
    """One drawn line: the uuid as text, and whether hints stood beside the record."""

    uuid: str
    hinted: bool


def list_lines(candidates: Iterable[tuple[object, bool]]) -> list[str]:
    """The list of (uuid, hinted) as lines, each candidate once, in ascending order."""
    hinted: dict[str, bool] = {}
    for uuid, star in candidates:
        hinted[str(uuid).lower()] = bool(star)
    return sorted(f"{uuid}{STAR if star else ''}" for uuid, star in hinted.items())


def list_digest(lines: Sequence[str]) -> str:
    """SHA-256 of the list, 64 hex digits."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def number_of(seed: str, uuid: str) -> str:
    """The number by which a uuid stands in the order of this seed."""
    return hashlib.sha256(f"{seed}:{uuid}".encode()).hexdigest()


def draw(*, lines: Sequence[str], seed: str, wanted: int, risk_percent: int = 0) -> list[Drawn]:
    """The drawn records in the order of drawing; all when fewer than ``wanted`` are listed.

    ``risk_percent`` (0–100) is the share that is taken first from the lines with a star. Where
    there are fewer of those, the others make up for it.
    """
    listed = [Drawn(line.removesuffix(STAR), line.endswith(STAR)) for line in lines]
    order = sorted(listed, key=lambda one: (number_of(seed, one.uuid), one.uuid))
    share = -(-max(wanted, 0) * risk_percent // 100)
    first = [one for one in order if one.hinted][:share]
    taken = {one.uuid for one in first}
    rest = [one for one in order if one.uuid not in taken]
    return first + rest[: max(wanted - len(first), 0)]


def agrees(
    *,
    lines: Sequence[str],
    digest: str,
    seed: str,
    wanted: int,
    risk_percent: int,
    drawn: Sequence[str],
) -> bool:
    """核验: whether the list has this digest, and the seed draws exactly these, in this order."""
    again = draw(lines=lines, seed=seed, wanted=wanted, risk_percent=risk_percent)
    return list_digest(lines) == digest and [one.uuid for one in again] == list(drawn)


# --- The score sheet -------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetItem:
    """One item of a score sheet: its name, its points, and what to look at."""

    name: str
    points: Decimal
    look: str = ""


def sheet_fault(items: Sequence[SheetItem]) -> str:
    """Why the items make no score sheet, as a sentence; "" when they do."""
    if not items:
        return "请至少写一个评分项目。"
    names = [item.name for item in items]
    if not all(names) or any(len(name) > 40 for name in names):
        return "每个项目都要有名称，不超过 40 个字。"
    if len(set(names)) < len(names):
        return "项目名称不能重复。"
    if any(item.points <= 0 for item in items):
        return "每个项目的分值都应大于 0。"
    total = sum((item.points for item in items), Decimal(0))
    if total != FULL:
        return f"各项分值合计应为 100 分，现在是 {total.normalize():f} 分。"
    return ""


# --- Findings --------------------------------------------------------------------------------


def can_move_finding(before: str, after: str) -> bool:
    """Whether a finding may go from one state to the other."""
    return (before, after) in FINDING_MOVES


def is_overdue(*, state: str, due_on: date, on: date) -> bool:
    """Whether the branch still owes an answer, and its last day has passed."""
    return state in (FindingState.OPEN, FindingState.RETURNED) and due_on < on


def drawn_state(*, counts: bool, read: bool, states: Iterable[str]) -> DrawnState:
    """How a drawn record stands.

    ``counts``: it is filed or accepted; ``read``: it was scored; ``states``: of its findings.
    """
    if not read:
        return DrawnState.TO_READ if counts else DrawnState.GONE
    found = list(states)
    if any(state in UNSETTLED for state in found):
        return DrawnState.FINDINGS
    return DrawnState.SETTLED if found else DrawnState.READ
