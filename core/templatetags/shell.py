"""The shell around every page: navigation and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

from core.loose import get
from core.vault import vault_of

register = template.Library()


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation, ready to print."""

    label: str
    url: str
    icon: str = "chevron-right"
    active: bool = False
    count: int = 0
    group: str = ""
    heading: str = ""

    @property
    def count_text(self) -> str:
        """The count, capped for a small bubble."""
        return "99+" if self.count > 99 else str(self.count)


class NavItems(list[NavItem]):
    """All entries; `phone` is what fits the bottom bar, `more` whether a drawer is needed."""

    @property
    def more(self) -> bool:
        """True when the bottom bar cannot hold every entry."""
        return len(self) > 5

    @property
    def phone(self) -> list[NavItem]:
        """Five entries, or four and the button 更多."""
        return self[:4] if self.more else list(self)


@register.simple_tag(takes_context=True)
def nav_items(context: Context) -> NavItems:
    """The context variable `nav` (dicts or objects, any key but label and url optional)."""
    found = NavItems()
    last = ""
    for raw in context.get("nav") or ():
        group = str(get(raw, "group", ""))
        found.append(
            NavItem(
                label=str(get(raw, "label", "")),
                url=str(get(raw, "url", "#")),
                icon=str(get(raw, "icon", "") or "chevron-right"),
                active=bool(get(raw, "active", False)),
                count=int(get(raw, "count", 0) or 0),
                group=group,
                heading=group if group != last else "",
            )
        )
        last = group
    return found


ACCOUNT_LINKS = (
    ("account_change_password", "修改密码", "key"),
    ("mfa_index", "两步验证", "device-mobile"),
    ("usersessions_list", "登录设备", "history"),
)


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> dict[str, Any]:
    """Who is signed in, for the shell: key, name, initial, place, links; empty words for nobody.

    ``vault`` seals what a form keeps on his device (core.vault).
    """
    user = context.get("user")
    if user is None or not user.is_authenticated:
        nobody = dict.fromkeys(("key", "vault", "name", "initial", "place", "logout_url"), "")
        return {**nobody, "links": []}
    name = str(user.get_full_name() or user)
    links = [
        {"label": label, "icon": symbol, "url": url}
        for route, label, symbol in ACCOUNT_LINKS
        if (url := _reverse(route))
    ]
    if user.is_staff and (url := _reverse("admin:index")):
        links.append({"label": "后台管理", "icon": "settings", "url": url})
    return {
        "key": str(user.pk),
        "vault": vault_of(str(user.pk)),
        "name": name,
        "initial": name[:1],
        "place": str(context.get("place") or ""),
        "links": links,
        "logout_url": _reverse("account_logout"),
    }


def _reverse(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
