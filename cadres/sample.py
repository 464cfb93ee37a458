"""Sixty invented cadres of the sample district, and a year of work with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from branches.models import Unit
from branches.sample import ROOT_CODE, SampleDistrict
from cadres import services
from cadres.enums import (
    LEADING_LEVELS,
    AuditItemKind,
    CadreState,
    Conclusion,
    Grade,
    Level,
    Must,
    MustOutcome,
    Step,
    TagKind,
    Way,
)
from cadres.models import (
    Appointment,
    Appraisal,
    Audit,
    Cadre,
    DutyNotice,
    Family,
    MatterReport,
    Quota,
    RankStep,
    Stint,
    Training,
)
from cadres.rules.appointments import publicity_end
from cadres.rules.limits import LEAD, Limits
from cadres.rules.words import workplace
from core.dates import add_months
from core.holidays import calendar_around
from core.models import RuleParameter
from core.pinyin import search_key

_SURNAMES = "乔祁阮柏房温庄柯骆裴尚霍祝申景章管葛甄连向耿盛靳季岳华游项童"
_GIVEN = ("承远", "静澜", "克俭", "若溪", "嘉树", "守拙", "明德", "思齐", "怀瑾", "亦舟")
_OFFICES = [f"990101800{n:03d}" for n in range(1, 7)]
_STREETS = [f"990101{n:03d}000" for n in range(1, 6)]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TOWNS = ("云泉", "柳溪", "望山", "锦河", "北辰")
_SCHOOLS = (
    "省师范大学中文系汉语言文学专业",
    "省农业大学经济管理学院会计学专业",
    "省理工大学土木工程系",
)
_CRITERIA = {
    TagKind.LEARNING: "全年学时达标，完成一项调研并被采用。",
    TagKind.SERVING: "联系群众有台账，办成群众点名的事三件以上。",
    TagKind.WORKING: "牵头的重点工作按期完成，年度考核优秀。",
    TagKind.CREATIVE: "做法被区级以上推广。",
    TagKind.CLEAN: "三年内没有三单，家风评议好。",
}
_DAY = timedelta(days=1)


@dataclass
class _Work:
    """What is at hand while it is built."""

    sample: SampleDistrict
    by: User
    second: User
    people: dict[str, list[Cadre]]
    number: int = 0

    @property
    def today(self) -> date:
        """The clock of the sample."""
        return self.sample.today

    def key(self) -> Any:
        """A form's key, the same each time."""
        self.number += 1
        return uuid5(NAMESPACE_URL, f"cadre-sample-{self.number}")


def build(*, sample: SampleDistrict, users: dict[str, User]) -> None:
    """Write it; ``users`` by sign-in name."""
    random = Random(20240701)  # noqa: S311  the same people every time, nothing secret
    work = _Work(sample, users["ganbu"], users["ganbu2"], {})
    _parameters()
    _quotas(work)
    _people(work, random)
    _appointments(work)
    _oversight(work)
    _matters(work)
    _training(work)


