"""A branch's page put together from everybody's panels: for those who work there, and in public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from branches.models import Unit
from core.panels import Line, Panel
from portal.models import BranchPage

# What a board shows before the secretary has chosen.
DEFAULT_PUBLIC = ("people", "month")


@dataclass(frozen=True)
class GroupSection:
    """网络党小组: one group, who leads it and its month."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PageView:
    """The page inside."""

    panels: tuple[Panel, ...]
    groups: tuple[GroupSection, ...]


@dataclass(frozen=True)
class BoardView:
    """公开栏 as it hangs on the wall."""

    introduction: str
    panels: tuple[Panel, ...] = ()
    choices: tuple[tuple[str, str], ...] = field(default=())
    chosen: tuple[str, ...] = ()


def inside(panels: Sequence[Panel]) -> PageView:
    """Main panels, and one section for each group."""
    groups: dict[int, list[Panel]] = {}
    for panel in panels:
        if panel.group_id is not None:
            groups.setdefault(panel.group_id, []).append(panel)
    return PageView(
        tuple(panel for panel in panels if panel.group_id is None),
        tuple(
            GroupSection(some[0].title, tuple(line for one in some for line in one.lines))
            for some in groups.values()
        ),
    )


def board(unit: Unit, panels: Sequence[Panel]) -> BoardView:
    """What of the panels hangs on the board; one query."""
    page = BranchPage.objects.within(unit).filter(unit=unit).first()
    public = [one for one in panels if one.group_id is None and one.public is not None]
    chosen = tuple(page.panels) if page is not None else DEFAULT_PUBLIC
    return BoardView(
        introduction=page.introduction if page is not None else "",
        panels=tuple(one for one in public if one.key in chosen and one.public),
        choices=tuple((one.key, one.title) for one in public),
        chosen=chosen,
    )
