"""Records, by topic or place, or by the unit's name, pinyin or initials."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from branches.enums import Role
from branches.scope import Scope
from core.finding import FEW, Finds, Found
from meetings.models import Meeting


def found(scope: Scope, user_id: int, text: str) -> list[Finds]:
    """One question; others' drafts are not found."""
    own = scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    rows = (
        Meeting.objects.within(*scope.units)
        .readable(user_id=user_id, own=own)
        .search(text)
        .for_list()
    )
    return [
        Finds(
            "会议记录",
            "notebook",
            [
                Found(
                    record.topic or "（还没有写主题）",
                    reverse("meetings:meeting_detail", args=[record.uuid]),
                    f"{record.held_on:%Y-%m-%d} {record.kinds_label} · {record.unit}",
                )
                for record in rows.order_by("-held_on", "-pk")[:FEW]
            ],
            f"{reverse('meetings:meeting_list')}?{urlencode({'q': text})}",
        )
    ]
