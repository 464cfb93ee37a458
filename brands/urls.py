"""Addresses of brands."""

from django.urls import URLPattern, URLResolver, path

from brands.views import (
    desk,
    importing,
    keeping,
    library,
    moves,
    promoting,
    reviewing,
    work,
)

app_name = "brands"
urlpatterns: list[URLPattern | URLResolver] = [
    path("brands/", library.index, name="brand_list"),
    path("brands/export/", library.export, name="brand_export"),
    path("brands/import/", importing.start, name="brand_import"),
    path("brands/import/template/", importing.template, name="brand_import_template"),
    path("brands/import/confirm/", importing.confirm, name="brand_import_confirm"),
    path("brands/mine/", keeping.index, name="mine"),
    path("brands/new/", keeping.create, name="brand_new"),
    path("brands/board/", desk.index, name="board"),
    path("brands/queue/", desk.waiting, name="queue"),
    path("brands/coverage/", desk.cover, name="coverage"),
    path("brands/inspections/", work.inspection_list, name="inspection_list"),
    path("brands/media/", promoting.media_list, name="media_list"),
    path("brands/showings/", promoting.showing_list, name="showing_list"),
    path("brands/showings/new/", promoting.showing_new, name="showing_new"),
    path("brands/reviews/", reviewing.index, name="review_list"),
    path("brands/reviews/<uuid:uuid>/", reviewing.sheet, name="review_sheet"),
    path("brands/reviews/<uuid:uuid>/excuse/", reviewing.excuse, name="review_excuse"),
    path("brands/<uuid:uuid>/", library.detail, name="brand_detail"),
    path("brands/<uuid:uuid>/edit/", keeping.edit, name="brand_edit"),
    path("brands/<uuid:uuid>/case/", keeping.case, name="case_edit"),
    path("brands/<uuid:uuid>/case.docx", library.case, name="case_paper"),
    path("brands/<uuid:uuid>/pictures/", keeping.pictures, name="pictures"),
    path("brands/<uuid:uuid>/media/new/", promoting.media_new, name="media_new"),
    path("brands/<uuid:uuid>/honours/new/", promoting.honour_new, name="honour_new"),
    *[
        path(f"brands/<uuid:uuid>/{verb}/", moves.brand_move, {"verb": verb}, name=f"brand_{verb}")
        for verb in moves.BRAND_ACTS
    ],
    path("brands/files/<uuid:uuid>/", library.file, name="file"),
    path("brands/files/<uuid:uuid>/small/", library.thumb, name="thumb"),
    path("brands/files/<uuid:uuid>/remove/", keeping.remove, name="file_remove"),
    path("brands/years/<uuid:uuid>/plan/new/", work.plan_new, name="plan_new"),
    path("brands/years/<uuid:uuid>/list/", work.answers, name="year_list"),
    path("brands/years/<uuid:uuid>/inspections/new/", work.inspection_new, name="inspection_new"),
    path("brands/years/<uuid:uuid>/reviewers/", reviewing.reviewers, name="reviewers"),
    *[
        path(
            f"brands/years/<uuid:uuid>/{verb}/",
            moves.year_move,
            {"verb": verb},
            name=f"year_{verb}",
        )
        for verb in moves.YEAR_ACTS
    ],
    path("brands/plan/<uuid:uuid>/edit/", work.plan_edit, name="plan_edit"),
    path("brands/plan/<uuid:uuid>/done/", work.plan_done, name="plan_done"),
    path("brands/plan/<uuid:uuid>/drop/", work.plan_drop, name="plan_drop"),
    path(
        "brands/inspections/<uuid:uuid>/answer/", work.inspection_answer, name="inspection_answer"
    ),
    path(
        "brands/inspections/<uuid:uuid>/settle/", work.inspection_settle, name="inspection_settle"
    ),
    path("brands/inspections/<uuid:uuid>/return/", work.inspection_back, name="inspection_back"),
]
