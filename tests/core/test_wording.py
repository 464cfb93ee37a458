"""A value that does not fit is told in words that say what to do."""

import pytest
from django import forms
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(max_length=3), "一二三四", "最多 3 个字，现在是 4 个，请缩短。"),
        (forms.CharField(min_length=3), "一", "至少 3 个字，现在是 1 个，请写全。"),
        (forms.IntegerField(max_value=100), "101", "不能大于 100，请核对。"),
        (forms.IntegerField(min_value=0), "-1", "不能小于 0，请核对。"),
        (forms.CharField(), "一\x00", "文字里有看不见的字符，请重新输入。"),
    ],
)
def test_a_value_that_does_not_fit_is_told_plainly(
    field: forms.Field, value: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    assert refused.value.messages == [sentence]
