"""Addresses of meetings."""

from django.urls import URLPattern, URLResolver, path

from meetings.views import (
    behind,
    calendar,
    checkin,
    desk,
    duties,
    events,
    files,
    form,
    papers,
    postpone,
    programme,
    programme_desk,
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
    path("checks/", events.checks, name="check_list"),
    # 固定组织生活日
    path("fixed-day/", programme.month, name="fixed_day"),
    path("fixed-day/desk/", postpone.desk, name="fixed_day_desk"),
    path("fixed-day/log/", programme_desk.log, name="fixed_day_log"),
    path("fixed-day/files/<uuid:uuid>/", programme.item_file, name="programme_file"),
    path(
        "fixed-day/programmes/<uuid:uuid>/publish/",
        programme_desk.publishing,
        {"verb": "publish"},
        name="programme_publish",
    ),
    path(
        "fixed-day/programmes/<uuid:uuid>/recall/",
        programme_desk.publishing,
        {"verb": "recall"},
        name="programme_recall",
    ),
    *(
        path(
            f"fixed-day/postponements/<uuid:uuid>/{verb}/",
            postpone.decide,
            {"verb": verb},
            name=f"postpone_{verb}",
        )
        for verb in ("approve", "refuse", "withdraw")
    ),
    path("fixed-day/share/<uuid:uuid>/", postpone.share_new, name="share_new"),
    *(
        path(
            f"fixed-day/shares/<uuid:uuid>/{verb}/",
            postpone.share_step,
            {"verb": verb},
            name=f"share_{verb}",
        )
        for verb in ("consent", "approve", "refuse", "withdraw")
    ),
    path("fixed-day/photos/<uuid:uuid>/", postpone.photo, name="share_photo"),
    path("fixed-day/photos/<uuid:uuid>/small/", postpone.photo, {"size": "small"}, "share_thumb"),
    path("fixed-day/<str:label>/", programme.month, name="fixed_day_month"),
    path("fixed-day/<str:label>/day.ics", programme.day_file, name="fixed_day_file"),
    path("fixed-day/<str:label>/notice.docx", programme.paper, name="fixed_day_paper"),
    path("fixed-day/<str:label>/rows/", programme_desk.rows, name="fixed_day_rows"),
    path("fixed-day/<str:label>/programme/", programme_desk.edit, name="programme_edit"),
    path("fixed-day/<str:label>/postpone/", postpone.postpone, name="postpone_new"),
    # 扫码签到
    path("meetings/checkin/", checkin.new, name="checkin_new"),
    path("meetings/<uuid:uuid>/checkin/", checkin.screen, name="checkin_screen"),
    path("meetings/<uuid:uuid>/checkin/start/", checkin.start, name="checkin_start"),
    path("meetings/<uuid:uuid>/checkin/code/", checkin.screen, {"part": "code"}, "checkin_code"),
    path("meetings/<uuid:uuid>/checkin/count/", checkin.screen, {"part": "count"}, "checkin_count"),
    path("meetings/<uuid:uuid>/checkin/end/", checkin.end, name="checkin_end"),
    path("checkin/answer/", checkin.answered, name="checkin_answer"),
    path("checkin/<str:code>/", checkin.opened, name="checkin_open"),
]
