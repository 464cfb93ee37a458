"""Addresses of meetings."""

from django.urls import URLPattern, URLResolver, path

from meetings.views import (
    behind,
    calendar,
    desk,
    duties,
    events,
    feeds,
    files,
    form,
    papers,
    records,
)

app_name = "meetings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("meetings/", records.index, name="meeting_list"),
    path("meetings/new/", form.create, name="meeting_new"),
    path("meetings/roll/", form.roll, name="meeting_roll"),
    path("meetings/autosave/", form.autosave, name="meeting_autosave"),
    path("meetings/<uuid:uuid>/", records.detail, name="meeting_detail"),
    path("meetings/<uuid:uuid>/edit/", form.edit, name="meeting_edit"),
    path("meetings/<uuid:uuid>/copy/", form.copy, name="meeting_copy"),
    path("meetings/<uuid:uuid>/submit/", records.submit, name="meeting_submit"),
    path("meetings/<uuid:uuid>/withdraw/", records.withdraw, name="meeting_withdraw"),
    path("meetings/<uuid:uuid>/reverse/", records.reverse_, name="meeting_reverse"),
    path("meetings/<uuid:uuid>/check/", events.check_new, name="check_new"),
    path("meetings/<uuid:uuid>/record.docx", papers.record, name="meeting_record"),
    path("meetings/<uuid:uuid>/sign-in.docx", papers.sign_in, name="meeting_sign_in"),
    path("meetings/export/", records.export, name="meeting_export"),
    path("meetings/files/<uuid:uuid>/", files.file, name="meeting_file"),
    path("meetings/files/<uuid:uuid>/small/", files.thumb, name="meeting_thumb"),
    path("meetings/files/<uuid:uuid>/remove/", files.file_remove, name="meeting_file_remove"),
    path("review/", desk.queue, name="review_queue"),
    path("review/accept/", desk.decide_many, {"verb": "accept"}, name="review_accept_many"),
    path("review/return/", desk.decide_many, {"verb": "return"}, name="review_return_many"),
    path("review/<uuid:uuid>/accept/", desk.decide, {"verb": "accept"}, name="review_accept"),
    path("review/<uuid:uuid>/return/", desk.decide, {"verb": "return"}, name="review_return"),
    path("duties/", duties.index, name="duty_list"),
    path("behind/", behind.index, name="behind"),
    path("behind/urge/", behind.urge_, name="behind_urge"),
    path("behind/urges/", behind.urges, name="urge_list"),
    path("behind/urges/<int:pk>/", behind.urged, name="urge_detail"),
    path("behind/export/", behind.export, name="behind_export"),
    path("calendar/", calendar.index, name="calendar"),
    path("calendar/<int:pk>/move/", calendar.move, name="calendar_move"),
    path(
        "calendar/moves/<int:pk>/approve/",
        calendar.decide,
        {"verb": "approve"},
        name="move_approve",
    ),
    path(
        "calendar/moves/<int:pk>/refuse/", calendar.decide, {"verb": "refuse"}, name="move_refuse"
    ),
    path("calendar/feeds/", feeds.create, name="feed_new"),
    path("calendar/feeds/<uuid:uuid>/revoke/", feeds.revoke, name="feed_revoke"),
    path("calendar/feed/<str:token>.ics", feeds.read, name="calendar_feed"),
    path("events/", events.events, name="event_list"),
    path("events/new/", events.event_new, name="event_new"),
    path("events/<uuid:uuid>/withdraw/", events.event_withdraw, name="event_withdraw"),
    path("checks/", events.checks, name="check_list"),
]
