"""What staff type: organisations, rounds, standards, the plan; and the filters of the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from branches.models import Member, Unit
from core.dates import add_months
from starrating.enums import (
    STAR_NAMES,
    STARS,
    Industry,
    ManagedBy,
    OrganisationKind,
    PartyForm,
    State,
)
from starrating.forms.base import (
    chips_field,
    choose,
    day_field,
    decimal_field,
    line_field,
    number_field,
    pick_field,
    words_field,
)
from starrating.models import Organisation, Plan, Round, Standard, Target
from starrating.rules import plain

Choices = Sequence[tuple[str, str]]
_MONEY = 100_000_000
STARS_ASKED: Choices = [
    ("", "全部"), *((str(stars), STAR_NAMES[stars]) for stars in (*STARS, 0)), ("new", "没有参评"),
    ("model", "示范点"),
]  # fmt: skip
STATES_ASKED: Choices = [
    ("", "全部"), ("running", "没有办结的合计"), ("final", "已办结的合计"),
    *((state.name.lower(), str(state.label)) for state in State),
]  # fmt: skip


class OrganisationForm(forms.Form):
    """One organisation below a unit; what the roster and the tree know stands there already."""

    name = line_field("名称", 100, hint="营业执照或登记证上的全称")
    kind = chips_field("类型", OrganisationKind.choices)
    credit_code = line_field("统一社会信用代码", 18, help_text="18 位，按国家标准核对校验码。")
    industry = pick_field("行业", Industry.choices)
    staff_count = number_field("职工人数", most=10_000_000)
    member_count = number_field("党员人数", most=1_000_000)
    party_form = chips_field("党组织组建方式", PartyForm.choices)
    managed_by = chips_field(
        "管理方式", ManagedBy.choices, help_text="属地管理为主，多种管理为辅。"
    )
    manager = forms.ChoiceField(label="属地管理党组织", required=False)
    founded_on = day_field("党组织成立日期")

    def __init__(
        self, *args: Any, unit: Unit, organisation: Organisation | None,
        committees: Iterable[Unit], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        # One that is named already stays to be chosen, also by who cannot see it otherwise.
        kept = [organisation.manager] if organisation and organisation.manager else []
        self._known = {str(one.pk): one for one in (*committees, *kept)}
        choose(
            self,
            "manager",
            [("", "上级党（工）委"), *((k, str(u)) for k, u in self._known.items())],
        )
        first: dict[str, Any] = {
            "member_count": Member.objects.within(unit).current().count(),
            "kind": "social" if unit.field == "social" else "firm",
            "party_form": "joint" if "joint" in unit.kind else "single",
            "managed_by": ManagedBy.TERRITORY, "manager": str(unit.committee_id or ""),
            "founded_on": unit.founded_on,
        }  # fmt: skip
        if organisation is not None:
            first = {
                name: getattr(organisation, name) for name in self.fields if name != "manager"
            } | {"manager": str(organisation.manager_id or "")}
        for name, value in first.items():
            self.fields[name].initial = value

    def clean_manager(self) -> Unit | None:
        """The committee chosen."""
        return self._known.get(self.cleaned_data["manager"])


class RoundForm(forms.Form):
    """A round with its lines, rewards and days; a new one begins as the last one was."""

    name = line_field("名称", 80, hint="例如：2026 年度星级创评")
    year = number_field("年度", least=2000, most=2100)
    standard = forms.ModelChoiceField(
        label="评定标准", queryset=Standard.unscoped.none(), empty_label=None,
        error_messages={"required": "请选择评定标准。", "invalid_choice": "请选择本区的评定标准。"},
    )  # fmt: skip
    starts_on = day_field("启动日期")
    self_until = day_field("自评截止")
    check_until = day_field("初核截止")
    review_until = day_field("审核截止")
    notice_days = number_field("公示（工作日）", least=1, most=60)
    new_months = number_field("新成立（月）", most=60, help_text="成立不满这么多个月的只自评。")
    five_line = decimal_field("五星级最低分", most=100)
    four_line = decimal_field("四星级最低分", most=100)
    three_line = decimal_field("三星级最低分", most=100)
    two_line = decimal_field("二星级最低分", most=100)
    one_line = decimal_field(
        "一星级最低分", most=100, required=False, help_text="留空：低于二星级的不定星级。"
    )
    fund = decimal_field("经费总额（元）", most=_MONEY, help_text="奖励合计不能超过它。")
    five_reward = decimal_field("五星级经费（元）", most=_MONEY)
    four_reward = decimal_field("四星级经费（元）", most=_MONEY)
    three_reward = decimal_field("三星级经费（元）", most=_MONEY)
    two_reward = decimal_field("二星级经费（元）", most=_MONEY)
    one_reward = decimal_field("一星级经费（元）", most=_MONEY)
    regulation = line_field("依据", 200, required=False, hint="文件名称和文号")

    LINES = ("five_line", "four_line", "three_line", "two_line", "one_line")
    REWARDS = ("five_reward", "four_reward", "three_reward", "two_reward", "one_reward")

    def __init__(
        self, *args: Any, standards: Any, round_: Round | None, last: Round | None, on: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = standards
        source = round_ or last or Round()
        for name in self.fields:
            value = getattr(source, f"{name}_id" if name == "standard" else name, None)
            self.fields[name].initial = plain(value) if isinstance(value, Decimal) else value
        if round_ is None:
            newest = standards.first()
            first: dict[str, Any] = {
                "year": on.year, "name": f"{on.year} 年度星级创评", "starts_on": on,
                "self_until": add_months(on, 1), "check_until": add_months(on, 2),
                "review_until": add_months(on, 3), "standard": newest and newest.pk,
            }  # fmt: skip
            for name, value in first.items():
                self.fields[name].initial = value

    @property
    def line_fields(self) -> list[Any]:
        """Least points and reward of each star, side by side."""
        pairs = zip(self.LINES, self.REWARDS, strict=True)
        return [self[name] for pair in pairs for name in pair]


class PlanForm(forms.Form):
    """规划: the quota of 示范点, and a line for each year's targets."""

    model_low = number_field("示范点至少", most=1000)
    model_high = number_field("示范点至多", most=1000)
    targets = words_field(
        "创星目标", 1000, rows=5, required=False, hint="2027 20 45",
        help_text="每行一年：年度 五星级占比 四星级以上占比（%）。例如“2027 20 45”。",
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model_low"].initial = plan.model_low if plan else 2
        self.fields["model_high"].initial = plan.model_high if plan else 3
        rows: Iterable[Target] = plan.targets.all() if plan else ()
        self.fields["targets"].initial = "\n".join(
            f"{t.year} {plain(t.five_percent)} {plain(t.four_percent)}" for t in rows
        )

    def clean_targets(self) -> dict[int, tuple[Decimal, Decimal]]:
        """By year; a line that cannot be read is named."""
        found: dict[int, tuple[Decimal, Decimal]] = {}
        for number, line in enumerate(self.cleaned_data["targets"].splitlines(), start=1):
            if not line.strip():
                continue
            words = line.replace("年", " ").replace("%", " ").replace("，", " ").split()
            try:
                year, five, four = int(words[0]), Decimal(words[1]), Decimal(words[2])
                fits = len(words) == 3 and 2000 <= year <= 2100 and year not in found
                fits = fits and 0 <= five <= four <= 100
            except (ValueError, ArithmeticError, IndexError):
                fits = False
            if not fits:
                raise forms.ValidationError(
                    f"第 {number} 行“{line.strip()[:20]}”不对，请写成“2027 20 45”："
                    "年度不重复，四星级以上的占比不低于五星级。"
                )
            found[year] = (five, four)
        return found


class FilterForm(forms.Form):
    """What a list is narrowed to; what is no choice falls back to the first."""

    round = forms.ChoiceField(label="轮次", required=False)
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部"), *OrganisationKind.choices]
    )
    state = forms.ChoiceField(label="进度", required=False, choices=STATES_ASKED)
    stars = forms.ChoiceField(label="星级", required=False, choices=STARS_ASKED)
    unit = forms.ChoiceField(label="党组织", required=False)
    q = forms.CharField(label="查找", required=False, max_length=60)

    def __init__(
        self, *args: Any, keep: Sequence[str], rounds: Iterable[Round] = (),
        committees: Iterable[Unit] = (), chosen: Unit | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        units = {str(unit.pk): str(unit) for unit in (*committees, *([chosen] if chosen else []))}
        choose(self, "round", [("", "全部轮次"), *((str(r.uuid), str(r)) for r in rounds)])
        choose(self, "unit", [("", "全部"), *units.items()])
        if "round" in keep:
            choose(self, "stars", [pair for pair in STARS_ASKED if not pair[0].isalpha()])
        for name in [name for name in self.fields if name not in keep]:
            del self.fields[name]

    def value(self, name: str) -> str:
        """What was chosen, "" for nothing sensible."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").replace("\x00", "")


class ImportForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label="表格", help_text="Excel（.xlsx、.xls）或 CSV，最多 1000 行。",
        error_messages={"required": "请选择文件。"},
    )  # fmt: skip


class StandardForm(ImportForm):
    """A sheet, with the name of the version."""

    name = line_field("标准名称", 80)
    regulation = line_field("依据", 200, required=False, hint="文件名称和文号")
    field_order = ("name", "regulation", "file")
