"""Addresses of 网上党支部."""

from django.urls import URLPattern

app_name = "portal"
urlpatterns: list[URLPattern] = []
