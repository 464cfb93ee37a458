"""Addresses of 阵地与联系; each deed has one of its own, made from the lists of deeds."""

from django.urls import URLPattern, URLResolver, include, path

from branches.deeds import addresses
from support.views import contacts, joint, loading, venues
from support.views.deeds import ALL

app_name = "support"
_PAGES: list[URLPattern] = [
    path("", venues.index, name="board"),
    path("mine/", venues.mine, name="mine"),
    path("queue/", venues.queue, name="queue"),
    path("venues/", venues.venue_list, name="venue_list"),
    path("venues/export/", venues.venue_export, name="venue_export"),
    path("venues/<uuid:uuid>/", venues.venue_detail, name="venue_detail"),
    path("files/<uuid:uuid>/", venues.file, name="file"),
    path("files/<uuid:uuid>/small/", venues.thumb, name="thumb"),
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/mine/", contacts.mine, name="contact_mine"),
    path("contacts/export/", contacts.contact_export, name="contact_export"),
    path("contacts/import/", loading.contacts, name="import"),
    path("contacts/import/template/", loading.template, name="import_template"),
    path("contacts/<uuid:uuid>/", contacts.contact_detail, name="contact_detail"),
    path("leaders/", contacts.leader_list, name="leader_list"),
    path("visits/", contacts.visit_list, name="visit_list"),
    path("visits/export/", contacts.visit_export, name="visit_export"),
    path("visits/<uuid:uuid>/record.docx", contacts.visit_word, name="visit_word"),
    path("joint/", joint.joint_list, name="joint_list"),
    path("joint/new/", joint.joint_new, name="joint_new"),
    path("joint/export/", joint.joint_export, name="joint_export"),
    path("joint/<uuid:uuid>/", joint.joint_detail, name="joint_detail"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("support/", include([*_PAGES, *addresses(*ALL)])),
]
