"""What may be done in 换届: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and a path. States, authorship
and facts are settled in the services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.models import Unit
    from branches.scope import Scope


def answering_path(unit: Unit) -> str:
    """Where the election of a unit is answered: its committee; for a committee, the district."""
    committee = unit.committee
    if committee is not None and committee.pk != unit.pk:
        return str(committee.path)
    return str(unit.path[: unit.steplen])


def may_prepare(scope: Scope, path: str) -> bool:
    """The unit itself holds its election; staff above may help with the typing."""
    return scope.covers(path, *WRITERS)


def may_answer(scope: Scope, unit: Unit) -> bool:
    """请示, 候选人 and 结果 are answered above: by the committee's staff, or the district's."""
    return scope.covers(answering_path(unit), *STAFF)


def may_decide_shift(scope: Scope, unit: Unit) -> bool:
    """提前 and 延期 are approved where the election is answered."""
    return may_answer(scope, unit)


def may_see_excluded(scope: Scope, path: str) -> bool:
    """Why somebody is not counted in 应到会 is read by those who keep the roster."""
    return scope.covers(path, *WRITERS)


def may_keep_wave(scope: Scope, path: str) -> bool:
    """A wave is the district's project."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_track(scope: Scope, path: str) -> bool:
    """Days and counts of the 自治组织: the village or community, and staff above."""
    return scope.covers(path, *WRITERS)


def is_same_person(user_id: int | None, *others: int | None) -> bool:
    """Nobody answers what he filed himself (S16)."""
    return user_id is not None and user_id in others
