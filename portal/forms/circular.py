"""通知: the draft, its reach, an attachment, the reason of a recall."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from branches.enums import Field, UnitKind
from branches.models import Unit
from portal.entries import Letter
from portal.enums import Reach
from portal.models import Circular
from portal.rules import names_in

_KINDS = [
    (kind.value, str(kind.label))
    for kind in UnitKind
    if kind not in (UnitKind.DISTRICT, UnitKind.GROUP)
]


def _ticks(label: str, choices: Any = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "名单有变化，请重新选择。"},
    )  # fmt: skip


class CircularForm(forms.Form):
    """A draft; ``below`` are the units that stand below its issuer."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "表单不完整，请重新打开这一页。"}
    )
    title = forms.CharField(
        label="标题",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写标题。", "max_length": "标题请控制在 80 字以内。"},
    )
    text = forms.CharField(
        label="正文",
        max_length=5000,
        help_text="请勿填写涉密内容。",
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "请填写正文。", "max_length": "正文请控制在 5000 字以内。"},
    )
    reach = forms.ChoiceField(
        label="下发范围",
        choices=Reach.choices,
        initial=Reach.ALL.value,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择下发范围。"},
    )
    kinds = _ticks("类别", _KINDS)
    fields_ = _ticks("领域", Field.choices)
    committees = _ticks("党（工）委")
    codes = forms.CharField(
        label="党组织代码或全称",
        required=False,
        max_length=20_000,
        help_text="一行一个，可以从表格里整列粘贴。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    needs_sign = forms.BooleanField(
        label="要求签收", required=False, help_text="不打勾的，看完点“已阅”即可。"
    )
    sign_by = forms.DateField(
        label="办理期限",
        required=False,
        widget=forms.DateInput,
        help_text="到期前两个工作日提醒，过期再提醒一次；可以不填。",
        error_messages={"invalid": "请选择正确的日期。"},
    )

    def __init__(
        self, *args: Any, below: Any, committees: Iterable[Unit], circular: Circular | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.below = below
        field = self.fields["committees"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(unit.code, str(unit)) for unit in committees]
        self.initial.setdefault("form_key", uuid.uuid4())
        if circular is not None:
            self.initial.update(_known(circular))

    def clean_codes(self) -> list[str]:
        """The codes of what was named, by code or by full name.

        What is not there, or stands elsewhere, is said by its name; two of one name want codes.
        """
        if self.data.get("reach") != Reach.CHOSEN:
            return []
        names = names_in(self.cleaned_data["codes"])
        found: dict[str, list[str]] = {}
        for lookup in ("code", "name"):
            rows = self.below.filter(**{f"{lookup}__in": names})
            for code, word in rows.values_list("code", lookup):
                found.setdefault(word, []).append(code)
        lost = [name for name in names if name not in found]
        twice = [name for name in names if len(found.get(name, ())) > 1]
        if lost:
            raise forms.ValidationError(
                f"没有这些党组织，或不在您的管理范围内：{'、'.join(lost[:10])}。请核对。"
            )
        if twice:
            raise forms.ValidationError(f"有几个同名的，请改填代码：{'、'.join(twice[:10])}。")
        return [found[name][0] for name in names]

    @property
    def letter(self) -> Letter:
        """What was typed, for the verb."""
        given = self.cleaned_data
        chosen = given["reach"] == Reach.CHOSEN
        return Letter(
            title=given["title"],
            text=given["text"],
            reach=given["reach"],
            kinds=tuple(given["kinds"]),
            fields=tuple(given["fields_"]),
            places=tuple(given["codes"] if chosen else given["committees"]),
            needs_sign=given["needs_sign"],
            sign_by=given["sign_by"],
        )


def _known(circular: Circular) -> dict[str, Any]:
    chosen = circular.reach == Reach.CHOSEN
    return {
        "form_key": circular.form_key or uuid.uuid4(),
        "title": circular.title,
        "text": circular.text,
        "reach": circular.reach,
        "kinds": circular.kinds,
        "fields_": circular.fields,
        "committees": [] if chosen else circular.places,
        "codes": "\n".join(circular.places) if chosen else "",
        "needs_sign": circular.needs_sign,
        "sign_by": circular.sign_by,
    }


class FileForm(forms.Form):
    """附件."""

    file = forms.FileField(
        label="附件",
        help_text="PDF、Word、Excel 或照片，20 MB 以内。请勿上传涉密文件。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的，请换一个。"},
    )


class RevokeForm(forms.Form):
    """撤回."""

    reason = forms.CharField(
        label="撤回理由",
        max_length=200,
        help_text="收到通知的同志都会看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明撤回的理由。", "max_length": "请控制在 200 字以内。"},
    )
