"""Input of the ground floor."""

from __future__ import annotations

from typing import Any

from django import forms

from core.enums import Digest

_HOURS = [(str(hour), f"{hour}:00") for hour in range(24)]


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class PreferenceForm(forms.Form):
    """我的通知: mail or not and where to, when not, and how often."""

    by_mail = forms.BooleanField(
        label="同时发邮件", required=False, help_text="站内消息总会有；打勾后另外发到邮箱。"
    )
    email = forms.EmailField(label="邮箱", required=False, max_length=254)
    digest = forms.ChoiceField(label="接收方式", choices=Digest.choices, widget=forms.RadioSelect)
    digest_hour = forms.TypedChoiceField(
        label="汇总发送时间", choices=_HOURS, coerce=int, help_text="选“随时”时不用管它。"
    )
    quiet_from = _clock("免打扰从")
    quiet_to = _clock("免打扰到")

    def clean(self) -> dict[str, Any]:
        """As Django's own, with an empty address for none."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        return {**data, "email": data.get("email", "")}
