"""Addresses of 党员发展与转接."""

from django.urls import URLPattern, path

from membership.deeds import DEEDS
from membership.views import admission, files, transfers

app_name = "membership"
urlpatterns: list[URLPattern] = [
    path("admissions/", admission.index, name="board"),
    path("admissions/mine/", admission.mine, name="mine"),
    path("admissions/new/", admission.register, name="register"),
    path("admissions/cases/", admission.case_list, name="case_list"),
    path("admissions/cases/<uuid:uuid>/", admission.case_detail, name="case_detail"),
    path("admissions/cases/<uuid:uuid>/edit/", admission.case_edit, name="case_edit"),
    path("admissions/cases/<uuid:uuid>/end/", admission.case_end, name="case_end"),
    path("admissions/cases/<uuid:uuid>/steps/<int:number>/", admission.step, name="step"),
    path("admissions/steps/<uuid:uuid>/answer/", admission.step_answer, name="step_answer"),
    path("admissions/steps/<uuid:uuid>/back/", admission.step_back, name="step_back"),
    path("admissions/cases/export/", files.export_cases, name="case_export"),
    path("admissions/cases/<uuid:uuid>/record.docx", files.record, name="record_paper"),
    path("admissions/cases/<uuid:uuid>/notice.docx", files.notice, name="notice_paper"),
    path("transfers/export/", files.export_transfers, name="transfer_export"),
    path("transfers/import/", files.load, name="import"),
    path("transfers/import/template/", files.template, name="import_template"),
    path("transfers/<uuid:uuid>/letter.docx", files.letter, name="letter_paper"),
    path("transfers/", transfers.index, name="transfer_list"),
    path("transfers/start/", transfers.start, name="transfer_start"),
    path("transfers/leave/<uuid:uuid>/", transfers.leave, name="transfer_leave"),
    path("transfers/ask/", transfers.ask, name="transfer_ask"),
    path("transfers/arrive/", transfers.arrive, name="transfer_arrive"),
    path("transfers/check/", transfers.check, name="transfer_check"),
    path("transfers/away/", transfers.away, name="away"),
    path("transfers/away/<uuid:uuid>/", transfers.away_edit, name="away_edit"),
    path("transfers/<uuid:uuid>/", transfers.detail, name="transfer_detail"),
    *(
        path(
            f"transfers/<uuid:uuid>/{name}/", transfers.act, {"name": name},
            name=f"transfer_{name}",
        )
        for name in DEEDS
    ),
]  # fmt: skip
