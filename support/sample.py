"""A year of 阵地与联系 in the sample district, invented, around ``sample.today``."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import User
from branches.models import Unit
from branches.sample import EDGES, SampleDistrict
from core.dates import Period, add_months
from support.enums import CheckState, EntryKind, IssueState, JointState, Level
from support.models import (
    ContactLeader,
    ContactLink,
    ContactVisit,
    FollowUp,
    JointCommittee,
    JointEntry,
    JointMember,
    JointProgress,
    JointProject,
    Venue,
    VenueAnswer,
    VenueCheck,
    VenueItem,
)

_LEADERS = (
    ("秦国安", "区委常委、组织部部长"), ("戴文敏", "区政府副区长"), ("严晓红", "区委办公室主任"),
)  # fmt: skip
_FOUND = (
    "查看会议记录和活动阵地，与支部委员座谈，组织生活按月开展。",
    "参加固定组织生活日，讲了一次微党课，听取党员意见。",
    "入户走访党员，了解支部服务群众的做法。",
)
_PROBLEMS = (
    ("党员活动室桌椅陈旧，坐不下全体党员。", "协调街道更换桌椅 40 套。", "新桌椅已经到位。"),
    ("党务公开栏两个月没有更新。", "支部定专人每月 10 日前更新。", "公开栏已更新，专人负责。"),
    ("年轻党员外出多，到会不齐。", "与网上党支部结合，外出党员线上参加。", ""),
)
_UNITS = (
    ("云泉区供电公司", "党群工作部主任"), ("云泉区第一中学", "办公室主任"),
    ("城区派出所", "社区民警"), ("云泉区中医医院", "工会主席"), ("泉城里餐饮管理公司", "行政经理"),
)  # fmt: skip
_RESOURCES = (
    "周末开放停车位 40 个", "学生志愿者每周六辅导作业", "每月一次消防和反诈讲座", "每季度义诊一次",
    "为独居老人供午餐 20 份",
)  # fmt: skip
_NEEDS = ("小区停车难", "放学后孩子没人管", "老人看病不方便", "楼道电线老化")
_PROJECTS = (
    ("共享停车", 0, 0, JointState.DONE, 100), ("四点半课堂", 1, 1, JointState.UNDERWAY, 60),
    ("家门口的义诊", 3, 2, JointState.MATCHED, 0),
)  # fmt: skip


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    _venues(sample, authors, users["zuzhibu"])
    _contacts(sample, authors, users)
    communities = [unit for unit in sample.units.values() if _is_community(unit)][:6]
    for at, unit in enumerate(communities):
        _joint(sample.today, unit, at, users["zuzhibu"])


def _is_community(unit: Unit) -> bool:
    return unit.field == "community" and unit.kind in ("committee", "general_branch")


def _venues(sample: SampleDistrict, authors: dict[int, User], staff: User) -> None:
    """Most branches have a venue; checks stand in every state, last year's are all settled."""
    today, mine = sample.today, sample.units[EDGES["three_groups"]].pk
    standing = [u for u in sample.branches if u.dissolved_on is None]
    homes = [unit for at, unit in enumerate(standing) if at % 9 != 4]
    venues = Venue.unscoped.bulk_create(
        Venue(
            unit=unit, name=f"{str(unit).removesuffix('党支部')}党群活动室",
            address=unit.address or f"云泉区人民路{at + 3}号", area=60 + at * 7 % 90,
            shared_with="居委会" if at % 3 == 0 else "", opened_on=date(2019, 7, 1),
            by=authors.get(unit.pk),
        )
        for at, unit in enumerate(homes)
    )  # fmt: skip
    items = list(VenueItem.objects.filter(is_active=True))
    checks, missing = [], []
    for at, venue in enumerate(venues):
        for year, lacking in ((today.year - 1, at % 3), (today.year, at % 4 % 3)):
            day = date(year, 3, 10) + timedelta(days=at)
            if day > today or (year == today.year and (at % 5 == 3 or venue.unit_id == mine)):
                continue
            by = authors.get(venue.unit_id)
            checks.append(VenueCheck(venue=venue, year=year, submitted_on=day, submitted_by=by))
            missing.append(lacking)
    checks = VenueCheck.unscoped.bulk_create(checks)
    VenueAnswer.unscoped.bulk_create(
        VenueAnswer(
            check_of=check, item=item, is_there=place < len(items) - lacking,
            note="" if place < len(items) - lacking else "已报街道，年底前补齐",
        )
        for check, lacking in zip(checks, missing, strict=True)
        for place, item in enumerate(items)
    )  # fmt: skip
    decided = []
    for at, check in enumerate(checks):
        this = check.year == today.year
        if check.submitted_by == staff or (this and at % 6 == 1):
            continue
        back = this and at % 11 == 5
        check.state = CheckState.RETURNED if back else CheckState.CONFIRMED
        check.answer = "门牌和制度没有写清，请对照清单再看一遍" if back else ""
        check.decided_by = staff
        check.decided_on = min(check.submitted_on + timedelta(days=8), today)
        decided.append(check)
    VenueCheck.unscoped.bulk_update(decided, ["state", "answer", "decided_by", "decided_on"])


