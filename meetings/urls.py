"""Addresses of meetings."""

from django.urls import URLPattern, URLResolver, path

from meetings.views import behind, calendar, desk, duties, events, files, form, papers, records

from meetings.views import checks, comments, draws, findings  # isort: skip

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
    path("meetings/<uuid:uuid>/check/", checks.new, name="check_new"),
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
    path("events/", events.events, name="event_list"),
    path("events/new/", events.event_new, name="event_new"),
    path("events/<uuid:uuid>/withdraw/", events.event_withdraw, name="event_withdraw"),
    path("checks/", checks.index, name="check_list"),
    path("checks/export/", checks.export, name="check_export"),
    path("checks/findings/", checks.findings, name="finding_list"),
    path("checks/<uuid:uuid>/", checks.detail, name="check_detail"),
    path("checks/draws/", draws.index, name="draw_list"),
    path("checks/draws/new/", draws.new, name="draw_new"),
    path("checks/draws/<uuid:uuid>/", draws.detail, name="draw_detail"),
    path("checks/draws/<uuid:uuid>/seed/", draws.seed, name="draw_seed"),
    path("checks/draws/<uuid:uuid>/list.txt", draws.listed, name="draw_listed"),
    path("checks/draws/<uuid:uuid>/notice.docx", draws.paper, name="draw_paper"),
    path("findings/<uuid:uuid>/answer/", findings.answer, name="finding_answer"),
    path("findings/<uuid:uuid>/close/", findings.close, name="finding_close"),
    path("findings/<uuid:uuid>/return/", findings.send_back, name="finding_return"),
    path("meetings/<uuid:uuid>/comments/", comments.add, name="comment_add"),
    path("comments/<uuid:uuid>/answer/", comments.answer, name="comment_answer"),
    path("comments/<uuid:uuid>/withdraw/", comments.withdraw, name="comment_withdraw"),
]
