"""Other systems at the door: bearer tokens, what they may do, and where they come from (S14)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import views as oidc
from allauth.idp.oidc.models import Token
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from branches.enums import ClientScope, Role
from branches.models import ApiClient
from branches.scope import Scope

if TYPE_CHECKING:
    from rest_framework.views import APIView

# What a client is in its subtree: no role of a person, so that no predicate lets it write.
READER = "client"
# How often the note of its last use is renewed.
_USE_NOTED = timedelta(hours=1)
_TRIES = "30/m/ip"


class ClientUser:
    """Whoever stands behind a token: signed in, but no account of ours."""

    pk = id = None
    is_active = is_authenticated = True
    is_anonymous = is_staff = is_superuser = must_change_password = False

    def __init__(self, client: ApiClient, scopes: frozenset[str]) -> None:
        self.client = client
        self.scopes = scopes
        self.name = client.title
        self.username = client.client_id

    def __str__(self) -> str:
        return f"{self.name}（接口）"

    def get_username(self) -> str:
        """The client's id."""
        return self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Never: a client is bound by its scopes alone."""
        return False

    has_module_perms = has_perm


class ClientAuthentication(BaseAuthentication):
    """``Authorization: Bearer …`` with a token of the client-credentials grant.

    Whatever is wrong with it is 401 with a sentence saying what, never 403.
    """

    def authenticate(self, request: Request) -> tuple[ClientUser, ApiClient] | None:
        """The client and its row; the request's scope becomes the client's."""
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        client, token = self._client(header)
        why = refusal(client, request._request)
        if why:
            raise exceptions.AuthenticationFailed(why)
        scopes = frozenset(token.get_scopes()) & frozenset(client.scopes)
        request._request.scope = scope_of_client(client, scopes)  # type: ignore[attr-defined]
        note_use(client)
        return ClientUser(client, scopes), client

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer 401."""
        return 'Bearer realm="api"'

    def _client(self, header: list[bytes]) -> tuple[ApiClient, Token]:
        if len(header) != 2:
            raise exceptions.AuthenticationFailed(
                "令牌格式不对，请写成 Authorization: Bearer 令牌。"
            )
        value = header[1].decode("latin-1")
        token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
        client = (
            ApiClient.objects.everywhere("who asks is found by his token")
            .select_related("unit")
            .filter(client=token.client_id)
            .first()
            if token and token.client_id
            else None
        )
        if token is None or client is None:
            raise exceptions.AuthenticationFailed("令牌无效或已过期，请用客户端凭据重新换取。")
        return client, token


class ScopedAccess(BasePermission):
    """Who may come in at all: signed-in people, and clients with the scope that the view names.

    ``client_scope`` of a view is the scope for reading it (``read`` unless said otherwise); writing
    asks for ``write``. Which rows are seen is the queryset's business.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """See the base; people owe the door the same steps as on the pages."""
        user: Any = request.user
        if not user or not user.is_authenticated:
            return False
        if isinstance(user, ClientUser):
            safe = request.method in SAFE_METHODS
            needed = getattr(view, "client_scope", ClientScope.READ) if safe else ClientScope.WRITE
            if needed not in user.scopes:
                label = ClientScope(needed).label
                raise exceptions.PermissionDenied(f"凭据没有“{label}”的权限，请向组织部申请。")
            return True
        if user.must_change_password:
            raise exceptions.PermissionDenied("请先在网页上设置自己的密码，再使用接口。")
        if settings.STAFF_SECOND_FACTOR and user.is_staff and not is_mfa_enabled(user):
            raise exceptions.PermissionDenied("工作人员须先在网页上启用动态口令，再使用接口。")
        return True


class TokenView(oidc.TokenView):
    """Hands out tokens; refuses whom the API would refuse, and never fails on odd input.

    Only failed tries count against an address. A limit that cannot be counted (the cache is away)
    stops nobody: secrets are too long to be guessed.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        """``grant_type=client_credentials`` with Basic or body credentials."""
        if any("\x00" in value for _, values in request.POST.lists() for value in values):
            return _refused(400, "invalid_request", "参数中有不允许的字符。")
        usage = _count_try(request)
        if usage is None:
            return _refused(429, "slow_down", "尝试过于频繁，请一分钟后再试。")
        try:
            with transaction.atomic():
                response: HttpResponse = super().post(request)
                why = _why_not(request) if response.status_code == HTTPStatus.OK else ""
                transaction.set_rollback(bool(why))
        except (ValidationError, ValueError):
            return _refused(400, "invalid_request", "参数不合要求，请查阅接口文档。")
        if why:
            return _refused(401, "invalid_client", why)
        if response.status_code == HTTPStatus.OK:
            usage.rollback()
        return response


def _count_try(request: HttpRequest) -> ratelimit.RateLimitUsage | None:
    try:
        return ratelimit.consume(
            request, app="branches", action="api_token", config={"api_token": _TRIES}
        )
    except RedisError:
        return ratelimit.RateLimitUsage(usage=[])


def _why_not(request: HttpRequest) -> str:
    """Why the client that has just shown its secret gets no token all the same."""
    client_id = extract_basic_auth(request.headers)[0] or request.POST.get("client_id")
    client = (
        ApiClient.objects.everywhere("who asks has shown his secret")
        .filter(client=client_id)
        .first()
    )
    return refusal(client, request) if client else "这个客户端没有登记数据范围，请联系组织部。"


def _refused(status: int, error: str, description: str) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)


token = TokenView.as_view()


def refusal(client: ApiClient, request: HttpRequest) -> str:
    """Why the client may not come in now, or nothing."""
    if not client.is_active:
        return "凭据已停用，请联系组织部。"
    if client.expires_on < timezone.localdate():
        return "凭据已过期，请联系组织部续期。"
    if client.addresses and _address(request) not in client.addresses:
        return "这个来源地址不在凭据允许的范围内，请联系组织部登记。"
    return ""


def _address(request: HttpRequest) -> str:
    """Where the request comes from; proxies beyond our own are not believed."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
    return address


def scope_of_client(client: ApiClient, scopes: frozenset[str]) -> Scope:
    """A reader in its subtree; with the scope to write, what the secretaries there may do."""
    roles = [READER, Role.SECRETARY] if ClientScope.WRITE in scopes else [READER]
    return Scope(tuple((role, client.unit) for role in roles))


def note_use(client: ApiClient) -> None:
    """Keep when it was last seen, to the hour."""
    now = timezone.now()
    if client.last_used_at is None or client.last_used_at < now - _USE_NOTED:
        ApiClient.unscoped.filter(pk=client.pk).filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_NOTED)
        ).update(last_used_at=now)


def caller(request: Request) -> str:
    """Under which name the repeatable writes of this caller are kept."""
    user: Any = request.user
    return f"client:{user.username}" if isinstance(user, ClientUser) else f"user:{user.pk}"


def form_key(name: str, key: str) -> UUID:
    """The form key of a record that :func:`caller` ``name`` writes with an idempotency key.

    Its first five bytes tell whose it is (:func:`own_form_keys`), the others which.
    """
    return UUID(bytes=_digest(name)[:5] + _digest(f"{name} {key}")[:11])


def own_form_keys(name: str) -> tuple[UUID, UUID]:
    """Between which two keys, both included, all records of a caller lie."""
    mine = _digest(name)[:5]
    return UUID(bytes=mine + b"\x00" * 11), UUID(bytes=mine + b"\xff" * 11)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
