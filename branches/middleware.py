"""What every request carries: the scope of its user, and who writes history."""

from collections.abc import Callable

import pghistory.middleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from branches.querysets import scope_guard
from branches.scope import NOBODY, scope_of


class ScopeMiddleware:
    """Sets ``request.scope`` and makes unscoped reads of scoped models fail (S10).

    The scope is read anew for each request: a taken grant is gone with the next click (S13).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request under the guard."""
        request.scope = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: (
                scope_of(request.user, on=timezone.localdate())
                if request.user.is_authenticated
                else NOBODY
            )
        )
        with scope_guard():
            return self.get_response(request)


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Notes the user beside every change that a request makes."""
