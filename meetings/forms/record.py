"""What people type about meetings, turned into plain data. Rules about it stand in the services."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.entries import AttendanceEntry, Expected, MeetingContent, VoteEntry
from meetings.enums import EVENT_CAUSES, AbsenceReason, Cause, Item, Kind
from meetings.models import Meeting
from meetings.rules import kinds_allowed

# One tap instead of a line of typing; shown for the kinds that are ticked.
TOPICS: dict[Kind, tuple[str, ...]] = {
    Kind.MEMBERS: ("传达学习上级会议精神", "讨论发展党员工作", "听取支委会工作报告"),
    Kind.COMMITTEE: ("研究本月支部工作", "研究发展党员工作", "讨论党费使用"),
    Kind.GROUP: ("集体学习《中国共产党章程》", "学习讨论上月重点工作", "开展批评和自我批评"),
    Kind.LECTURE: ("书记讲党课：学习《中国共产党章程》", "微党课：身边的先锋"),
    Kind.FIXED_DAY: ("集体学习《中国共产党章程》", "重温入党誓词，交纳党费"),
    Kind.THEME_DAY: ("志愿服务进社区", "参观红色教育基地"),
    Kind.ORGANISATION_LIFE: ("召开组织生活会，开展批评和自我批评",),
    Kind.APPRAISAL: ("民主评议党员",),
    Kind.TALK: ("支部书记与党员谈心谈话",),
}
# What is usually wrong with a returned record; one tap at the desk.
RETURN_REASONS = (
    "请补充到会名单或缺席事由。",
    "主题太笼统，请写明学习或讨论的内容。",
    "请上传会议照片或签到表。",
    "召开日期与照片不符，请核对。",
    "会议类别选错，请更正。",
)
_REASON = re.compile(r"reason_(\d{1,18})\Z")


def refuse_marks(text: str) -> None:
    """Refuse text that carries a mark of secrecy (rules.md §10); no secrecy check is claimed."""
    mark = mark_in_text(text)
    if mark:
        raise forms.ValidationError(refusal_of(mark, "填写的内容"))


class MeetingForm(forms.Form):
    """One record. ``attendance`` and ``votes`` carry no value: they are where their errors show."""

    kinds = forms.MultipleChoiceField(
        label="会议类别",
        widget=forms.CheckboxSelectMultiple,
        help_text="几项合在一起开的，都点上。",
        error_messages={"required": "请至少点选一种会议类别。"},
    )
    held_on = forms.DateField(
        label="召开日期",
        widget=forms.DateInput,
        error_messages={"required": "请填写召开日期。", "invalid": "请选择正确的召开日期。"},
    )
    topic = forms.CharField(
        label="主题",
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": "一句话，例如：集体学习《中国共产党章程》", "autocomplete": "off"}
        ),
    )
    items = forms.MultipleChoiceField(
        label="完成的动作",
        choices=Item.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    attendance = forms.CharField(label="到会名单", required=False, widget=forms.HiddenInput)
    place = forms.CharField(label="地点", max_length=100, required=False)
    chair = forms.CharField(label="主持人", max_length=60, required=False)
    recorder = forms.CharField(label="记录人", max_length=60, required=False)
    started_at = forms.TimeField(
        label="开始时间",
        required=False,
        widget=forms.TimeInput,
        error_messages={"invalid": "请按 14:30 的样子填写时间。"},
    )
    ended_at = forms.TimeField(
        label="结束时间",
        required=False,
        widget=forms.TimeInput,
        error_messages={"invalid": "请按 14:30 的样子填写时间。"},
    )
    agenda = forms.CharField(
        label="议程", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    minutes = forms.CharField(
        label="会议内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20000,
        help_text="涉密内容和个人隐私不要写在这里。",
    )
    resolution = forms.CharField(
        label="形成决议", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    votes = forms.CharField(label="表决", required=False, widget=forms.HiddenInput)
    # Like the roll: where the errors of the study plan's texts show.
    studied = forms.CharField(label="学习内容", required=False, widget=forms.HiddenInput)
    booking = forms.UUIDField(widget=forms.HiddenInput, required=False)
    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The open page: its words may come late or twice, and clash with no other page's for that.
    page_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_group: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: forms.MultipleChoiceField = self.fields["kinds"]  # type: ignore[assignment]
        kinds.choices = [(str(int(kind)), kind.label) for kind in kinds_allowed(is_group=is_group)]
        # Asked for on the page; a draft that comes without it is kept all the same.
        self.fields["topic"].required = not self.is_bound

    def clean(self) -> dict[str, Any]:
        """Marks of secrecy are refused wherever they stand."""
        for name in ("topic", "agenda", "minutes", "resolution"):
            mark = mark_in_text(self.cleaned_data.get(name) or "")
            if mark:
                self.add_error(name, refusal_of(mark, "填写的内容"))
        self.fields["topic"].required = True
        return self.cleaned_data

    def content(self) -> MeetingContent:
        """The facts; only after ``is_valid()``."""
        data = self.cleaned_data
        texts = ("topic", "place", "chair", "recorder", "agenda", "minutes", "resolution")
        return MeetingContent(
            kinds=[Kind(int(value)) for value in data["kinds"]],
            held_on=data["held_on"],
            started_at=data["started_at"],
            ended_at=data["ended_at"],
            items=data["items"],
            **{name: data[name] for name in texts},
        )

    def say(self, refusal: Refusal) -> None:
        """Put a service's refusal where it belongs."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    @property
    def mask(self) -> int:
        """The kinds as they stand in the form, valid or not."""
        values = self["kinds"].value() or ()
        allowed = {int(kind) for kind in Kind}
        return sum({int(v) for v in values if str(v).isdecimal() and int(v) in allowed})

    @property
    def day(self) -> date | None:
        """The day as it stands in the form, when it is one."""
        value = self["held_on"].value()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return None


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """A stored record as the form's beginning."""
    names = (
        "held_on", "topic", "items", "place", "chair", "recorder", "started_at", "ended_at",
        "agenda", "minutes", "resolution", "form_key", "revision",
    )  # fmt: skip
    return {
        **{name: getattr(meeting, name) for name in names},
        "kinds": [str(int(kind)) for kind in meeting.kinds],
        "form_key": meeting.form_key or meeting.uuid,
        "page_key": new_key(),
    }


