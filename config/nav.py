"""The navigation: what a person of that role works with, nothing else."""

from typing import TypedDict

from django.http import HttpRequest
from django.urls import reverse

from branches.enums import Role
from core import outbox


class NavItem(TypedDict):
    """One entry; ``count`` is shown as a badge when it is above 0."""

    label: str
    url: str
    icon: str
    active: bool
    count: int


_SECRETARY = (
    ("首页", "home", "home"),
    ("记录", "meetings:meeting_list", "notebook"),
    ("日程", "meetings:calendar", "calendar"),
    ("消息", "notices", "bell"),
    ("支部", "branches:unit_mine", "users"),
)
_STAFF = (
    ("工作台", "home", "home"),
    ("待审核", "meetings:review_queue", "checks"),
    ("谁落后", "meetings:behind", "alert-triangle"),
    ("会议记录", "meetings:meeting_list", "notebook"),
    ("日程", "meetings:calendar", "calendar"),
    ("季度考核", "assessment:run_list", "chart-bar"),
    ("党组织", "branches:unit_list", "sitemap"),
    ("党员", "branches:member_list", "users"),
    ("消息", "notices", "bell"),
)
_DISTRICT = (*_STAFF, ("账号开通", "branches:account_list", "key"))
_ADMIN = ("数据管理", "admin:index", "database")
# Leaders look on: nothing waits for them, and no roster is theirs to read.
_LEADER = tuple(
    entry for entry in _STAFF if entry[1] not in ("meetings:review_queue", "branches:member_list")
)


def _entries(roles: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    if Role.DISTRICT_STAFF in roles:
        return _DISTRICT
    if Role.COMMITTEE_STAFF in roles:
        return _STAFF
    if Role.LEADER in roles:
        return _LEADER
    return _SECRETARY if roles else ()


def navigation(request: HttpRequest) -> list[NavItem]:
    """The entries of the signed-in user, the current page marked."""
    roles = request.scope.roles  # type: ignore[attr-defined]
    entries = _entries(roles)
    if request.user.is_staff:
        entries = (*entries, _ADMIN)
    current = request.resolver_match.view_name if request.resolver_match else ""
    told = {"notices": outbox.unread(request.user.pk)} if entries and request.user.pk else {}
    return [
        NavItem(
            label=label,
            url=reverse(name),
            icon=icon,
            active=name == current,
            count=told.get(name, 0),
        )
        for label, name, icon in entries
    ]
