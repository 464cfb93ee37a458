"""Addresses of 阵地与联系."""

from django.urls import URLPattern

app_name = "support"
urlpatterns: list[URLPattern] = []
