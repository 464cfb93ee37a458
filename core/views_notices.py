"""消息: what one was told, and how one wants to be told. Opening a notice is a POST: it is read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import outbox, preferences
from core.errors import Refusal
from core.forms import PreferenceForm
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
    rows = page_of(outbox.inbox(user_id).prefetch_related("deliveries"), request.GET, size=20)
    context = {
        "page": rows,
        "rows": [
            {"notice": row, "text": outbox.text_of(row), "deliveries": row.deliveries.all()}
            for row in rows
        ],
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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: HttpRequest) -> HttpResponse:
    """我的通知: mail, quiet hours, digest; each his own."""
    user_id = _reader(request)
    known = preferences.preference_of(user_id)
    names = [name for name in PreferenceForm.base_fields if name != "email"]
    initial = {name: getattr(known, name) for name in names}
    initial["email"] = getattr(request.user, "email", "")
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _kept(user_id, form):
        messages.success(request, "已保存，从下一条消息起照此办理。")
        return go(request, "notices")
    status = 422 if request.method == "POST" else 200
    return page(request, "core/preference_form.html", {"form": form}, status=status)


def _kept(user_id: int, form: PreferenceForm) -> bool:
    try:
        preferences.keep_preference(user_id=user_id, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    return True
