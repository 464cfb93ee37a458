"""A year of 两新星级 in the sample district: a finished round, and one that runs, in every state.

All of it is invented, hangs on ``sample.today``, and goes through the services: what the database
refuses cannot stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from branches.models import Unit
from branches.sample import EDGES, SampleDistrict
from core.dates import add_months
from starrating import services
from starrating.enums import Stage, State
from starrating.models import Activity, ActivityKind, ItemScore, Organisation, Rating, Round
from starrating.rules import Given

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_HALF = Decimal("0.5")
# People see themselves a little better than others do.
_HOPE = Decimal("0.03")
_DONE = (
    "书记讲“把党建优势转化为发展优势”，42 人参加", "到社区开展环境整治，19 名党员参加",
    "为附近老人免费检修水电 30 户", "提出节能改造建议，已被采纳", "设党员先锋岗 3 个，上墙公示",
)  # fmt: skip
_LOWER = ("材料不全，按标准扣分", "实地看过，制度没有上墙", "测评满意率不到八成", "台账缺一个季度")
_UP = "补交了材料，经核实恢复分值"


@dataclass
class _Spec:
    """One organisation: where it hangs, what it was, how far it has gone, with which share."""

    name: str
    unit: str
    industry: str
    staff: int
    members: int
    form: str = "attached"
    kind: str = "firm"
    before: str = ""
    state: State = State.SELF
    share: str = "0"
    scored: int = 0
    waits: bool = False
    new: bool = False
    one: Organisation = field(init=False)


def _specs() -> list[_Spec]:
    firm = "99010182000"
    return [
        _Spec("云泉清流环保科技有限公司", f"{firm}1", "N", 186, 23, "single", before="0.92",
              state=State.AWARDED, share="0.94"),
        _Spec("泉城里餐饮管理公司", f"{firm}2", "H", 240, 9, "joint", before="0.74",
              state=State.AWARDED, share="0.86"),
        _Spec("泉城里物业服务有限公司", f"{firm}2", "K", 95, 4, "joint", before="0.55",
              state=State.UNRATED, share="0.45"),
        _Spec("云泉区蓝天救援队", f"{firm}3", "S", 62, 14, "single", "social", before="0.84",
              state=State.NOTICED, share="0.93"),
        _Spec("心桥社会工作服务中心", f"{firm}4", "Q", 38, 7, "joint", "social", before="0.77",
              state=State.NOTICED, share="0.84", waits=True),
        _Spec("晚晴养老服务中心", f"{firm}4", "Q", 54, 5, "joint", "social", before="0.66",
              state=State.REVIEWED, share="0.93"),
        _Spec("书院文创科技有限公司", EDGES["three_groups"], "R", 47, 6, before="0.75", scored=7),
        _Spec("学府图文快印有限公司", "99010100100201", "L", 21, 3, before="0.63",
              state=State.FILED, share="0.81"),
        _Spec("钟楼老字号行业协会", "99010100100301", "S", 18, 4, "trade", "social",
              state=State.FILED, share="0.72", new=True),
        _Spec("柳溪智慧物流有限公司", "99010100200101", "G", 312, 15, "regional", before="0.83",
              state=State.CHECKED, share="0.88"),
        _Spec("锦河新型建材有限公司", "99010100300201", "C", 130, 8, "regional", before="0.82",
              state=State.VETOED, share="0.8"),
        _Spec("北辰航天零部件有限公司", "99010100400302", "C", 410, 31, "regional", before="0.85",
              state=State.REVIEWED, share="0.91", waits=True),
        _Spec("望山果蔬冷链有限公司", "99010100500201", "A", 76, 5, "regional"),
    ]  # fmt: skip


@dataclass
class _People:
    """Who does what: never the same for two halves of one decision."""

    authors: dict[int, User]
    street: User
    staff: User
    second: User

    def author(self, unit: Unit) -> User:
        """Who writes for the branch."""
        return self.authors.get(unit.pk, self.street)

    def checker(self, unit: Unit) -> User:
        """Who checks: the committee's staff, unless it is he who wrote."""
        return self.second if self.author(unit) == self.street else self.street


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    people = _People(authors, users["jiedao"], users["zuzhibu"], users["zuzhibu2"])
    specs = _specs()
    _organisations(sample, [spec for spec in specs if spec.before], people)
    _plan(sample)
    earlier, running = _rounds(sample, people.staff)
    _earlier(sample, earlier, [spec for spec in specs if spec.before], people)
    _organisations(sample, [spec for spec in specs if not spec.before], people)
    _sites(specs, people, sample.today)
    services.start_round(
        round_=running, by=people.staff, on=sample.today - timedelta(days=60)
    )  # fmt: skip
    _running(sample, running, specs, people)
    _activities(sample, specs, people)


