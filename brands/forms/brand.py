"""五有, the case, pictures, and what a move asks for. Rules about it stand in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from brands.entries import Five
from brands.enums import BrandKind, FileKind, Grade
from core.workbooks.safety import MAX_BYTES

_AREA = forms.Textarea(attrs={"rows": 3})


def _needed(word: str) -> dict[str, str]:
    return {"required": f"请填写{word}。", "max_length": f"{word}太长了，请精炼。"}


class BrandForm(forms.Form):
    """五有 and the kind: what a unit stands for, in its own words."""

    name = forms.CharField(
        label="品牌名称",
        max_length=40,
        help_text="鲜明好记，例如：四点半学校、心灵社工。",
        error_messages=_needed("品牌名称"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="类别",
        choices=BrandKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择品牌类别。"},
    )
    theme = forms.CharField(
        label="主题", max_length=60, required=False, help_text="一句话，可以当口号。"
    )
    concept = forms.CharField(
        label="理念",
        max_length=200,
        required=False,
        help_text="党员群众说得出、认得准。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    meaning = forms.CharField(
        label="内涵",
        max_length=800,
        required=False,
        help_text="有哪些具体做法和服务项目。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    goal = forms.CharField(
        label="目标",
        max_length=500,
        required=False,
        help_text="今年要做到什么，能检查、能评价。",
        widget=_AREA,
    )

    @property
    def five(self) -> Five:
        """What was typed, for the verb."""
        return Five(**self.cleaned_data)


class CaseForm(forms.Form):
    """典型案例: 背景, 做法, 成效启示."""

    background = forms.CharField(
        label="背景", required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000
    )
    practice = forms.CharField(
        label="做法", required=False, widget=forms.Textarea(attrs={"rows": 12}), max_length=20_000
    )
    results = forms.CharField(
        label="成效启示",
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=20_000,
    )


class PictureForm(forms.Form):
    """A cover or a photo of the case."""

    file = forms.FileField(
        label="图片",
        help_text="JPG、PNG 或 WebP，20 MB 以内；照片里的位置信息会去掉。请勿上传涉密内容。",
        error_messages={"required": "请选择图片。", "empty": "这个文件是空的，请换一个。"},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    kind = forms.ChoiceField(
        label="用作",
        choices=[
            (FileKind.COVER.value, "标识或封面"),
            (FileKind.PHOTO.value, "案例照片"),
        ],
        initial=FileKind.COVER.value,
        widget=forms.RadioSelect,
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        given = self.cleaned_data
        return {"upload": given["file"], "kind": FileKind(given["kind"])}


class MoveForm(forms.Form):
    """A move that asks for nothing more than to be meant."""

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        return dict(self.cleaned_data)


class DocumentForm(MoveForm):
    """A move with its document: the number, or the paper itself."""

    document = forms.CharField(
        label="文号或材料名称",
        max_length=100,
        required=False,
        help_text="例如：云组发〔2026〕8 号、品牌申报表。",
    )
    file = forms.FileField(
        label="或者上传文件",
        required=False,
        help_text="照片、PDF、Word 或 Excel。请勿上传涉密文件。",
    )

    @property
    def facts(self) -> dict[str, Any]:
        """The number, and the upload when there is one."""
        return {
            "document": self.cleaned_data["document"],
            "upload": self.cleaned_data["file"] or None,
        }


class ReasonForm(MoveForm):
    """A move back, with its reason."""

    why = forms.CharField(
        label="理由",
        max_length=300,
        help_text="创建单位会看到，请写明要改什么。",
        widget=_AREA,
        error_messages=_needed("理由"),
    )


class AdjustForm(MoveForm):
    """调整: another grade, and why."""

    grade = forms.ChoiceField(
        label="调整为",
        choices=Grade.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择等次。"},
    )
    why = forms.CharField(
        label="理由", max_length=300, widget=_AREA, error_messages=_needed("理由")
    )


class UploadForm(forms.Form):
    """A workbook of brands."""

    file = forms.FileField(
        label="表格文件",
        help_text=".xlsx、.xls 或 .csv，最多 300 行。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的，请换一个。"},
    )

    def clean_file(self) -> UploadedFile[Any]:
        """A table that may be read at once; nothing is read of what is too large."""
        found: UploadedFile[Any] = self.cleaned_data["file"]
        if (found.size or 0) > MAX_BYTES:
            raise forms.ValidationError("文件太大，请分成几个文件上传。")
        return found

    @property
    def data_read(self) -> bytes:
        """The bytes of the table."""
        return bytes(self.cleaned_data["file"].read())
