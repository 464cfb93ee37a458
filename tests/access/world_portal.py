"""网上党支部 full of canaries: 通知 from each committee and district, receipts, pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.enums import State
from portal.models import BranchPage, Circular, CircularFile, Receipt


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch; whoever stands below knows the words of a 通知 to him."""
    things = world.objects
    issuers = sorted({key[:2] for key in branches} | {key[0] for key in branches})
    for key in issuers:
        circular = _circular(world, key)
        things["circular"][key] = circular
        things["circular_file"][key] = CircularFile.unscoped.create(
            circular=circular, name=f"附件zu{key}z.pdf", path=f"{uuid.uuid4()}.pdf",
            content_type="application/pdf", sha256="0" * 64, size=10,
        )  # fmt: skip
    for key in branches:
        author = things["author"][key]
        for above in (key[0], key[:2]):
            for unit in {key, key[:2]} - {above}:
                receipt, _ = Receipt.unscoped.get_or_create(
                    circular=things["circular"][above], unit=world.units[unit]
                )
                things["receipt"][unit] = receipt
        Receipt.unscoped.filter(pk=things["receipt"][key].pk).update(
            read_at=timezone.now(), read_by=author
        )
        things["branch_page"][key] = BranchPage.unscoped.create(
            unit=world.units[key], introduction=f"简介zo{key}z", panels=["people"], by=author
        )


def _circular(world: Any, key: str) -> Circular:
    made: Circular = Circular.unscoped.create(
        unit=world.units[key], title=f"通知zu{key}z", text=f"正文zu{key}z", state=State.ISSUED,
        issued_at=timezone.now(),
    )  # fmt: skip
    return made
