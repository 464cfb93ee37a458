"""Signs of life for the machine room, and the style guide for those who build pages."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core import styleguide
from core.htmx import is_fragment, page
from core.vault import vault_of

log = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Open to all, says nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and cache answer (200), or which of them does not (503). Open to all."""
    checks = {"database": _database(), "cache": _cache()}
    ready = all(checks.values())
    body = {"status": "ok" if ready else "unready"} | {
        name: "ok" if good else "down" for name, good in checks.items()
    }
    return JsonResponse(body, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.warning("readyz: the database does not answer", exc_info=True)
        return False
    return True


def _cache() -> bool:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        log.warning("readyz: the cache does not answer", exc_info=True)
        return False
    return True


@login_required
@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, for what waits on his device: key, token, and the key that seals it.

    The sealing key follows from the account and from this installation: what one person kept on a
    shared phone is noise to the next. It is worth nothing without the device.
    """
    pk = str(request.user.pk)
    return JsonResponse({"user": pk, "token": get_token(request), "vault": vault_of(pk)})


@login_not_required
@require_safe
@cache_control(max_age=0, must_revalidate=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; from the root, so that it may look after every page."""
    text = render_to_string("core/worker.js", {}, request)
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown instead of any page while there is no connection; holds nobody's data."""
    return page(request, "core/offline.html")


@login_not_required
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every part of docs/design.md on one page. Only where DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    if not is_fragment(request):
        messages.success(request, "这是一条成功的消息。")
    return page(
        request,
        "core/styleguide.html",
        styleguide.context(wrong="clean" not in request.GET),
        fragment="core/_styleguide_job.html",
    )
