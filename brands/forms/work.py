"""Plan, creation list, inspections, reviewers' sheets, promotion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from brands.entries import Task
from brands.enums import InspectionKind, MediaLevel, ShowingKind
from brands.models import Brand, StandardItem
from core.screening import mark_in_text, refusal_of


def refuse_marks(text: str) -> None:
    """Refuse text that carries a mark of secrecy (rules.md §10); no secrecy check is claimed."""
    mark = mark_in_text(text)
    if mark:
        raise forms.ValidationError(refusal_of(mark, "填写的内容"))


def _day(label: str, **more: Any) -> forms.DateField:
    messages = {"required": f"请填写{label}。", "invalid": f"请选择正确的{label}。"}
    return forms.DateField(label=label, widget=forms.DateInput, error_messages=messages, **more)


def _line(label: str, longest: int, **more: Any) -> forms.CharField:
    messages = {"required": f"请填写{label}。", "max_length": f"{label}请控制在 {longest} 字以内。"}
    return forms.CharField(
        label=label, max_length=longest, error_messages=messages, validators=[refuse_marks], **more
    )


def _area(label: str, longest: int, rows: int = 4, **more: Any) -> forms.CharField:
    return _line(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _with_upload(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, its file as ``upload``: None when there is none."""
    rest = {name: value for name, value in given.items() if name != "file"}
    return rest | {"upload": given["file"] or None}


class TaskForm(forms.Form):
    """五定."""

    name = _line("任务名称", 60, help_text="定名称：做什么，例如“建好四点半课堂”。")
    owner = _line("承办人员", 60, help_text="定人员：谁来做。")
    due_on = _day("完成期限", help_text="定进度：哪一天前做完。")
    measure = _area("措施", 300, 3, help_text="定措施：怎么做。")
    answerable = _line("责任人", 60, help_text="定责任：没做好找谁。")

    @property
    def task(self) -> Task:
        """What was typed, for the verb."""
        return Task(**self.cleaned_data)


class DoneForm(forms.Form):
    """办结 of a task."""

    on = _day("完成日期")
    evidence = _area("完成情况", 500, help_text="做成了什么，写实在的数字和事。")
    file = forms.FileField(
        label="佐证", required=False, help_text="照片、PDF、Word 或 Excel。请勿上传涉密文件。"
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        return _with_upload(self.cleaned_data)


class AnswersForm(forms.Form):
    """创建清单: one box for each line of the district's list."""

    def __init__(
        self, *args: Any, items: Iterable[StandardItem], known: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"item_{item.pk}"] = _area(
                item.title, 500, 2, required=False, help_text=item.note,
                initial=known.get(item.pk, ""),
            )  # fmt: skip

    @property
    def texts(self) -> dict[int, str]:
        """Item → what was written."""
        return {item.pk: str(self.cleaned_data[f"item_{item.pk}"]) for item in self.items}


class InspectionForm(forms.Form):
    """督查记录."""

    kind = forms.ChoiceField(
        label="方式",
        choices=InspectionKind.choices,
        widget=forms.RadioSelect,
        initial=InspectionKind.TRACKING.value,
        error_messages={"required": "请选择督查方式。"},
    )
    on = _day("督查日期")
    people = _line("督查人员", 100)
    findings = _area("督查情况", 2000, 5, help_text="看了什么，好在哪里，问题在哪里。")
    to_mend = forms.BooleanField(label="有问题要整改（整改期限按工作日自动算出）", required=False)


class AnswerForm(forms.Form):
    """答复整改."""

    text = _area("整改情况", 2000, 5)


class SheetForm(forms.Form):
    """评分表: points for each item of 五有一高, 0 to its full points."""

    def __init__(
        self, *args: Any, items: Iterable[StandardItem], known: Mapping[int, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            most = f"{item.points.normalize():f}"
            words = f"“{item.title}”请打 0 到 {most} 分。"
            self.fields[f"item_{item.pk}"] = forms.DecimalField(
                label=f"{item.title}（{most} 分）",
                help_text=item.note,
                min_value=0,
                max_value=item.points,
                max_digits=5,
                decimal_places=2,
                initial=known.get(item.pk),
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value", "max_decimal_places"), words
                ),
            )
        self.fields["remark"] = _area("评语", 500, 3, required=False)

    @property
    def points(self) -> dict[int, Decimal]:
        """Item → points."""
        return {item.pk: self.cleaned_data[f"item_{item.pk}"] for item in self.items}

    @property
    def lines(self) -> list[forms.BoundField]:
        """The fields of the items, in order."""
        return [self[f"item_{item.pk}"] for item in self.items]


class ReviewersForm(forms.Form):
    """指定评委."""

    reviewers = forms.MultipleChoiceField(
        label="评委",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一位评委。",
            "invalid_choice": "名单有变化，请重新选择。",
        },
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(user.pk), f"{user.name}（{getattr(user, 'works_at', '')}）") for user in people
        ]


class MediaForm(forms.Form):
    """媒体报道."""

    level = forms.ChoiceField(
        label="媒体层级",
        choices=MediaLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择媒体层级。"},
    )
    outlet = _line("媒体名称", 60, help_text="例如：云泉日报。")
    title = _line("标题", 120)
    on = _day("刊播日期")
    link = forms.URLField(
        label="链接",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "请填完整的网址，以 https:// 开头。"},
    )
    file = forms.FileField(label="或者上传版面、截图", required=False, help_text="照片或 PDF。")

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        return _with_upload(self.cleaned_data)


class HonourForm(forms.Form):
    """评先评优."""

    title = _line("荣誉或评选", 100, help_text="例如：全区先进基层党组织。")
    level = forms.ChoiceField(
        label="层级",
        choices=MediaLevel.choices,
        widget=forms.RadioSelect,
        initial=MediaLevel.DISTRICT.value,
        error_messages={"required": "请选择层级。"},
    )
    on = _day("日期")
    document = _line("文件依据", 100, required=False, help_text="文号，没有可以不填。")


class ShowingForm(forms.Form):
    """推广活动."""

    kind = forms.ChoiceField(
        label="形式",
        choices=ShowingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择活动形式。"},
    )
    title = _line("活动名称", 100)
    on = _day("日期")
    place = _line("地点", 100)
    attendance = forms.IntegerField(
        label="参加人数",
        min_value=1,
        max_value=100_000,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写参加人数。"
        ),
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.unscoped.none(),
        label="展示的品牌",
        widget=forms.CheckboxSelectMultiple,
        to_field_name="uuid",
        error_messages={
            "required": "请选择展示的品牌。",
            "invalid_choice": "名单有变化，请重新选择。",
            "invalid_pk_value": "名单有变化，请重新选择。",
        },
    )
    note = _area("收获", 500, 3, required=False)

    def __init__(self, *args: Any, brands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["brands"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = brands
        self.initial.setdefault("on", timezone.localdate())
