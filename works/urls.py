"""Addresses of 作用发挥; each deed has one of its own, made from the lists of deeds."""

from django.urls import URLPattern, URLResolver, include, path

from branches.deeds import addresses
from works.views import pledges, projects, service
from works.views.deeds import ALL

app_name = "works"
_PAGES: list[URLPattern] = [
    path("", pledges.index, name="board"),
    path("mine/", pledges.mine, name="mine"),
    path("queue/", pledges.queue, name="queue"),
    path("pledges/", pledges.pledge_list, name="pledge_list"),
    path("pledges/export/", pledges.pledge_export, name="pledge_export"),
    path("pledges/<uuid:uuid>/", pledges.pledge_detail, name="pledge_detail"),
    path("pledges/<uuid:uuid>/pledge.docx", pledges.pledge_word, name="pledge_word"),
    path("pledge-files/<uuid:uuid>/", pledges.file, name="pledge_file"),
    path("pledge-files/<uuid:uuid>/small/", pledges.thumb, name="pledge_thumb"),
    path("posts/", pledges.post_list, name="post_list"),
    path("posts/export/", pledges.post_export, name="post_export"),
    path("placements/", service.placement_list, name="placement_list"),
    path("placements/export/", service.service_export, name="service_export"),
    path("placements/<uuid:uuid>/", service.placement_detail, name="placement_detail"),
    path("projects/", projects.index, name="project_board"),
    path("projects/mine/", projects.mine, name="project_mine"),
    path("projects/list/", projects.project_list, name="project_list"),
    path("projects/export/", projects.project_export, name="project_export"),
    path("projects/<uuid:uuid>/", projects.project_detail, name="project_detail"),
    path("projects/<uuid:uuid>/sheet.docx", projects.project_word, name="project_word"),
    path("project-files/<uuid:uuid>/", projects.file, name="project_file"),
    path("project-files/<uuid:uuid>/small/", projects.thumb, name="project_thumb"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("works/", include([*_PAGES, *addresses(*ALL)])),
]
