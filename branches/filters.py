"""How organisations and people are looked up; one filterset for a page and its export."""

from __future__ import annotations

import django_filters
from django import forms

from branches.enums import Field, MemberKind, MemberState, UnitKind
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
