"""Addresses of 干部工作; every one of them stands behind the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from cadres.views import boards, files, loading
from cadres.views.act import act
from cadres.views.deeds import ALL
from cadres.views.door import officers_only

app_name = "cadres"


def _page(
    route: str, view: Callable[..., HttpResponseBase], called: str, **given: Any
) -> URLPattern:
    return path(route, officers_only(view), given, name=called)


def _deed(of: str, name: str) -> URLPattern:
    row = "" if of == "do" else "<uuid:uuid>/"
    return _page(f"{of}/{row}{name}/", act, f"{of}_{name}", of=of, name=name)


urlpatterns = [
    _page("", files.roster, "roster"),
    _page("export/", files.export, "export"),
    _page("import/", loading.cadres, "import"),
    _page("import/template/", loading.template, "import_template"),
    _page("log/", files.log, "log"),
    _page("people/<uuid:uuid>/", files.file, "file"),
    _page("people/<uuid:uuid>/open/", files.open_, "open"),
    _page("people/<uuid:uuid>/form.docx", files.form_paper, "form_paper"),
    _page("photos/<uuid:uuid>/", files.photo, "photo"),
    _page("quota/", boards.quota, "quota"),
    _page("appointments/", boards.appointments, "appointments"),
    _page("appointments/<uuid:uuid>/", boards.appointment, "appointment"),
    _page("appointments/<uuid:uuid>/process.docx", boards.process_paper, "process_paper"),
    _page("oversight/", boards.oversight, "oversight"),
    _page("matters/", boards.matters, "matters"),
    _page("draws/<uuid:uuid>/", boards.draw, "draw"),
    _page("draws/<uuid:uuid>/list.txt", boards.draw_list, "draw_list"),
    _page("draws/<uuid:uuid>/sheet.docx", boards.draw_paper, "draw_paper"),
    _page("training/", boards.training, "training"),
    _page("courses/<uuid:uuid>/", boards.course, "course"),
    *(_deed(of, name) for of, deeds in ALL.items() for name in deeds),
]
