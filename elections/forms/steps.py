"""The steps of an election up to the vote, and after it."""

from __future__ import annotations

from typing import Any

from django import forms

from branches.models import Member
from elections.enums import Route, Stage
from elections.forms.base import (
    DeedForm,
    choice_field,
    day_field,
    document_field,
    file_field,
    line_field,
    number_field,
    words_field,
)
from elections.models import Election, ExclusionReason
from elections.roster import voters
from elections.rules import least_candidates
from elections.settings import seats_span, shown_limits

# Beyond so many voters names are typed, not ticked.
_TICKED = 150


class PlanningForm(forms.Form):
    """筹备换届: opened and corrected with the same fields."""

    begun_on = day_field("筹备开始日期", help_text="研究换届工作的那一天。")
    planned_on = day_field("计划选举日期")
    with_committee = forms.BooleanField(label="设委员会", required=False)
    seats = number_field("应选委员名额", least=1, most=99, required=False)
    delegates = number_field(
        "党员代表大会代表总数", required=False,
        help_text="只有召开党员代表大会的党委填写；开党员大会的留空。",
    )  # fmt: skip

    def __init__(self, *args: Any, first: dict[str, Any], delegates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in first.items():
            self.fields[name].initial = value
        if not delegates:
            del self.fields["delegates"]

    def clean(self) -> dict[str, Any]:
        """Nothing typed is nought; a meeting without a committee elects one."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("with_committee") and not data.get("seats"):
            self.add_error("seats", "请填写应选委员名额。")
        data["seats"] = data.get("seats") or 1
        data["delegates"] = data.get("delegates") or 0
        return data


class ChangeForm(DeedForm):
    """改筹备内容."""

    planned_on = day_field("计划选举日期")
    with_committee = forms.BooleanField(
        label="设委员会", required=False, help_text="不设委员会的，由党员大会直接选举书记。"
    )
    seats = number_field("应选委员名额", least=1, most=99)

    def prepare(self) -> None:
        """As it stands."""
        self.begin(
            planned_on=self.thing.planned_on, with_committee=self.thing.with_committee,
            seats=self.thing.seats,
        )  # fmt: skip


class AskForm(DeedForm):
    """请示."""

    day = day_field("请示日期")
    document = document_field("请示文号", required=False)
    file = file_field("请示（已盖章的扫描件或照片）")


class AnswerForm(DeedForm):
    """批复."""

    day = day_field("批复日期")
    document = document_field("批复文号")
    note = line_field("意见", 500, required=False)
    file = file_field("批复的扫描件或照片")


class BackForm(DeedForm):
    """退回."""

    note = words_field("退回的理由")

    def prepare(self) -> None:
        """No words beside names: the reason is told on paper."""
        if self.thing.state == Stage.FILED:
            del self.fields["note"]


class PlanForm(DeedForm):
    """名额和办法."""

    day = day_field("研究确定日期")
    seats = number_field("应选委员名额", least=1, most=99)
    candidates = number_field("候选人名额", least=1, most=99)
    document = document_field("选举办法文号", required=False)
    file = file_field("选举办法")

    def prepare(self) -> None:
        """Seats as planned, candidates as few as the rule allows."""
        election, limits = self.thing, shown_limits(self.on)
        self.begin(day=self.on, seats=election.seats)
        if not election.with_committee:
            self.fields["seats"].disabled = True
            self.begin(candidates=1)
            self.fields["seats"].label = "应选书记"
            return
        least, most = seats_span(election.unit, limits)
        fewest = least_candidates(election.seats, limits.margin)
        self.begin(candidates=fewest)
        self.fields["seats"].help_text = f"{least} 到 {most} 名。"
        self.fields["candidates"].help_text = (
            f"差额不少于 {limits.margin}%，且至少多一名：选 {election.seats} 名，候选人至少"
            f" {fewest} 名（{limits.source('elections.margin')}）。"
        )


class ConsultForm(DeedForm):
    """酝酿."""

    day = day_field("酝酿日期")
    first = number_field("参加推荐的人数", least=1)

    def prepare(self) -> None:
        """In a village members and residents recommend."""
        super().prepare()
        if self.thing.route == Route.VILLAGE:
            self.fields["first"].help_text = "党员推荐和群众推荐合计。"


class ReviewForm(DeedForm):
    """资格联审、考察."""

    day = day_field("审查日期")
    first = number_field("审查人数", least=1)
    second = number_field("其中不合格人数")

    def prepare(self) -> None:
        """Nobody failed."""
        super().prepare()
        self.begin(second=0)


class ChooseForm(DeedForm):
    """预备人选."""

    day = day_field("会议日期")
    first = number_field("预备人选人数", least=1)

    def prepare(self) -> None:
        """As many as the method says."""
        super().prepare()
        self.begin(first=self.thing.candidates)


class FileForm(DeedForm):
    """报批."""

    day = day_field("报批日期")
    document = document_field("报批文号")


class ApproveForm(DeedForm):
    """批准候选人: names are ticked on the roster, or typed where it is long."""

    day = day_field("批复日期")
    document = document_field("批复文号")
    members = forms.MultipleChoiceField(
        label="批准的候选人", widget=forms.CheckboxSelectMultiple, required=False
    )
    names = words_field(
        "批准的候选人", 2000, rows=6, required=False, hint="每行一个姓名",
        help_text="每行一个姓名；重名的在后面加空格和所在支部。",
    )  # fmt: skip
    file = file_field("批复的扫描件或照片")

    def prepare(self) -> None:
        """Ticks for a branch, names for a whole committee."""
        super().prepare()
        self._voters = list(
            voters(self.thing.unit, on=self.on).select_related("unit")[: _TICKED * 40]
        )
        short = len(self._voters) <= _TICKED
        del self.fields["names" if short else "members"]
        if short:
            self.choose("members", [(one.pk, one.name) for one in self._voters])
        field = self.fields["members" if short else "names"]
        field.label, field.required = f"批准的候选人（{self.thing.candidates} 名）", True
        field.error_messages["required"] = "请选择批准的候选人。"

    def clean(self) -> dict[str, Any]:
        """The members meant."""
        data: dict[str, Any] = super().clean() or {}
        if "names" in self.fields:
            data["members"] = self._named(data.pop("names", "") or "")
        else:
            ticked = set(data.get("members") or ())
            data["members"] = [one for one in self._voters if str(one.pk) in ticked]
        return data

    def _named(self, text: str) -> list[Member]:
        found = []
        for line in (one.strip() for one in text.splitlines() if one.strip()):
            name, _, place = line.replace("　", " ").partition(" ")
            same = [
                one for one in self._voters
                if one.name == name and place.strip() in f"{one.unit.name}{one.unit.short_name}"
            ]  # fmt: skip
            if not same:
                self.add_error("names", f"名册里没有有选举权的“{line}”，请核对。")
            elif len(same) > 1:
                places = "、".join(str(one.unit) for one in same[:5])
                self.add_error("names", f"“{name}”有 {len(same)} 位，请写明支部：{places}。")
            else:
                found.append(same[0])
        return found


class CancelForm(DeedForm):
    """终止."""

    note = words_field("终止的理由")


class ReportForm(DeedForm):
    """报告."""

    day = day_field("报告日期")
    document = document_field("报告文号", required=False)
    file = file_field("选举结果报告")


class ConfirmForm(DeedForm):
    """结果批复."""

    day = day_field("批复日期")
    document = document_field("批复文号")
    file = file_field("批复的扫描件或照片")


class SureForm(DeedForm):
    """Nothing to type."""


class ExcludeForm(DeedForm):
    """不计入应到会."""

    member = choice_field("党员")
    reason = choice_field("情形")
    decided_on = day_field("支部大会通过日期")
    consent = document_field("上级同意的文号", required=False)

    def prepare(self) -> None:
        """Voters who are still counted; the reasons in use."""
        election: Election = self.thing
        away = set(election.exclusions.values_list("member_id", flat=True))
        people = voters(election.unit, on=self.on).values_list("pk", "name")[: _TICKED * 40]
        self.choose("member", [("", "请选择"), *((pk, n) for pk, n in people if pk not in away)])
        reasons = ExclusionReason.objects.filter(is_active=True).values_list("pk", "title")
        self.choose("reason", [("", "请选择"), *reasons])
        self.begin(decided_on=self.on)
