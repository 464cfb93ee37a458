"""Addresses of 党费与经费."""

from django.urls import URLPattern

app_name = "dues"
urlpatterns: list[URLPattern] = []
