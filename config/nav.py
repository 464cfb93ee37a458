"""The navigation: what a person of that role works with, nothing else.

A programme adds its pages to the groups below, in the order of the work. The phone shows the first
four and 更多, so a secretary's first four are what he needs with his thumb.
"""

from typing import NamedTuple, TypedDict

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
    group: str


class Entry(NamedTuple):
    """A page of the navigation: its words, the name of its address, its icon and its heading."""

    label: str
    name: str
    icon: str
    group: str = ""


_HOME = (
    Entry("首页", "home", "home"),
    Entry("记录", "meetings:meeting_list", "notebook"),
    Entry("日程", "meetings:calendar", "calendar"),
    Entry("消息", "notices", "bell"),
)
_BRANCH = (
    Entry("支部", "branches:unit_mine", "users", "支部"),
    Entry("网上支部", "my_page", "layout-dashboard", "支部"),
    Entry("通知", "portal:inbox", "speakerphone", "支部"),
    Entry("组织生活", "meetings:life_home", "heart-handshake", "支部"),
    Entry("组织生活日", "meetings:fixed_day", "flag", "支部"),
    Entry("学习计划", "meetings:study", "books", "支部"),
    Entry("党课", "meetings:lectures", "school", "支部"),
    Entry("整顿", "rectification:mine", "target", "支部"),
    Entry("品牌", "brands:mine", "flag", "支部"),
    Entry("星级创评", "starrating:mine", "star", "支部"),
    Entry("换届", "elections:mine", "users-group", "支部"),
    Entry("经费", "dues:fund_mine", "wallet", "支部"),
)
_PEOPLE = (
    Entry("党费", "dues:mine", "coin", "党员"),
    Entry("发展党员", "membership:mine", "user-plus", "党员"),
    Entry("转接", "membership:transfer_list", "arrows-exchange", "党员"),
)
_WORK = (
    Entry("阵地", "support:mine", "map-pin", "作用发挥"),
    Entry("联系点", "support:contact_mine", "link", "作用发挥"),
    Entry("承诺", "works:mine", "certificate", "作用发挥"),
    Entry("项目", "works:project_mine", "stack-2", "作用发挥"),
)
_SECRETARY = (*_HOME, *_BRANCH, *_PEOPLE, *_WORK)
# The money of the branch and who moves are not a group's.
_NOT_GROUPS = frozenset({"dues:fund_mine", "membership:transfer_list"})
_GROUP = tuple(entry for entry in _SECRETARY if entry.name not in _NOT_GROUPS)

