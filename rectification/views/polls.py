"""A poll for those who run it, and the public page for those who vote."""

from __future__ import annotations

from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from redis.exceptions import RedisError

from core.downloads import file_download
from core.errors import Refusal
from core.htmx import go, page
from core.papers import DOCX_TYPE
from rectification import services
from rectification.case_facts import poll_facts
from rectification.enums import Choice, PollState, PollWay
from rectification.forms.work import SlipForm, VoteForm
from rectification.models import Answer, Poll
from rectification.papers import slips_paper
from rectification.permissions import may_oversee
from rectification.views.parts import DeskRequest, demand, through

# Failed tries from one address; a vote that counts takes nothing from it.
_TRIES = "20/m/ip"


def _poll_of(request: DeskRequest, uuid: UUID) -> Poll:
    rows = through(request, Poll).select_related("case__unit", "case__batch", "sheet")
    found: Poll = get_object_or_404(rows, uuid=uuid)
    return found


@login_required
@require_GET
def poll_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """How a poll stands; what was answered is shown only when it is counted."""
    poll = _poll_of(request, uuid)
    link = poll.way == PollWay.LINK
    context = poll_facts(poll, poll.case) | {
        "case": poll.case,
        "link": link,
        "answered": Answer.objects.within(*request.scope.units).filter(poll=poll).count()
        if link
        else 0,
        "may_run": poll.state == PollState.OPEN and may_oversee(request.scope, poll.case.unit.path),
        "over": timezone.localdate() > poll.closes_on,
        "form": SlipForm(thing=poll, on=timezone.localdate()),
    }
    return page(request, "rectification/poll_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def slips(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Print codes: the file is the only place where they stand together."""
    poll = _poll_of(request, uuid)
    demand(may_oversee(request.scope, poll.case.unit.path))
    posted = request.POST if request.method == "POST" else None
    form = SlipForm(posted, thing=poll, on=timezone.localdate())
    if posted is not None and form.is_valid():
        try:
            codes = services.issue_slips(poll=poll, count=form.cleaned_data["count"])
        except Refusal as refusal:
            form.add_error("count" if refusal.field else None, refusal.message)
        else:
            name = f"{poll.case.unit}测评码{len(codes)}张.docx"
            return file_download(slips_paper(poll, codes), name, DOCX_TYPE)
    status = 422 if posted is not None else 200
    context = {"form": form, "poll": poll, "case": poll.case}
    return page(request, "rectification/slip_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest) -> HttpResponse:
    """The public page. The code is in no address: a QR code carries it behind the #, which no
    browser sends; the page's script puts it into the field.
    """
    form = VoteForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _taken(request, form)
        if status == 200:
            return go(request, "rectification:vote_thanks")
    context = {"form": form, "choices": Choice.choices}
    return page(request, "rectification/vote.html", context, status=status)


@require_GET
def vote_thanks(request: HttpRequest) -> HttpResponse:
    """After the vote: an address of its own, so that nothing is sent again."""
    return page(request, "rectification/vote_done.html")


def _taken(request: HttpRequest, form: VoteForm) -> int:
    """Take the vote; the status of the answer: 200, 422, 429."""
    usage = _count_try(request)
    if usage is None:
        form.add_error(None, "尝试过于频繁，请一分钟后再试。")
        return 429
    if not form.is_valid():
        usage.rollback()
        return 422
    data = form.cleaned_data
    try:
        services.vote(code=data["code"], choice=data["choice"], on=timezone.localdate())
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return refusal.status
    usage.rollback()
    return 200


def _count_try(request: HttpRequest) -> ratelimit.RateLimitUsage | None:
    """None when there were too many; a limit that cannot be counted stops nobody."""
    try:
        return ratelimit.consume(
            request, app="rectification", action="vote", config={"vote": _TRIES}
        )
    except RedisError:
        return ratelimit.RateLimitUsage(usage=[])
