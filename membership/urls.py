"""Addresses of 党员发展与转接."""

from django.urls import URLPattern

app_name = "membership"
urlpatterns: list[URLPattern] = []
