"""How an organisation is called as a place of work."""

from __future__ import annotations


def workplace(name: str) -> str:
    """区财政局党支部 → 区财政局; what is no branch keeps its name."""
    for tail in ("联合党支部", "党支部"):
        if name.endswith(tail) and len(name) > len(tail) + 1:
            return name.removesuffix(tail)
    return name