_DAILY = (
    Entry("工作台", "home", "home"),
    Entry("待审核", "meetings:review_queue", "checks"),
    Entry("谁落后", "meetings:behind", "alert-triangle"),
    Entry("消息", "notices", "bell"),
)
_MEETINGS = (
    Entry("会议记录", "meetings:meeting_list", "notebook", "三会一课"),
    Entry("日程", "meetings:calendar", "calendar", "三会一课"),
    Entry("组织生活", "meetings:life_standing", "heart-handshake", "三会一课"),
    Entry("组织生活日", "meetings:fixed_day", "flag", "三会一课"),
    Entry("学习计划", "meetings:study", "books", "三会一课"),
    Entry("党课", "meetings:lectures", "school", "三会一课"),
    Entry("调阅", "meetings:check_list", "eye", "三会一课"),
)
_ASSESSMENT = (
    Entry("季度考核", "assessment:run_list", "chart-bar", "考核"),
    Entry("申诉复核", "assessment:appeal_list", "scale", "考核"),
    Entry("评分方案", "assessment:scheme_list", "adjustments-horizontal", "考核"),
)
_RECTIFICATION = (
    Entry("整顿看板", "rectification:board", "target", "后进整顿"),
    Entry("整顿待办", "rectification:queue", "list-check", "后进整顿"),
)
_BRANDS = (
    Entry("品牌总览", "brands:board", "chart-donut", "党建品牌"),
    Entry("品牌待办", "brands:queue", "inbox", "党建品牌"),
    Entry("资源库", "brands:brand_list", "photo", "党建品牌"),
)
_STARS = (
    Entry("星级总览", "starrating:board", "star", "两新星级"),
    Entry("星级待办", "starrating:queue", "list-check", "两新星级"),
    Entry("两新组织", "starrating:organisation_list", "building", "两新星级"),
)
_ELECTIONS = (
    Entry("换届总览", "elections:board", "chart-donut", "换届选举"),
    Entry("换届待办", "elections:queue", "inbox", "换届选举"),
)
_MEMBERSHIP = (
    Entry("发展党员", "membership:board", "user-plus", "党员队伍"),
    Entry("组织关系转接", "membership:transfer_list", "arrows-exchange", "党员队伍"),
)
_DUES = (
    Entry("党费总览", "dues:board", "coin", "党费经费"),
    Entry("党费待办", "dues:queue", "inbox", "党费经费"),
    Entry("经费", "dues:fund_list", "wallet", "党费经费"),
)
_SUPPORT = (
    Entry("阵地", "support:board", "map-pin", "阵地与作用"),
    Entry("联系点", "support:contact_list", "link", "阵地与作用"),
    Entry("大党委", "support:joint_list", "users-group", "阵地与作用"),
    Entry("承诺示范岗", "works:board", "certificate", "阵地与作用"),
    Entry("项目", "works:project_board", "stack-2", "阵地与作用"),
)
_UNITS = (
    Entry("党组织", "branches:unit_list", "sitemap", "组织"),
    Entry("党员", "branches:member_list", "users", "组织"),
)
_CHANNELS = (
    Entry("通知下发", "portal:circular_list", "send", "组织"),
    Entry("通知渠道", "branches:robot_list", "speakerphone", "组织"),
)
_STAFF = (
    *_DAILY,
    *_MEETINGS,
    *_BRANDS,
    *_RECTIFICATION,
    *_STARS,
    *_ELECTIONS,
    *_MEMBERSHIP,
    *_DUES,
    *_SUPPORT,
    *_ASSESSMENT,
    *_UNITS,
    *_CHANNELS,
)
_DISTRICT = (*_STAFF, Entry("账号开通", "branches:account_list", "key", "组织"))
_CADRES = (
    Entry("干部名册", "cadres:roster", "id-badge-2", "干部"),
    Entry("职数", "cadres:quota", "table", "干部"),
    Entry("选拔任用", "cadres:appointments", "user-plus", "干部"),
    Entry("监督", "cadres:oversight", "eye", "干部"),
    Entry("个人事项", "cadres:matters", "clipboard-list", "干部"),
    Entry("教育培训", "cadres:training", "school", "干部"),
)
_OFFICER = (_HOME[0], _HOME[3])
_ADMIN = Entry("数据管理", "admin:index", "database", "系统")
# Schemes are the district's.
_NOT_COMMITTEES = frozenset({"assessment:scheme_list"})
_COMMITTEE = tuple(entry for entry in _STAFF if entry.name not in _NOT_COMMITTEES)
# Leaders look on: nothing waits for them, and no roster is theirs to read.
_NOT_LEADERS = frozenset(
    {
        "meetings:review_queue",
        "branches:member_list",
        "branches:robot_list",
        "portal:circular_list",
        "brands:queue",
        "rectification:queue",
        "starrating:queue",
        "elections:queue",
        "membership:transfer_list",
        "dues:queue",
    }
)
_LEADER = tuple(entry for entry in _COMMITTEE if entry.name not in _NOT_LEADERS)


def _entries(roles: frozenset[str]) -> tuple[Entry, ...]:
    if Role.DISTRICT_STAFF in roles:
        return _DISTRICT
    if Role.COMMITTEE_STAFF in roles:
        return _COMMITTEE
    if Role.LEADER in roles:
        return _LEADER
    if roles == {Role.CADRE_OFFICER}:
        return _OFFICER
    if roles == {Role.GROUP_LEADER}:
        return _GROUP
    return _SECRETARY if roles else ()


def navigation(request: HttpRequest) -> list[NavItem]:
    """The entries of the signed-in user, the current page marked."""
    roles = request.scope.roles  # type: ignore[attr-defined]
    entries = _entries(roles)
    if Role.CADRE_OFFICER in roles:
        entries = (*entries, *_CADRES)
    if request.user.is_staff:
        entries = (*entries, _ADMIN)
    current = request.resolver_match.view_name if request.resolver_match else ""
    told = {"notices": outbox.unread(request.user.pk)} if entries and request.user.pk else {}
    return [
        NavItem(
            label=entry.label,
            url=reverse(entry.name),
            icon=entry.icon,
            active=entry.name == current,
            count=told.get(entry.name, 0),
            group=entry.group,
        )
        for entry in entries
    ]
