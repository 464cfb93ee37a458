"""What the tests of 组织生活 share: asking as somebody, this year's flows, an answer as text."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import Unit
from meetings.enums.life import AppraisalState, ReviewState
from meetings.models import Appraisal, LifeReview
from tests.factories.life import make_appraisal, make_review


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(unit: Unit, name: str = "life_home", **query: object) -> str:
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse(f'meetings:{name}')}?unit={unit.pk}{more}"


def today_review(unit: Unit, state: ReviewState, **facts: Any) -> LifeReview:
    on = timezone.localdate()
    return make_review(unit, state, year=on.year, on=max(on, on.replace(month=12, day=31)), **facts)


def today_appraisal(unit: Unit, state: AppraisalState, **facts: Any) -> Appraisal:
    on = timezone.localdate()
    return make_appraisal(
        unit, state, year=on.year, on=max(on, on.replace(month=12, day=31)), **facts
    )


def text_of(reply: Any) -> str:
    body = b"".join(reply.streaming_content) if reply.streaming else reply.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return bytes(body).decode("utf-8", "replace")
