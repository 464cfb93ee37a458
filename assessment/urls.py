"""Addresses of assessment."""

from django.urls import URLPattern, URLResolver, path

from assessment.views import appeals, rows, runs, schemes

app_name = "assessment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("runs/", runs.index, name="run_list"),
    path("runs/start/", runs.start, name="run_start"),
    path("runs/<uuid:uuid>/", runs.detail, name="run_detail"),
    path("runs/<uuid:uuid>/progress/", runs.progress, name="run_progress"),
    path("runs/<uuid:uuid>/publish/", runs.publish, name="run_publish"),
    path("runs/<uuid:uuid>/differences/", runs.differences, name="run_differences"),
    path("runs/<uuid:uuid>/export/", runs.export, name="run_export"),
    path("runs/<uuid:uuid>/changes/", runs.changes, name="run_changes"),
    path("runs/<uuid:uuid>/units/<str:code>/", rows.detail, name="row_detail"),
    path("runs/<uuid:uuid>/units/<str:code>/appeal/", appeals.create, name="appeal_new"),
    path("appeals/", appeals.index, name="appeal_list"),
    path("appeals/<uuid:uuid>/", appeals.detail, name="appeal_detail"),
    path("appeals/<uuid:uuid>/withdraw/", appeals.withdraw, name="appeal_withdraw"),
    path("appeals/<uuid:uuid>/take/", appeals.take, name="appeal_take"),
    path("appeals/<uuid:uuid>/opinion/", appeals.opinion, name="appeal_opinion"),
    path("appeals/<uuid:uuid>/decide/", appeals.decide, name="appeal_decide"),
    path("appeals/<uuid:uuid>/files/", appeals.files_add, name="appeal_files"),
    path("appeals/<uuid:uuid>/answer.docx", appeals.answer, name="appeal_answer"),
    path("appeals/files/<uuid:uuid>/", appeals.file, name="appeal_file"),
    path("schemes/", schemes.index, name="scheme_list"),
    path("schemes/compare/", schemes.compare, name="scheme_compare"),
    path("schemes/<int:version>/copy/", schemes.copy, name="scheme_copy"),
    path("schemes/drafts/<uuid:uuid>/", schemes.draft, name="draft_detail"),
    path("schemes/drafts/<uuid:uuid>/try/", schemes.try_it, name="draft_try"),
    path("schemes/drafts/<uuid:uuid>/propose/", schemes.propose, name="draft_propose"),
    path("schemes/drafts/<uuid:uuid>/return/", schemes.return_, name="draft_return"),
    path("schemes/drafts/<uuid:uuid>/adopt/", schemes.adopt, name="draft_adopt"),
    path("schemes/drafts/<uuid:uuid>/drop/", schemes.drop, name="draft_drop"),
    path("schemes/trials/<uuid:uuid>/", schemes.trial, name="trial_detail"),
    path("schemes/trials/<uuid:uuid>/progress/", schemes.progress, name="trial_progress"),
]
