"""What is typed about appeals."""

from __future__ import annotations

from typing import Any

from django import forms

from assessment.enums import RULING_REMEDIES, Remedy
from assessment.models import Appeal
from assessment.models.appeals import MOST_TEXT


def _text(label: str, placeholder: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": placeholder}),
        error_messages={
            "required": f"请写明{label}。",
            "max_length": f"{label}请控制在 {MOST_TEXT} 字以内。",
        },
    )


class AppealForm(forms.Form):
    """The branch says what is wrong."""

    reason = _text(
        "申诉理由",
        "例如：7月7日按时开了会，因网络故障次日才提交。",
        "写清楚哪里不对、有什么依据。不要写身份证号、电话等个人信息。",
    )


class OpinionForm(forms.Form):
    """The committee says what it knows."""

    opinion = _text("意见", "例如：已向支部核实，会议确在当日召开。")


class DecideForm(forms.Form):
    """The district answers."""

    result = forms.ChoiceField(
        label="结论",
        choices=[("uphold", "申诉成立"), ("reject", "申诉不成立")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择申诉是否成立。"},
    )
    remedy = forms.ChoiceField(label="成立的，怎么处理", required=False)
    answer = _text("答复理由", "写明核查了什么、依据是什么；支部会收到全文。")

    def __init__(self, *args: Any, appeal: Appeal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["remedy"]
        assert isinstance(field, forms.ChoiceField)
        rulings = RULING_REMEDIES if appeal.duty else ()
        others = [one for one in Remedy if one not in RULING_REMEDIES]
        field.choices = [("", "请选择"), *((one.value, one.label) for one in (*rulings, *others))]
        if rulings:
            field.help_text = "前三项是认定，下一版考核直接按认定计分；其余由相应的更正体现。"

    @property
    def decision(self) -> dict[str, Any]:
        """What the verb takes."""
        uphold = self.cleaned_data["result"] == "uphold"
        return {
            "uphold": uphold,
            "remedy": self.cleaned_data["remedy"] if uphold else "",
            "answer": self.cleaned_data["answer"],
        }
