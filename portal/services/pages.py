"""公开栏: what a branch shows in public."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from branches.enums import BRANCH_KINDS
from branches.models import Unit
from core.errors import Refusal
from portal.models import BranchPage
from portal.services.common import plain

MAX_INTRODUCTION = 500


@transaction.atomic
def write_page(
    *, unit: Unit, by: User, introduction: str, panels: Sequence[str], known: Sequence[str]
) -> BranchPage:
    """Choose what is public; ``known`` are the keys that may be, in their order.

    Raises Refusal: no branch, too long, a mark of secrecy.
    """
    if unit.kind not in BRANCH_KINDS:
        raise Refusal("只有党支部有公开栏。", code="conflict")
    words = plain(
        introduction, "支部简介", field="introduction", longest=MAX_INTRODUCTION, needed=False
    )
    page, _ = BranchPage.unscoped.select_for_update().get_or_create(unit=unit)
    page.introduction, page.by = words, by
    page.panels = [key for key in known if key in panels]
    page.save()
    return page
