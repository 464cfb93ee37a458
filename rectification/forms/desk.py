"""What staff type: a batch, a new case, the filters of the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from branches.models import Unit
from core.dates import add_months
from rectification.enums import BOARD, FigureKind, ProblemState
from rectification.forms.base import day_field, line_field, number_field, words_field
from rectification.forms.cases import reason_choices
from rectification.models import Batch
from rectification.rules import plain

Choices = Sequence[tuple[str, str]]
CASE_STATES = [
    ("", "全部"),
    ("at_work", "整顿中的合计"),
    ("overdue", "已过期限"),
    ("done", "已销号的合计"),
    *((state.name.lower(), str(state.label)) for state in BOARD),
    ("dropped", "未列入"),
]
PROBLEM_STATES = [
    ("", "全部"),
    ("open", "没有办结的合计"),
    ("overdue", "已过期限"),
    *((state.name.lower(), str(state.label)) for state in ProblemState),
]
REPORT_STATES = [("", "全部"), ("filed", "已提交"), ("late", "逾期未交"), ("ahead", "还没到期")]
_SHEET = "班子建设 20\n党员教育管理 15\n组织生活 15\n问题整改 25\n服务群众 15\n阵地建设 10"


def _percent(label: str, *, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2,
        help_text=help_text,
        error_messages={
            "required": f"请填写{label}。", "invalid": "请填数字。",
            "min_value": "不能小于 0。", "max_value": "不能大于 100。",
        },
    )  # fmt: skip


class BatchForm(forms.Form):
    """A batch with its reports, its score sheet and its lines; a new one begins as the last did."""

    number = number_field("第几批", least=1, most=999)
    name = line_field("名称", 80, hint="例如：2026 年度软弱涣散党组织整顿")
    year = number_field("年度", least=2000, most=2100)
    starts_on = day_field("启动日期")
    deadline = day_field("整顿期限")
    regulation = line_field("依据", 200, required=False, hint="文件名称和文号")
    demands = words_field("工作要求", 5000, rows=4, required=False)
    dues = words_field(
        "应交报告", 3000, rows=5, required=False, hint="第一次报告 2026-06-30",
        help_text="每行一份：报告名称 截止日期。份数不限，“四报告一评议”写四行。",
    )  # fmt: skip
    items = words_field(
        "验收评分表", 5000, rows=8, hint="班子建设 20",
        help_text="每行一项：项目 分值，合计 100 分。第一次验收以后不能再改。",
    )  # fmt: skip
    pass_score = _percent("验收合格分", help_text="满分 100。")
    pass_satisfaction = _percent("满意率合格线（%）")
    most_dissatisfied = _percent("不满意否决线（%）", help_text="不满意超过它，直接不通过。")
    fair_counts = forms.BooleanField(label="“基本满意”计入满意率", required=False)
    least_answers = number_field(
        "最少有效票", least=5, most=10_000, help_text="不足的不作依据，也不显示结果。"
    )
    watch_months = number_field("回头看（月）", least=1, most=60)
    problem_days = number_field("问题办理期限（工作日）", least=1, most=250)

    def __init__(self, *args: Any, batch: Batch | None, last: Batch | None, on: date, **kw: Any):
        super().__init__(*args, **kw)
        self._from(batch or last or Batch())
        if batch is None:
            first: dict[str, Any] = {
                "number": last.number + 1 if last else 1, "year": on.year, "name": "",
                "starts_on": on, "deadline": add_months(on, 6), "dues": "", "demands": "",
            }  # fmt: skip
            for name, value in first.items():
                self.fields[name].initial = value

    def _from(self, source: Batch) -> None:
        for name in self.fields:
            if hasattr(source, name) and name not in ("dues", "items"):
                self.fields[name].initial = getattr(source, name)
        sheet = dues = ""
        if source.pk:
            rows = source.items.all()
            sheet = "\n".join(f"{row.name} {plain(row.points)}" for row in rows)
            dues = "\n".join(f"{due.title} {due.due_on:%Y-%m-%d}" for due in source.dues.all())
        self.fields["items"].initial = sheet or _SHEET
        self.fields["dues"].initial = dues


class NewCaseForm(forms.Form):
    """拟列: why this organisation."""

    reasons = forms.MultipleChoiceField(
        label="列入情形",
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选。应列尽列，不设比例、不定指标。",
        error_messages={"required": "请选择列入情形，可以多选。"},
    )
    detail = words_field(
        "主要问题表现", 5000, required=False,
        help_text="涉密内容、信访和纪检文字、个人隐私不要写在这里。",
    )  # fmt: skip
    baseline = words_field("整顿前基本情况", 5000, required=False)
    deadline = day_field("整顿期限")

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = reason_choices([])
        self.fields["deadline"].initial = batch.deadline


class FilterForm(forms.Form):
    """Batch, state, subtree; what is no choice falls back to the first."""

    batch = forms.ChoiceField(label="批次", required=False)
    state = forms.ChoiceField(label="情况", required=False)
    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(
        self,
        *args: Any,
        batches: Iterable[Batch],
        states: Choices,
        committees: Iterable[Unit],
        chosen: Unit | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        self._choose("batch", [("", "全部批次"), *((str(b.uuid), str(b)) for b in batches)])
        self._choose("state", [*states])
        self._choose("unit", [("", "全部"), *units.items()])
        if not states:
            del self.fields["state"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing sensible."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class FigureFilterForm(FilterForm):
    """With the kind of figure."""

    kind = forms.ChoiceField(
        label="项目", required=False, choices=[("", "全部"), *FigureKind.choices]
    )


class ImportForm(forms.Form):
    """A workbook of problems."""

    file = forms.FileField(
        label="问题清单", help_text="Excel（.xlsx、.xls）或 CSV，最多 500 行。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip
