"""Accounts for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import User

PASSWORD = "Zuzhi-gongzuo-2026"
_numbers = count(1)


def make_account(*, username: str = "", name: str = "王小明", **fields: Any) -> User:
    """An account without any role; with ``password=PASSWORD`` it can sign in by the form."""
    password = fields.pop("password", None)
    user = User(username=username or f"user{next(_numbers)}", name=name, **fields)
    user.password = UNUSABLE_PASSWORD_PREFIX + "x" * 40
    if password:
        user.set_password(password)
    user.save()
    return user
