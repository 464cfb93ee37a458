"""接口凭据: giving them out, new secrets, taking them away."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from ipaddress import ip_address
from typing import NamedTuple

from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.utils import timezone

from branches.enums import ClientScope
from branches.models import ApiClient, Unit
from core.errors import Refusal


class Issued(NamedTuple):
    """A credential with its secret, which is shown once and kept nowhere."""

    client: ApiClient
    client_id: str
    secret: str


@transaction.atomic
def issue_client(
    *,
    title: str,
    unit: Unit,
    scopes: Sequence[str],
    expires_on: date,
    addresses: Sequence[str] = (),
) -> Issued:
    """Give another system a credential for a subtree.

    ``scopes`` are of :class:`branches.enums.ClientScope`; ``addresses`` empty means from anywhere.

    Raises:
        Refusal: no title, an unknown scope, a bad address, or a last day that is over.
    """
    secret = _new_secret()
    checked = _scopes(scopes)
    if not title.strip():
        raise Refusal("请写明是哪个系统。", field="title")
    _check_expiry(expires_on)
    client = Client(
        name=title.strip()[:100],
        type=Client.Type.CONFIDENTIAL,
        grant_types=Client.GrantType.CLIENT_CREDENTIALS,
        response_types="",
        skip_consent=True,
    )
    client.set_scopes(checked)
    client.set_default_scopes(checked)
    client.set_secret(secret)
    client.save(force_insert=True)
    row = ApiClient.objects.create(
        client=client,
        title=title.strip(),
        unit=unit,
        scopes=checked,
        addresses=_addresses(addresses),
        expires_on=expires_on,
    )
    return Issued(row, client.pk, secret)


@transaction.atomic
def rotate_secret(*, client: ApiClient) -> Issued:
    """A new secret; the old one and every token made with it end at once."""
    row = ApiClient.unscoped.select_for_update().select_related("client").get(pk=client.pk)
    secret = _new_secret()
    row.client.set_secret(secret)
    row.client.save(update_fields=["secret"])
    Token.objects.filter(client=row.client).delete()
    return Issued(row, row.client.pk, secret)


@transaction.atomic
def disable_client(*, client: ApiClient) -> None:
    """Shut it out with its next request; its tokens end at once."""
    row = ApiClient.unscoped.select_for_update().get(pk=client.pk)
    row.is_active = False
    row.save(update_fields=["is_active"])
    Token.objects.filter(client=row.client_id).delete()


@transaction.atomic
def change_client(
    *,
    client: ApiClient,
    scopes: Sequence[str],
    expires_on: date,
    addresses: Sequence[str],
    is_active: bool = True,
) -> ApiClient:
    """Set what it may do, from where, and until when; holds with its next request.

    Raises:
        Refusal: as :func:`issue_client`.
    """
    row = ApiClient.unscoped.select_for_update().select_related("client").get(pk=client.pk)
    checked = _scopes(scopes)
    if expires_on != row.expires_on:
        _check_expiry(expires_on)
    row.client.set_scopes(checked)
    row.client.set_default_scopes(checked)
    row.client.save(update_fields=["scopes", "default_scopes"])
    row.scopes, row.expires_on, row.is_active = checked, expires_on, is_active
    row.addresses = _addresses(addresses)
    row.save(update_fields=["scopes", "expires_on", "is_active", "addresses"])
    if not is_active:
        Token.objects.filter(client=row.client).delete()
    return row


def _scopes(scopes: Sequence[str]) -> list[str]:
    unknown = sorted(set(scopes) - set(ClientScope.values))
    if unknown or not scopes:
        raise Refusal("请从读取、读取党员、写入三种接口权限中选择。", field="scopes")
    return [value for value in ClientScope.values if value in scopes]


def _check_expiry(day: date) -> None:
    if day < timezone.localdate():
        raise Refusal("有效期至不能早于今天。", field="expires_on")


def _addresses(addresses: Sequence[str]) -> list[str]:
    try:
        return [str(ip_address(text.strip())) for text in addresses]
    except ValueError:
        raise Refusal("来源地址应是 IP 地址，例如 10.1.2.3。", field="addresses") from None


def _new_secret() -> str:
    """256 random bits that survive a form, a shell and a configuration file without quoting."""
    return secrets.token_hex(32)
