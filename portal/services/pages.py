"""公开栏: what a branch shows in public."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from branches.enums import BRANCH_KINDS
from branches.models import Member, Post, Unit
from core.errors import Refusal
from portal.models import BranchPage
from portal.rules import holds_number, named_in
from portal.services.common import plain

MAX_INTRODUCTION = 500


@transaction.atomic
def write_page(
    *, unit: Unit, by: User, introduction: str, panels: Sequence[str], known: Sequence[str]
) -> BranchPage:
    """Choose what is public; ``known`` are the keys that may be, in their order.

    Raises Refusal: no branch, too long, a mark of secrecy, a telephone number, the name of a
    member who holds no post (rules.md §10).
    """
    if unit.kind not in BRANCH_KINDS:
        raise Refusal("只有党支部有公开栏。", code="conflict")
    words = plain(
        introduction, "支部简介", field="introduction", longest=MAX_INTRODUCTION, needed=False
    )
    if holds_number(words):
        raise Refusal("公开栏上不写电话和证件号码，请去掉。", field="introduction")
    named = named_in(words, _ordinary(unit))
    if named:
        raise Refusal(
            f"公开栏上不写普通党员的姓名，请去掉：{'、'.join(named[:5])}。", field="introduction"
        )
    page, _ = BranchPage.unscoped.select_for_update().get_or_create(unit=unit)
    page.introduction, page.by = words, by
    page.panels = [key for key in known if key in panels]
    page.save()
    return page


def _ordinary(unit: Unit) -> list[str]:
    """The names on the roster without a post in the branch's own committee."""
    posts = Post.unscoped.filter(unit=unit, until__isnull=True).values("member")
    rows = Member.unscoped.filter(unit=unit).exclude(pk__in=posts)
    return list(rows.values_list("name", flat=True))
