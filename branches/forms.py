"""Input about organisations and people. Choices are always those in the asker's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy

from branches.enums import (
    BRANCH_KINDS,
    PARENT_KINDS,
    DutyKind,
    Field,
    MemberKind,
    MemberState,
    PostKind,
    Sex,
    UnitKind,
)
from branches.imports.columns import person
from branches.models import Member, Unit
from branches.querysets import MemberQuerySet, UnitQuerySet
from core.codes import (
    EDUCATION,
    NATIONALITY,
    CodeError,
    check_credit_code,
    check_id_number,
    check_phone,
)

if TYPE_CHECKING:
    _UnitChoice = forms.ModelChoiceField[Unit]
    _MemberChoice = forms.ModelChoiceField[Member]
else:
    # Only the type checker knows the field by its model.
    _UnitChoice = _MemberChoice = forms.ModelChoiceField

_NOTHING = [("", "不填")]


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date field."""
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DateInput())


def _checked(check: Any, value: str) -> str:
    try:
        return str(check(value))
    except CodeError as error:
        raise forms.ValidationError(f"{error}。") from error


class PhoneField(forms.CharField):
    """A phone number, made canonical."""

    def clean(self, value: Any) -> Any:
        """The number in its canonical form."""
        text = super().clean(value)
        return _checked(check_phone, text) if text else ""


class IdNumberField(forms.CharField):
    """A 公民身份号码."""

    def clean(self, value: Any) -> Any:
        """The number in its canonical form."""
        text = super().clean(value)
        return _checked(lambda number: check_id_number(number).number, text) if text else ""


class CreditCodeField(forms.CharField):
    """A 统一社会信用代码."""

    def clean(self, value: Any) -> Any:
        """The code in its canonical form."""
        text = super().clean(value)
        return _checked(check_credit_code, text) if text else ""


class UnitField(_UnitChoice):
    """An organisation by its code, looked up by typing; ``queryset`` is the asker's reach."""

    widget = forms.TextInput

    def __init__(self, *, label: str, kinds: str = "", **options: Any) -> None:
        options.setdefault("help_text", "输入名称、拼音首字母或代码查找。")
        super().__init__(
            Unit.unscoped.none(),
            label=label,
            to_field_name="code",
            widget=forms.TextInput(
                attrs={
                    "list": "found-units",
                    "hx-get": format_lazy(
                        "{}?kinds={}", reverse_lazy("branches:unit_lookup"), kinds
                    ),
                    "hx-trigger": "input changed delay:250ms",
                    "hx-target": "#found-units",
                    "autocomplete": "off",
                }
            ),
            error_messages={
                "required": "请输入名称或代码，从列出的结果里选择。",
                "invalid_choice": "没有找到这个党组织，请从列出的结果里选择。",
            },
            **options,
        )

    def to_python(self, value: Any) -> Any:
        """Take “代码 名称” as the list gives it, or a name that only one organisation has."""
        text = str(value or "").replace("\x00", "").strip()
        if not text:
            return super().to_python(None)
        named = list(self.queryset.filter(name=text)[:2]) if self.queryset is not None else []
        return named[0] if len(named) == 1 else super().to_python(text.split(" ")[0])

    def prepare_value(self, value: Any) -> Any:
        """Show “代码 名称”."""
        return f"{value.code} {value.name}" if isinstance(value, Unit) else value


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="Excel 或 CSV 文件",
        help_text=".xlsx、.xls 或 .csv，不超过 30 MB、20 万行。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请先选择一个文件。", "empty": "文件是空的，请选择别的文件。"},
    )


