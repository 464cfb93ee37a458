"""Parts of the page: icons, badges, fields, tables, plots. How to use them: docs/design.md."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.loose import get
from core.pages import Plot

register = template.Library()

# Tone → icon. A state is told by word and shape first, colour only repeats it.
TONES = {
    "ok": "circle-check",
    "late": "clock-exclamation",
    "bad": "alert-circle",
    "exempt": "circle-minus",
    "draft": "pencil-plus",
    "wait": "hourglass",
    "info": "info-circle",
    "gold": "star",
}

# Codes of the programmes' enums → tone. An unknown code is shown plainly, never as an error.
STATES = {
    "met": "ok",
    "on_time": "ok",
    "accepted": "ok",
    "published": "ok",
    "done": "ok",
    "paid": "ok",
    "active": "ok",
    "present": "ok",
    "sent": "ok",
    "delivered": "ok",
    "approved": "ok",
    "confirmed": "ok",
    "received": "ok",
    "late": "late",
    "off_day": "late",
    "filed_late": "late",
    "returned": "late",
    "due_soon": "late",
    "partial": "late",
    "unmet": "bad",
    "missed": "bad",
    "overdue": "bad",
    "absent": "bad",
    "failed": "bad",
    "rejected": "bad",
    "refused": "bad",
    "exempt": "exempt",
    "excused": "exempt",
    "not_applicable": "exempt",
    "dissolved": "exempt",
    "cancelled": "exempt",
    "replaced": "exempt",
    "withdrawn": "exempt",
    "draft": "draft",
    "submitted": "wait",
    "pending": "wait",
    "proposed": "wait",
    "queued": "wait",
    "running": "wait",
    "waiting": "wait",
    "sending": "wait",
    "open": "info",
    "frozen": "info",
}

NOTICE_ICONS = {
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-circle",
    "info": "info-circle",
    "debug": "info-circle",
}


@register.filter
def sentence(text: object) -> str:
    """People's own words as a sentence: with one full stop, whether they wrote it or not."""
    said = str(text).strip()
    return said if not said or said[-1] in "。！？.!?" else f"{said}。"


@register.simple_tag
def icon(name: str, size: int = 0, label: str = "") -> SafeString:
    """One icon of static/icons/sprite.svg; `size` in px (0: as large as the text around it wants).

    Hidden from screen readers unless `label` says what it means.
    """
    return _drawn(static("icons/sprite.svg"), str(name), size, str(label))


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, size: int, label: str) -> SafeString:
    # A list of fifty shows a hundred icons, of which a dozen differ.
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"'),
        sprite,
        name,
    )


@register.simple_tag
def badge(text: object, tone: str = "info", icon_name: str = "") -> SafeString:
    """A status badge with the given tone (see TONES): icon and word, colour only repeats."""
    return format_html(
        '<span class="state state-{}">{}{}</span>',
        tone if tone in TONES else "info",
        icon(icon_name or TONES.get(tone, "info-circle")),
        text,
    )


@register.simple_tag
def status(code: object, text: object = "") -> SafeString:
    """Badge for a code of an enum (`met`, `late`, `draft` …) with its Chinese word.

    `{% status duty.state duty.get_state_display %}`; a choices member carries its own word.
    """
    word = text or getattr(code, "label", "") or code
    return badge(word, STATES.get(str(getattr(code, "value", code)), "info"))


@register.simple_tag
def notice_icon(level: str) -> SafeString:
    """Icon for a message level."""
    return icon(NOTICE_ICONS.get(level, "info-circle"))


@register.simple_tag
def crumbs(*parts: object) -> SafeString:
    """Breadcrumb from label, url, label, url, …; the last label without url is the page itself."""
    pairs = [
        (parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)
    ]
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (
                format_html('<a href="{}">{}</a>', url, label)
                if url
                else format_html('<span aria-current="page">{}</span>', label),
            )
            for label, url in pairs
        ),
    )
    return format_html('<nav class="crumbs" aria-label="所在位置"><ol>{}</ol></nav>', items)


@register.simple_tag
def empty(
    title: str, hint: str = "", *, icon_name: str = "inbox", action: str = "", url: str = ""
) -> SafeString:
    """Empty state: drawing, one sentence, what to do next and (optional) the button for it."""
    return render_to_string(
        "core/_empty.html",
        {"title": title, "hint": hint, "icon_name": icon_name, "action": action, "url": url},
    )


@register.simple_block_tag
def dialog(content: str, *, id: str, title: str) -> SafeString:
    """A modal opened by `data-dialog-open="<id>"`; put the form and its buttons inside."""
    return format_html(
        '<dialog id="{id}" class="dialog" aria-labelledby="{id}-title">'
        '<div class="dialog-head"><h2 id="{id}-title">{title}</h2>'
        '<button type="button" class="btn-icon" data-dialog-close aria-label="关闭">{x}</button>'
        "</div>"
        "{content}</dialog>",
        id=id,
        title=title,
        x=icon("x"),
        content=content,
    )


