"""Writes that may be sent again: the answer is kept with the data, in one transaction (R9)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction
from rest_framework.renderers import JSONRenderer

from core.errors import Refusal
from core.models import IdempotencyKey

_LOCK_SPACE = 7399
MAX_KEY = 120


class Answer(NamedTuple):
    """Status and body of an answer; ``replayed`` when it was given before."""

    status: int
    body: Any
    replayed: bool = False


def fingerprint(method: str, path: str, body: Any) -> str:
    """What makes two requests the same: method, address, and the body whatever its key order."""
    text = json.dumps([method, path, body], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def once(*, client: str, key: str, mark: str, work: Callable[[], tuple[int, Any]]) -> Answer:
    """Do ``work`` once for this key of this caller, or give the answer it got before.

    ``work`` returns (status, body); an exception leaves no trace, so that a corrected body may use
    the same key. Raises Refusal: 400-like for a bad key, 409 while another request with the key is
    on its way, 422 when the key was used for something else.
    """
    if not key or len(key) > MAX_KEY or not key.isprintable() or not key.isascii():
        raise Refusal(
            f"请带上 Idempotency-Key：每次新写入用一个新的 UUID，不超过 {MAX_KEY} 个字符。",
            field="Idempotency-Key",
        )
    with transaction.atomic():
        _lock(client, key)
        kept = IdempotencyKey.objects.filter(client=client, key=key).first()
        if kept is not None:
            if kept.fingerprint != mark or kept.status is None:
                raise Refusal("这个 Idempotency-Key 已用于另一项内容，请换一个新的键。")
            return Answer(kept.status, kept.body, replayed=True)
        status, body = work()
        body = json.loads(JSONRenderer().render(body))
        IdempotencyKey.objects.create(
            client=client, key=key, fingerprint=mark, status=status, body=body
        )
        return Answer(status, body)


def _lock(client: str, key: str) -> None:
    """Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, f"{client} {key}"]
        )
        (got,) = cursor.fetchone()
    if not got:
        raise Refusal(
            "同一个 Idempotency-Key 的请求正在处理，请稍后用原样内容重试。", code="conflict"
        )
