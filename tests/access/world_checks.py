"""Canaries of 调阅 and 审阅: a sheet of each district, draws, findings, comments, alike minutes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from meetings import services
from meetings.models import Comment
from meetings.rules.checks import SheetItem
from meetings.services.hints import note_minutes
from tests.factories.accounts import make_account
from tests.factories.checks import make_comment, make_draw, make_finding

if TYPE_CHECKING:
    from tests.access.world import World

BRANCHES = ("1a1", "1a2", "1b1", "2a1")
_DAY = date(2026, 7, 1)


def hang(world: World) -> None:
    """Everything of 调阅 and 审阅 on the world that stands."""
    things = world.objects
    for key in ("1", "2"):
        things["sheet"][key] = services.add_sheet(
            unit=world.units[key],
            by=world.users[f"district_{key}"],
            valid_from=_DAY,
            items=[SheetItem(f"项目zu{key}z", Decimal(100))],
            answer_days=10,
            read_days=10,
            on=_DAY,
        )
    for key in BRANCHES:
        checker = make_account(name=f"调阅zu{key[:2]}z")
        meeting = things["meeting"][key]
        # The same minutes in every branch: what a hint may tell of others, and what not.
        meeting.minutes = f"内容zo{key}z。{'认真学习讨论，逐条对照检查，提出改进措施。' * 20}"
        meeting.save()
        note_minutes(meeting)
        finding = make_finding(meeting, checker, f"问题zo{key}z")
        things["finding"][key] = services.answer_finding(
            finding=finding, by=things["author"][key], result=f"整改zo{key}z"
        )
        comment = make_comment(meeting, checker, f"意见zo{key}z")
        things["comment"][key] = Comment.unscoped.get(pk=comment.pk)
    for key in ("1a", "1b", "2a"):
        drawer = make_account(name=f"抽取zo{key}z")
        things["draw"][key] = make_draw(world.units[key], drawer, since=_DAY)