def _code(number: int) -> str:
    body = f"91990101MA{number:07d}"
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + _ALPHABET[-total % 31]


def _organisations(sample: SampleDistrict, specs: Iterable[_Spec], people: _People) -> None:
    for spec in specs:
        number = spec.staff * 31 + spec.members
        unit = sample.units[spec.unit]
        founded = add_months(sample.today, -5 if spec.new else -60 - spec.staff % 50)
        spec.one = services.save_organisation(
            unit=unit, by=people.staff, name=spec.name, credit_code=_code(number * 397),
            on=sample.today, kind=spec.kind, industry=spec.industry, staff_count=spec.staff,
            member_count=spec.members, party_form=spec.form, founded_on=founded,
            managed_by="trade" if spec.form == "trade" else "territory",
        )  # fmt: skip


def _plan(sample: SampleDistrict) -> None:
    year = sample.today.year
    services.save_plan(
        unit=sample.root, model_low=2, model_high=3,
        targets={
            year - 1 + step: (Decimal(8 + 4 * step), Decimal(25 + 8 * step)) for step in range(5)
        },
    )  # fmt: skip


def _rounds(sample: SampleDistrict, by: User) -> tuple[Round, Round]:
    standard = services.adopt_default(unit=sample.root, by=by)
    made = []
    running = sample.today - timedelta(days=60)
    # Twelve months apart: never two of one year.
    for begins, review in ((add_months(running, -12), 120), (running, 105)):
        made.append(
            services.save_round(
                unit=sample.root, by=by, name=f"{begins.year} 年度星级创评", year=begins.year,
                standard=standard, starts_on=begins, one_line=Decimal(50),
                self_until=begins + timedelta(days=62), check_until=begins + timedelta(days=80),
                review_until=begins + timedelta(days=review), fund=Decimal(40_000),
                regulation="《关于在“两新”组织党组织中开展星级创评、分类定级工作的通知》",
            )
        )  # fmt: skip
    return made[0], made[1]


def _given(rows: list[ItemScore], stage: Stage, share: Decimal, seed: int) -> dict[int, Given]:
    """Points near a share of each item, in halves; 初核 takes something off here and there."""
    values = {}
    for place, row in enumerate(rows):
        if stage == Stage.SELF:
            halves = round(row.points * (share + _HOPE) / _HALF)
            score = min(row.points, halves * _HALF)
            values[row.pk] = Given(score, "按标准自查" if (place + seed) % 5 == 0 else "")
            continue
        before = row.self_score if stage == Stage.CHECK else row.check_score
        assert before is not None
        score, why = before, ""
        if stage == Stage.CHECK and (place + seed) % 6 == 0 and before >= 1:
            score, why = before - _HALF, _LOWER[(place + seed) % len(_LOWER)]
        elif stage == Stage.REVIEW and (place + seed) % 11 == 5 and before + _HALF <= row.points:
            score, why = before + _HALF, _UP
        values[row.pk] = Given(score, why, row.item.methods)
    return values


def _score(rating: Rating, stage: Stage, by: User, share: str, *, most: int = 99) -> None:
    rows = list(ItemScore.unscoped.filter(rating=rating).select_related("item")[:most])
    values = _given(rows, stage, Decimal(share), rating.organisation_id)
    services.score(rating=rating, stage=stage, by=by, values=values)


def _lead(
    rating: Rating, spec: _Spec, share: str, people: _People, *, to: State, first: date
) -> None:
    """Lead a rating from 自评 up to 审核完成, or as far as it goes."""
    unit = spec.one.unit
    steps: list[tuple[Stage, User, Any, int]] = [
        (Stage.SELF, people.author(unit), services.file_self, 8),
        (Stage.CHECK, people.checker(unit), services.finish_check, 15),
        (Stage.REVIEW, people.staff, services.finish_review, 22),
    ]
    for stage, by, finish, after in steps[: min(int(to), 3)]:
        _score(rating, stage, by, share)
        finish(rating=rating, by=by, on=first + timedelta(days=after))


