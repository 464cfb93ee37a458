"""Addresses of the whole desk."""

from allauth.idp.oidc import views as oidc
from django.contrib import admin
from django.urls import include, path

from branches import clients
from config import api, branch_pages, views

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("page/", branch_pages.mine, name="my_page"),
    path("page/<str:code>/", branch_pages.show, name="branch_page"),
    path("page/<str:code>/board/", branch_pages.wall, name="branch_board"),
    path("page/<str:code>/board.docx", branch_pages.paper, name="board_paper"),
    path("page/<str:code>/edit/", branch_pages.edit, name="board_edit"),
    path("", include("core.urls")),
    path("", include("branches.urls")),
    path("", include("meetings.urls")),
    path("", include("rectification.urls")),
    path("", include("brands.urls")),
    path("", include("starrating.urls")),
    path("", include("dues.urls")),
    path("", include("elections.urls")),
    path("", include("membership.urls")),
    path("", include("support.urls")),
    path("", include("works.urls")),
    path("", include("portal.urls")),
    path("cadres/", include("cadres.urls")),
    path("", include("assessment.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    # Only the two endpoints that client credentials need of the OAuth2 server.
    path("identity/o/api/token", clients.token, name="token"),
    path("identity/o/api/revoke", oidc.revoke, name="revoke"),
]
