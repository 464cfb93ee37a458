"""Addresses of 作用发挥."""

from django.urls import URLPattern

app_name = "works"
urlpatterns: list[URLPattern] = []