def _contacts(sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Leaders of district, street and community; a year of visits, some problems still open."""
    today, root = sample.today, sample.root
    mine = sample.units[EDGES["three_groups"]]
    committees = [u for u in sample.units.values() if u.parent_id == root.pk]
    communities = [u for u in sample.units.values() if _is_community(u)]
    leaders = [
        ContactLeader(unit=root, name=name, position=post, level=Level.DISTRICT)
        for name, post in _LEADERS
    ]
    if "lingdao" in users:
        leaders[0].user, leaders[0].name = users["lingdao"], users["lingdao"].name
    leaders += [
        ContactLeader(
            unit=unit, name=f"{'龚毛邵万钱严包'[at % 7]}志远", position="党工委书记",
            level=Level.COMMITTEE,
        )
        for at, unit in enumerate(committees)
    ]  # fmt: skip
    leaders += [
        ContactLeader(
            unit=unit, name=f"{'何吕施张孔曹'[at % 6]}桂兰", position="社区党组织书记",
            level=Level.COMMUNITY,
        )
        for at, unit in enumerate(communities[:6])
    ]  # fmt: skip
    leaders = ContactLeader.unscoped.bulk_create(leaders)
    branches = [u for u in sample.branches if u.dissolved_on is None]
    pairs: list[tuple[ContactLeader, Unit]] = [(leaders[0], mine)]
    for at, leader in enumerate(leaders):
        below = [u for u in branches if u.path.startswith(leader.unit.path)]
        pairs += [(leader, unit) for unit in below[at % 3 :: max(len(below) // 2, 1)][:2]]
    known: dict[tuple[int, int], tuple[ContactLeader, Unit]] = {
        (leader.pk, unit.pk): (leader, unit) for leader, unit in pairs
    }
    links = ContactLink.unscoped.bulk_create(
        ContactLink(leader=leader, unit=unit, since=add_months(today, -13), by=users["zuzhibu"])
        for leader, unit in known.values()
    )
    _visits(today, links, users["zuzhibu"])


def _visits(today: date, links: list[ContactLink], staff: User) -> None:
    quarter = Period.containing(today, "quarter")
    rows = []
    for at, link in enumerate(links):
        period = quarter
        for back in range(5):
            day = period.start + timedelta(days=(7 + at * 5) % 80)
            skip = back == 0 and at % 3 == 0
            if day <= today and not skip and day >= link.since:
                problem = at % 4 == 1 and back in (0, 2)
                trouble = _PROBLEMS[(at + back) % 3][0] if problem else ""
                rows.append(
                    ContactVisit(
                        link=link, day=day, found=_FOUND[(at + back) % 3], problem=trouble,
                        state=IssueState.OPEN if problem else IssueState.NONE, by=staff,
                    )
                )  # fmt: skip
            period = period.previous()
    first = min(today - timedelta(days=9), today)
    rows.append(
        ContactVisit(
            link=links[0], day=first, found=_FOUND[0], problem=_PROBLEMS[0][0],
            state=IssueState.OPEN, by=staff,
        )
    )  # fmt: skip
    made = ContactVisit.unscoped.bulk_create(rows)
    known = {words: (step, end) for words, step, end in _PROBLEMS}
    open_rows = [row for row in made if row.state == IssueState.OPEN]
    FollowUp.unscoped.bulk_create(
        FollowUp(
            visit=row, day=min(row.day + timedelta(days=5), today), what=known[row.problem][0],
            by=staff,
        )
        for row in open_rows
    )  # fmt: skip
    for words, (_, end) in known.items():
        old = [r.pk for r in open_rows if r.problem == words and r.day < quarter.start]
        if end:
            ContactVisit.unscoped.filter(pk__in=old).update(
                state=IssueState.SOLVED, outcome=end, solved_on=quarter.start
            )


def _joint(today: date, unit: Unit, at: int, staff: User) -> None:
    """One community: five member units, resources and needs, three projects."""
    joint = JointCommittee.unscoped.create(
        unit=unit, name=f"{str(unit).removesuffix('党委').removesuffix('党总支')}“大党委”",
        founded_on=add_months(today, -18 - at), by=staff,
        duties="联席会议每季度一次；资源、需求、项目三张清单每半年更新。",
    )  # fmt: skip
    members = JointMember.unscoped.bulk_create(
        JointMember(joint=joint, name=name, contact_post=post, since=joint.founded_on)
        for name, post in _UNITS[: 5 - at % 2]
    )
    resources = JointEntry.unscoped.bulk_create(
        JointEntry(joint=joint, kind=EntryKind.RESOURCE, member=member, title=title)
        for member, title in zip(members, _RESOURCES, strict=False)
    )
    needs = JointEntry.unscoped.bulk_create(
        JointEntry(joint=joint, kind=EntryKind.NEED, title=title, is_open=place > 0)
        for place, title in enumerate(_NEEDS)
    )
    for place, (title, give, take, state, percent) in enumerate(_PROJECTS):
        late = place == 0 or (place == 1 and at % 3 == 0)
        due = add_months(today, -1 if late else 2)
        project = JointProject.unscoped.create(
            joint=joint, title=title, resource=resources[give], need=needs[take],
            owner=members[min(give, len(members) - 1)].name, due_on=due, by=staff,
        )  # fmt: skip
        if state == JointState.MATCHED:
            continue
        rows = JointProject.unscoped.filter(pk=project.pk)
        JointProgress.unscoped.bulk_create(
            JointProgress(
                project=project, day=add_months(today, -3 + step), by=staff,
                percent=percent * (step + 1) // 2,
                what=("与成员单位商定方案，公示一周。", "开始运行，每天有志愿者值守。")[step],
            )
            for step in range(2)
        )  # fmt: skip
        rows.update(state=JointState.UNDERWAY, percent=percent)
        if state == JointState.DONE:
            rows.update(
                state=JointState.DONE, ended_on=add_months(today, -1),
                result="40 个车位错时开放，居民登记使用 126 次。",
            )  # fmt: skip
