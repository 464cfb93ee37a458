"""Change history by triggers: bulk and raw writes are seen like any other."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(**options: Any) -> Callable[[M], M]:
    """Class decorator: every insert, update and delete leaves a row in the model's history."""
    decorate: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return decorate


def tracked_after_insert(**options: Any) -> Callable[[M], M]:
    """The same without inserts, for tables that grow by millions: the row is its own evidence."""
    decorate: Callable[[M], M] = pghistory.track(
        pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return decorate