# ---------------------------------------------------------------- lists


def _query(context: Context, **changes: object) -> str:
    """The present query string with changes; None removes a key."""
    request: HttpRequest | None = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Any) -> SafeString:
    """Pager for a Page or KeysetPage of core.pages, or Django's Page; nothing for one page."""
    number = getattr(page, "number", None)
    before = after = None
    if number is None:
        if page.previous:
            before = _query(context, before=page.previous, after=None, page=None)
        if page.next:
            after = _query(context, after=page.next, before=None, page=None)
    else:
        if page.has_previous():
            before = _query(context, page=number - 1)
        if page.has_next():
            after = _query(context, page=number + 1)
    if not before and not after:
        return SafeString("")
    pages = getattr(getattr(page, "paginator", None), "num_pages", None)
    return render_to_string(
        "core/_pagination.html",
        {"before": before, "after": after, "number": number, "pages": pages},
    )


@register.simple_tag(takes_context=True)
def sort_head(context: Context, label: str, name: str, *, param: str = "o") -> SafeString:
    """Column head that sorts: `?o=name`, again `?o=-name`; keeps the other filters."""
    request = context.get("request")
    now = request.GET.get(param, "") if request is not None else ""
    state, target, symbol = "none", name, "arrows-sort"
    if now == name:
        state, target, symbol = "ascending", f"-{name}", "arrow-up"
    elif now == f"-{name}":
        state, target, symbol = "descending", name, "arrow-down"
    return format_html(
        '<th scope="col" aria-sort="{}"><a class="sort" href="{}">{}{}</a></th>',
        state,
        _query(context, **{param: target, "page": None}),
        label,
        icon(symbol),
    )


@register.simple_tag
def meter(
    value: float | int | None, total: float | int = 100, *, text: str = "", tone: str = ""
) -> SafeString:
    """A bar of value out of total and its figure; without `tone` the share decides it."""
    if value is None or not total:
        return SafeString('<span class="meter-none">—</span>')
    share = float(value) / float(total)
    chosen = tone or ("ok" if share >= 0.9 else "late" if share >= 0.6 else "bad")
    return format_html(
        '<span class="meter meter-{}"><progress value="{}" max="{}" aria-label="{}"></progress>'
        "<b>{}</b></span>",
        chosen,
        value,
        total,
        text or f"{share:.0%}",
        text or f"{share:.0%}",
    )


@register.inclusion_tag("core/_job_progress.html")
def job_progress(
    job: Any, poll_url: str, *, result_url: str = "", result_text: str = "查看结果"
) -> dict[str, Any]:
    """Progress of a background job (core.models.Job); asks `poll_url` every 2 s until it ends.

    The view behind `poll_url` answers with this same tag (or renders core/_job_progress.html with
    the same four names).
    """
    return {
        "job": job,
        "poll_url": poll_url,
        "result_url": result_url,
        "result_text": result_text,
        "running": str(get(job, "state", "")) in ("queued", "running"),
    }


@register.inclusion_tag("core/_ticklist.html")
def ticklist(
    rows: Iterable[Any],
    reasons: Iterable[tuple[str, str]],
    *,
    name: str = "present",
    eligible: str = "eligible",
    reason: str = "reason",
) -> dict[str, Any]:
    """Attendance: big rows all ticked, an unticked row asks for its reason.

    rows: objects or dicts with id, name, note, present (bool, default True), reason (code).
    Posts `eligible=<id>` for every row, `present=<id>` for ticked ones, `reason_<id>=<code>`.
    """
    lines = [
        {
            "id": get(row, "id", ""),
            "name": get(row, "name", ""),
            "note": get(row, "note", ""),
            "present": bool(get(row, "present", True)),
            "reason": str(get(row, "reason", "") or ""),
        }
        for row in rows
    ]
    return {
        "rows": lines,
        "reasons": [(str(code), text) for code, text in reasons],
        "name": name,
        "eligible": eligible,
        "reason": reason,
        "total": len(lines),
        "there": sum(1 for line in lines if line["present"]),
        "away": sum(1 for line in lines if not line["present"]),
        "long": len(lines) > 15,
    }


@register.inclusion_tag("core/_plot.html")
def plot(figure: Plot, *, id: str, height: str = "md") -> dict[str, Any]:
    """A plot (core.pages.Plot) with its table for those who cannot see or click it.

    height: sm 180 px, md 300 px, lg 420 px, xl 620 px.
    """
    return {
        "figure": figure,
        "id": id,
        "height": height,
        "data": figure.data(),
        "data_id": f"{id}-data",
        "table": figure.table(),
        "lib": static("vendor/echarts/echarts.min.js"),
    }
