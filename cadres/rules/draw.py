"""随机抽查: a draw that anybody can repeat with the list and the seed in hand.

1. The list is a text, one line per person: the number of his report (a uuid in small letters), a
   space, his name. Lines in ascending order.
2. Its digest is the SHA-256 of these lines, joined by a line feed, in UTF-8, as small hex.
3. Each number gets a key: the SHA-256 of ``seed:digest:number``, as small hex. Ascending, this is
   the order of drawing. The digest binds the seed to this very list.
4. ``ceil(lines × share ÷ 100)`` are taken, at least one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def list_lines(people: Iterable[tuple[object, str]]) -> list[str]:
    """The list of (uuid, name) as lines, each once, in ascending order."""
    return sorted({f"{str(uuid).lower()} {' '.join(name.split())}" for uuid, name in people})


def list_digest(lines: Sequence[str]) -> str:
    """SHA-256 of the list, 64 hex digits."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def wanted(count: int, percent: int) -> int:
    """How many are drawn of ``count`` at a share of ``percent``: rounded up, at least one."""
    return min(count, max(1, -(-count * percent // 100))) if count else 0


def key_of(seed: str, digest: str, uuid: str) -> str:
    """The key by which a number stands in the order of this seed and this list."""
    return hashlib.sha256(f"{seed}:{digest}:{uuid}".encode()).hexdigest()


def draw(*, lines: Sequence[str], seed: str, percent: int) -> list[str]:
    """The uuids drawn, in the order of drawing."""
    digest = list_digest(lines)
    uuids = [line.split(" ", 1)[0] for line in lines]
    order = sorted(uuids, key=lambda one: (key_of(seed, digest, one), one))
    return order[: wanted(len(uuids), percent)]


def agrees(
    *, lines: Sequence[str], digest: str, seed: str, percent: int, drawn: Sequence[str]
) -> bool:
    """核验: whether the list has this digest, and the seed draws exactly these in this order."""
    return list_digest(lines) == digest and draw(lines=lines, seed=seed, percent=percent) == [
        *drawn
    ]
