"""Tallies: numbers only; who voted what is typed nowhere."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField

from branches.enums import PostKind
from branches.models import Member
from elections.enums import OFFICES
from elections.forms.base import (
    DeedForm,
    choice_field,
    day_field,
    file_field,
    key_field,
    line_field,
    number_field,
)
from elections.models import Candidate
from elections.roster import elected, standing, voters
from elections.rules import Tally

_OTHERS = 2
_SHEET = "计票单照片或扫描件"


class TallyForm(DeedForm):
    """What the tellers announce."""

    form_key = key_field()
    day = day_field("选举日期")
    present = number_field("实到会有选举权人数", least=1)
    issued = number_field("发出选票", least=1)
    returned = number_field("收回选票")
    invalid = number_field("其中无效票")

    def prepare(self) -> None:
        """Today, nothing invalid."""
        self.begin(day=self.on, invalid=0)

    @property
    def tally(self) -> Tally:
        """The checked numbers."""
        data = self.cleaned_data
        return Tally(
            present=data["present"], issued=data["issued"], returned=data["returned"],
            invalid=data["invalid"],
        )  # fmt: skip

    @property
    def head(self) -> list[BoundField]:
        """The fields above the candidates."""
        names = ("day", "present", "issued", "returned", "invalid")
        return [self[name] for name in names]


class VoteForm(TallyForm):
    """大会选举, one round: three numbers a candidate."""

    file = file_field(_SHEET)

    def prepare(self) -> None:
        """A row for each who stands; two for 另选他人."""
        super().prepare()
        self.people = standing(self.thing)
        for one in self.people:
            for key, label in (("yes", "赞成"), ("no", "不赞成"), ("abstain", "弃权")):
                self.fields[f"{key}_{one.pk}"] = number_field(label)
        self._others()

    def _others(self) -> None:
        stand = {one.member_id for one in self.people}
        rows = voters(self.thing.unit, on=self.on).values_list("pk", "name")[:6000]
        choices = [("", "没有"), *((pk, name) for pk, name in rows if pk not in stand)]
        for at in range(_OTHERS):
            self.fields[f"other_{at}"] = choice_field(f"另选他人 {at + 1}", required=False)
            self.choose(f"other_{at}", choices)
            self.fields[f"other_yes_{at}"] = number_field("得票", required=False)

    @property
    def rows(self) -> list[tuple[Candidate, list[BoundField]]]:
        """Each candidate with his three fields."""
        keys = ("yes", "no", "abstain")
        return [(one, [self[f"{key}_{one.pk}"] for key in keys]) for one in self.people]

    @property
    def other_rows(self) -> list[list[BoundField]]:
        """Who was written in, and his votes."""
        return [[self[f"other_{at}"], self[f"other_yes_{at}"]] for at in range(_OTHERS)]

    @property
    def votes(self) -> dict[int, tuple[int, int, int]]:
        """Counts by candidate."""
        data = self.cleaned_data
        return {
            one.pk: (data[f"yes_{one.pk}"], data[f"no_{one.pk}"], data[f"abstain_{one.pk}"])
            for one in self.people
        }

    @property
    def others(self) -> list[tuple[Member, int]]:
        """Members written in, each once."""
        data, found = self.cleaned_data, {}
        for at in range(_OTHERS):
            if data.get(f"other_{at}") and data.get(f"other_yes_{at}"):
                found[int(data[f"other_{at}"])] = data[f"other_yes_{at}"]
        members = Member.objects.within(self.thing.unit).filter(pk__in=found)
        return [(one, found[one.pk]) for one in members]


class DivideForm(TallyForm):
    """委员会第一次会议: 书记, 副书记, 分工."""

    secretary = choice_field("书记候选人")
    secretary_yes = number_field("赞成")
    secretary_no = number_field("不赞成")
    secretary_abstain = number_field("弃权")
    deputy = choice_field("副书记候选人", required=False)
    deputy_yes = number_field("赞成", required=False)
    deputy_no = number_field("不赞成", required=False)
    deputy_abstain = number_field("弃权", required=False)
    file = file_field(_SHEET)

    def prepare(self) -> None:
        """The elected; everybody else's office."""
        super().prepare()
        self.people = elected(self.thing)
        choices = [(one.pk, one.member.name) for one in self.people]
        self.choose("secretary", [("", "请选择"), *choices])
        self.choose("deputy", [("", "不选副书记"), *choices])
        count = len(self.people)
        self.begin(
            day=self.thing.voted_on or self.on, present=count, issued=count, returned=count,
            secretary_no=0, secretary_abstain=0,
        )  # fmt: skip
        for one in self.people:
            field = choice_field(one.member.name, required=False)
            self.fields[f"office_{one.pk}"] = field
            self.choose(f"office_{one.pk}", OFFICES)
            field.initial = PostKind.MEMBER.value

    @property
    def secretary_row(self) -> list[BoundField]:
        """The three numbers of the secretary."""
        return [self[f"secretary_{key}"] for key in ("yes", "no", "abstain")]

    @property
    def deputy_row(self) -> list[BoundField]:
        """The three numbers of the deputy."""
        return [self[f"deputy_{key}"] for key in ("yes", "no", "abstain")]

    @property
    def office_rows(self) -> list[BoundField]:
        """The office of each."""
        return [self[f"office_{one.pk}"] for one in self.people]

    def _counts(self, who: str) -> tuple[int, int, int]:
        data = self.cleaned_data
        yes, no, away = (data.get(f"{who}_{key}") or 0 for key in ("yes", "no", "abstain"))
        return yes, no, away

    @property
    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        return {
            "secretary": int(data["secretary"]),
            "secretary_votes": self._counts("secretary"),
            "deputy": int(data["deputy"]) if data["deputy"] else None,
            "deputy_votes": self._counts("deputy"),
            "offices": {one.pk: data[f"office_{one.pk}"] for one in self.people},
        }


class ShortenForm(DeedForm):
    """减少名额，不再选举."""

    agreed = number_field("同意减少名额的人数", least=1)


class StrikeForm(DeedForm):
    """计票作废重录."""

    reason = line_field("作废原因", 200, hint="例如：赞成票和弃权票填反了")
