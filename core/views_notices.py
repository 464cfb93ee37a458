"""消息: what one was told. Opening a notice marks it read, so it is a POST."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from core import outbox
from core.htmx import go, page
from core.pages import page_of


def _reader(request: HttpRequest) -> int:
    user_id = request.user.pk
    assert user_id is not None
    return user_id


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox of the signed-in user."""
    user_id = _reader(request)
    rows = page_of(outbox.inbox(user_id), request.GET, size=20)
    context = {
        "page": rows,
        "rows": [{"notice": row, "text": outbox.text_of(row)} for row in rows],
        "unread": outbox.unread(user_id),
    }
    return page(request, "core/notice_list.html", context)


@login_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points; another's is not there."""
    notice = get_object_or_404(outbox.inbox(_reader(request)), pk=pk)
    outbox.mark_read(user_id=_reader(request), notice_id=notice.pk)
    inside = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return go(request, notice.link if notice.link and inside else "notices")


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all read."""
    count = outbox.mark_read(user_id=_reader(request))
    messages.success(request, f"{count} 条消息已标为已读。" if count else "没有未读消息。")
    return go(request, "notices")
