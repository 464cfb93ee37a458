"""Addresses of 两新星级."""

from django.urls import URLPattern

app_name = "starrating"
urlpatterns: list[URLPattern] = []
