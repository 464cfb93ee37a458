"""“大党委”: member units, lists, projects."""

from __future__ import annotations

from branches.models import Unit
from core.deed_forms import (
    DeedForm,
    OnceForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    pick_field,
    words_field,
)
from support.enums import EntryKind
from support.models import JointCommittee, JointEntry, JointMember


class FoundForm(DeedForm):
    """成立大党委."""

    name = line_field("名称", 80)
    founded_on = day_field("成立日期")
    duties = words_field(
        "工作机制",
        2000,
        rows=4,
        required=False,
        hint="例如：联席会议每季度一次，资源需求每半年更新",
    )

    def prepare(self) -> None:
        """As it stands; a new one named after the community."""
        thing = self.thing
        row = thing if isinstance(thing, JointCommittee) else None
        if row is None:
            row = JointCommittee.unscoped.filter(unit=thing).first()
        if row is not None:
            self.begin(name=row.name, founded_on=row.founded_on, duties=row.duties)
        elif isinstance(thing, Unit):
            self.begin(name=f"{str(thing).removesuffix('党委').removesuffix('党总支')}“大党委”")


class MemberForm(DeedForm):
    """成员单位."""

    name = line_field("单位", 80)
    credit_code = line_field("统一社会信用代码", 30, required=False, help_text="可以不填。")
    contact_post = line_field(
        "联系岗位", 60, hint="例如：办公室主任", help_text="只写岗位，不写姓名电话。"
    )
    since = day_field("加入日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(since=self.on)


class EntryForm(OnceForm):
    """一条资源或需求."""

    kind = chips_field("放进哪张清单", EntryKind.choices)
    title = line_field("内容", 120, hint="例如：周末开放停车位 40 个")
    member = pick_field("哪个单位的", required=False)

    def prepare(self) -> None:
        """Units of today."""
        rows = JointMember.unscoped.filter(joint=self.thing, until=None)[:300]
        self.choose("member", [("", "社区自己"), *((str(row.uuid), row.name) for row in rows)])
        asked = self.asked if self.asked in EntryKind.values else EntryKind.RESOURCE
        self.begin(kind=asked)


class MatchForm(OnceForm):
    """对接资源和需求."""

    title = line_field("项目", 120)
    resource = pick_field("用哪项资源", required=False)
    need = pick_field("解决哪项需求", required=False)
    owner = line_field("责任单位", 80)
    due_on = day_field("完成期限")

    def prepare(self) -> None:
        """What stands on the lists; one of them when it was tapped."""
        rows = list(
            JointEntry.unscoped.filter(joint=self.thing, is_open=True).select_related("member")[
                :600
            ]
        )
        for kind in EntryKind:
            mine = [row for row in rows if row.kind == kind]
            self.choose(
                str(kind.value), [("", "不选"), *((str(row.uuid), row.title) for row in mine)]
            )
        for row in rows:
            if str(row.uuid) == self.asked:
                self.begin(**{row.kind: self.asked}, title=row.title)


class ProgressForm(OnceForm):
    """登记进展."""

    day = day_field("日期")
    percent = number_field("进度", most=100, help_text="0 到 100，百分数。")
    what = words_field("进展", 300)

    def prepare(self) -> None:
        """Today, where it stands."""
        self.begin(day=self.on, percent=self.thing.percent)


class EndForm(DeedForm):
    """完成."""

    ended_on = day_field("完成日期")
    result = words_field("成效", 1000, hint="解决了什么，群众得到什么")

    def prepare(self) -> None:
        """Today."""
        self.begin(ended_on=self.on)


class StopForm(DeedForm):
    """终止."""

    ended_on = day_field("终止日期")
    result = words_field("终止原因", 1000)

    def prepare(self) -> None:
        """Today."""
        self.begin(ended_on=self.on)
