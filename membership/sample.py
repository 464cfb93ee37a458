"""A year of 党员发展与转接 in the sample district: all stages, transfers in every state.

All people are invented and hang on ``sample.today``. Cases are written in bulk and led along their
stages by one statement each, so that the database's own rules hold here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from branches.enums import Cause, MemberKind
from branches.models import Member, Post, Unit
from branches.sample import SampleDistrict
from branches.services import NewMember, add_many, change_member, register_event
from core.dates import add_months
from core.pinyin import search_key
from membership import services
from membership.book import rules_on
from membership.enums import (
    STAGE_AFTER,
    Actor,
    EndReason,
    Number,
    Side,
    Stage,
    StepState,
)
from membership.models import Candidate, Clock, Step, StepRule
from membership.winding import wind_clocks

_NAMES = (
    "邱晓雯", "阎思远", "尹佳宁", "段雨欣", "雷宏杰", "黎静怡", "史俊峰", "龙欣悦", "陶子轩",
    "贺文涛", "顾明珠", "毛海燕", "郝志强", "龚雪莹", "邵天宇", "万春霞", "覃国栋", "武安琪",
)  # fmt: skip
_JOBS = ("社区网格员", "中学教师", "环卫班长", "社区卫生服务站护士", "合作社会计", "企业技术员")
# When a step is done, in months and days after the application.
_DAYS: dict[int, tuple[int, int]] = {
    1: (0, 0), 2: (0, 20), 3: (6, 0), 4: (6, 3), 5: (6, 10), 6: (6, 12), 8: (18, 20), 10: (19, 1),
    11: (19, 3), 12: (19, 20), 13: (20, 0), 14: (20, 5), 15: (20, 10), 16: (20, 12), 17: (20, 20),
    18: (20, 28), 19: (21, 5), 20: (21, 8), 21: (21, 12), 22: (27, 1), 23: (32, 22), 24: (33, 6),
    25: (33, 20),
}  # fmt: skip
_FACTS: dict[int, dict[str, Any]] = {
    1: {"paper": "支部档案柜"},
    2: {"persons": "支部书记、组织委员"},
    3: {"persons": "党小组推荐"},
    5: {"document": "备〔{year}〕{number}号"},
    6: {"persons": "赵桂英、陈国安"},
    7: {"outcome": "good", "persons": "赵桂英", "paper": "支部档案柜"},
    8: {"outcome": "good", "paper": "支部档案柜"},
    11: {"persons": "赵桂英、陈国安"},
    12: {"outcome": "good", "persons": "组织委员", "paper": "支部档案柜"},
    13: {"outcome": "good", "training_days": 3, "document": "培{year}{number}"},
    15: {"outcome": "good"},
    16: {"document": "志愿书 {year}{number}"},
    17: {"outcome": "good", "eligible": 12, "present": 11, "yes": 11, "no": 0, "abstain": 0},
    18: {"outcome": "good", "persons": "组织干事"},
    19: {"outcome": "good", "document": "党发〔{year}〕{number}号"},
    21: {"place": "区党群服务中心"},
    22: {"outcome": "good", "persons": "赵桂英"},
    23: {"outcome": "good", "eligible": 12, "present": 12, "yes": 12, "no": 0, "abstain": 0},
    24: {"outcome": "good", "document": "党发〔{year}〕{number}号"},
    25: {"paper": "党工委档案室"},
}


@dataclass
class _Spec:
    """How far a case has gone, how many days ago its last step was; 7 counts 考察 already held."""

    upto: int
    ago: int
    observed: int = 2
    sent: bool = False
    ended: bool = False
    unit: Unit = field(init=False)
    applied: date = field(init=False)
    candidate: Candidate = field(init=False)


# The first four are of the branch whose secretary signs in as shuji.
_SPECS = (
    _Spec(1, 9), _Spec(6, 170, observed=0), _Spec(16, 8), _Spec(21, 335),
    _Spec(1, 44), _Spec(3, 12), _Spec(4, 6), _Spec(6, 260, observed=1),
    _Spec(8, 5, sent=True), _Spec(8, 16), _Spec(13, 4), _Spec(14, 3), _Spec(18, 12),
    _Spec(18, 96), _Spec(22, 160), _Spec(23, 9), _Spec(25, 40), _Spec(5, 200, ended=True),
)  # fmt: skip


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    _cases(sample, authors, users)
    _transfers(sample, users)
    _clocks(sample)


# --- 发展党员 ----------------------------------------------------------------------------------


def _cases(sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    mine = sample.edge("three_groups")
    others = [
        unit for unit in sample.branches if unit.pk != mine.pk and unit.dissolved_on is None
    ]  # fmt: skip
    specs = [_Spec(one.upto, one.ago, one.observed, one.sent, one.ended) for one in _SPECS]
    for place, spec in enumerate(specs):
        spec.unit = mine if place < 4 else others[(place * 5) % len(others)]
        months, days = _DAYS[spec.upto]
        spec.applied = add_months(sample.today - timedelta(days=spec.ago + days), -months)
        spec.candidate = _candidate(place, spec, authors)
    Candidate.unscoped.bulk_create(spec.candidate for spec in specs)
    actors = dict(StepRule.objects.filter(rules__code="2014").values_list("number", "actor"))
    steps = [
        step
        for place, spec in enumerate(specs)
        for step in _steps(place, spec, authors, users, actors, sample.today)
    ]
    # Those that the database looks for when others come in stand first.
    for number in sorted({step.number for step in steps}):
        Step.unscoped.bulk_create(step for step in steps if step.number == number)
    _settle(specs, users)


def _candidate(place: int, spec: _Spec, authors: dict[int, User]) -> Candidate:
    rules = rules_on(spec.applied)
    assert rules is not None
    born = add_months(spec.applied, -12 * (24 + place % 9)) - timedelta(days=17 * place)
    name = _NAMES[place]
    row = Candidate(
        unit=spec.unit, rules=rules, name=name, name_key=search_key(name), birth_date=born,
        sex="2" if place % 2 else "1", applied_on=spec.applied, job=_JOBS[place % len(_JOBS)],
        education="20" if place % 3 else "30", ethnicity="01",
        created_by=authors.get(spec.unit.pk),
    )  # fmt: skip
    row.seal("id_number", _number(born, place))
    row.seal("phone", f"1390000{6100 + place:04d}")
    return row


def _number(born: date, place: int) -> str:
    """An identity number of an area that nobody has."""
    body = f"990199{born:%Y%m%d}{400 + place * 2 + (0 if place % 2 else 1):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def _day(spec: _Spec, number: int) -> date:
    months, days = _DAYS[number]
    return add_months(spec.applied, months) + timedelta(days=days)


def _steps(
    place: int,
    spec: _Spec,
    authors: dict[int, User],
    users: dict[str, User],
    actors: dict[int, str],
    today: date,
) -> list[Step]:
    found = []
    for number in range(1, spec.upto + 1):
        days = _days(spec, number)
        for day in days:
            above = actors[number] == Actor.COMMITTEE
            by = users["jiedao"] if above else authors.get(spec.unit.pk)
            facts = {
                key: value.format(year=day.year, number=place + 11)
                if isinstance(value, str)
                else value
                for key, value in _FACTS.get(number, {}).items()
            }
            step = Step(
                candidate=spec.candidate, number=number, day=min(day, today), by=by, **facts
            )
            if number == Number.PROPOSE:
                step.state = StepState.SENT if spec.sent else StepState.DONE
                step.outcome = "" if spec.sent else "good"
                step.decided_by = None if spec.sent else users["zuzhibu"]
            found.append(step)
    return found


def _days(spec: _Spec, number: int) -> list[date]:
    if number == Number.PUBLISH:
        return []
    if number == Number.OBSERVE:
        first = _day(spec, Number.CONTACTS)
        times = 2 if spec.upto > Number.OBSERVE else spec.observed
        return [add_months(first, 6 * time) for time in range(1, times + 1)]
    return [_day(spec, number)]


def _settle(specs: list[_Spec], users: dict[str, User]) -> None:
    """The stages, the roster of those approved, the duty of those prechecked."""
    on_roster = [spec for spec in specs if spec.upto >= Number.APPROVE]
    members = add_many([_new(spec) for spec in on_roster])
    for spec, member in zip(on_roster, members, strict=True):
        spec.candidate.member = member
    for spec in specs:
        row = spec.candidate
        if spec.upto >= Number.MEETING:
            row.accepted_on = _day(spec, Number.MEETING)
            row.probation_ends = add_months(row.accepted_on, 12)
        elif spec.upto >= Number.PRECHECK:
            row.event = register_event(
                unit=spec.unit, by=users["jiedao"], cause=Cause.ADMISSION,
                day=_day(spec, Number.PRECHECK), title="讨论接收预备党员",
            )  # fmt: skip
        if spec.upto >= Number.CONFIRM_APPROVE:
            row.confirmed_on = row.probation_ends
    fields = ["accepted_on", "probation_ends", "member", "event", "confirmed_on"]
    Candidate.unscoped.bulk_update([spec.candidate for spec in specs], fields)
    last = {number: stage for number, stage in STAGE_AFTER.items() if stage != Stage.FILED}
    for number, stage in (*last.items(), (24, Stage.FULL), (25, Stage.FILED)):
        gone = [spec.candidate.pk for spec in specs if spec.upto >= number]
        Candidate.unscoped.filter(pk__in=gone).update(stage=stage)
    for spec in specs:
        if spec.ended:
            Candidate.unscoped.filter(pk=spec.candidate.pk).update(
                stage=Stage.ENDED, end_reason=EndReason.WITHDRAWN,
                ended_on=_day(spec, spec.upto) + timedelta(days=90),
            )  # fmt: skip


def _new(spec: _Spec) -> NewMember:
    row, joined = spec.candidate, _day(spec, Number.MEETING)
    full = spec.upto >= Number.CONFIRM_APPROVE
    return NewMember(
        unit=spec.unit, name=row.name, id_number=row.unseal("id_number"),
        phone=row.unseal("phone"), job=row.job, joined_on=joined, arrived_on=joined,
        ethnicity="01", education=row.education,
        kind=MemberKind.FULL if full else MemberKind.PROBATIONARY,
        confirmed_on=add_months(joined, 12) if full else None,
    )  # fmt: skip


# --- 转接 ------------------------------------------------------------------------------------


def _transfers(sample: SampleDistrict, users: dict[str, User]) -> None:
    """One in each state; what is done has moved its member."""
    today, mine = sample.today, sample.edge("three_groups")
    asker, other, staff = users["shuji"], users["jiedao"], users["zuzhibu"]
    second = users["zuzhibu2"]
    places = [unit for unit in sample.branches if unit.dissolved_on is None and unit.pk != mine.pk]
    near = next(unit for unit in places if unit.committee_id == mine.committee_id)
    far = next(unit for unit in places if unit.committee_id != mine.committee_id)
    own, theirs, distant = (_movable(sample, unit) for unit in (mine, near, far))

    def day(ago: int) -> date:
        return today - timedelta(days=ago)

    def inside(member: Member, to: Unit, ago: int, by: User, why: str) -> Any:
        return services.ask_inside(member=member, to=to, by=by, on=day(ago), reason=why)

    inside(own[0], far, 4, asker, "居住地变化")
    inside(theirs[0], mine, 3, other, "工作调动")
    services.ask_inside(
        member=distant[0], to=mine, by=asker, on=day(14), side=Side.NEW, reason="到社区工作"
    )
    crossing = inside(distant[1], mine, 8, staff, "工作调动")
    services.agree(transfer=crossing, by=asker, on=day(6))
    ready = inside(own[1], near, 5, asker, "居住地变化")
    services.agree(transfer=ready, by=other, on=today, effective_on=today + timedelta(days=7))
    done = inside(theirs[1], mine, 50, other, "退休后转到居住地")
    services.agree(transfer=done, by=asker, on=day(46))
    refused = inside(own[2], far, 70, asker, "工作调动")
    services.refuse(transfer=refused, by=staff, on=day(66), answer="本人劳动合同还没有签，暂不接收")
    out = "中共邻江市新城区{}街道{}社区支部委员会"
    services.ask_out(
        member=own[3], outside=out.format("滨湖", "清波"), by=asker, on=day(2), reason="随迁",
        dues_until=today,
    )  # fmt: skip
    for member, ago, name in ((distant[2], 20, "花园"), (theirs[2], 118, "桥头")):
        letter = services.ask_out(
            member=member, outside=out.format("滨湖", name), by=staff, on=day(ago + 2),
            reason="外出就业",
        )  # fmt: skip
        services.issue(transfer=letter, by=second, on=day(ago), letter_on=day(ago), valid_days=90)
    gone = services.ask_out(
        member=distant[3], outside=out.format("城北", "钟山"), by=staff, on=day(90), reason="调动"
    )
    services.issue(transfer=gone, by=second, on=day(88), letter_on=day(88), valid_days=90)
    services.receive_receipt(transfer=gone, by=second, on=day(60), receipt_on=day(63))
    _letters_in(sample, mine, near, users)


def _letters_in(sample: SampleDistrict, mine: Unit, near: Unit, users: dict[str, User]) -> None:
    today = sample.today
    for place, (unit, ago, name) in enumerate(((mine, 6, "戴玉兰"), (near, 33, "钱文斌"))):
        born = date(1982 + place, 4, 12)
        letter = services.bring_in(
            to=unit, outside="中共邻江市老城区东门街道工委组织办", name=name,
            id_number=_number(born, 40 + place),
            letter_number=f"邻老组转〔{today.year}〕{31 + place}",
            letter_on=today - timedelta(days=ago + 9), valid_days=90,
            by=users["shuji"] if unit.pk == mine.pk else users["zuzhibu"],
            on=today - timedelta(days=ago), joined_on=date(2009, 6, 20),
            confirmed_on=date(2010, 6, 20), dues_until=today - timedelta(days=ago + 20),
        )  # fmt: skip
        if unit.pk == near.pk:
            services.accept(
                transfer=letter, by=users["jiedao"], on=today - timedelta(days=30),
                effective_on=today - timedelta(days=30),
            )  # fmt: skip


def _movable(sample: SampleDistrict, unit: Unit) -> list[Member]:
    """Members without a post, the last on the list first."""
    held = set(Post.unscoped.filter(member__unit=unit).values_list("member", flat=True))
    rows = Member.unscoped.filter(unit=unit, state="active", kind="01").order_by("-pk")
    return [member for member in rows if member.pk not in held]


# --- 流动失联 --------------------------------------------------------------------------------


def _clocks(sample: SampleDistrict) -> None:
    mine = _movable(sample, sample.edge("three_groups"))
    change_member(member=mine[-1], is_floating=True)
    change_member(member=mine[-2], is_lost=True)
    wind_clocks(on=sample.today)
    for member, months, place in ((mine[-1], 8, "浙江省宁波市"), (mine[-2], 7, "")):
        Clock.unscoped.filter(member=member).update(
            since=add_months(sample.today, -months), place=place,
            contacted_on=sample.today - timedelta(days=25),
        )  # fmt: skip
