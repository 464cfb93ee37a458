"""Addresses of 网上党支部; the branch's own page needs every programme and stands in config."""

from django.urls import URLPattern, path

from portal.views import desk, inbox

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/<uuid:uuid>/", inbox.detail, name="receipt"),
    path("inbox/<uuid:uuid>/read/", inbox.read, name="receipt_read"),
    path("inbox/<uuid:uuid>/sign/", inbox.sign, name="receipt_sign"),
    path("inbox/<uuid:uuid>/share/", inbox.share, name="receipt_share"),
    path("inbox/<uuid:uuid>/unshare/", inbox.unshare, name="receipt_unshare"),
    path("circulars/", desk.index, name="circular_list"),
    path("circulars/new/", desk.new, name="circular_new"),
    path("circulars/<uuid:uuid>/", desk.detail, name="circular"),
    path("circulars/<uuid:uuid>/edit/", desk.edit, name="circular_edit"),
    path("circulars/<uuid:uuid>/files/", desk.add_file, name="file_add"),
    path("circulars/<uuid:uuid>/drop/", desk.drop, name="circular_drop"),
    path("circulars/<uuid:uuid>/issue/", desk.issue, name="circular_issue"),
    path("circulars/<uuid:uuid>/urge/", desk.urge, name="circular_urge"),
    path("circulars/<uuid:uuid>/revoke/", desk.revoke, name="circular_revoke"),
    path("circulars/<uuid:uuid>/receipts.xlsx", desk.export, name="circular_export"),
    path("circulars/<uuid:uuid>/paper.docx", desk.paper, name="circular_paper"),
    path("circulars/files/<uuid:uuid>/", inbox.file, name="file"),
    path("circulars/files/<uuid:uuid>/remove/", desk.remove_file, name="file_remove"),
]
