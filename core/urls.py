"""Addresses of the ground floor."""

from django.urls import path

from core import views, views_notices

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("session/", views.session, name="session"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
    path("styleguide/", views.style_guide, name="styleguide"),
    path("notices/", views_notices.notices, name="notices"),
    path("notices/read/", views_notices.notices_read, name="notices_read"),
    path("notices/mine/", views_notices.preference, name="notice_preference"),
    path("notices/<int:pk>/open/", views_notices.notice_open, name="notice_open"),
]
