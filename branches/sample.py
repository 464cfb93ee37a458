"""样例区: an invented district, its organisations and people, alive around any given day.

Nothing here is real: 云泉区 is on no map, and identity numbers use an area code nobody has. The
same day gives the same district. Edge cases that the scoring must get right have names of their
own in :data:`EDGES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from accounts.models import User
from branches.enums import DutyKind, Field, MemberKind, PostKind, UnitKind
from branches.models import Member, Unit
from branches.services import exemptions, roster, terms, tree
from core.dates import Period, add_months

ROOT_CODE = "990101000000"
ROOT_NAME = "中共云泉区委员会"
_AREA = "990101"

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁郑谢宋唐许邓韩冯曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪"
    "陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严单仇查解"
)
_FIRST = "建国志明晓文海春秀玉桂丽红梅永德家振云雪思雨子天佳俊宏伟国庆卫东新民淑慧静敏"
_SECOND = "华军平英兰芳强勇杰涛超磊洋燕玲娟霞萍琴辉斌峰鹏飞宇轩怡婷欣悦宁安生"

_STREETS: tuple[tuple[str, Field, tuple[str, ...]], ...] = (
    ("文昌街道", Field.COMMUNITY, ("书院社区", "学府路社区", "钟楼社区")),
    ("柳溪街道", Field.COMMUNITY, ("柳荫社区", "溪桥社区", "东园社区")),
    ("锦河街道", Field.COMMUNITY, ("河湾社区", "锦绣社区", "渡口社区")),
    ("北辰街道", Field.COMMUNITY, ("星汉社区", "航天社区", "朝阳里社区")),
    ("望山街道", Field.VILLAGE, ("石门村", "梨花村", "泉水沟村")),
)
_OFFICES = ("区委办公室", "区财政局", "区教育局", "区住房和城乡建设局", "区卫生健康局", "区司法局")
_SCHOOLS = ("云泉区第一中学", "云泉区实验小学", "云泉区第三幼儿园", "云泉区职业技术学校")
_FIRMS = (
    ("云泉清流环保科技有限公司", Field.PRIVATE_FIRM),
    ("泉城里餐饮管理公司", Field.PRIVATE_FIRM),
    ("云泉区蓝天救援队", Field.SOCIAL),
    ("心桥社会工作服务中心", Field.SOCIAL),
)

# The branches that the scoring's edge cases live in, by the last digits of their code.
EDGES: dict[str, str] = {
    "three_groups": "99010100100101",
    "founded_mid_quarter": "99010100100202",
    "dissolved_mid_quarter": "99010100100302",
    "no_committee": "99010100200102",
    "exempt_whole_quarter": "99010100200202",
    "exempt_committee_only": "99010100200301",
    "exempt_two_months": "99010100200302",
    "late_filing": "99010100300101",
    "joint_meetings": "99010100300102",
    "returned_record": "99010100300201",
    "off_day": "99010100300202",
    "new_committee": "99010100300301",
    "tie_one": "99010100400101",
    "tie_two": "99010100400102",
    "tie_three": "99010100400201",
    "absentees": "99010100400202",
    "silent": "99010100400301",
    "two_groups": "99010100500101",
}


@dataclass
class SampleDistrict:
    """What was built: the root, its branches and groups by code, people, and the clock."""

    today: date
    root: Unit
    units: dict[str, Unit]
    members: dict[int, list[Member]] = field(default_factory=dict)

    @property
    def current(self) -> Period:
        """The running quarter."""
        return Period.containing(self.today, "quarter")

    @property
    def closed(self) -> Period:
        """The last full quarter: the one the edge cases lie in."""
        return self.current.previous()

    def edge(self, name: str) -> Unit:
        """The branch that an edge case lives in."""
        return self.units[EDGES[name]]

    @property
    def branches(self) -> list[Unit]:
        """Branches in the order of their codes."""
        return sorted((u for u in self.units.values() if u.is_branch), key=lambda u: u.code)

    @property
    def groups(self) -> list[Unit]:
        """党小组 in the order of their codes."""
        return sorted((u for u in self.units.values() if u.is_group), key=lambda u: u.code)


def build(*, today: date, district_staff: User, second_staff: User) -> SampleDistrict:
    """Place the organisations, put people on the rosters, elect committees, grant exemptions."""
    random = Random(20240101)  # noqa: S311  the same district every time, nothing secret
    closed = Period.containing(today, "quarter").previous()
    placed = tree.place_many(_organisations(random, closed), reason="样例")
    sample = SampleDistrict(today, placed[0], {unit.code: unit for unit in placed})
    _people(sample, random)
    _posts(sample)
    _terms(sample, random)
    _exemptions(sample, district_staff, second_staff)
    return sample


def _organisations(random: Random, closed: Period) -> list[tree.NewUnit]:
    root = tree.NewUnit(
        code=ROOT_CODE,
        name=ROOT_NAME,
        short_name="云泉区委",
        kind=UnitKind.DISTRICT,
        field=Field.OFFICE,
        founded_on=date(1984, 5, 1),
        contact="组织部值班室",
        address="云泉区人民路1号",
    )
    rows = [root]
    for number, (street, land, places) in enumerate(_STREETS, 1):
        rows += _street(random, number, street, land, places)
    rows += _line("800", "直属机关", Field.OFFICE, _OFFICES, random)
    rows += _line("810", "教育", Field.SCHOOL, _SCHOOLS, random)
    two_new = "990101820000"
    rows.append(
        tree.NewUnit(
            code=two_new,
            parent_code=ROOT_CODE,
            name="中共云泉区非公有制经济组织和社会组织工作委员会",
            short_name="两新工委",
            kind=UnitKind.WORKING_COMMITTEE,
            field=Field.PRIVATE_FIRM,
            founded_on=date(2012, 7, 1),
        )
    )
    for index, (firm, land) in enumerate(_FIRMS, 1):
        joint = index % 2 == 0
        rows.append(
            tree.NewUnit(
                code=f"99010182{index:04d}",
                parent_code=two_new,
                name=f"{firm}{'联合' if joint else ''}党支部",
                short_name=f"{firm.removeprefix('云泉区')[:8]}党支部",
                kind=UnitKind.JOINT_BRANCH if joint else UnitKind.BRANCH,
                field=land,
                founded_on=date(2013 + index, 3, 12),
            )
        )
    return [_edged(row, closed) for row in rows] + _groups(closed)


def _street(
    random: Random, number: int, street: str, land: Field, places: tuple[str, ...]
) -> list[tree.NewUnit]:
    committee = f"990101{number:03d}000"
    rows = [
        tree.NewUnit(
            code=committee,
            parent_code=ROOT_CODE,
            name=f"中共云泉区{street}工作委员会",
            short_name=f"{street}党工委",
            kind=UnitKind.WORKING_COMMITTEE,
            field=Field.STREET,
            founded_on=date(1990 + number, 6, 1),
            address=f"云泉区{street}",
        )
    ]
    for at, place in enumerate(places, 1):
        above = f"990101{number:03d}{at:03d}"
        is_committee = at == 1
        rows.append(
            tree.NewUnit(
                code=above,
                parent_code=committee,
                name=f"{street}{place}{'党委' if is_committee else '党总支'}",
                short_name=f"{place}{'党委' if is_committee else '党总支'}",
                kind=UnitKind.COMMITTEE if is_committee else UnitKind.GENERAL_BRANCH,
                field=land,
                founded_on=date(1995 + at, 4, random.randint(1, 28)),
                address=f"{street}{place}",
            )
        )
        grid = "村民小组" if land == Field.VILLAGE else "网格"
        for nth in (1, 2):
            name = f"{place}第{'一二'[nth - 1]}{grid}党支部"
            rows.append(
                tree.NewUnit(
                    code=f"{above}{nth:02d}",
                    parent_code=above,
                    name=f"{street}{name}",
                    short_name=name,
                    kind=UnitKind.BRANCH,
                    field=land,
                    founded_on=date(2001 + nth, 7, random.randint(1, 28)),
                    address=f"{street}{place}",
                )
            )
    return rows


def _line(
    code: str, title: str, land: Field, names: tuple[str, ...], random: Random
) -> list[tree.NewUnit]:
    committee = f"990101{code}000"
    rows = [
        tree.NewUnit(
            code=committee,
            parent_code=ROOT_CODE,
            name=f"中共云泉区{'直属机关' if land == Field.OFFICE else '教育'}工作委员会",
            short_name=f"{title}工委",
            kind=UnitKind.WORKING_COMMITTEE,
            field=land,
            founded_on=date(1992, 3, 1),
        )
    ]
    rows += [
        tree.NewUnit(
            code=f"{committee[:9]}{index:03d}",
            parent_code=committee,
            name=f"{name}党支部",
            short_name=f"{name.removeprefix('云泉区')}党支部",
            kind=UnitKind.BRANCH,
            field=land,
            founded_on=date(1998, 9, random.randint(1, 28)),
        )
        for index, name in enumerate(names, 1)
    ]
    return rows


def _edged(row: tree.NewUnit, closed: Period) -> tree.NewUnit:
    middle = add_months(closed.start, 1) + timedelta(days=9)
    if row.code == EDGES["founded_mid_quarter"]:
        return tree.NewUnit(**{**row.__dict__, "founded_on": middle})
    if row.code == EDGES["dissolved_mid_quarter"]:
        return tree.NewUnit(**{**row.__dict__, "dissolved_on": middle + timedelta(days=10)})
    return row


def _groups(closed: Period) -> list[tree.NewUnit]:
    """Three groups in one branch, the third founded in mid-quarter; two in another."""
    middle = add_months(closed.start, 1) + timedelta(days=4)
    rows = []
    for edge, count in (("three_groups", 3), ("two_groups", 2)):
        for nth in range(1, count + 1):
            rows.append(
                tree.NewUnit(
                    code=f"{EDGES[edge]}{nth:02d}",
                    parent_code=EDGES[edge],
                    name=f"第{'一二三'[nth - 1]}党小组",
                    kind=UnitKind.GROUP,
                    field=Field.COMMUNITY if edge == "three_groups" else Field.VILLAGE,
                    founded_on=middle if nth == 3 else date(2015, 3, 1),
                )
            )
    return rows


def _people(sample: SampleDistrict, random: Random) -> None:
    taken: set[str] = set()
    groups: dict[int, list[Unit]] = {}
    for group in sample.groups:
        groups.setdefault(group.parent_id or 0, []).append(group)
    rows: list[roster.NewMember] = []
    for unit in sample.branches:
        if unit.dissolved_on is not None:
            continue
        count = _headcount(unit, random)
        own = groups.get(unit.pk, [])
        for index in range(count):
            # Ten in each group, as a group of one's own is easiest to think of.
            mine = own[min(index // 10, len(own) - 1)] if own else None
            rows.append(_person(sample.today, unit, mine, index, random, taken))
    for member in roster.add_many(rows):
        sample.members.setdefault(member.unit_id, []).append(member)


def _headcount(unit: Unit, random: Random) -> int:
    if unit.code == EDGES["three_groups"]:
        return 30
    if unit.code == EDGES["two_groups"]:
        return 20
    if unit.code == EDGES["no_committee"]:
        return 5
    return random.randint(8, 16)


def _person(
    today: date, unit: Unit, group: Unit | None, index: int, random: Random, taken: set[str]
) -> roster.NewMember:
    name = ""
    while not name or name in taken:
        name = random.choice(_SURNAMES) + random.choice(_FIRST)
        name += random.choice(_SECOND) if random.random() < 0.75 else ""
    taken.add(name)
    born = date(today.year - random.randint(26, 78), random.randint(1, 12), random.randint(1, 28))
    fresh = index % 13 == 12
    joined = (
        add_months(today, -random.randint(2, 10))
        if fresh
        else date(
            min(born.year + random.randint(20, 34), today.year - 3), random.randint(1, 12), 15
        )
    )
    female = random.random() < 0.42
    serial = random.randrange(500) * 2 + (0 if female else 1)
    number = _with_check_digit(f"{_AREA}{born:%Y%m%d}{serial % 1000:03d}")
    while number in taken:
        serial += 2
        number = _with_check_digit(f"{_AREA}{born:%Y%m%d}{serial % 1000:03d}")
    taken.add(number)
    return roster.NewMember(
        unit=unit,
        group=group,
        name=name,
        id_number=number,
        phone=f"1{random.choice('3578')}{random.randrange(10**9):09d}",
        ethnicity=random.choices(("01", "03", "11", "04"), (90, 5, 3, 2))[0],
        education=random.choice(("10", "20", "20", "30", "30", "40", "60", "70")),
        kind=MemberKind.PROBATIONARY if fresh else MemberKind.FULL,
        joined_on=joined,
        confirmed_on=None if fresh else add_months(joined, 12),
        is_floating=random.random() < 0.04,
        is_lost=unit.code == EDGES["absentees"] and index == 5,
        job=random.choice(("社区工作者", "企业职工", "教师", "离退休人员", "机关干部", "农民")),
        residence=unit.address or "云泉区",
    )


def _with_check_digit(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _posts(sample: SampleDistrict) -> None:
    for unit in sample.branches:
        people = [m for m in sample.members.get(unit.pk, []) if m.kind == MemberKind.FULL]
        if not people:
            continue
        since = max(unit.founded_on or date(2023, 3, 1), date(2023, 3, 1))
        roster.appoint(unit=unit, member=people[0], kind=PostKind.SECRETARY, since=since)
        if len(people) < 7:
            continue
        for kind, member in zip(
            (PostKind.ORGANISER, PostKind.PUBLICIST, PostKind.DISCIPLINE), people[1:], strict=False
        ):
            roster.appoint(unit=unit, member=member, kind=kind, since=since)
    for group in sample.groups:
        people = [m for m in sample.members[group.parent_id or 0] if m.group_id == group.pk]
        since = max(group.founded_on or date(2023, 3, 1), date(2023, 3, 1))
        roster.appoint(unit=group, member=people[1], kind=PostKind.GROUP_LEADER, since=since)


def _terms(sample: SampleDistrict, random: Random) -> None:
    """A term for each branch that has the people for a committee; one elected in mid-quarter."""
    middle = add_months(sample.closed.start, 1) + timedelta(days=14)
    rows = []
    for unit in sample.branches:
        full = [m for m in sample.members.get(unit.pk, []) if m.kind == MemberKind.FULL]
        if unit.founded_on and unit.founded_on > sample.closed.start:
            continue
        elected = date(sample.today.year - random.randint(0, 2), 3, random.randint(1, 28))
        if elected > sample.closed.start:
            elected = elected.replace(year=elected.year - 1)
        if unit == sample.edge("new_committee"):
            elected = middle
        rows.append(
            terms.NewTerm(
                unit=unit,
                started_on=elected,
                due_on=add_months(elected, 36),
                with_committee=len(full) >= 7,
            )
        )
    terms.add_terms(rows)


def _exemptions(sample: SampleDistrict, asker: User, decider: User) -> None:
    quarter = sample.closed
    granted = (
        ("exempt_whole_quarter", "", quarter.start, quarter.end, "社区整体拆迁，党员分散安置。"),
        (
            "exempt_committee_only",
            DutyKind.COMMITTEE,
            quarter.start,
            quarter.end,
            "两名委员调离，补选前不召开支委会。",
        ),
        (
            "exempt_two_months",
            "",
            quarter.start,
            add_months(quarter.start, 2) - timedelta(days=1),
            "支部党员全员参加防汛抢险。",
        ),
    )
    for edge, kind, since, until, reason in granted:
        asked = exemptions.propose(
            unit=sample.edge(edge), kind=kind, since=since, until=until, reason=reason, by=asker
        )
        exemptions.decide(exemption=asked, approve=True, by=decider, answer="情况属实，同意。")
    exemptions.propose(
        unit=sample.edge("silent"),
        since=sample.current.start,
        until=sample.current.end,
        reason="书记住院，申请暂缓本季度组织生活。",
        by=asker,
    )
