"""接收偏好: how one person wants to be told, kept by himself."""

from __future__ import annotations

from datetime import time

from django.contrib.auth import get_user_model
from django.db import transaction

from core.enums import Digest
from core.errors import Refusal
from core.models import Preference


def preference_of(user_id: int) -> Preference:
    """What he chose, or what holds for whoever chose nothing (then unsaved)."""
    return Preference.objects.filter(user_id=user_id).first() or Preference(user_id=user_id)


@transaction.atomic
def keep_preference(
    *,
    user_id: int,
    email: str,
    by_mail: bool,
    quiet_from: time,
    quiet_to: time,
    digest: str,
    digest_hour: int,
) -> Preference:
    """Write down how he wants to be told from now on, and where his mail goes.

    Raises:
        Refusal: mail without an address, or a choice that is none.
    """
    if by_mail and not email:
        raise Refusal("要收邮件请填邮箱；不想收邮件，就取消“同时发邮件”。", field="email")
    if digest not in Digest.values or not 0 <= digest_hour <= 23:
        raise Refusal("请从列出的接收方式和时间里选择。", field="digest")
    people = get_user_model()._default_manager
    people.filter(pk=user_id).exclude(email=email).update(email=email)
    kept, _ = Preference.objects.update_or_create(
        user_id=user_id,
        defaults={
            "by_mail": by_mail,
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "digest": digest,
            "digest_hour": digest_hour,
        },
    )
    return kept
