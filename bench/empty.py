"""The addresses of the desk, and beside them pages of the same stack with nothing on them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from rest_framework.request import Request
from rest_framework.views import APIView

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as desk
from core.htmx import page
from meetings.enums import KIND_SLUGS, STATUS_SLUGS

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

# The JSON of the first page of each feed, made by the database; the order is the feeds'.
_UNITS = """
SELECT u.uuid, u.code, u.name, u.short_name, u.kind, u.field, p.code AS parent,
       c.code AS committee, d.code AS district, u.depth, u.founded_on, u.dissolved_on, u.territory,
       u.credit_code, u.updated_at
FROM branches_unit u
LEFT JOIN branches_unit p ON p.id = u.parent_id
LEFT JOIN branches_unit c ON c.id = u.committee_id
LEFT JOIN branches_unit d ON d.id = u.district_id
WHERE u.path LIKE '0001%' ORDER BY u.updated_at, u.id LIMIT 50
"""
_SLUGS = ", ".join(f"WHEN {number:d} THEN '{slug}'" for number, slug in STATUS_SLUGS.items())
_KINDS = ", ".join(
    f"CASE WHEN m.kind_mask & {bit:d} <> 0 THEN '{slug}' END" for bit, slug in KIND_SLUGS.items()
)
_MEETINGS = f"""
SELECT m.uuid, u.code AS unit, array_remove(ARRAY[{_KINDS}], NULL) AS kinds, m.held_on,
       m.started_at, m.ended_at, m.place, m.topic,
       CASE m.status {_SLUGS.replace(", ", " ")} END AS status,
       m.eligible_count AS eligible, m.present_count AS present, m.first_submitted_on,
       m.submitted_at, m.reviewed_at, m.revision, m.created_at, m.updated_at
FROM meetings_meeting m JOIN branches_unit u ON u.id = m.unit_id
WHERE u.path LIKE '0001%' AND m.status <> 0 ORDER BY m.updated_at, m.id LIMIT 50
"""
SQL = {"units": _UNITS, "meetings": _MEETINGS}


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """The frame with its navigation, and a sentence."""
    return page(request, "core/no_scope.html")


def empty_admin(request: HttpRequest) -> HttpResponse:
    """The frame of the data administration."""
    context: dict[str, Any] = {**admin.site.each_context(request), "title": "空页"}
    return TemplateResponse(request, "admin/base_site.html", context)


class EmptyFeed(APIView):
    """What the database made, sent to whoever may read."""

    def get(self, request: Request, feed: str) -> HttpResponse:
        """Fifty rows."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT json_build_object('next', NULL, 'results', json_agg(r))"
                f"::text FROM ({SQL[feed]}) r"
            )
            (body,) = cursor.fetchone()
        return HttpResponse(body, content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/empty/", empty),
    path("bench/admin/", admin.site.admin_view(empty_admin)),
    path("api/v1/bench/<str:feed>/", EmptyFeed.as_view()),
    *desk,
]
