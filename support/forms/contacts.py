"""联系点: leaders, links, visits, and the lists' filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from branches.enums import Role
from branches.models import Grant, Unit
from core.deed_forms import (
    DeedForm,
    OnceForm,
    chips_field,
    day_field,
    line_field,
    pick_field,
    words_field,
)
from support.enums import Level

Choices = Sequence[tuple[str, str]]


class LeaderForm(DeedForm):
    """登记联系领导."""

    name = line_field("姓名", 60)
    position = line_field("职务", 80, hint="例如：区委常委、组织部部长")
    level = chips_field("级别", Level.choices)
    account = pick_field(
        "账号",
        required=False,
        help_text="选了账号，这位领导可以自己写走访；没有账号由工作人员代写。",
    )

    def prepare(self) -> None:
        """Accounts of leaders in this organisation or below it."""
        unit: Unit = self.thing
        rows = (
            Grant.objects.within(unit).in_force(on=self.on)
            .filter(role=Role.LEADER, user__is_active=True)
            .select_related("user")
        )  # fmt: skip
        self.accounts = {str(row.user.pk): row.user for row in rows[:200]}
        names = [(key, user.name) for key, user in self.accounts.items()]
        self.choose("account", [("", "没有账号"), *names])
        self.begin(level=Level.COMMITTEE if unit.parent_id else Level.DISTRICT)


class UntilForm(DeedForm):
    """The last day."""

    until = day_field("最后一天")

    def prepare(self) -> None:
        """Today."""
        self.begin(until=self.on)


class LinkForm(DeedForm):
    """安排联系点."""

    unit = line_field("联系哪个党组织", 120, help_text="写全称、简称或代码。")
    since = day_field("开始日期")

    def prepare(self) -> None:
        """From today."""
        self.begin(since=self.on)


class VisitForm(OnceForm):
    """登记走访."""

    day = day_field("走访日期")
    found = words_field("了解到的情况", 2000, rows=4, hint="看了什么、和谁谈、支部做得怎样")
    problem = words_field(
        "发现的问题", 1000, rows=2, required=False,
        help_text="没有问题的留空；写了的要跟进到解决。不写群众姓名、电话和住址。",
    )  # fmt: skip

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class FollowForm(OnceForm):
    """登记跟进."""

    day = day_field("日期")
    what = words_field("做了什么", 300)

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class SolveForm(DeedForm):
    """问题解决."""

    solved_on = day_field("解决日期")
    outcome = words_field("处理结果", 1000)

    def prepare(self) -> None:
        """Today."""
        self.begin(solved_on=self.on)


class FilterForm(forms.Form):
    """What a list is narrowed to: a state and a committee."""

    state = forms.ChoiceField(label="情况", required=False)
    unit = forms.ChoiceField(label="党（工）委", required=False)

    def __init__(
        self, data: Any, *, states: Choices, committees: Iterable[Unit], chosen: Unit | None
    ) -> None:
        super().__init__(data)
        rows = [(str(unit.pk), str(unit)) for unit in committees]
        if chosen is not None and str(chosen.pk) not in dict(rows):
            rows.insert(0, (str(chosen.pk), str(chosen)))
        for name, choices in (("state", list(states)), ("unit", [("", "全部"), *rows])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing or nonsense."""
        if not self.is_valid():
            return str(self.cleaned_data.get(name, ""))
        return str(self.cleaned_data[name])


class ImportForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label="表格", help_text="Excel（.xlsx）或 CSV。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的。"},
    )  # fmt: skip
