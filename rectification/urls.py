"""Addresses of 后进整顿; each deed has one of its own, made from the list of deeds."""

from django.urls import URLPattern, include, path

from rectification.views import act, board, cases, files, lists, loading, polls
from rectification.views.deeds import ALL

app_name = "rectification"

_PAGES: list[URLPattern] = [
    path("", board.index, name="board"),
    path("mine/", cases.mine, name="mine"),
    path("queue/", cases.queue, name="queue"),
    path("batches/new/", board.batch_new, name="batch_new"),
    path("batches/<uuid:uuid>/edit/", board.batch_edit, name="batch_edit"),
    path("batches/<uuid:uuid>/cases/new/", cases.case_new, name="case_new"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/export/", lists.export, name="case_export"),
    path("cases/<uuid:uuid>/", cases.case_detail, name="case_detail"),
    path("cases/<uuid:uuid>/record.docx", files.record, name="record_paper"),
    path("cases/<uuid:uuid>/notice.docx", files.notice, name="notice_paper"),
    path("cases/<uuid:uuid>/import/", loading.problems, name="import"),
    path("cases/<uuid:uuid>/import/template/", loading.template, name="import_template"),
    path("problems/", lists.problems, name="problem_list"),
    path("reports/", lists.reports, name="report_list"),
    path("figures/", lists.numbers, name="figure_list"),
    path("promises/<uuid:uuid>/card.docx", files.card, name="card_paper"),
    path("polls/<uuid:uuid>/", polls.poll_detail, name="poll_detail"),
    path("polls/<uuid:uuid>/slips/", polls.slips, name="slips"),
    path("files/<uuid:uuid>/", files.file, name="file"),
    path("files/<uuid:uuid>/small/", files.thumb, name="thumb"),
]
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
urlpatterns = [
    # Short, since it is typed from paper.
    path("vote/", polls.vote, name="vote"),
    path("vote/thanks/", polls.vote_thanks, name="vote_thanks"),
    path("rectification/", include([*_PAGES, *_DEEDS])),
]
