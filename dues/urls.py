"""Addresses of 党费与经费; each deed has one of its own, made from the list of deeds."""

from django.urls import URLPattern, include, path

from dues.views import act, board, files, funds, months
from dues.views.deeds import ALL, BY_CODE

app_name = "dues"

_BRANCH = "branches/<str:code>/"
_PAGES: list[URLPattern] = [
    path("", board.index, name="board"),
    path("mine/", months.mine, name="mine"),
    path("queue/", board.queue, name="queue"),
    path("arrears/", board.arrears, name="arrears"),
    path("sums/", board.sum_list, name="sum_list"),
    path("summary.xlsx", files.summary, name="summary"),
    path("branches/", board.branch_list, name="branch_list"),
    path(_BRANCH, months.branch, name="branch"),
    path(f"{_BRANCH}open/", months.open_, name="open"),
    path(f"{_BRANCH}register.xlsx", files.register, name="register"),
    path(f"{_BRANCH}notice.docx", files.notice, name="notice_paper"),
    path(f"{_BRANCH}receipts.docx", files.receipts, name="receipts_paper"),
    path(f"{_BRANCH}standards/", files.standards, name="standards"),
    path(f"{_BRANCH}standards.xlsx", files.standards_export, name="standards_export"),
    path(f"{_BRANCH}standards/import/", files.standards_import, name="import"),
    path(f"{_BRANCH}standards/template.xlsx", files.template, name="import_template"),
    path("members/<uuid:uuid>/", months.member, name="member"),
    path("funds/", funds.index, name="fund_list"),
    path("funds/mine/", funds.mine, name="fund_mine"),
    path("funds/allot/", funds.allot, name="allot"),
    path("funds/export.xlsx", funds.export, name="fund_export"),
    path("funds/<str:code>/<int:year>/", funds.fund, name="fund"),
    path("vouchers/<uuid:uuid>/", funds.voucher, name="voucher"),
    path("vouchers/<uuid:uuid>/small/", funds.voucher_small, name="voucher_small"),
]
_DEEDS = [
    path(
        f"{of}/<{'str' if of in BY_CODE else 'uuid'}:key>/{name}/",
        act.act,
        {"of": of, "name": name},
        name=f"{'branch' if of == 'branches' else of.rstrip('s')}_{name}",
    )
    for of, deeds in ALL.items()
    for name in deeds
]
urlpatterns = [path("dues/", include([*_DEEDS, *_PAGES]))]
