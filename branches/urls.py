"""Addresses of organisations and people."""

from django.urls import URLPattern, URLResolver, path, re_path

from branches.views import accounts, loading, members, moves, robots, terms, units

app_name = "branches"
_IMPORT = r"^import/(?P<kind>units|members)/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("units/", units.index, name="unit_list"),
    path("units/mine/", units.mine, name="unit_mine"),
    path("units/export/", units.export, name="unit_export"),
    path("units/lookup/", moves.lookup, name="unit_lookup"),
    path("units/<str:code>/", units.detail, name="unit_detail"),
    path("units/<str:code>/facts/", units.change, name="unit_change"),
    path("units/<str:code>/move/", moves.move, name="unit_move"),
    path("units/<str:code>/merge/", moves.merge, name="unit_merge"),
    path("units/<str:code>/dissolve/", moves.dissolve, name="unit_dissolve"),
    path("units/<str:code>/below/", units.found, name="unit_found"),
    path("units/<str:code>/groups/", units.group_new, name="group_new"),
    path("units/<str:code>/terms/", terms.term_new, name="term_new"),
    path("units/<str:code>/posts/", terms.post_new, name="post_new"),
    path("units/<str:code>/exemptions/", terms.exemption_new, name="exemption_new"),
    path("units/<str:code>/members/", members.create, name="member_new"),
    path(
        "exemptions/<uuid:uuid>/approve/",
        terms.decide,
        {"verb": "approve"},
        name="exemption_approve",
    ),
    path(
        "exemptions/<uuid:uuid>/refuse/", terms.decide, {"verb": "refuse"}, name="exemption_refuse"
    ),
    path("members/", members.index, name="member_list"),
    path("members/export/", members.export, name="member_export"),
    path("members/<uuid:uuid>/", members.detail, name="member_detail"),
    path("members/<uuid:uuid>/edit/", members.change, name="member_change"),
    path("members/<uuid:uuid>/transfer/", moves.member_transfer, name="member_transfer"),
    path("members/<uuid:uuid>/state/", moves.member_state, name="member_state"),
    path("members/<uuid:uuid>/reveal/", members.reveal, name="member_reveal"),
    path("access/", accounts.index, name="account_list"),
    path("access/open/", accounts.open_, name="account_open"),
    path("access/renew/", accounts.renew, name="account_renew"),
    path("channels/", robots.index, name="robot_list"),
    path("channels/new/", robots.create, name="robot_new"),
    path("channels/<uuid:uuid>/", robots.change, name="robot_change"),
    path("channels/<uuid:uuid>/test/", robots.test, name="robot_test"),
    path("channels/<uuid:uuid>/state/", robots.state, name="robot_state"),
    path("deliveries/", robots.log, name="delivery_list"),
    path("deliveries/<int:pk>/retry/", robots.retry, name="delivery_retry"),
    re_path(_IMPORT + "$", loading.start, name="import_start"),
    re_path(_IMPORT + "template/$", loading.template, name="import_template"),
    path("import/<uuid:uuid>/", loading.job, name="import_job"),
    path("import/<uuid:uuid>/progress/", loading.progress, name="import_progress"),
    path("import/<uuid:uuid>/confirm/", loading.confirm, name="import_confirm"),
    path("import/<uuid:uuid>/faults/", loading.faults, name="import_faults"),
]
