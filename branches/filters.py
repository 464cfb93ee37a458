"""How organisations and people are looked up; one filterset for a page and its export."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q

from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, Field, MemberKind, MemberState, UnitKind
from branches.models import Member, Unit
from branches.querysets import MemberQuerySet, UnitQuerySet
from core.codes import CodeError, check_id_number, check_phone

_SEARCH = {"type": "search"}


class UnitFilter(django_filters.FilterSet):
    """``under`` is a code and means the whole subtree."""

    q = django_filters.CharFilter(
        label="关键字",
        method="by_text",
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "名称、代码或拼音首字母"}),
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=UnitKind.choices, empty_label="全部类别"
    )
    field = django_filters.ChoiceFilter(label="领域", choices=Field.choices, empty_label="全部领域")
    under = django_filters.CharFilter(method="by_under", widget=forms.HiddenInput, max_length=40)

    class Meta:
        model = Unit
        fields: list[str] = []

    def by_text(self, rows: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        """Name, short name, code, pinyin."""
        return rows.search(value)

    def by_under(self, rows: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        """The subtree of the organisation with this code, as far as it is in reach."""
        root = rows.filter(code=value).first()
        return rows.filter(path__startswith=root.path) if root else rows.none()


class MemberFilter(django_filters.FilterSet):
    """A whole identity or phone number finds its member; a part of one finds nobody."""

    q = django_filters.CharFilter(
        label="关键字",
        method="by_text",
        widget=forms.TextInput(
            attrs={**_SEARCH, "placeholder": "姓名、拼音，或完整的证件或手机号码"}
        ),
    )
    kind = django_filters.ChoiceFilter(
        label="人员类别", choices=MemberKind.choices, empty_label="全部类别"
    )
    state = django_filters.ChoiceFilter(
        label="党籍状态", choices=MemberState.choices, empty_label="全部状态"
    )
    floating = django_filters.BooleanFilter(
        label="只看流动党员", method="by_floating", widget=forms.CheckboxInput
    )
    unit = django_filters.CharFilter(method="by_unit", widget=forms.HiddenInput, max_length=40)

    class Meta:
        model = Member
        fields: list[str] = []

    def by_text(self, rows: MemberQuerySet, name: str, value: str) -> MemberQuerySet:
        """A name, or a whole number by its keyed index."""
        for field, check in (("id_number", check_id_number), ("phone", check_phone)):
            try:
                check(value)
            except CodeError:
                continue
            return rows.filter(**Member.sealed_lookup(field, value))
        return rows.search(value)

    def by_floating(self, rows: MemberQuerySet, name: str, value: bool) -> MemberQuerySet:
        """流动党员 only."""
        return rows.filter(is_floating=True) if value else rows

    def by_unit(self, rows: MemberQuerySet, name: str, value: str) -> MemberQuerySet:
        """Everybody in the subtree of the organisation with this code."""
        root = Unit.unscoped.filter(code=value).only("path").first()
        return rows.filter(unit__path__startswith=root.path) if root else rows.none()


class KeeperFilter(django_filters.FilterSet):
    """Organisations by who keeps them; rows come from ``services.accounts.with_keepers``."""

    q = UnitFilter.base_filters["q"]
    tier = django_filters.ChoiceFilter(
        label="层级",
        method="by_tier",
        choices=[("branch", "党支部"), ("committee", "党（工）委、党总支"), ("group", "党小组")],
        empty_label="全部层级",
    )
    state = django_filters.ChoiceFilter(
        label="账号",
        method="by_state",
        choices=[("none", "还没有开通"), ("unused", "开通后没有登录过"), ("used", "在用")],
        empty_label="全部",
    )
    under = UnitFilter.base_filters["under"]

    class Meta:
        model = Unit
        fields: list[str] = []

    by_text = UnitFilter.by_text
    by_under = UnitFilter.by_under

    def by_tier(self, rows: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        """支部, what stands above them, or 党小组."""
        kinds = {"branch": BRANCH_KINDS, "committee": COMMITTEE_KINDS, "group": (UnitKind.GROUP,)}
        return rows.filter(kind__in=kinds[value])

    def by_state(self, rows: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        """Without an account, with one that was never used, with one in use."""
        wanted = Q(account__isnull=value == "none")
        if value != "none":
            wanted &= Q(account_used__isnull=value == "unused")
        return rows.filter(wanted)
