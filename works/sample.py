"""A year of 作用发挥 in the sample district, invented, around ``sample.today``."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from branches.enums import PostKind
from branches.models import Member, Post, Unit
from branches.sample import EDGES, SampleDistrict
from core.dates import add_months
from works.enums import PlacementState, PledgeState, ServiceState, WorkState
from works.models import (
    Milestone,
    ModelPost,
    ModelPostYear,
    Placement,
    Pledge,
    Project,
    ProjectStep,
    SchemeTag,
    Service,
)

_PLEDGES = (
    "每月为两户独居老人上门一次，代买代办", "把楼道堆物清理干净，每周巡查",
    "带头参加文明交通志愿服务，每月两次", "结对帮扶一名困难学生，每周辅导一次",
)  # fmt: skip
_BRANCH = ("建成党群服务代办点，半日办结", "建立党员联系户制度，户户有党员联系")
_RESULTS = {
    _PLEDGES[0]: "按月上门，代办 23 件，老人都满意。",
    _PLEDGES[1]: "清理楼道 6 个，没有再堆。",
    _PLEDGES[2]: "每月两次上岗，从没缺过。",
    _PLEDGES[3]: "每周辅导一次，孩子成绩有进步。",
    _BRANCH[0]: "代办点开张，半日办结 112 件。",
    _BRANCH[1]: "联系户 86 户，户户有党员联系。",
}
_STATES = (
    PledgeState.KEPT, PledgeState.OPEN, PledgeState.KEPT, PledgeState.REPORTED, PledgeState.KEPT,
    PledgeState.OPEN, PledgeState.KEPT,
)  # fmt: skip
_POSTS = (
    ("服务窗口党员示范岗", "首问负责、一次办好，来办事的不白跑"),
    ("网格服务党员示范岗", "网格里的事当天回应，三天有着落"),
    ("教学一线党员示范岗", "上好示范课，带好青年教师"),
)
_OFFERS = ("法律咨询", "辅导作业", "家电维修", "健康讲座")
_DEEDS = ("清理小区消防通道", "给老人教智能手机", "参加周末文明劝导", "入户宣传垃圾分类")
_PROJECTS = (
    ("便民服务代办点", "three_plus_one", "年底前建成两个代办点，群众办事不出社区。"),
    ("“三会一课”规范提升", "four_systems", "每个支部按时开会，记录规范。"),
    ("网上党支部", "digital", "外出党员都能在线参加组织生活。"),
    ("党旗下的邻里情", "service", "每季度一次邻里活动，矛盾不出楼门。"),
)
_STEPS = ("摸底调查，定方案", "落实场地和人员", "试运行并征求意见", "总结推广")


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    today, staff = sample.today, users["zuzhibu"]
    homes = [
        unit for unit in sample.branches
        if unit.dissolved_on is None and len(sample.members.get(unit.pk, [])) > 4
    ]  # fmt: skip
    heads = set(
        Post.unscoped.filter(unit__in=homes, kind=PostKind.SECRETARY, until=None).values_list(
            "member", flat=True
        )
    )
    _pledges(today, homes, sample, heads, authors, staff)
    _posts(today, homes, sample, authors, staff)
    _placements(today, homes, sample, authors)
    _projects(today, homes, sample, authors)


def _plain(unit: Unit, sample: SampleDistrict, heads: set[int]) -> list[Member]:
    rows = sample.members[unit.pk]
    return [m for m in rows if m.pk not in heads and m.state == "active"][:4]


def _pledges(
    today: date, homes: list[Unit], sample: SampleDistrict, heads: set[int],
    authors: dict[int, User], staff: User,
) -> None:  # fmt: skip
    """Three of members and one of the branch; kept, waiting, open, one late here and there."""
    rows: list[Pledge] = []
    goes: list[PledgeState] = []
    for at, unit in enumerate(homes):
        people = _plain(unit, sample, heads)[:3]
        for place, member in enumerate([*people, None]):
            text = _BRANCH[at % 2] if member is None else _PLEDGES[(at + place) % 4]
            state = _STATES[(at * 3 + place) % 7]
            ahead = (45, 8, -12, 60)[(at + place) % 4] if state == PledgeState.OPEN else 20
            by = authors.get(unit.pk)
            rows.append(
                Pledge(
                    unit=unit, member=member, above=member is None, title=text, by=by,
                    pledged_on=add_months(today, -8), due_on=today + timedelta(days=ahead),
                )
            )  # fmt: skip
            goes.append(state)
    made = Pledge.unscoped.bulk_create(rows)
    for above in (True, False):
        done = [
            row.pk for row, to in zip(made, goes, strict=True)
            if to != PledgeState.OPEN and row.above == above
        ]  # fmt: skip
        kept = [
            row.pk for row, to in zip(made, goes, strict=True)
            if to == PledgeState.KEPT and row.above == above
        ]  # fmt: skip
        told = [row for row in made if row.pk in done]
        for row in told:
            row.state, row.reported_by = PledgeState.REPORTED, row.by
            row.done_on, row.result = today - timedelta(days=9), _RESULTS[row.title]
        Pledge.unscoped.bulk_update(told, ["state", "reported_by", "done_on", "result"])
        Pledge.unscoped.filter(pk__in=kept).exclude(reported_by=staff).update(
            state=PledgeState.KEPT, confirmed_on=today - timedelta(days=2), confirmed_by=staff
        )


def _posts(
    today: date, homes: list[Unit], sample: SampleDistrict, authors: dict[int, User], staff: User
) -> None:
    rows = [
        ModelPost(
            unit=unit, name=_POSTS[at % 3][0], stands_for=_POSTS[at % 3][1],
            member=sample.members[unit.pk][at % 3 + 1], since=add_months(today, -14),
            by=authors.get(unit.pk),
        )
        for at, unit in enumerate(homes) if at % 2 == 0
    ]  # fmt: skip
    made = ModelPost.unscoped.bulk_create(rows)
    ModelPostYear.unscoped.bulk_create(
        ModelPostYear(post=row, year=year, day=day, named_by=row.by, by=staff)
        for at, row in enumerate(made)
        for year, day in (
            (today.year - 1, date(today.year - 1, 12, 20)),
            (today.year, today - timedelta(days=15)),
        )
        if row.by_id != staff.pk and (year < today.year or (at % 3 and day.year == year))
    )  # fmt: skip


def _placements(
    today: date, homes: list[Unit], sample: SampleDistrict, authors: dict[int, User]
) -> None:
    """Members of offices and schools in communities, the sample secretary's among them."""
    mine = sample.units[EDGES["three_groups"]]
    offices = [unit for unit in homes if unit.field in ("office", "school")]
    places = [mine, *(unit for unit in homes if unit.field == "community" and unit != mine)]
    rows, goes = [], []
    for at, unit in enumerate(offices):
        for nth, member in enumerate(sample.members[unit.pk][1:4]):
            number = at * 3 + nth
            rows.append(
                Placement(
                    member=member, home=unit, community=places[number % min(4, len(places))],
                    since=add_months(today, -10), offer=_OFFERS[number % 4],
                    by=authors.get(unit.pk),
                )
            )  # fmt: skip
            goes.append(number % 6 != 4)
    made = Placement.unscoped.bulk_create(rows)
    taken = [row for row, goes_on in zip(made, goes, strict=True) if goes_on]
    Placement.unscoped.filter(pk__in=[row.pk for row in taken]).update(
        state=PlacementState.ACCEPTED
    )
    services = Service.unscoped.bulk_create(
        Service(
            placement=row, day=add_months(today, -step * 2) - timedelta(days=at % 20 + 1),
            what=_DEEDS[(at + step) % 4], hours=Decimal("1.5") if at % 2 else None, by=row.by,
        )
        for at, row in enumerate(taken)
        for step in range(1 + at % 4)
    )  # fmt: skip
    for community in places[:4]:
        author = authors.get(community.pk)
        if author is None:
            continue
        known = [s.pk for at, s in enumerate(services) if at % 5 != 2]
        Service.unscoped.filter(pk__in=known, placement__community=community).update(
            state=ServiceState.CONFIRMED, decided_by=author
        )


