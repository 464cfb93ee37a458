"""Reading a value from what a page was given, be it a mapping or an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def get(source: object, name: str, default: Any) -> Any:
    """The key or attribute `name` of `source`, else `default`."""
    if isinstance(source, Mapping):
        return source.get(name, default)
    return getattr(source, name, default)
