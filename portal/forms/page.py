"""公开栏."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


class BoardForm(forms.Form):
    """What a branch shows in public; ``choices`` are keys and titles of panels."""

    introduction = forms.CharField(
        label="支部简介",
        required=False,
        max_length=500,
        help_text="几句话。不写党员姓名和电话，不写涉密内容。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "支部简介请控制在 500 字以内。"},
    )
    panels = forms.MultipleChoiceField(
        label="公开的栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "栏目有变化，请重新选择。"},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["panels"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices)
