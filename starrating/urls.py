"""Addresses of 两新星级; each deed has one of its own, made from the list of deeds."""

from django.urls import URLPattern, include, path

from starrating.views import act, desk, loading, pages, scoring
from starrating.views.deeds import ALL

app_name = "starrating"

_PAGES: list[URLPattern] = [
    path("", pages.board, name="board"),
    path("mine/", pages.mine, name="mine"),
    path("queue/", pages.queue, name="queue"),
    path("organisations/", pages.organisation_list, name="organisation_list"),
    path("organisations/new/", desk.organisation_new, name="organisation_new"),
    path("organisations/export/", loading.organisations_out, name="organisation_export"),
    path("organisations/import/", loading.organisations_in, name="organisation_import"),
    path(
        "organisations/import/template/", loading.organisations_template,
        name="organisation_template",
    ),
    path("organisations/<uuid:uuid>/", pages.organisation_detail, name="organisation_detail"),
    path("organisations/<uuid:uuid>/edit/", desk.organisation_edit, name="organisation_edit"),
    path("rounds/new/", desk.round_new, name="round_new"),
    path("rounds/<uuid:uuid>/edit/", desk.round_edit, name="round_edit"),
    path("rounds/<uuid:uuid>/notice.docx", loading.notice_docx, name="notice_paper"),
    path("ratings/", pages.rating_list, name="rating_list"),
    path("ratings/export/", loading.results_out, name="rating_export"),
    path("ratings/<uuid:uuid>/", pages.rating_detail, name="rating_detail"),
    path("ratings/<uuid:uuid>/sheet.docx", loading.rating_docx, name="rating_paper"),
    path("ratings/<uuid:uuid>/self/", scoring.self_item, name="self"),
    path("ratings/<uuid:uuid>/check/", scoring.check, name="check"),
    path("ratings/<uuid:uuid>/review/", scoring.review, name="review"),
    path("standards/", desk.standard_list, name="standard_list"),
    path("standards/default/", desk.standard_default, name="standard_default"),
    path("standards/import/", loading.standard_in, name="standard_import"),
    path("standards/<uuid:uuid>/", desk.standard_detail, name="standard_detail"),
    path("standards/<uuid:uuid>/export/", loading.standard_out, name="standard_export"),
    path("plan/", desk.plan, name="plan"),
    path("files/<uuid:uuid>/", loading.file, name="file"),
    path("files/<uuid:uuid>/small/", loading.thumb, name="thumb"),
]  # fmt: skip
_DEEDS = [
    path(
        f"{of}/<uuid:uuid>/{name}/",
        act.act,
        {"of": of, "name": name},
        name=f"{of.rstrip('s')}_{name.replace('-', '_')}",
    )
    for of, deeds in ALL.items()
    for name in deeds
]
urlpatterns = [path("starrating/", include([*_PAGES, *_DEEDS]))]
