"""提示 as pure functions: photos that look alike, minutes that read alike, records typed in a rush.

A hint is something to look at, never a verdict: it is stored nowhere as a mark and scored nowhere.

Minutes are found by keys of a MinHash signature, not by trigrams of the database: a record has
eight rows in an ordinary index whatever its length, and looking it up reads a bounded number of
them; a trigram index over the minutes of a large district is many times the size of the table.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

# Photos are alike when their hashes differ in so many bits of 64 at most.
NEAR_BITS = 6
_PARTS = 7
# A grey wall hashes like any other grey wall: hashes with nearly all bits alike say nothing.
_FEWEST_EDGES = 6

# Minutes are compared from this length on (shorter ones are forms of words), and are alike when
# so many of their three-character pieces are the same.
SHORTEST_TEXT = 120
ALIKE = 0.85
_PIECE = 3
_HASHES, _BANDS = 32, 8
_ROWS = _HASHES // _BANDS
_PRIME = (1 << 61) - 1
_NOT_WORDS = re.compile(r"[\W_]+")

# So many records typed by one account within an hour are a rush.
RUSH = 8
RUSH_WITHIN = timedelta(hours=1)


# --- Photos ----------------------------------------------------------------------------------


def dhash(grey: Sequence[int]) -> int:
    """The difference hash, 64 bits, of a picture shrunk to 9 × 8 grey values, row by row.

    Each bit says whether a point is brighter than its right neighbour; size, quality and light
    change few of them.
    """
    if len(grey) != 72:
        raise ValueError("a difference hash is made from 9 x 8 values")
    bits = 0
    for row in range(8):
        for left, right in pairwise(grey[row * 9 : row * 9 + 9]):
            bits = bits << 1 | (left > right)
    return bits


def hamming(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def signed(bits: int) -> int:
    """64 bits as the database's signed number."""
    return bits - 2**64 if bits >= 2**63 else bits


def photo_keys(bits: int) -> list[int]:
    """Seven keys of a hash; two that are near (≤ 6 bits) share one. None when it says nothing."""
    if not _FEWEST_EDGES <= (bits & (2**64 - 1)).bit_count() <= 64 - _FEWEST_EDGES:
        return []
    keys, low = [], 0
    for part in range(_PARTS):
        width = 64 // _PARTS + (part < 64 % _PARTS)
        keys.append(part << 16 | (bits >> low & (1 << width) - 1))
        low += width
    return keys


# --- Minutes ---------------------------------------------------------------------------------


def pieces(text: str) -> frozenset[str]:
    """All runs of three characters of a text, without marks and spaces."""
    plain = _NOT_WORDS.sub("", text)
    return frozenset(plain[at : at + _PIECE] for at in range(len(plain) - _PIECE + 1))


def likeness(one: str, other: str) -> float:
    """The share of pieces that both texts have, 0–1 (Jaccard)."""
    mine, theirs = pieces(one), pieces(other)
    both = len(mine | theirs)
    return len(mine & theirs) / both if both else 0.0


def is_comparable(text: str) -> bool:
    """Whether a text is long enough to be compared with others."""
    return len(_NOT_WORDS.sub("", text)) >= SHORTEST_TEXT


def _factors() -> list[tuple[int, int]]:
    digests = (hashlib.sha256(f"minutes {at}".encode()).digest() for at in range(_HASHES))
    return [(int.from_bytes(d[:7], "big") | 1, int.from_bytes(d[8:15], "big")) for d in digests]


_FACTORS = _factors()


def text_keys(text: str) -> list[int]:
    """Eight keys (signed 64 bits) of a text's MinHash signature; none when it is too short.

    Texts that share 0.85 of their pieces share a key in more than 99 of 100 cases.
    """
    if not is_comparable(text):
        return []
    values = [
        int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=7).digest(), "big")
        for piece in pieces(text)
    ]
    least = [min((a * value + b) % _PRIME for value in values) for a, b in _FACTORS]
    keys = []
    for band in range(_BANDS):
        rows = least[band * _ROWS : (band + 1) * _ROWS]
        digest = hashlib.blake2b(repr((band, rows)).encode(), digest_size=8).digest()
        keys.append(int.from_bytes(digest, "big", signed=True))
    return keys


# --- Typing ----------------------------------------------------------------------------------


def rush(moments: Iterable[datetime], at: datetime) -> int:
    """How many records, at most, an account typed within one hour that holds the moment ``at``.

    ``moments`` are those of all its records around it, that of the record itself included.
    """
    near = sorted(one for one in moments if abs(one - at) <= RUSH_WITHIN)
    best = 0
    for first in near:
        if first <= at <= first + RUSH_WITHIN:
            best = max(best, sum(first <= one <= first + RUSH_WITHIN for one in near))
    return best