def _ratings(round_: Round) -> dict[int, Rating]:
    rows = Rating.unscoped.filter(round=round_).select_related("round", "organisation")
    return {rating.organisation_id: rating for rating in rows}


def _earlier(sample: SampleDistrict, round_: Round, specs: list[_Spec], people: _People) -> None:
    """Last year's round: those that were there went all the way; the others file nothing."""
    first = round_.starts_on
    services.start_round(round_=round_, by=people.staff, on=first)
    known = _ratings(round_)
    for spec in specs:
        _lead(known[spec.one.pk], spec, spec.before, people, to=State.REVIEWED, first=first)
    services.publish(round_=round_, by=people.staff, on=first + timedelta(days=30))
    services.award_all(round_=round_, by=people.staff, on=first + timedelta(days=60))
    services.close_round(round_=round_, by=people.staff, on=first + timedelta(days=70))


def _sites(specs: list[_Spec], people: _People, today: date) -> None:
    for spec, feature in (
        (specs[0], "“红色车间”党员攻关组，三年节能改造 14 项"),
        (specs[4], "“双社工”联系制度：党员社工带志愿者，入户 900 余次"),
    ):
        services.name_model(
            organisation=spec.one, by=people.staff, named_on=add_months(today, -9),
            feature=feature, on=today,
        )  # fmt: skip


def _running(sample: SampleDistrict, round_: Round, specs: list[_Spec], people: _People) -> None:
    """This year's: two batches of 公示, so that every state is there."""
    first, known = round_.starts_on, _ratings(round_)
    reviewed = (State.REVIEWED, State.NOTICED, State.AWARDED, State.UNRATED)
    waits = [spec for spec in specs if spec.waits or spec.state == State.REVIEWED]
    for spec in specs:
        rating = known[spec.one.pk]
        if spec.scored:
            author = people.author(spec.one.unit)
            _score(rating, Stage.SELF, author, "0.82", most=spec.scored)
        elif spec.state in reviewed and spec not in waits:
            _lead(rating, spec, spec.share, people, to=State.REVIEWED, first=first)
        elif spec.state in (State.FILED, State.CHECKED, State.VETOED):
            to = State.FILED if spec.state == State.VETOED else spec.state
            _lead(rating, spec, spec.share, people, to=to, first=first)
    services.publish(round_=round_, by=people.staff, on=sample.today - timedelta(days=30))
    for spec in specs:
        if spec.state in (State.AWARDED, State.UNRATED):
            services.award(
                rating=known[spec.one.pk], by=people.staff, on=sample.today - timedelta(days=9)
            )  # fmt: skip
    later = first + timedelta(days=30)
    for spec in [one for one in waits if one.state == State.NOTICED]:
        _lead(known[spec.one.pk], spec, spec.share, people, to=State.REVIEWED, first=later)
    services.publish(round_=round_, by=people.staff, on=sample.today - timedelta(days=2))
    for spec in [one for one in waits if one.state == State.REVIEWED]:
        _lead(known[spec.one.pk], spec, spec.share, people, to=State.REVIEWED, first=later)
    _extras(specs, known, people, sample.today)


def _extras(specs: list[_Spec], known: dict[int, Rating], people: _People, today: date) -> None:
    services.propose_exception(
        rating=known[specs[5].one.pk], by=people.second, on=today - timedelta(days=3),
        reason="获评全省养老服务先进集体，党支部为全市示范党支部",
    )  # fmt: skip
    vetoed = next(spec for spec in specs if spec.state == State.VETOED)
    services.veto(
        rating=known[vetoed.one.pk], by=people.staff, reason="accident",
        note="上年 8 月被主管部门认定为环境污染责任事故", on=today - timedelta(days=12),
    )  # fmt: skip


def _activities(sample: SampleDistrict, specs: list[_Spec], people: _People) -> None:
    kinds = list(ActivityKind.objects.filter(is_active=True))
    rows = []
    for place, spec in enumerate(specs):
        for turn, kind in enumerate(kinds):
            day = sample.today - timedelta(days=11 * turn + place)
            if (place + turn) % 3 and day.year == sample.today.year:
                rows.append(
                    Activity(
                        organisation=spec.one, kind=kind, year=day.year, day=day,
                        note=_DONE[turn % len(_DONE)], by=people.author(spec.one.unit),
                    )
                )  # fmt: skip
    Activity.unscoped.bulk_create(rows)
