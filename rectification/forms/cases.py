"""The way of a case: 拟列, 已确定, 四位一体, 方案, 验收, 销号, 回头看."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import forms

from core.dates import add_months
from rectification.enums import HelperKind
from rectification.forms.base import (
    DeedForm,
    OnceForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    words_field,
)
from rectification.models import Case, Helper, ListingReason, ScoreItem
from rectification.rules import plain

_SECRETS = "涉密内容、信访和纪检文字、个人隐私不要写在这里。"


def reason_choices(kept: list[str]) -> list[tuple[str, str]]:
    """The official types in use, and those the case already has."""
    rows = ListingReason.objects.all()
    return [(row.code, row.title) for row in rows if row.is_active or row.code in kept]


class ListForm(DeedForm):
    """会议决定."""

    decided_on = day_field("会议决定日期")
    decision_number = line_field(
        "决定文号或会议名称", 80, hint="例如：区委常委会第 12 次会议、云委〔2026〕5 号"
    )

    def prepare(self) -> None:
        """Today, unless said otherwise."""
        self.begin(decided_on=self.on)


class ReasonForm(DeedForm):
    """Only a reason."""

    reason = words_field("理由", 500, rows=3)


class NoteForm(DeedForm):
    """A word if there is one."""

    note = words_field("说明", 500, rows=3, required=False)


class SureForm(DeedForm):
    """Nothing to fill in."""


class DescribeForm(DeedForm):
    """台账和一支部一策. Types and deadline are for those above; others find no field for them."""

    reasons = forms.MultipleChoiceField(
        label="列入情形",
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选。",
        error_messages={"required": "请选择列入情形。"},
    )
    deadline = day_field("整顿期限")
    detail = words_field("主要问题表现", 5000, help_text=_SECRETS)
    baseline = words_field(
        "整顿前基本情况", 5000, required=False, help_text="班子、党员、阵地、群众评价。"
    )
    plan = words_field(
        "一支部一策整顿方案", 10000, rows=10, required=False,
        help_text="针对什么问题、采取什么措施、谁负责、什么时候完成。写好以后才能进入整顿。",
    )  # fmt: skip
    above = True

    def prepare(self) -> None:
        """As it stands."""
        case: Case = self.thing
        self.begin(
            deadline=case.deadline, detail=case.detail, baseline=case.baseline, plan=case.plan,
            reasons=case.reasons,
        )  # fmt: skip
        if self.above:
            self.choose("reasons", reason_choices(case.reasons))
        else:
            del self.fields["reasons"], self.fields["deadline"]
        self.fields["detail"].required = False


class BranchDescribeForm(DescribeForm):
    """The same for the branch."""

    above = False


class AssignForm(DeedForm):
    """四位一体的一方."""

    kind = chips_field("帮扶方", HelperKind.choices)
    name = line_field(
        "姓名或名称", 60, help_text="区级领导、第一书记写姓名；工作组写组长；区直单位写联络人。"
    )
    position = line_field("职务", 80, required=False)
    workplace = line_field("工作单位", 80, required=False, help_text="结对的区直单位写全称。")
    since = day_field("开始日期", help_text="已经有人的，登记后即为接手，原来的保留在记录里。")

    def prepare(self) -> None:
        """The first that is missing."""
        kinds = set(
            Helper.unscoped.filter(case=self.thing, until=None).values_list("kind", flat=True)
        )
        lacking = [kind for kind in HelperKind.values if kind not in kinds]
        asked = self.asked if self.asked in HelperKind.values else ""
        self.begin(kind=asked or (lacking or [""])[0], since=self.on)


class StartForm(DeedForm):
    """进入整顿."""

    started_on = day_field("进入整顿的日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(started_on=self.on)


class VisitForm(OnceForm):
    """帮扶走访."""

    helper = forms.ChoiceField(label="谁去的", error_messages={"required": "请选择谁去的。"})
    day = day_field("日期")
    households = number_field(
        "走访户数", most=100_000, help_text="没有入户的写 0；户数自动计入走访居民。"
    )
    solved = words_field("帮助解决的事", 2000, rows=3, hint="例如：协调住建局修好 3 号楼前的路灯")

    def prepare(self) -> None:
        """Today, by one of the four."""
        rows = Helper.unscoped.filter(case=self.thing, until=None)
        self.choose("helper", [(str(row.pk), str(row)) for row in rows])
        self.begin(day=self.on, households=0)


class ReopenForm(DeedForm):
    """反弹，重新整顿."""

    reason = words_field("反弹的情况", 500, rows=3)
    deadline = day_field("新的整顿期限")

    def prepare(self) -> None:
        """Half a year."""
        self.begin(deadline=add_months(self.on, 6))


class AcceptForm(OnceForm):
    """验收评分: a field for each item of the batch's sheet."""

    day = day_field("验收日期")
    examiners = line_field("验收人员", 120, hint="例如：区委组织部验收组 周明远、沈静")
    opinion = words_field("验收意见", 5000, rows=3, required=False)

    def prepare(self) -> None:
        """One field an item, at most its points."""
        self.items = list(ScoreItem.unscoped.filter(batch=self.thing.batch_id))
        for item in self.items:
            top = plain(item.points)
            self.fields[f"item_{item.pk}"] = forms.DecimalField(
                label=f"{item.name}（{top} 分）", min_value=0, max_value=item.points,
                max_digits=5, decimal_places=2,
                error_messages={
                    "required": f"请给“{item.name}”打分。",
                    "invalid": "请填数字。",
                    "min_value": "不能低于 0 分。",
                    "max_value": f"最多 {top} 分。",
                },
            )  # fmt: skip
        self.begin(day=self.on)

    @property
    def scores(self) -> Mapping[int, Decimal]:
        """Points by item."""
        return {item.pk: self.cleaned_data[f"item_{item.pk}"] for item in self.items}