def _projects(
    today: date, homes: list[Unit], sample: SampleDistrict, authors: dict[int, User]
) -> None:
    """Projects of committees and branches in every state, some behind."""
    tags = {tag.code: tag for tag in SchemeTag.objects.all()}
    mine = sample.units[EDGES["three_groups"]]
    committees = [u for u in sample.units.values() if u.parent_id == sample.root.pk]
    owners = [mine, *committees, *(unit for unit in homes[1::3] if unit != mine)]
    rows, goes = [], []
    for at, unit in enumerate(owners):
        title, tag, goal = _PROJECTS[at % 4]
        state = (WorkState.UNDERWAY, WorkState.DONE, WorkState.UNDERWAY, WorkState.PLANNED,
                 WorkState.ENDED)[at % 5]  # fmt: skip
        start = today if state == WorkState.PLANNED else add_months(today, -6)
        rows.append(
            Project(
                unit=unit, tag=tags[tag], title=title, goal=goal, owner="支部书记",
                starts_on=start, due_on=add_months(start, 8),
                by=authors.get(unit.pk),
            )
        )  # fmt: skip
        goes.append(state)
    made = Project.unscoped.bulk_create(rows)
    milestones, steps = [], []
    for at, (row, to) in enumerate(zip(made, goes, strict=True)):
        behind = to == WorkState.UNDERWAY and at % 4 == 2
        done = {WorkState.UNDERWAY: 3 - behind, WorkState.DONE: 4, WorkState.ENDED: 1}.get(to, 0)
        for place, title in enumerate(_STEPS):
            late = behind and place == 2
            due = (
                today - timedelta(days=7)
                if late
                else add_months(row.starts_on, place * 2) + timedelta(days=10)
            )
            is_done = place < done
            milestones.append(
                Milestone(
                    project=row, title=title, due_on=min(due, row.due_on),
                    done_on=min(due, today) if is_done else None,
                    result="按期完成，有照片。" if is_done else "",
                    done_by=row.by if is_done else None,
                )
            )  # fmt: skip
        way = {
            WorkState.UNDERWAY: (WorkState.UNDERWAY,), WorkState.ENDED: (WorkState.ENDED,),
            WorkState.DONE: (WorkState.UNDERWAY, WorkState.DONE),
        }.get(to, ())  # fmt: skip
        steps += [
            ProjectStep(project=row, after=state, day=add_months(row.starts_on, n), by=row.by)
            for n, state in enumerate((WorkState.PLANNED, *way))
        ]
    Milestone.unscoped.bulk_create(milestones)
    ProjectStep.unscoped.bulk_create(steps)
    _move(made, goes, today)


def _move(made: list[Project], goes: list[WorkState], today: date) -> None:
    def of(*states: WorkState) -> list[int]:
        return [row.pk for row, to in zip(made, goes, strict=True) if to in states]

    under = Project.unscoped.filter(pk__in=of(WorkState.UNDERWAY, WorkState.DONE))
    under.update(state=WorkState.UNDERWAY)
    Project.unscoped.filter(pk__in=of(WorkState.DONE)).update(
        state=WorkState.DONE, ended_on=today - timedelta(days=5),
        result="两个代办点建成，代办 312 件，群众评价好。",
    )  # fmt: skip
    Project.unscoped.filter(pk__in=of(WorkState.ENDED)).update(
        state=WorkState.ENDED, ended_on=add_months(today, -4), result="与街道同类项目合并实施。"
    )
