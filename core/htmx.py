"""One view for the whole page and for the piece of it that htmx asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that went through HtmxMiddleware."""

    htmx: HtmxDetails


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx wants a piece of a page, not a boosted or restored whole page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not (htmx.boosted or htmx.history_restore_request)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only `fragment` when htmx asks.

    With a fragment the waiting messages go along and land in the page's own place for them.
    Give `status=422` for a form that did not pass: htmx shows it, programs see it failed.
    """
    piece = bool(fragment) and is_fragment(request)
    html = render_to_string(fragment if piece else template, dict(context or {}), request)
    if piece and len(get_messages(request)):
        html += render_to_string("core/_messages.html", {}, request)
    response = HttpResponse(html, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page of a form: as it is opened, or 422 when it was sent and did not pass."""
    return page(request, template, context, status=422 if request.method == "POST" else 200)


def go(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Redirect to a URL, a route name or an object, also out of an htmx request."""
    url = resolve_url(to, *args, **kwargs)
    if is_fragment(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
