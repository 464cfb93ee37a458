"""Tokens for tests of the API."""

from __future__ import annotations

import base64

from django.test import Client

from branches.services.clients import Issued


def bearer(issued: Issued) -> str:
    """The Authorization header of a credential."""
    pair = base64.b64encode(f"{issued.client_id}:{issued.secret}".encode()).decode()
    reply = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials"},
        headers={"authorization": f"Basic {pair}"},
    )
    assert reply.status_code == 200, reply.content
    return f"Bearer {reply.json()['access_token']}"
