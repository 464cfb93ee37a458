"""Addresses of assessment."""

from django.urls import URLPattern, URLResolver, path

from assessment.views import rows, runs

app_name = "assessment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("runs/", runs.index, name="run_list"),
    path("runs/start/", runs.start, name="run_start"),
    path("runs/<uuid:uuid>/", runs.detail, name="run_detail"),
    path("runs/<uuid:uuid>/progress/", runs.progress, name="run_progress"),
    path("runs/<uuid:uuid>/publish/", runs.publish, name="run_publish"),
    path("runs/<uuid:uuid>/differences/", runs.differences, name="run_differences"),
    path("runs/<uuid:uuid>/export/", runs.export, name="run_export"),
    path("runs/<uuid:uuid>/units/<str:code>/", rows.detail, name="row_detail"),
]
