"""Addresses of 换届选举."""

from django.urls import URLPattern

app_name = "elections"
urlpatterns: list[URLPattern] = []
