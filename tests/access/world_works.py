"""作用发挥 full of canaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
