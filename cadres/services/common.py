"""What all verbs share: screening of texts, and the database's refusal in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cadres.rules.screen import refused_text
from core.errors import Refusal


def screened(**texts: object) -> None:
    """Refuse at its field a text that may not be here (rules.md §10)."""
    for field, text in texts.items():
        if isinstance(text, str) and (fault := refused_text(text)):
            raise Refusal(fault, field=field)


def saved(row: models.Model) -> None:
    """Save a row; a broken constraint is refused in its own words."""
    try:
        row.validate_constraints()
    except ValidationError as broken:
        raise Refusal("；".join(broken.messages), code="conflict") from None
    with told():
        row.save()


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database refuses at this moment into a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refusal("刚才有人登记了同样的内容，请刷新后核对。", code="conflict") from None
