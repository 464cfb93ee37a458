"""What every page knows: the navigation of its user and his unread notices."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.nav import navigation


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``site_name``, ``nav``."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "site_name": settings.SITE_NAME,
        "nav": navigation(request) if signed_in else [],
    }