def _parameters() -> None:
    """The settable numbers, so that staff see where to change them."""
    usual = Limits()
    rule = "党政领导干部选拔任用工作条例"
    rows = (
        ("publicity_days", "任前公示不少于", "个工作日", rule),
        ("trial_months", "试用期", "个月", rule),
        ("reply_days", "函询回复期限", "个工作日", "提醒、函询和诫勉实施细则"),
        ("admonish_months", "诫勉影响期", "个月", "提醒、函询和诫勉实施细则"),
        ("check_percent", "个人有关事项抽查比例", "%", "区委组织部规定"),
        ("town_hours", "乡科级每年学时", "学时", "干部教育培训工作条例"),
    )
    RuleParameter.objects.bulk_create(
        (
            RuleParameter(
                key=LEAD + name, title=title, value=str(getattr(usual, name)), unit_of_measure=unit,
                level="national", regulation=regulation, effective_from=date(2019, 3, 1),
            )
            for name, title, unit, regulation in rows
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def _quotas(work: _Work) -> None:
    posts = {
        ROOT_CODE: ((Level.COUNTY, 1), (Level.DEPUTY_COUNTY, 3)),
        **dict.fromkeys(_STREETS, ((Level.TOWN, 2), (Level.DEPUTY_TOWN, 5))),
        **dict.fromkeys(_OFFICES, ((Level.TOWN, 1), (Level.DEPUTY_TOWN, 3))),
    }
    Quota.unscoped.bulk_create(
        Quota(
            unit=work.sample.units[code], level=level, approved=count, by=work.by,
            valid_from=date(work.today.year - 2, 1, 1), document="云编发〔示例〕1号",
        )
        for code, levels in posts.items()
        for level, count in levels
    )  # fmt: skip


_POSTS: dict[str, tuple[tuple[str, str], ...]] = {
    "root": (
        ("副书记", Level.COUNTY), ("常委、组织部部长", Level.DEPUTY_COUNTY),
        ("常委、副区长", Level.DEPUTY_COUNTY),
        ("常委、宣传部部长", Level.DEPUTY_COUNTY),
    ),
    "street": (
        ("书记", Level.TOWN), ("副书记、街道办事处主任", Level.TOWN), ("副书记", Level.DEPUTY_TOWN),
        ("纪工委书记", Level.DEPUTY_TOWN), ("委员、街道办事处副主任", Level.DEPUTY_TOWN),
        ("委员、街道办事处副主任", Level.DEPUTY_TOWN),
    ),
    "office": (
        ("局长", Level.TOWN), ("副局长", Level.DEPUTY_TOWN), ("办公室主任", Level.STAFF),
        ("一级科员", Level.STAFF),
    ),
}  # fmt: skip


def _people(work: _Work, random: Random) -> None:
    cadres: list[Cadre] = []
    rows: list[tuple[Cadre, Unit, str, str]] = []
    places = [
        (ROOT_CODE, "root"), *((code, "street") for code in _STREETS),
        *((code, "office") for code in _OFFICES),
    ]  # fmt: skip
    for code, kind in places:
        unit = work.sample.units[code]
        for post, level in _POSTS[kind]:
            one = _person(work, unit, level, len(cadres), random)
            cadres.append(one)
            rows.append((one, unit, post, level))
            work.people.setdefault(code, []).append(one)
    for _ in range(2):
        retired = _person(work, work.sample.root, Level.TOWN, len(cadres), random)
        retired.state = CadreState.RETIRED
        cadres.append(retired)
    Cadre.unscoped.bulk_create(cadres)
    Stint.unscoped.bulk_create(_stints(work.today, rows))
    Family.unscoped.bulk_create(one for cadre in cadres for one in _family(cadre, random))
    Appraisal.unscoped.bulk_create(
        Appraisal(
            cadre=cadre, year=work.today.year - back,
            grade=Grade.EXCELLENT if random.random() < 0.15 else Grade.COMPETENT,
        )
        for cadre in cadres
        for back in (1, 2, 3)
    )  # fmt: skip
    RankStep.unscoped.bulk_create(
        RankStep(
            cadre=cadre, since=date(work.today.year - 3, 6, 1), document="云组任〔示例〕12号",
            rank="四级调研员" if cadre.level == Level.TOWN else "一级主任科员",
        )
        for cadre in cadres
        if cadre.level in (Level.TOWN, Level.DEPUTY_TOWN)
    )  # fmt: skip


def _person(work: _Work, unit: Unit, level: str, number: int, random: Random) -> Cadre:
    ages = {Level.COUNTY: 52, Level.DEPUTY_COUNTY: 48, Level.TOWN: 45, Level.DEPUTY_TOWN: 40}
    age = ages.get(Level(level), 32) + random.randint(-3, 3)
    born = date(work.today.year - age, random.randint(1, 12), random.randint(1, 28))
    man = number % 3 != 1
    cadre = Cadre(
        unit=unit, level=level, by=work.by, sex="1" if man else "2",
        name=_SURNAMES[number % len(_SURNAMES)] + _GIVEN[(number * 7 + number // 30) % 10],
        party_on=born.replace(year=born.year + 23), work_on=date(born.year + 22, 7, 1),
        specialty="基层治理" if number % 2 else "党务工作", full_education="大学本科 学士",
        full_school=_SCHOOLS[number % 3], ethnicity="03" if number % 9 == 5 else "01",
        part_education="研究生" if level in LEADING_LEVELS[:3] else "",
        part_school="省委党校公共管理专业" if level in LEADING_LEVELS[:3] else "",
    )  # fmt: skip
    cadre.name_key = search_key(cadre.name)
    town = _TOWNS[number % 5]
    texts = {
        "id_number": _id_number(born, number * 2 + man), "phone": f"1390000{number:04d}",
        "born": born.isoformat(), "native_place": f"{town}（虚构）",
        "birthplace": f"{town}（虚构）",
        "health": "健康", "honours": "区级优秀公务员" if number % 6 == 0 else "",
    }  # fmt: skip
    for name, text in texts.items():
        cadre.seal(name, text or None)
    return cadre


def _id_number(born: date, number: int) -> str:
    """A number with an area code that nobody has."""
    body = f"990101{born:%Y%m%d}{number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _stints(today: date, rows: list[tuple[Cadre, Unit, str, str]]) -> list[Stint]:
    made = []
    for cadre, unit, post, level in rows:
        assert cadre.work_on is not None
        start, place = cadre.work_on, workplace(str(unit))
        school = date(start.year - 4, 9, 1)
        middle, now = date(start.year + 5, 3, 1), date(today.year - 2, 9, 1)
        made += [
            Stint(cadre=cadre, since=school, until=date(start.year, 6, 30),
                  place=cadre.full_school[:6], post=f"{cadre.full_school[6:]}学习"),
            Stint(cadre=cadre, since=start, until=middle, place="云泉区望山街道", post="科员"),
            Stint(cadre=cadre, since=middle, until=now, place="云泉区锦河街道", post="党政办主任"),
            Stint(cadre=cadre, since=now, place=place, post=post,
                  in_quota=level in LEADING_LEVELS,
                  unit=unit if level in LEADING_LEVELS else None,
                  level=level if level in LEADING_LEVELS else ""),
        ]  # fmt: skip
    return made


def _family(cadre: Cadre, random: Random) -> list[Family]:
    made = []
    spouse = "妻子" if cadre.sex == "1" else "丈夫"
    born = cadre.born_on
    assert born is not None
    for relation, name, year, work in (
        (spouse, random.choice(_SURNAMES) + "某", born.year + 1, "云泉区某小学教师"),
        ("儿子", f"{cadre.name[0]}某某", born.year + 27, "在校学生"),
    ):
        row = Family(cadre=cadre, relation=relation, politics="13")
        row.seal("name", name)
        row.seal("born", f"{year}.05")
        row.seal("work", work)
        made.append(row)
    return made


# --- Appointments in every state --------------------------------------------------------------


def _appointments(work: _Work) -> None:
    """One at each step, one stopped, one whose 试用期 ends soon, one that ended well."""
    places = iter([*_OFFICES, *_STREETS])
    plans = (
        (Step.MOTION, 0), (Step.MEETING, 0), (Step.TALKS, 0), (Step.INSPECT, 0),
        (Step.INSPECT, 6), (Step.DECIDE, 6), (Step.PUBLICITY, 6), (Step.OFFICE, 6),
        (Step.OFFICE, 6), (Step.CONFIRM, 6), (Step.STOPPED, 0),
    )  # fmt: skip
    decided = (
        work.today, work.today, work.today, work.today, work.today, work.today - _DAY,
        work.today - 3 * _DAY, add_months(work.today, -4), add_months(work.today, -12) + 20 * _DAY,
        add_months(work.today, -14), work.today,
    )  # fmt: skip
    for at, ((to, audit), day) in enumerate(zip(plans, decided, strict=True)):
        code = next(places)
        post = "副局长" if code in _OFFICES else "委员、政法委员"
        _appointment(work, work.sample.units[code], post, to, audit, day, Way.TERM if at % 4 == 3
                     else Way.SINGLE)  # fmt: skip


def _appointment(
    work: _Work, unit: Unit, post: str, to: str, audit: int, decided: date, way: str
) -> None:
    row = services.begin(
        unit=unit, post=post, level=Level.DEPUTY_TOWN, way=way, day=decided - 60 * _DAY,
        on=work.today, by=work.by, form_key=work.key(), document="云组函〔示例〕8号",
        paper="干部科 3 号柜",
    )  # fmt: skip
    days = {1: decided - 50 * _DAY, 2: decided - 45 * _DAY, 3: decided - 30 * _DAY, 4: decided}
    candidate = work.people[unit.code][-1]
    for place, step in enumerate(row.sequence[1:], start=1):
        if row.step == to or (to == Step.STOPPED and place == 3):
            break
        day, facts = days.get(place, decided + _DAY), dict[str, Any]()
        if step == Step.MEETING:
            facts = {"invited": 28, "issued": 28, "returned": 28}
        if step == Step.TALKS:
            facts = {"talked": 16}
        if step == Step.INSPECT:
            facts = {"cadre": candidate}
        if step == Step.DECIDE:
            facts = {"members": 11, "present": 10, "yes": 10}
        if step == Step.PUBLICITY:
            facts = {"until": publicity_end(day, Limits(), calendar_around(day))}
        if step == Step.OFFICE:
            assert row.publicity_until is not None
            day = row.publicity_until + _DAY
        if step == Step.CONFIRM:
            assert row.trial_until is not None
            day = row.trial_until + _DAY
        row = services.advance(
            appointment=row, step=step, by=work.by, on=work.today, day=day, paper="干部科 3 号柜",
            **facts,
        )  # fmt: skip
        if step == Step.INSPECT:
            _audit(work, row, audit, decided - 20 * _DAY, review=to != Step.INSPECT)
    if to == Step.STOPPED:
        services.stop(appointment=row, by=work.by, on=work.today, day=decided - 40 * _DAY,
                      reason="机构调整，职位撤并")  # fmt: skip


def _audit(work: _Work, row: Appointment, settled: int, on: date, *, review: bool) -> None:
    """The six items: the first ``settled`` of them agreed on, one of the rest in doubt."""
    audit, cadre = Audit.unscoped.get(appointment=row), row.cadre
    assert cadre is not None
    values = {
        AuditItemKind.AGE: f"{cadre.born_on:%Y.%m}",
        AuditItemKind.WORK_AGE: f"{cadre.work_on:%Y.%m}",
        AuditItemKind.PARTY_AGE: f"{cadre.party_on:%Y.%m}", AuditItemKind.EDUCATION: "大学本科",
        AuditItemKind.EXPERIENCE: "与简历一致", AuditItemKind.IDENTITY: "公务员",
    }  # fmt: skip
    for at, kind in enumerate(AuditItemKind):
        if at > max(settled, 2):
            break
        conclusion = Conclusion.SAME if at < max(settled, 2) else Conclusion.OPEN
        services.audit_item(
            audit=audit, kind=kind, recorded=values[kind], confirmed="", basis="",
            conclusion=conclusion, by=work.by,
        )  # fmt: skip
    if review:
        services.review_audit(
            audit=audit, by=work.second, day=on, on=work.today, paper="干部科 3 号柜"
        )
    if settled:
        for must in (Must.MATTERS, Must.DISCIPLINE, Must.PETITIONS):
            services.record_must(
                appointment=row, kind=must, done_on=on, outcome=MustOutcome.CLEAR,
                paper="干部科 3 号柜", by=work.by, on=work.today,
            )  # fmt: skip


# --- Oversight, matters, training ------------------------------------------------------------


def _oversight(work: _Work) -> None:
    people = [one for code in _STREETS for one in work.people[code]]
    kinds = cycle(("remind", "inquire", "admonish", "inquire"))
    for place, back in enumerate((2, 30, 60, 8, 120, 45)):
        issued = work.today - back * _DAY
        order = services.issue(
            cadre=people[place * 4], kind=next(kinds), reason="duty", approved_by="部长",
            approved_on=issued, issued_on=issued, paper="干部监督科 1 号柜", by=work.by,
            on=work.today, form_key=work.key(),
        )  # fmt: skip
        if place in (2, 4):
            if order.kind != "remind":
                services.reply(order=order, replied_on=issued + 4 * _DAY, on=work.today)
            services.close(order=order, closed_on=issued + 6 * _DAY, outcome="corrected",
                           on=work.today)  # fmt: skip
    chiefs = [work.people[code][0] for code in (*_STREETS, *_OFFICES)]
    for kind, back in (("selection", 40), ("establishment", 25), ("economic", 4)):
        services.notify_duty(
            cadres=chiefs, kind=kind, number=f"云组告{work.today.year}-{back}",
            issued_on=work.today - back * _DAY, by=work.by, on=work.today,
        )  # fmt: skip
    DutyNotice.unscoped.filter(issued_on__lt=work.today - 10 * _DAY).exclude(
        cadre=chiefs[3]
    ).update(received_on=work.today - 9 * _DAY, paper="干部监督科 2 号柜")


def _matters(work: _Work) -> None:
    year = work.today.year
    services.open_year(unit=work.sample.root, year=year, by=work.by, on=work.today)
    rows = list(MatterReport.unscoped.filter(year=year).order_by("pk"))
    due = rows[0].due_on
    filed = min(due - 12 * _DAY, work.today)
    services.file_reports(
        reports=rows[2:], filed_on=filed, paper="干部监督科 5 号柜", by=work.by, on=work.today
    )
    draw = services.start_draw(
        unit=work.sample.root, year=year, percent=10, witness="机关纪委 项某", by=work.by,
        form_key=work.key(), seed="20260318",
    )  # fmt: skip
    first = draw.drawn.order_by("place").first()
    if first is not None:
        services.settle(drawn=first, outcome="same", checked_on=work.today, by=work.by,
                        on=work.today)  # fmt: skip


def _training(work: _Work) -> None:
    everybody = [one for people in work.people.values() for one in people]
    year, root = work.today.year, work.sample.root
    plans = (
        ("科级干部任职培训班", "school", year, 60, 2), ("基层治理专题班", "topic", year, 40, 1),
        ("网络专题培训", "online", year, 30, 1), ("党性教育现场教学", "field", year - 1, 60, 1),
        ("中青年干部培训班", "school", year - 2, 320, 3),
        ("领导干部进修班", "school", year - 3, 300, 4),
    )  # fmt: skip
    for title, kind, in_year, hours, every in plans:
        ends = min(date(in_year, 10, 20), work.today)
        course = services.add_course(
            unit=root, title=title, kind=kind, starts_on=ends - timedelta(days=hours // 8),
            ends_on=ends, hours=Decimal(hours), by=work.by,
        )  # fmt: skip
        Training.unscoped.bulk_create(
            Training(course=course, cadre=one, hours=Decimal(hours))
            for place, one in enumerate(everybody)
            if (place * 7 + place // 6) % (every + 1)
        )
    for at, (tag, text) in enumerate(_CRITERIA.items()):
        criterion = services.set_criterion(unit=root, kind=tag, text=text)
        for one in everybody[at::9]:
            services.give_tag(
                cadre=one, criterion=criterion, year=year, basis="对照标准，经部务会研究",
                by=work.by, on=work.today,
            )  # fmt: skip
