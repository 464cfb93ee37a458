"""承诺, 示范岗 and 在职党员."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from branches.models import Member, Unit
from core.dates import Period
from core.deed_forms import (
    PAPER,
    DeedForm,
    OnceForm,
    day_field,
    decimal_field,
    line_field,
    pick_field,
    upload_field,
    words_field,
)

Choices = Sequence[tuple[str, str]]
_PLAIN = "只写要做的事，不写群众姓名、电话和住址。"


def roster(unit: Unit) -> list[tuple[str, str]]:
    """The members of a branch, to choose from."""
    rows = Member.unscoped.filter(unit=unit).only("uuid", "name", "unit")
    current = rows.filter(state__in=("active", "on_probation")).order_by("name_key", "pk")
    return [(str(row.uuid), row.name) for row in current[:300]]


class PledgeForm(OnceForm):
    """一项承诺."""

    member = pick_field("谁的承诺", required=False)
    title = line_field("承诺事项", 200, hint="例如：每月为独居老人上门一次", help_text=_PLAIN)
    pledged_on = day_field("承诺日期")
    due_on = day_field("完成期限")

    def prepare(self) -> None:
        """From today to the year's end; of the branch or of one of its members."""
        self.choose("member", [("", "支部的承诺"), *roster(self.thing)])
        self.begin(pledged_on=self.on, due_on=Period.containing(self.on, "year").end)


class ReportForm(DeedForm):
    """报告完成."""

    done_on = day_field("完成日期")
    result = words_field("践诺情况", 1000, hint="做了什么，群众得到什么")
    file = upload_field("佐证", help_text=PAPER)

    def prepare(self) -> None:
        """Today."""
        self.begin(done_on=self.on, result=self.thing.result)


class FileForm(DeedForm):
    """佐证."""

    file = upload_field("文件", help_text=PAPER, required=True)


class YesForm(DeedForm):
    """A confirmation."""

    answer = line_field("意见", 200, required=False, help_text="可以不写。")


class NoForm(DeedForm):
    """Sent back."""

    answer = words_field("退回原因", 200)


class DropForm(DeedForm):
    """终止."""

    answer = words_field("终止原因", 300)


class PostForm(OnceForm):
    """设岗."""

    member = pick_field("哪位党员")
    name = line_field("岗位名称", 60, hint="例如：服务窗口党员示范岗")
    stands_for = line_field("示范什么", 200, hint="例如：群众来办事，首问负责、一次办好")
    since = day_field("设岗日期")

    def prepare(self) -> None:
        """Today."""
        self.choose("member", [("", "请选择"), *roster(self.thing)])
        self.begin(since=self.on)


class YearForm(DeedForm):
    """年度确认."""

    note = line_field("意见", 200, required=False, help_text="可以不写。")


class UntilForm(DeedForm):
    """The last day."""

    until = day_field("最后一天")

    def prepare(self) -> None:
        """Today."""
        self.begin(until=self.on)


class PlaceForm(OnceForm):
    """报到."""

    member = pick_field("哪位党员")
    community = line_field(
        "到哪个社区（村）报到", 120, help_text="写社区党组织的全称、简称或代码。"
    )
    since = day_field("报到日期")
    offer = line_field("能做什么", 120, required=False, hint="例如：法律咨询、辅导作业")

    def prepare(self) -> None:
        """Today."""
        self.choose("member", [("", "请选择"), *roster(self.thing)])
        self.begin(since=self.on)


class ServiceForm(OnceForm):
    """做了一件事."""

    day = day_field("日期")
    what = line_field("做了什么", 200, hint="例如：小区消防通道清理")
    hours = decimal_field("时长（小时）", most=24, required=False, help_text="可以不填。")

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class FilterForm(forms.Form):
    """What a list is narrowed to: a state, a tag where there are tags, and a committee."""

    state = forms.ChoiceField(label="情况", required=False)
    tag = forms.ChoiceField(label="工作载体", required=False)
    unit = forms.ChoiceField(label="党（工）委", required=False)

    def __init__(
        self,
        data: Any,
        *,
        states: Choices,
        committees: Iterable[Unit],
        chosen: Unit | None,
        tags: Choices = (),
    ) -> None:
        super().__init__(data)
        rows = [(str(unit.pk), str(unit)) for unit in committees]
        if chosen is not None and str(chosen.pk) not in dict(rows):
            rows.insert(0, (str(chosen.pk), str(chosen)))
        given = {"state": list(states), "unit": [("", "全部"), *rows], "tag": list(tags)}
        for name, choices in given.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for name in [name for name in ("state", "tag") if not given[name]]:
            del self.fields[name]

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
