"""Figures over a large district, kept for a moment so that the second look is free."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.core.cache import cache
from django.db import connection

from branches.models import Unit

log = logging.getLogger(__name__)

# What is counted faster than this is counted anew each time: small districts are always fresh.
WORTH_KEEPING = 0.15
Made = TypeVar("Made")


def kept(name: str, units: Iterable[Unit], make: Callable[[], Made], *, seconds: int = 120) -> Made:
    """The figures ``name`` for the subtrees of ``units``, from the cache or made now.

    Two askers with the same reach share them. A cache that is away costs time, not the page.
    """
    reach = "|".join(sorted(f"{unit.pk}:{unit.path}" for unit in units))
    place = f"{connection.settings_dict['NAME']}|{reach}"
    key = f"{name}:{hashlib.sha256(place.encode()).hexdigest()[:24]}"
    try:
        found: Made | None = cache.get(key)
        if found is not None:
            return found
    except Exception:
        log.info("no cache for %s", name)
        return make()
    started = time.monotonic()
    made = make()
    if time.monotonic() - started > WORTH_KEEPING:
        try:
            cache.set(key, made, seconds)
        except Exception:
            log.info("no cache for %s", name)
    return made
