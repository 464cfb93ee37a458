"""Addresses of 换届选举; each deed has one of its own, made from the list of deeds."""

from django.urls import URLPattern, include, path

from elections.views import act, board, files, pages, waves
from elections.views.deeds import ALL

app_name = "elections"

_PAGES: list[URLPattern] = [
    path("", board.index, name="board"),
    path("mine/", pages.mine, name="mine"),
    path("queue/", pages.queue, name="queue"),
    path("terms/", board.term_list, name="term_list"),
    path("terms/export/", board.term_export, name="term_export"),
    path("list/", pages.election_list, name="election_list"),
    path("list/export/", pages.election_export, name="election_export"),
    path("units/<str:code>/new/", pages.election_new, name="election_new"),
    path("units/<str:code>/shift/", pages.shift_new, name="shift_new"),
    path("list/<uuid:uuid>/", pages.election, name="election"),
    path("waves/new/", waves.wave_new, name="wave_new"),
    path("waves/<uuid:uuid>/", waves.wave, name="wave"),
    path("waves/<uuid:uuid>/edit/", waves.wave_edit, name="wave_edit"),
    path("waves/<uuid:uuid>/rows/", waves.wave_row_list, name="wave_rows"),
    path("waves/<uuid:uuid>/rows/new/", waves.body_new, name="body_new"),
    path("waves/<uuid:uuid>/export/", waves.wave_export, name="wave_export"),
    path("waves/<uuid:uuid>/import/", waves.wave_import, name="wave_import"),
    path("waves/<uuid:uuid>/import/template/", waves.wave_template, name="wave_template"),
    path("bodies/<uuid:uuid>/", waves.body, name="body"),
    path("files/<uuid:uuid>/", files.file, name="file"),
    path("files/<uuid:uuid>/small/", files.thumb, name="thumb"),
    *(
        path(f"list/<uuid:uuid>/{name}.docx", files.paper, {"name": name}, name=f"{name}_paper")
        for name in ("request", "report", "count")
    ),
]
_DEEDS = [
    path(f"{of}/<uuid:uuid>/{name}/", act.act, {"of": of, "name": name}, name=f"{of}_{name}")
    for of, deeds in ALL.items()
    for name in deeds
]
urlpatterns = [path("elections/", include([*_PAGES, *_DEEDS]))]
