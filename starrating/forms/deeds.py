"""The forms of the deeds."""

from __future__ import annotations

from django import forms

from starrating.enums import STAR_NAMES, STARS
from starrating.forms.base import (
    DeedForm,
    chips_field,
    choose,
    day_field,
    upload_field,
    words_field,
)
from starrating.models import Activity, ActivityKind, VetoReason


class SureForm(DeedForm):
    """Nothing to fill in: to be sure."""


class NoteForm(DeedForm):
    """A word, if one wishes."""

    note = words_field("意见", required=False, hint="可以不写")


class ReasonForm(DeedForm):
    """Why."""

    reason = words_field("原因", hint="写清楚，对方能看到")


class VetoForm(DeedForm):
    """一票否决: which of the cases, and what was found."""

    reason = chips_field("情形")
    note = words_field(
        "核实情况", hint="哪天、由哪个部门认定",
        help_text="只写认定结论，不写个人隐私和举报、信访内容。",
    )  # fmt: skip

    def prepare(self) -> None:
        """The cases in use."""
        rows = VetoReason.objects.filter(is_active=True)
        choose(self, "reason", [(row.code, row.title) for row in rows])


class ExceptionForm(DeedForm):
    """破格."""

    reason = words_field("破格理由", hint="例如：被评为全国先进基层党组织")


class DemoteForm(DeedForm):
    """动态降级."""

    to = forms.TypedChoiceField(
        label="降为", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选择降为几星级。", "invalid_choice": "请选择更低的星级。"},
    )  # fmt: skip
    reason = words_field("降级的理由")

    def prepare(self) -> None:
        """What is lower."""
        now = self.thing.stars or 0
        lower = [(str(s), STAR_NAMES[s]) for s in (*STARS, 0) if s < now]
        choose(self, "to", lower)


class ModelForm(DeedForm):
    """确定示范点."""

    feature = words_field("特色做法", 300, hint="一两句话：什么做法，在哪里有影响")
    named_on = day_field("确定日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(named_on=self.on)


class CloseForm(DeedForm):
    """注销."""

    day = day_field("注销日期", help_text="注销以后不再参加创评，以前的记录都保留。")

    def prepare(self) -> None:
        """Today."""
        self.begin(day=self.on)


class TickForm(DeedForm):
    """“五个一”: which, when, what, with a photo."""

    kind = chips_field("活动")
    day = day_field("开展日期")
    note = words_field("开展情况", hint="一句话：在哪里、做了什么、多少人参加")
    file = upload_field("照片或材料")

    def prepare(self) -> None:
        """The five; what was written before in the year, when the link names one."""
        kinds = list(ActivityKind.objects.filter(is_active=True))
        choose(self, "kind", [(kind.code, kind.title) for kind in kinds])
        self.begin(day=self.on, kind=self.asked)
        rows = Activity.unscoped.filter(organisation=self.thing, year=self.on.year)
        known = rows.filter(kind__code=self.asked[:20]).first() if self.asked else None
        if known is not None:
            self.begin(day=known.day, note=known.note)
