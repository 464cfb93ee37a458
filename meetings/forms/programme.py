"""What people type about the fixed day: programme, postponement, shared example, check-in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from meetings.entries import ItemEntry
from meetings.enums import SET_ITEMS, Item, Kind
from meetings.forms.record import refuse_marks
from meetings.models import MeetingFile, Programme
from meetings.rules import kinds_allowed
from meetings.rules.programme import MOST_PHOTOS


class ProgrammeForm(forms.Form):
    """The month's theme and what is asked in general."""

    theme = forms.CharField(
        label="本月主题",
        max_length=100,
        widget=forms.TextInput(
            attrs={"placeholder": "例如：学习贯彻全会精神，立足岗位作贡献", "autocomplete": "off"}
        ),
        error_messages={"required": "请写明本月主题。"},
        validators=[refuse_marks],
    )
    note = forms.CharField(
        label="总的要求",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_marks],
    )


class ItemForm(forms.Form):
    """One item of the programme."""

    on = forms.BooleanField(label="列入本月安排", required=False)
    text = forms.CharField(
        label="怎么做",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_marks],
    )
    reading = forms.CharField(
        label="学习内容",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_marks],
    )
    link = forms.URLField(
        label="网址",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "请填写完整的网址，例如 https://www.12371.cn/。"},
    )
    upload = forms.FileField(
        label="学习材料（PDF）", required=False, help_text="涉密文件不要上传。"
    )
    drop = forms.BooleanField(label="去掉原来的材料", required=False)

    item: Item
    kept: str = ""

    def entry(self) -> ItemEntry:
        """The item as data; only after ``is_valid()``."""
        data = self.cleaned_data
        return ItemEntry(
            item=self.item,
            text=data["text"],
            reading=data["reading"],
            link=data["link"],
            upload=data["upload"] or None,
            drop_file=data["drop"],
        )

    @property
    def is_open(self) -> bool:
        """Whether it stands in the programme, as far as the form knows."""
        return bool(self["on"].value())


def item_forms(data: Any, uploads: Any, programme: Programme | None) -> list[ItemForm]:
    """A form for each item, filled from the programme that is there."""
    rows = {row.item: row for row in programme.items.all()} if programme else {}
    found = []
    for item in Item:
        row = rows.get(item)
        initial = {
            "on": row is not None or (programme is None and item in SET_ITEMS),
            "text": row.text if row else "",
            "reading": row.reading if row else "",
            "link": row.link if row else "",
        }
        form = ItemForm(data, uploads, prefix=item.value, initial=initial)
        form.item, form.kept = item, row.name if row else ""
        found.append(form)
    return found


class PostponeForm(forms.Form):
    """Another day for one branch, or for all of a committee's."""

    day = forms.DateField(
        label="延期到",
        widget=forms.DateInput,
        error_messages={"required": "请选择延期后的日子。", "invalid": "请选择正确的日期。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明延期的理由。"},
        validators=[refuse_marks],
    )


class AnswerForm(forms.Form):
    """What the decider says."""

    answer = forms.CharField(
        label="意见",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_marks],
    )


class ShareForm(forms.Form):
    """An example for the other branches: theme, words, up to three photos."""

    theme = forms.CharField(
        label="主题",
        max_length=60,
        error_messages={"required": "请写一个主题。"},
        validators=[refuse_marks],
    )
    text = forms.CharField(
        label="做法",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="怎么开的、有什么收获。不写人名，不写个人情况。",
        error_messages={"required": "请写明做法。"},
        validators=[refuse_marks],
    )
    photos = forms.MultipleChoiceField(
        label="照片", required=False, widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(
        label="同意在全区范围内展示以上文字和所选照片，照片里的同志已知情",
        error_messages={"required": "请先点选同意。"},
    )

    def __init__(
        self, *args: Any, photos: Sequence[MeetingFile], asks_consent: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.uuid): one for one in photos}
        field = self.fields["photos"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.known.items()]
        if not asks_consent:
            del self.fields["consent"]

    def clean_photos(self) -> list[MeetingFile]:
        """The chosen photos of this record."""
        chosen = self.cleaned_data["photos"]
        if len(chosen) > MOST_PHOTOS:
            raise forms.ValidationError(f"照片最多选 {MOST_PHOTOS} 张。")
        return [self.known[key] for key in chosen]


class CheckInStartForm(forms.Form):
    """A meeting of today that has no record yet."""

    kinds = forms.MultipleChoiceField(
        label="今天开什么会",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少点选一种会议类别。"},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_group: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(int(kind)), kind.label) for kind in kinds_allowed(is_group=is_group)]

    def chosen(self) -> list[Kind]:
        """The kinds; only after ``is_valid()``."""
        return [Kind(int(value)) for value in self.cleaned_data["kinds"]]


class CheckInForm(forms.Form):
    """What a member types on his own phone; nothing is offered, nothing is remembered."""

    name = forms.CharField(
        label="您的姓名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-focus": ""}),
        error_messages={"required": "请填写姓名。"},
    )
    digits = forms.CharField(
        label="手机号码后四位",
        max_length=8,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "maxlength": "4"}
        ),
        error_messages={"required": "请填写手机号码后四位。"},
    )
    ticket = forms.CharField(max_length=400, widget=forms.HiddenInput)
