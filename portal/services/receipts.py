"""回执: read, signed, passed on; the first time counts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from branches.enums import BRANCH_KINDS
from core.errors import Refusal
from portal.models import Receipt
from portal.services.common import lock_receipt


@transaction.atomic
def read(*, receipt: Receipt, by: User, now: datetime) -> Receipt:
    """已阅. Raises Refusal: it was taken back."""
    row = lock_receipt(receipt)
    if row.read_at is None:
        row.read_at, row.read_by = now, by
        row.save()
    return row


@transaction.atomic
def sign(*, receipt: Receipt, by: User, now: datetime) -> Receipt:
    """签收, which is reading as well. Raises Refusal: taken back, or not asked for."""
    row = lock_receipt(receipt)
    if not row.circular.needs_sign:
        raise Refusal("这份通知不要求签收，点“已阅”就可以。", code="conflict")
    if row.signed_at is None:
        if row.read_at is None:
            row.read_at, row.read_by = now, by
        row.signed_at, row.signed_by = now, by
        row.save()
    return row


@transaction.atomic
def share(*, receipt: Receipt, by: User, now: datetime, public: bool = False) -> Receipt:
    """转发 to the branch's own page, and to its notice board when it is ``public``.

    Raises Refusal: taken back, not read yet, or no branch.
    """
    row = lock_receipt(receipt)
    if row.unit.kind not in BRANCH_KINDS:
        raise Refusal("只有党支部有网页，通知由各支部自己转发。", code="conflict")
    if row.read_at is None:
        raise Refusal("请先看完通知，点“已阅”或“签收”，再转发。", code="conflict")
    if row.shared_at is None:
        row.shared_at, row.shared_by = now, by
    row.is_public = public
    row.save()
    return row


@transaction.atomic
def unshare(*, receipt: Receipt) -> Receipt:
    """Take it off the branch's page. Raises Refusal: the 通知 itself was taken back."""
    row = lock_receipt(receipt)
    row.shared_at, row.is_public = None, False
    row.save()
    return row
