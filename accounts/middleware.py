"""The door while one is inside: idle time-out, first password, second factor, no caching."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

_SEEN = "door_seen"
_OPEN = ("/accounts/", "/static/", "/healthz", "/readyz", "/identity/", "/api/")


class DoorMiddleware:
    """Signs out the idle, asks for what is compulsory, forbids caching of signed-in pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or send it where something must be done first."""
        response = self._stopped(request) or self.get_response(request)
        if request.user.is_authenticated and not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store, private")
        return response

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        now = int(time.time())
        seen = request.session.get(_SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            messages.info(request, "您有一段时间没有操作，为安全起见已退出，请重新登录。")
            return redirect(f"{reverse('account_login')}?next={request.path}")
        if now - seen > 30 or _SEEN not in request.session:
            request.session[_SEEN] = now
        if request.path.startswith(_OPEN):
            return None
        if user.must_change_password:
            messages.info(request, "请先设置自己的密码，再开始使用。")
            return redirect("account_change_password")
        if settings.STAFF_SECOND_FACTOR and user.is_staff and not is_mfa_enabled(user):
            messages.info(request, "工作人员须先启用动态口令，再开始使用。")
            return redirect("mfa_activate_totp")
        return None
