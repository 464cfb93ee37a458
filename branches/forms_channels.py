"""Input about group robots, and the filters of the delivery log."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from branches.enums import RobotTopic
from branches.forms import day
from branches.models import Unit
from branches.querysets import UnitQuerySet
from core.enums import Channel, DeliveryState

if TYPE_CHECKING:
    _UnitChoice = forms.ModelChoiceField[Unit]
else:
    _UnitChoice = forms.ModelChoiceField

_ADDRESS_HELP = "在群设置里添加机器人，复制它的地址，整行粘贴到这里。保存后只显示最后四位。"


class RobotForm(forms.Form):
    """A robot: new (with the choice of the unit), or an old one (the address may stay empty)."""

    unit = _UnitChoice(label="党组织", queryset=None)
    name = forms.CharField(label="名称", max_length=40, help_text="给自己看的，例如“街道书记群”。")
    address = forms.CharField(
        label="机器人地址",
        max_length=400,
        help_text=_ADDRESS_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label="加签密钥",
        max_length=128,
        required=False,
        help_text="只有钉钉选了“加签”才填，以 SEC 开头；企业微信、飞书留空。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    topics = forms.MultipleChoiceField(
        label="发到群里的消息",
        choices=RobotTopic.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[RobotTopic.BEHIND.value, RobotTopic.FIXED_DAY.value, RobotTopic.MOVE.value],
    )
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(
        self, *args: Any, units: UnitQuerySet | None = None, masked: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"]
            self.fields["address"].required = False
            self.fields["address"].help_text = f"现在是 {masked}；不换就留空。"
        else:
            choice = self.fields["unit"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = units
            del self.fields["is_active"]


class DeliveryFilterForm(forms.Form):
    """送达记录: which channel, which state, from which day on."""

    channel = forms.ChoiceField(
        label="渠道", required=False, choices=[("", "全部渠道"), *Channel.choices]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *DeliveryState.choices]
    )
    since = day("起始日期", required=False)
    until = day("截止日期", required=False)

    def chosen(self) -> dict[str, Any]:
        """What was understood; nonsense is as if nothing were chosen."""
        self.is_valid()
        return self.cleaned_data

    @property
    def span(self) -> tuple[date | None, date | None]:
        """From which to which day, both included."""
        chosen = self.chosen()
        return chosen.get("since"), chosen.get("until")
