"""Forms about months, sums and money, and the filters of the lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from branches.models import Unit
from core.dates import Period
from dues.enums import Span
from dues.forms.base import AboutForm, OnceForm, day, line, month_choices, pick, words, yuan
from dues.models import Budget, BudgetLine
from dues.rules import months_between, plain
from dues.summing import computed_sum


class PayForm(forms.Form):
    """登记收缴: the day and the span; the ticks are read beside it."""

    paid_on = day("交纳日期")
    span = forms.ChoiceField(
        label="收哪几个月", choices=Span.choices, widget=forms.HiddenInput,
        error_messages={"required": "请选择收哪几个月。", "invalid_choice": "请选择收哪几个月。"},
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, span: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_on"].initial = on
        self.fields["span"].initial = span


class RemitForm(AboutForm):
    """上缴: the quarter of ``?quarter=``, by default the one that has just ended."""

    amount = yuan("上缴金额（元）", least="0")
    handed_on = day("上缴日期")
    note = line("差额说明", 200, required=False, help_text="与系统合计不同时写明原因。")

    def prepare(self) -> None:
        """The computed sum, today."""
        self.period = asked_quarter(self.asked.get("quarter", ""), self.on)
        self.computed = computed_sum(self.thing, self.period)
        self.fields["amount"].help_text = f"{self.period.name}系统合计 {plain(self.computed)} 元。"
        self.begin(amount=self.computed, handed_on=self.on)


class ConfirmForm(AboutForm):
    """确认收到."""

    confirmed_on = day("收到日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(confirmed_on=self.on)


class BudgetForm(AboutForm):
    """年度预算: a line an item."""

    lines = words(
        "预算项目", 3000, rows=6, hint="主题党日 3000\n党员教育培训 2000",
        help_text="每行一项：项目 金额（元）。合计就是年度预算。",
    )  # fmt: skip
    note = line("经费来源说明", 200, required=False, hint="例如：本级党建经费、上级补助")

    def prepare(self) -> None:
        """As it stands."""
        found = Budget.unscoped.filter(unit=self.thing, year=asked_year(self.asked, self.on))
        budget = found.first()
        if budget is not None:
            rows = [f"{row.name} {plain(row.amount)}" for row in budget.lines.all()]
            self.begin(lines="\n".join(rows), note=budget.note)


class SpendForm(OnceForm):
    """登记支出."""

    day = day("日期")
    amount = yuan("金额（元）")
    purpose = line("用途", 200, hint="例如：购买学习书籍 30 册")
    line = pick("预算项目", required=False)
    voucher = forms.FileField(
        label="票据", required=False, help_text="拍照或上传 PDF；登记以后还可以再加。"
    )

    def prepare(self) -> None:
        """Today; the year's items and what is left."""
        year = asked_year(self.asked, self.on)
        found: Budget | None = Budget.unscoped.filter(unit=self.thing, year=year).first()
        rows = BudgetLine.unscoped.filter(budget=found) if found else []
        self.choose("line", [("", "不分项目"), *((str(row.pk), row.name) for row in rows)])
        left = plain(found.balance) if found else "0.00"
        self.fields["amount"].help_text = f"{year} 年还可支出 {left} 元。"
        self.begin(day=self.on if self.on.year == year else date(year, 12, 31))


class VoucherForm(AboutForm):
    """加一份票据."""

    voucher = forms.FileField(
        label="票据", help_text="照片，或 PDF、Word、Excel 文件。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip


class ResultForm(AboutForm):
    """年终结账."""

    result = words(
        "使用效果", 2000, rows=6, hint="经费用在了哪里、办成了什么事、党员群众怎么看",
        help_text="结账以后这一年不能再登记支出。",
    )  # fmt: skip


class AllotmentForm(OnceForm):
    """提出区拨党费 for the unit that was chosen."""

    year = pick("年度")
    amount = yuan("金额（元）")
    purpose = line("用途", 200, hint="例如：党员活动阵地维修")
    document = line("文号", 80, required=False)

    def prepare(self) -> None:
        """This year or the next."""
        years = (self.on.year, self.on.year + 1, self.on.year - 1)
        self.choose("year", [(str(year), f"{year}年") for year in years])


class ReceiveForm(AboutForm):
    """签收."""

    received_on = day("签收日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(received_on=self.on)


class FilterForm(forms.Form):
    """Month and subtree; what is no choice falls back to the first."""

    month = forms.ChoiceField(label="月份", required=False)
    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(
        self, *args: Any, months: int, on: date, committees: Iterable[Unit], chosen: Unit | None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        first = date(on.year - 1, on.month, 1)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        self._choose("month", month_choices(first, months)[::-1])
        self._choose("unit", [("", "全部"), *units.items()])
        if not months:
            del self.fields["month"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ImportForm(forms.Form):
    """A workbook of standards."""

    file = forms.FileField(
        label="党费标准表", help_text="Excel（.xlsx、.xls）或 CSV，最多 500 行。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip


def asked_month(text: str, on: date) -> date:
    """The month of ``?month=`` from two years back to now; this month for anything else."""
    this = on.replace(day=1)
    try:
        found = Period.parse(text)
    except ValueError:
        return this
    known = months_between(date(on.year - 2, on.month, 1), this)
    return found.start if found.kind == "month" and found.start in known else this


def asked_quarter(text: str, on: date) -> Period:
    """The quarter of ``?quarter=``; the last full one for anything else."""
    usual = Period.containing(on, "quarter").previous()
    try:
        found = Period.parse(text)
    except ValueError:
        return usual
    return found if found.kind == "quarter" and 2000 <= found.year <= on.year else usual


def asked_year(asked: Any, on: date) -> int:
    """The year of ``?year=``; this year for anything else."""
    text = str(asked.get("year", ""))
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else on.year
    return year if 2000 <= year <= on.year + 1 else on.year
