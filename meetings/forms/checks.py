"""What people type about 调阅 and 审阅; the rules stand in the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from branches.enums import Field
from branches.models import Unit
from core.dates import Period
from meetings.entries import FindingEntry, PointEntry
from meetings.enums import KIND_SLUGS, Kind
from meetings.enums.checks import TO_ANSWER, UNSETTLED, FindingState
from meetings.forms.filters import UnitFilterForm
from meetings.forms.record import refuse_marks
from meetings.rules.checks import MOST_DRAWN, SheetItem

MOST_FINDINGS = 5
_QUARTERS_BACK = 8
_KINDS = {slug: kind for kind, slug in KIND_SLUGS.items()}
_DAY = {"invalid": "请选择正确的日期。"}


class DrawForm(forms.Form):
    """随机抽取: from which records, how many."""

    unit = forms.ChoiceField(label="抽取范围", error_messages={"required": "请选择范围。"})
    since = forms.DateField(
        label="召开日期从",
        widget=forms.DateInput,
        error_messages={"required": "请选择起始日期。", **_DAY},
    )
    until = forms.DateField(
        label="到", widget=forms.DateInput, error_messages={"required": "请选择截止日期。", **_DAY}
    )
    wanted = forms.IntegerField(
        label="抽取条数",
        min_value=1,
        max_value=MOST_DRAWN,
        initial=10,
        error_messages={"required": "请填写条数。", "invalid": "请填写整数。"},
    )
    due_on = forms.DateField(
        label="调阅期限",
        widget=forms.DateInput,
        help_text="请在这一天前读完。",
        error_messages={"required": "请选择调阅期限。", **_DAY},
    )
    kinds = forms.MultipleChoiceField(
        label="会议类别",
        required=False,
        choices=[(slug, Kind(kind).label) for slug, kind in _KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="不选就是全部类别。",
    )
    fields_of = forms.MultipleChoiceField(
        label="领域",
        required=False,
        choices=Field.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选就是全部领域。",
    )
    risk_percent = forms.IntegerField(
        label="有提示的记录占比",
        min_value=0,
        max_value=100,
        initial=0,
        help_text="0 为完全随机。填 50，就先从旁边有提示的记录里抽出一半，其余从全部名单里抽。",
        error_messages={"required": "请填写 0 到 100 的整数。", "invalid": "请填写整数。"},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["unit"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(str(unit.pk), str(unit)) for unit in units]

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb takes, without the unit."""
        data = dict(self.cleaned_data)
        data.pop("unit")
        data["fields"] = data.pop("fields_of")
        data["kind_mask"] = sum(_KINDS[slug] for slug in set(data.pop("kinds")))
        return data


class SheetForm(forms.Form):
    """评分表: points for each item of the sheet that is in force."""

    checked_on = forms.DateField(
        label="调阅日期",
        widget=forms.DateInput,
        error_messages={"required": "请填写调阅日期。", **_DAY},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[SheetItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for at, item in enumerate(items):
            self.fields[f"item{at}"] = forms.DecimalField(
                label=item.name,
                min_value=0,
                max_value=item.points,
                max_digits=5,
                decimal_places=1,
                help_text=item.look,
                error_messages={
                    "required": f"请给“{item.name}”打分。",
                    "invalid": "请填写数字。",
                    "max_value": f"最多 {item.points.normalize():f} 分。",
                },
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        """Each item's field, and what stands behind it: / 20 分."""
        return [
            (self[f"item{at}"], f"/ {item.points.normalize():f} 分")
            for at, item in enumerate(self.items)
        ]

    @property
    def points(self) -> list[PointEntry]:
        """What was given, in the order of the sheet."""
        return [
            PointEntry(item.name, item.points, self.cleaned_data[f"item{at}"])
            for at, item in enumerate(self.items)
        ]


class FindingForm(forms.Form):
    """问题: what, what is asked, until when; an empty one is none."""

    text = forms.CharField(
        label="问题",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "例如：讨论发言没有记到人"}),
        validators=[refuse_marks],
    )
    ask = forms.CharField(
        label="整改要求",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "例如：补记发言要点，下次会议起逐人记录"}),
        validators=[refuse_marks],
    )
    due_on = forms.DateField(
        label="整改期限", required=False, widget=forms.DateInput, error_messages=_DAY
    )

    def clean(self) -> dict[str, Any]:
        """A finding is asked for by a day; an asking needs its finding."""
        data = super().clean() or {}
        if data.get("text"):
            if not data.get("ask") and "ask" not in self.errors:
                self.add_error("ask", "请写明要求支部怎么改。")
            if not data.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", "请选择整改期限。")
        elif data.get("ask") and "text" not in self.errors:
            self.add_error("text", "请写明发现的问题。")
        return data


FindingFormSet = forms.formset_factory(
    FindingForm, extra=0, max_num=MOST_FINDINGS, absolute_max=MOST_FINDINGS
)


def posted_findings(formset: Any) -> list[FindingEntry]:
    """The filled rows of a valid formset."""
    return [
        FindingEntry(row["text"], row["ask"], row["due_on"])
        for row in formset.cleaned_data
        if row.get("text")
    ]


class ChecksForm(UnitFilterForm):
    """Quarter and subtree; whatever is no choice falls back to all."""

    period = forms.ChoiceField(label="调阅时间", required=False)
    field_order: Any = ("period", "unit")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = [Period.containing(on, "quarter")]
        while len(quarters) < _QUARTERS_BACK:
            quarters.append(quarters[-1].previous())
        self._choose("period", [("", "全部时间"), *((one.label, one.name) for one in quarters)])

    @property
    def asked_period(self) -> Period | None:
        """The quarter asked for, None for all."""
        label = self.asked("period")
        return Period.parse(label) if label else None


_GROUPS: dict[str, tuple[str, tuple[FindingState, ...]]] = {
    "unsettled": ("未办结", UNSETTLED),
    "to_answer": ("支部待答复", TO_ANSWER),
}


class FindingsForm(ChecksForm):
    """Quarter, subtree, state, and whether only what is overdue."""

    state = forms.ChoiceField(
        label="整改情况",
        required=False,
        choices=[
            ("", "全部"),
            *((name, label) for name, (label, _) in _GROUPS.items()),
            *FindingState.choices,
        ],
    )
    overdue = forms.BooleanField(label="只看逾期", required=False)

    @property
    def states(self) -> tuple[FindingState, ...]:
        """The states asked for; all when nothing sensible was."""
        asked = self.asked("state")
        if asked in _GROUPS:
            return _GROUPS[asked][1]
        return (FindingState(asked),) if asked else tuple(FindingState)

    @property
    def only_overdue(self) -> bool:
        """Whether only what the branch has let pass is shown."""
        self.is_valid()
        return bool(self.cleaned_data.get("overdue"))


class AnswerForm(forms.Form):
    """整改情况: what the branch did."""

    result = forms.CharField(
        label="整改情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "做了什么、什么时候做的、结果怎样"}),
        error_messages={
            "required": "请写明整改情况：做了什么、结果怎样。",
            "max_length": "请控制在 1000 字以内。",
        },
        validators=[refuse_marks],
    )


class CommentForm(forms.Form):
    """审阅意见, or an answer to one."""

    text = forms.CharField(
        label="意见",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写下意见。", "max_length": "请控制在 500 字以内。"},
        validators=[refuse_marks],
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "请刷新页面后再写。"}
    )


def first_fault(form: forms.Form) -> str:
    """The first thing that is wrong with a form, for a page that shows it as a message."""
    return next((str(errors[0]) for errors in form.errors.values()), "")