# --- The roll ------------------------------------------------------------------------------------


def _ids(values: Iterable[str]) -> list[int]:
    """Whole numbers among posted values, each once, in order."""
    return list(
        dict.fromkeys(int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 19)
    )


def posted_attendance(data: QueryDict) -> list[AttendanceEntry]:
    """The tick-list as posted: ``eligible`` everybody listed, ``present`` those who came.

    ``reason_<id>`` is why one did not; ``guest`` are those who sat in (列席).
    """
    came = set(_ids(data.getlist("present")))
    reasons = {int(found[1]): str(data[key]) for key in data if (found := _REASON.match(key))}
    rows = [
        AttendanceEntry(
            member_id=pk,
            present=pk in came,
            reason="" if pk in came else _known_reason(reasons.get(pk, "")),
        )
        for pk in _ids(data.getlist("eligible"))
    ]
    listed = {row.member_id for row in rows}
    rows += [
        AttendanceEntry(member_id=pk, eligible=False)
        for pk in _ids(data.getlist("guest"))
        if pk not in listed
    ]
    return rows


def posted_studied(data: QueryDict) -> set[int] | None:
    """The ticked texts of the study plan; None from a page that offered none."""
    return set(_ids(data.getlist("study"))) if "study_offered" in data else None


def _known_reason(code: str) -> str:
    return code if code in AbsenceReason.values else ""


def ticked(
    expected: Sequence[Expected], said: Mapping[int, AttendanceEntry] | None
) -> list[dict[str, Any]]:
    """Rows for the tick-list: as expected, or as already said about them."""
    rows = []
    for one in expected:
        entry = said.get(one.id) if said is not None else None
        rows.append(
            {
                "id": one.id,
                "name": one.name,
                "note": one.note,
                "present": entry.present if entry else one.present,
                "reason": str(entry.reason) if entry else one.reason,
            }
        )
    return rows


# --- Votes ---------------------------------------------------------------------------------------


class VoteForm(forms.Form):
    """One 表决; a row left empty is no vote."""

    subject = forms.CharField(label="表决事项", max_length=200, required=False)
    yes = forms.IntegerField(label="赞成", min_value=0, max_value=100_000, required=False)
    no = forms.IntegerField(label="反对", min_value=0, max_value=100_000, required=False)
    abstain = forms.IntegerField(label="弃权", min_value=0, max_value=100_000, required=False)

    def clean(self) -> dict[str, Any]:
        """A vote has a subject and the number of 赞成."""
        data = self.cleaned_data
        said = [data.get(name) for name in ("subject", "yes", "no", "abstain")]
        if any(value not in (None, "") for value in said):
            if not data.get("subject"):
                self.add_error("subject", "请写明表决事项。")
            if data.get("yes") is None and "yes" not in self.errors:
                self.add_error("yes", "请填写赞成票数。")
        return data


VoteFormSet = forms.formset_factory(VoteForm, extra=1, max_num=20, absolute_max=40)


def vote_fault(formset: Any) -> str:
    """What is wrong with the first row that does not hold: 第 2 项表决：请填写赞成票数。"""
    for number, errors in enumerate(formset.errors, start=1):
        for texts in errors.values():
            return f"第 {number} 项表决：{texts[0]}"
    return "表决的行数不对，请重新打开这一页。"


def posted_votes(formset: Any) -> list[VoteEntry]:
    """The filled rows of a valid formset."""
    return [
        VoteEntry(
            subject=row["subject"],
            yes=row["yes"],
            no=row.get("no") or 0,
            abstain=row.get("abstain") or 0,
        )
        for row in formset.cleaned_data
        if row.get("subject")
    ]


# --- Review, events ----------------------------------------------------------------------


class ReasonForm(forms.Form):
    """退回, 撤销审核, 撤回: why."""

    reason = forms.CharField(
        label="原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "写清楚要改什么，支部一看就明白"}),
        error_messages={"required": "请写明原因，让支部知道要改什么。"},
    )


class CorrectionForm(MeetingForm):
    """更正: the whole record as it is to be, and why."""

    reason = forms.CharField(
        label="更正的理由",
        max_length=500,
        help_text="例如：签到表上有 12 人，录入时漏了 1 人。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明更正的理由。"},
        validators=[refuse_marks],
    )


class EventForm(forms.Form):
    """四个必开: a 重大决策 or a 预审."""

    cause = forms.ChoiceField(
        label="事由",
        choices=[(cause.value, cause.label) for cause in EVENT_CAUSES],
        widget=forms.RadioSelect,
        initial=Cause.DECISION,
        error_messages={"required": "请选择事由。"},
    )
    day = forms.DateField(
        label="登记日或预审日",
        widget=forms.DateInput,
        help_text="重大决策：30 天内召开党员大会；发展党员：上级党委预审后一个月内召开。",
        error_messages={"required": "请填写日期。", "invalid": "请选择正确的日期。"},
    )
    title = forms.CharField(
        label="事项",
        max_length=200,
        help_text="不要写尚未公示人员的姓名。",
        error_messages={"required": "请写明事项。"},
        validators=[refuse_marks],
    )


def new_key() -> uuid.UUID:
    """The identity of a form that is being opened."""
    return uuid.uuid4()