class UnitForm(forms.Form):
    """A new organisation below a given one."""

    name = forms.CharField(label="党组织名称", max_length=120)
    code = forms.CharField(label="党组织代码", max_length=40)
    kind = forms.ChoiceField(label="党组织类别", choices=UnitKind)
    field = forms.ChoiceField(label="领域", choices=Field)
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    founded_on = day("成立日期", required=False)
    territory = forms.CharField(label="属地关系", max_length=60, required=False)
    contact = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = PhoneField(label="联系电话", required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    credit_code = CreditCodeField(label="统一社会信用代码", max_length=30, required=False)

    def __init__(self, *args: Any, below: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            kind
            for kind in UnitKind
            if below.kind in PARENT_KINDS[kind] and not kind.value.startswith("temp_")
        ]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.initial.setdefault("field", below.field)


class UnitFactsForm(forms.Form):
    """Facts of an organisation; place, name and life are changed elsewhere."""

    name = forms.CharField(label="党组织名称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    field = forms.ChoiceField(label="领域", choices=Field)
    founded_on = day("成立日期", required=False)
    territory = forms.CharField(label="属地关系", max_length=60, required=False)
    contact = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = PhoneField(
        label="联系电话", required=False, help_text="留空不改；要清除请填“-”。"
    )
    address = forms.CharField(label="地址", max_length=200, required=False)
    credit_code = CreditCodeField(label="统一社会信用代码", max_length=30, required=False)
    reason = forms.CharField(label="更名的依据", max_length=300, required=False)


class MoveForm(forms.Form):
    """调整隶属."""

    to = UnitField(label="新的上级党组织")
    on = day("调整日期")
    reason = forms.CharField(label="依据或原因", max_length=300)

    def __init__(self, *args: Any, reach: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = reach  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())


class MergeForm(forms.Form):
    """合并."""

    into = UnitField(label="并入哪个党组织")
    on = day("合并日期")
    reason = forms.CharField(label="依据或原因", max_length=300)

    def __init__(self, *args: Any, reach: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = reach  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())


class DissolveForm(forms.Form):
    """撤销."""

    on = day("撤销日期", help_text="存在的最后一天。")
    reason = forms.CharField(label="依据或原因", max_length=300)


class MemberForm(forms.Form):
    """A member's facts. Numbers that are kept are not shown again: empty means unchanged."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = IdNumberField(
        label="公民身份号码",
        max_length=24,
        required=False,
        help_text="加密保存，只显示首尾。",
    )
    phone = PhoneField(label="手机号码", max_length=30, required=False)
    kind = forms.ChoiceField(label="人员类别", choices=MemberKind)
    joined_on = day("入党日期", required=False)
    confirmed_on = day("转正日期", required=False)
    group = _UnitChoice(
        Unit.unscoped.none(), label="所在党小组", required=False, empty_label="不分党小组"
    )
    sex = forms.ChoiceField(label="性别", choices=Sex, initial=Sex.UNKNOWN)
    birth_date = day("出生日期", required=False, help_text="填了身份号码就不用填。")
    ethnicity = forms.ChoiceField(
        label="民族", choices=_NOTHING + NATIONALITY.choices, required=False
    )
    education = forms.ChoiceField(
        label="学历", choices=_NOTHING + EDUCATION.choices, required=False
    )
    degree = forms.CharField(label="学位", max_length=20, required=False)
    job = forms.CharField(label="工作岗位", max_length=60, required=False)
    residence = forms.CharField(label="现居住地", max_length=200, required=False)
    registered_residence = forms.CharField(label="户籍所在地", max_length=200, required=False)
    is_floating = forms.BooleanField(label="流动党员", required=False)
    is_lost = forms.BooleanField(label="失联党员", required=False)
    is_migrant_worker = forms.BooleanField(label="农民工", required=False)

    def __init__(
        self, *args: Any, groups: UnitQuerySet, known: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        if known:
            for name in ("id_number", "phone"):
                self.fields[name].help_text = "已登记；留空表示不改。"
        else:
            self.fields["id_number"].required = True

    def clean_name(self) -> str:
        """The name without stray blanks."""
        return person(self.cleaned_data["name"])


class StateForm(forms.Form):
    """党籍状态的变化."""

    state = forms.ChoiceField(label="党籍状态", choices=MemberState)
    on = day("日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class TransferForm(forms.Form):
    """组织关系转接 inside the district."""

    to = UnitField(label="转到哪个党支部", kinds="branch")
    on = day("转接日期")

    def __init__(self, *args: Any, reach: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = reach.filter(kind__in=BRANCH_KINDS)  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())


class PostForm(forms.Form):
    """任职."""

    member = _MemberChoice(Member.unscoped.none(), label="党员")
    kind = forms.ChoiceField(label="职务", choices=PostKind)
    since = day("任职日期")

    def __init__(self, *args: Any, people: MemberQuerySet, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people  # type: ignore[attr-defined]
        kinds = [k for k in PostKind if (k == PostKind.GROUP_LEADER) == unit.is_group]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.initial.setdefault("since", timezone.localdate())


class GroupForm(forms.Form):
    """A new 党小组."""

    name = forms.CharField(label="党小组名称", max_length=120)
    founded_on = day("成立日期", required=False)


class TermForm(forms.Form):
    """届次."""

    started_on = day("当选日期")
    due_on = day("届满日期", required=False, help_text="不填就按规定的任期年限推算。")
    with_committee = forms.BooleanField(
        label="设支部委员会", required=False, initial=True, help_text="只设书记的不打勾。"
    )
    seats = forms.IntegerField(label="委员名额", min_value=0, max_value=99, required=False)


class ExemptionForm(forms.Form):
    """豁免申请."""

    kind = forms.ChoiceField(
        label="豁免的职责", choices=[("", "全部职责"), *DutyKind.choices], required=False
    )
    since = day("起始日期")
    until = day("截止日期", help_text="有效的最后一天。")
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
