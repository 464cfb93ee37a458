"""What a branch types about its 组织生活, and what staff ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from branches.models import Unit
from core.errors import Refusal
from meetings.enums.life import Flow, ProblemSource, Standing, TalkGap
from meetings.forms.record import refuse_marks
from meetings.models import Meeting
from meetings.rules.life import Tally

_DAY = {"required": "请选择日期。", "invalid": "请选择正确的日期。"}


class SayForm(forms.Form):
    """A form that can say a service's refusal where it belongs."""

    def say(self, refusal: Refusal) -> None:
        """Put it at its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class StudyForm(SayForm):
    """学习准备: the day and the texts."""

    studied_on = forms.DateField(label="学习日期", widget=forms.DateInput, error_messages=_DAY)
    study = forms.CharField(
        label="学习篇目",
        max_length=200,
        help_text="例如：党章；《支部工作条例》；习近平总书记重要讲话。",
        validators=[refuse_marks],
        error_messages={"required": "请写学习篇目。"},
    )


class GapForm(SayForm):
    """谈心谈话: done, or why not all."""

    gap = forms.ChoiceField(
        label="没有谈全的情形",
        required=False,
        widget=forms.RadioSelect,
        choices=TalkGap.choices,
        help_text="只选情形，不写是谁、谈了什么。",
    )


class ProblemForm(SayForm):
    """One problem of the 班子."""

    text = forms.CharField(
        label="问题",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写支部和班子的问题，不点名到个人；不写谈话内容、意见原话、检举内容和个人隐私。",
        validators=[refuse_marks],
        error_messages={"required": "请写明问题。"},
    )
    source = forms.ChoiceField(
        label="来源",
        widget=forms.RadioSelect,
        choices=ProblemSource.choices,
        initial=ProblemSource.SELF,
        error_messages={"required": "请选择来源。"},
    )


class PlanForm(SayForm):
    """What is done about a problem."""

    measure = forms.CharField(
        label="整改措施",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写做什么、做到什么程度，不点名到个人。",
        validators=[refuse_marks],
        error_messages={"required": "请写明整改措施。"},
    )
    owner = forms.CharField(
        label="责任人",
        max_length=60,
        help_text="职务或姓名，例如：组织委员。",
        error_messages={"required": "请写明责任人。"},
    )
    due_on = forms.DateField(label="整改期限", widget=forms.DateInput, error_messages=_DAY)


class SettleForm(SayForm):
    """销号: what came of it."""

    done_on = forms.DateField(label="完成日期", widget=forms.DateInput, error_messages=_DAY)
    result = forms.CharField(
        label="整改结果",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写办成了什么，不点名到个人。",
        validators=[refuse_marks],
        error_messages={"required": "请写明整改结果。"},
    )


class LinkForm(SayForm):
    """The record of the meeting, among those that can stand for it."""

    meeting = forms.ChoiceField(
        label="会议记录",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择会议记录。", "invalid_choice": "请选择列出的会议记录。"},
    )

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(one.pk): one for one in meetings}
        field = self.fields["meeting"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{one.held_on:%Y-%m-%d} {one.topic or one.kinds_label}")
            for key, one in self.meetings.items()
        ]
        if len(self.meetings) == 1:
            field.initial = next(iter(self.meetings))

    @property
    def chosen(self) -> Meeting:
        """The record; only after ``is_valid()``."""
        return self.meetings[str(self.cleaned_data["meeting"])]


class ApproveForm(SayForm):
    """审定: the day of the committee's decision, where somebody is 不合格."""

    poor_decided_on = forms.DateField(
        label="党（工）委集体研究的日期", widget=forms.DateInput, required=False
    )


class OpenForm(SayForm):
    """民主评议: the day whose roster is taken."""

    as_of = forms.DateField(
        label="名册日期",
        widget=forms.DateInput,
        help_text="按这一天的党员名册列出参评党员，以后名册变动不影响名单。",
        error_messages=_DAY,
    )


# --- What stands in rows: one per member ---------------------------------------------------------


def keys(data: QueryDict, name: str) -> list[int]:
    """Primary keys posted under a name, each once."""
    texts = data.getlist(name)
    return list(dict.fromkeys(int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 19))


def choices_of(data: Mapping[str, Any], prefix: str, rows: Iterable[int]) -> dict[int, str]:
    """``<prefix>_<key>`` for each row, "" where nothing was chosen."""
    return {key: str(data.get(f"{prefix}_{key}", "")) for key in rows}


def whole(text: object, *, what: str, field: str) -> int | None:
    """A number of ballots; None when nothing was typed.

    Raises:
        Refusal: it is no whole number.
    """
    text = str(text or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refusal(f"{what}请填整数。", field=field)
    return int(text)


def posted_tallies(data: QueryDict, names: Mapping[int, str]) -> dict[int, Tally]:
    """The counts as posted, for those with at least one number; ``names`` are the graded rows.

    Raises:
        Refusal: something is no whole number.
    """
    found = {}
    for key, name in names.items():
        counts = [
            whole(data.get(f"{grade}_{key}"), what=f"{name}的票数", field=f"row_{key}")
            for grade in ("excellent", "competent", "basic", "poor")
        ]
        if any(count is not None for count in counts):
            found[key] = Tally(*(count or 0 for count in counts))
    return found


# --- The staff page ------------------------------------------------------------------------------


class StandingForm(forms.Form):
    """Year, flow, state, subtree; whatever is no choice falls back to the first."""

    year = forms.ChoiceField(label="年度", required=False)
    flow = forms.ChoiceField(
        label="事项", required=False, choices=[("", "三项合看"), *Flow.choices]
    )
    state = forms.ChoiceField(
        label="进展",
        required=False,
        choices=[("", "全部"), ("behind", "没办完的"), *Standing.choices],
    )
    unit = forms.ChoiceField(label="党组织", required=False)

    def __init__(
        self, *args: Any, on: date, committees: Iterable[Unit], chosen: Unit | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        self._choose("year", [(str(y), f"{y}年") for y in (on.year, on.year - 1)])
        self._choose("unit", [("", "全部"), *units.items()])
        self._on = on
        self.is_valid()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen_year(self) -> int:
        """The year asked for; this one when nothing sensible was."""
        return int(self.cleaned_data.get("year") or self._on.year)

    @property
    def chosen_flow(self) -> str:
        """A flow, or "" for all three."""
        return str(self.cleaned_data.get("flow") or "")

    @property
    def behind(self) -> bool:
        """Whether only those with something left are asked for."""
        state = self.cleaned_data.get("state")
        return state == "behind" or (not self.chosen_flow and bool(state) and state != "done")

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the chosen flow that are asked for."""
        state = str(self.cleaned_data.get("state") or "")
        if state == "behind":
            return (Standing.NONE, Standing.OPEN)
        return (state,) if state else tuple(Standing.values)
