"""Forms about one member: 核定, 减免, 大额党费."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from core.dates import add_months
from dues.enums import STANDARD_CATEGORIES
from dues.forms.base import AboutForm, OnceForm, day, line, month_choices, month_in, yuan
from dues.models import Standard
from dues.parameters import shown_numbers
from dues.rules import plain


class StandardForm(AboutForm):
    """核定党费. What is typed as a base is reckoned with and kept nowhere."""

    category = forms.ChoiceField(
        label="类别", choices=[(one.value, one.label) for one in STANDARD_CATEGORIES],
        widget=forms.RadioSelect, error_messages={"required": "请选择类别。"},
    )  # fmt: skip
    base = yuan(
        "计算基数（元/月）", required=False,
        help_text="在职：税后固定工资性收入；离退休：离退休费或养老金。只用来算金额，系统不保存。",
    )  # fmt: skip
    quarter_total = yuan(
        "上季度收入合计（元）", required=False,
        help_text="没有固定月收入的填这一项，按上季度月平均收入计算，系统不保存。",
    )  # fmt: skip
    amount = yuan(
        "每月党费（元）", required=False,
        help_text="农民在 0.2 到 1 元之间填写；已经核定过金额的，直接填金额，不用填基数。",
    )  # fmt: skip
    since = forms.ChoiceField(label="从哪个月起")

    def prepare(self) -> None:
        """Half a year back to the next month; this month, and the category of before."""
        first = add_months(self.on.replace(day=1), -11)
        self.choose("since", month_choices(first, 13)[::-1])
        last: Standard | None = (
            Standard.unscoped.filter(member=self.thing).order_by("-since").first()
        )
        self.begin(since=f"{self.on:%Y-%m}", category=last.category if last else None)

    def clean(self) -> dict[str, Any]:
        """One of base, quarter and amount, whichever the category asks for."""
        data = super().clean() or {}
        given = [name for name in ("base", "quarter_total", "amount") if data.get(name)]
        if len(given) > 1:
            self.add_error("amount", "计算基数、上季度收入、每月党费只填一项。")
        return data

    def clean_since(self) -> date:
        """The month's first day."""
        return month_in(self.cleaned_data["since"])


class ReductionForm(AboutForm):
    """申请减免."""

    amount = yuan("减免后每月（元）", least="0", help_text="免交填 0。")
    since = forms.ChoiceField(label="从哪个月起")
    until = forms.ChoiceField(label="到哪个月", help_text="一次最多一年。")
    reason = line(
        "理由", 200, hint="例如：家庭困难，支委会 11 月 3 日研究同意",
        help_text="简要写明并注明支部研究的日期；个人病情等隐私不要写。",
    )  # fmt: skip

    def prepare(self) -> None:
        """Half a year from this month on."""
        this = self.on.replace(day=1)
        self.choose("since", month_choices(add_months(this, -6), 13))
        self.choose("until", month_choices(add_months(this, -6), 24))
        self.begin(since=f"{this:%Y-%m}", until=f"{add_months(this, 5):%Y-%m}")

    def clean_since(self) -> date:
        """The month's first day."""
        return month_in(self.cleaned_data["since"])

    def clean_until(self) -> date:
        """The month's first day."""
        return month_in(self.cleaned_data["until"])


class GiftForm(OnceForm):
    """大额党费."""

    amount = yuan("金额（元）")
    given_on = day("交纳日期")
    note = line("说明", 200, required=False)

    def prepare(self) -> None:
        """Today; from which sum on."""
        least = plain(shown_numbers(self.on).gift_line)
        self.fields["amount"].help_text = f"一次交纳 {least} 元以上，全额转交中央，不抵月党费。"
        self.begin(given_on=self.on)


class ForwardForm(AboutForm):
    """转交中央."""

    forwarded_on = day("转交日期")
    document = line("转交单据", 80, hint="例如：汇款凭证号")

    def prepare(self) -> None:
        """Today."""
        self.begin(forwarded_on=self.on)
