"""样例区的后进整顿: a batch of last year that is being watched, and one that runs, in every state.

All of it is invented and hangs on ``sample.today``. Written in bulk: each case is put there as 拟列
and then led along its way by one statement a state, so that the database's own rules hold here too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from branches.sample import EDGES, SampleDistrict
from core.dates import add_months
from core.holidays import calendar_around
from rectification.enums import (
    ClosingState,
    FigureKind,
    HelperKind,
    Manner,
    PollState,
    PollWay,
    ProblemState,
    PromiseWay,
    Source,
    State,
    Timing,
)
from rectification.models import (
    Acceptance,
    AcceptanceScore,
    Answer,
    Batch,
    Case,
    CaseStep,
    Closing,
    FigureEntry,
    Helper,
    Inspection,
    Poll,
    Problem,
    Promise,
    Report,
    Slip,
    Visit,
)
from rectification.rules import watch_end
from rectification.services import save_batch

_SHEET = "班子建设 20\n党员教育管理 15\n组织生活 15\n问题整改 25\n服务群众 15\n阵地建设 10"
_PROBLEMS = (
    ("3 号楼前路灯坏了半年没人修", "联系路灯所更换灯具，楼长每周巡查"),
    ("小区入口乱停车，消防车进不来", "划线定位，物业值守，增设 12 个车位"),
    ("东片下水道一下雨就返水", "协调住建部门疏通改造主管道"),
    ("电动车没有地方充电，有人飞线", "建充电棚一处，分批拆除飞线"),
    ("居务公开栏半年没有更新", "每月 10 日前更新，监督委员会核对"),
    ("支部活动室被占作仓库", "清理腾退，恢复党员活动室"),
    ("七十岁以上老人吃饭难", "与餐饮企业合办助餐点，先试三个月"),
    ("楼道杂物堆放，有火灾隐患", "集中清理两周，建立楼长责任制"),
    ("井盖松动，夜里响声大", "排查全部井盖，更换 6 处"),
    ("党员大会长期不开，学习走过场", "制定学习计划，第一书记列席"),
)
_REASONS = (
    ["team", "rules"], ["secretary", "service"], ["rules", "venue"], ["discord"],
    ["service", "order"], ["accounts", "service"],
)  # fmt: skip
_HELPERS = {
    HelperKind.LEADER: (("秦国安", "区委常委、宣传部部长"), ("戴文敏", "区政府副区长")),
    HelperKind.FIRST_SECRETARY: (("龚志远", "第一书记"), ("毛建新", "第一书记")),
    HelperKind.TEAM: (("邵玉珍", "工作组组长"), ("万家和", "工作组组长")),
    HelperKind.DEPARTMENT: (("严晓红", "办公室主任"), ("钱永强", "机关党委书记")),
}
_PLACES = ("区住房和城乡建设局", "区司法局", "区财政局", "区卫生健康局")
_PLAN = (
    "一、配强班子：补选支部委员，第一书记每周驻点两天。\n"
    "二、解决问题：对照问题清单，逐件定人、定期限、定措施，办结后回访。\n"
    "三、规范组织生活：恢复固定组织生活日，按月公开居务。\n"
    "四、长效：建立楼长、网格员、党员三级联系制度。"
)
_STREET = (State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED, State.CLOSED, State.WATCHED,
           State.SETTLED)  # fmt: skip


@dataclass
class _Spec:
    """One case: where, how far it has gone, and what is special about it."""

    batch: int
    state: State
    unit: Unit
    helpers: int = 4
    plan: bool = True
    problems: tuple[ProblemState, ...] = ()
    late: int = 0
    reports: int = 0
    closed: int = 0
    relapsed: bool = False
    poll: str = ""
    closing: str = ""
    case: Case = field(init=False)

    @property
    def has_closed(self) -> bool:
        """Whether it came to 销号 once."""
        return self.state in (State.CLOSED, State.WATCHED, State.SETTLED) or self.relapsed


_DONE = ProblemState.CONFIRMED


def _specs(sample: SampleDistrict) -> list[_Spec]:
    """Ten of the running batch, three of the closed one."""
    mine = sample.units[EDGES["three_groups"]]
    silent = sample.units[EDGES["silent"]]
    others = iter(
        unit
        for unit in sample.branches
        if unit.pk not in (mine.pk, silent.pk)
        and unit.dissolved_on is None
        and (unit.founded_on is None or unit.founded_on < add_months(sample.today, -24))
    )
    solving, done, collected = ProblemState.SOLVING, ProblemState.DONE, ProblemState.COLLECTED
    return [
        _Spec(1, State.SETTLED, next(others), problems=(_DONE,) * 6, reports=4, closed=14),
        _Spec(1, State.WATCHED, next(others), problems=(_DONE,) * 5, reports=4, closed=10),
        _Spec(1, State.UNDERWAY, next(others), problems=(_DONE,) * 4 + (solving,), reports=3,
              closed=13, relapsed=True),
        _Spec(2, State.UNDERWAY, mine, problems=(solving, solving, collected, done, _DONE, _DONE),
              reports=1),
        _Spec(2, State.UNDERWAY, silent, problems=(solving, solving, collected), late=2),
        _Spec(2, State.UNDERWAY, next(others), problems=(_DONE, _DONE, _DONE, done, solving),
              reports=2),
        _Spec(2, State.EXAMINED, next(others), problems=(_DONE,) * 5, reports=2, poll="link"),
        _Spec(2, State.EXAMINED, next(others), problems=(_DONE,) * 6, reports=2, poll="tally",
              closing="proposed"),
        _Spec(2, State.CLOSED, next(others), problems=(_DONE,) * 4, reports=2, closed=0),
        _Spec(2, State.STAFFED, next(others), plan=False),
        _Spec(2, State.LISTED, next(others), helpers=2, plan=False),
        _Spec(2, State.PROPOSED, next(others), helpers=0, plan=False),
        _Spec(2, State.DROPPED, next(others), helpers=0, plan=False),
    ]  # fmt: skip


@dataclass
class _Build:
    """What is made, and from what."""

    sample: SampleDistrict
    authors: dict[int, User]
    street: User
    staff: User
    second: User
    batches: dict[int, Batch]
    specs: list[_Spec]
    steps: list[CaseStep] = field(default_factory=list)
    # Found in the second round, when the first was closed already.
    later: list[Problem] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The sample's clock."""
        return self.sample.today

    def start(self, spec: _Spec) -> date:
        """When the case went under way."""
        return self.batches[spec.batch].starts_on + timedelta(days=21)

    def closed_on(self, spec: _Spec) -> date:
        """When it was closed."""
        return add_months(self.today, -spec.closed) - timedelta(days=6)

    def author(self, spec: _Spec) -> User:
        """Who writes for the branch."""
        return self.authors.get(spec.unit.pk, self.street)


def build(
    *,
    sample: SampleDistrict,
    authors: dict[int, User],
    reviewer: User,
    district_staff: User,
    second_staff: User,
) -> None:
    """Write the two batches with their cases."""
    batches = _batches(sample, district_staff)
    made = _Build(sample, authors, reviewer, district_staff, second_staff, batches, _specs(sample))
    _cases(made)
    _four(made)
    _problems(made)
    _oversight(made)
    _ends(made)
    _walk(made)
    Problem.unscoped.bulk_create(made.later)
    CaseStep.unscoped.bulk_create(made.steps)


def _batches(sample: SampleDistrict, by: User) -> dict[int, Batch]:
    found = {}
    for number, began, months in ((1, -22, 9), (2, -5, 7)):
        start = add_months(sample.today, began).replace(day=5)
        dues = [
            f"{name} {add_months(start, 2 * place):%Y-%m-%d}"
            for place, name in enumerate(
                ("动员部署报告", "第一次进展报告", "第二次进展报告", "总结报告"), 1
            )
        ]
        found[number] = save_batch(
            unit=sample.root, by=by, number=number, year=start.year,
            name=f"{start.year} 年度后进社区整顿", starts_on=start,
            deadline=add_months(start, months), items=_SHEET, dues="\n".join(dues),
            regulation="《关于做好后进社区整顿工作的通知》（云委组〔样例〕）",
            demands="按“432”工作法推进：四位一体结对、三步解决问题、两项制度抓落实。",
        )  # fmt: skip
    return found


def _cases(made: _Build) -> None:
    for place, spec in enumerate(made.specs):
        batch = made.batches[spec.batch]
        decided = spec.state not in (State.PROPOSED, State.DROPPED)
        spec.case = Case(
            batch=batch, unit=spec.unit, reasons=_REASONS[place % len(_REASONS)],
            detail="班子战斗力不强，组织生活不经常，群众反映的几件事长期没有解决。",
            baseline="支委 3 人，其中 1 人长期在外；上年群众满意度不到七成。",
            plan=_PLAN if spec.plan else "", deadline=batch.deadline, created_by=made.street,
            decided_on=batch.starts_on + timedelta(days=7) if decided else None,
            decision_number=f"区委常委会第 {batch.number * 3} 次会议" if decided else "",
            started_on=made.start(spec) if spec.state >= State.UNDERWAY and decided else None,
        )  # fmt: skip
    Case.unscoped.bulk_create(spec.case for spec in made.specs)


def _four(made: _Build) -> None:
    helpers, visits = [], []
    for place, spec in enumerate(made.specs):
        since = made.batches[spec.batch].starts_on + timedelta(days=14)
        mine = []
        for kind in list(HelperKind)[: spec.helpers]:
            name, position = _HELPERS[kind][place % 2]
            work = "" if kind == HelperKind.LEADER else _PLACES[place % len(_PLACES)]
            mine.append(
                Helper(case=spec.case, kind=kind, name=name, position=position, workplace=work,
                       since=since, by=made.street)
            )  # fmt: skip
        helpers += mine
        if spec.state >= State.UNDERWAY and spec.state != State.DROPPED:
            visits += _visits(made, spec, mine)
    Helper.unscoped.bulk_create(helpers)
    Visit.unscoped.bulk_create(visits)
    FigureEntry.unscoped.bulk_create(
        FigureEntry(case=visit.case, day=visit.day, kind=FigureKind.HOUSEHOLDS,
                    amount=visit.households, visit=visit, by=made.street, note="帮扶力量走访")
        for visit in visits if visit.households
    )  # fmt: skip


def _visits(made: _Build, spec: _Spec, helpers: list[Helper]) -> list[Visit]:
    words = ("听取支部汇报，研究整顿方案", "入户走访，收集意见", "现场协调路灯、下水道维修")
    first = made.start(spec)
    rows = []
    for turn in range(3 if spec.late else 8):
        day = first + timedelta(days=9 * turn + 3)
        if day <= made.today:
            rows.append(
                Visit(case=spec.case, helper=helpers[turn % 4], day=day, by=made.street,
                      households=0 if turn % 3 == 0 else 12 + 7 * turn, solved=words[turn % 3])
            )  # fmt: skip
    return rows


def _problems(made: _Build) -> None:
    problems: list[Problem] = []
    promises, figures = [], []
    calendar = calendar_around(made.today)
    for place, spec in enumerate(made.specs):
        for turn, state in enumerate(spec.problems):
            title, measures = _PROBLEMS[(place * 3 + turn) % len(_PROBLEMS)]
            got = made.start(spec) + timedelta(days=4 + turn * 3)
            soon = calendar.add_workdays(made.today, 2 + 4 * turn).day
            if state in (ProblemState.CONFIRMED, ProblemState.DONE):
                due = got + timedelta(days=45)
            else:
                due = made.today - timedelta(days=9 + turn) if turn < spec.late else soon
            heap = problems
            if spec.relapsed and state != _DONE:
                heap, got = made.later, made.today - timedelta(days=40)
            heap.append(_problem(made, spec, title, measures, state, got, due, turn))
        figures += _figures(made, spec)
    Problem.unscoped.bulk_create(problems)
    for place, problem in enumerate(problems):
        if place % 2 == 0 and problem.state != ProblemState.COLLECTED:
            kept = problem.confirmed_on
            promises.append(
                Promise(case=problem.case, problem=problem, way=list(PromiseWay)[place // 2 % 3],
                        item=problem.measures, person=problem.owner,
                        due_on=problem.due_on or made.today,
                        posted_on=problem.collected_on + timedelta(days=5), kept_on=kept,
                        outcome="已按承诺完成，公示栏贴出照片" if kept else "", by=problem.by)
            )  # fmt: skip
    Promise.unscoped.bulk_create(promises)
    FigureEntry.unscoped.bulk_create(figures)


def _problem(
    made: _Build, spec: _Spec, title: str, measures: str, state: ProblemState, got: date,
    due: date, turn: int,
) -> Problem:  # fmt: skip
    author = made.author(spec)
    planned = state != ProblemState.COLLECTED
    reported = state in (ProblemState.DONE, ProblemState.CONFIRMED)
    confirmed = state == ProblemState.CONFIRMED
    done_on = min(got + timedelta(days=30 + turn), made.today)
    return Problem(
        case=spec.case, source=list(Source)[turn % 4], title=title, collected_on=got, by=author,
        owner=("社区主任", "支部书记", "网格长")[turn % 3] if planned else "",
        due_on=due if planned else None, measures=measures if planned else "", state=state,
        result="已经办好，现场照片在公示栏" if reported else "",
        done_on=done_on if reported else None, done_by=author if reported else None,
        confirmed_on=min(done_on + timedelta(days=4), made.today) if confirmed else None,
        confirmed_by=made.street if confirmed else None,
        answer="回访三户，都说解决了" if confirmed else "",
    )  # fmt: skip


def _figures(made: _Build, spec: _Spec) -> list[FigureEntry]:
    if spec.state < State.UNDERWAY or spec.state == State.DROPPED:
        return []
    first, author = made.start(spec), made.author(spec)
    rows = (
        (FigureKind.CARDS, Decimal(240), 8, "东片区入户发放"),
        (FigureKind.OPINIONS, Decimal(26), 12, "入户收集"),
        (FigureKind.FUNDS, Decimal("3.85"), 25, "路灯和井盖维修"),
        (FigureKind.FUNDS, Decimal("12.5"), 40, "活动室改造"),
        (FigureKind.DEEDS, Decimal(2), 45, "路灯、助餐点"),
        (FigureKind.CARDS, Decimal(180), 50, "西片区入户发放"),
        (FigureKind.OPINIONS, Decimal(17), 52, "座谈会收集"),
    )
    return [
        FigureEntry(case=spec.case, day=first + timedelta(days=after), kind=kind, amount=amount,
                    note=note, by=author)
        for kind, amount, after, note in (rows[:2] if spec.late else rows)
        if first + timedelta(days=after) <= made.today
    ]  # fmt: skip


def _oversight(made: _Build) -> None:
    reports, looks = [], []
    dues = {number: list(batch.dues.all()) for number, batch in made.batches.items()}
    for spec in made.specs:
        for turn, due in enumerate(dues[spec.batch][: spec.reports]):
            filed = min(due.due_on + timedelta(days=3 if turn == 1 else -2), made.today)
            reports.append(
                Report(case=spec.case, due=due, filed_on=filed, by=made.author(spec),
                       summary="问题清单已建，责任到人；本期办结两件，其余按期推进。")
            )  # fmt: skip
        if spec.state >= State.UNDERWAY and spec.state != State.DROPPED:
            looks.append(_look(made, spec, 30, Timing.REGULAR, "台账齐全，两件事进度偏慢"))
            if spec.late:
                late = _look(made, spec, 70, Timing.IRREGULAR, "暗访：活动室锁门，公开栏仍是旧内容")
                late.answer, late.answered_on = "", None
                late.answer_by = made.today - timedelta(days=4)
                looks.append(late)
        if spec.has_closed and spec.closed:
            after = (made.closed_on(spec) - made.start(spec)).days
            for month in (75, 160):
                looks.append(
                    _look(made, spec, after + month, Timing.LOOK_BACK, "路灯正常，组织生活按月开展")
                )
    Report.unscoped.bulk_create(reports)
    Inspection.unscoped.bulk_create(look for look in looks if look.day <= made.today)


def _look(made: _Build, spec: _Spec, after: int, timing: Timing, findings: str) -> Inspection:
    day = made.start(spec) + timedelta(days=after)
    return Inspection(
        case=spec.case, day=day, timing=timing, findings=findings, by=made.staff,
        manner=Manner.OPEN if timing == Timing.REGULAR else Manner.COVERT,
        inspectors="区委组织部督查组", answer="已逐条整改" if timing == Timing.REGULAR else "",
        answer_by=day + timedelta(days=10) if timing == Timing.REGULAR else None,
        answered_on=min(day + timedelta(days=7), made.today) if timing == Timing.REGULAR else None,
    )  # fmt: skip


def _ends(made: _Build) -> None:
    """Polls, acceptances, closings."""
    for place, spec in enumerate(made.specs):
        if spec.poll == "link":
            _link_poll(made, spec)
        if not spec.has_closed and spec.closing != "proposed":
            continue
        day = made.closed_on(spec) if spec.has_closed else made.today - timedelta(days=5)
        poll = Poll.unscoped.create(
            case=spec.case, way=PollWay.TALLY, state=PollState.CLOSED, by=made.street,
            opens_on=day - timedelta(days=20), closes_on=day - timedelta(days=18), issued=100,
            satisfied=84 + place % 3, fair=9, dissatisfied=4, invalid=1, counted_by=made.street,
            counted_on=day - timedelta(days=18),
        )  # fmt: skip
        _closing(made, spec, poll, day)


def _link_poll(made: _Build, spec: _Spec) -> None:
    poll = Poll.unscoped.create(
        case=spec.case, way=PollWay.LINK, by=made.street, issued=60,
        opens_on=made.today - timedelta(days=3), closes_on=made.today + timedelta(days=4),
    )  # fmt: skip
    choices = ["satisfied"] * 31 + ["fair"] * 4 + ["dissatisfied"] * 2
    Answer.unscoped.bulk_create(
        Answer(poll=poll, choice=choice, day=made.today - timedelta(days=place % 3))
        for place, choice in enumerate(choices)
    )
    Slip.objects.bulk_create(Slip(fingerprint=os.urandom(32), poll=poll) for _ in range(23))


def _closing(made: _Build, spec: _Spec, poll: Poll, day: date) -> None:
    items = list(made.batches[spec.batch].items.all())
    given = [(item.points * Decimal("0.9")).quantize(Decimal("0.5")) for item in items]
    spec.case.examined_on = day - timedelta(days=8)
    acceptance = Acceptance.unscoped.create(
        case=spec.case, round=1, day=day - timedelta(days=4), examiners="区委组织部验收组",
        opinion="问题全部办结，班子运行正常。", total=sum(given, Decimal(0)), poll=poll,
        satisfaction=Decimal(poll.satisfied + poll.fair) * 100 / poll.valid, open_problems=0,
        passed=True, by=made.staff,
    )  # fmt: skip
    AcceptanceScore.unscoped.bulk_create(
        AcceptanceScore(acceptance=acceptance, name=item.name, points=item.points, given=points)
        for item, points in zip(items, given, strict=True)
    )
    moment = timezone.now() - (made.today - day) - timedelta(days=2)
    closing = Closing.unscoped.create(
        case=spec.case, round=1, acceptance=acceptance, proposed_by=made.street,
        note="问题清单已清零，申请销号。",
    )  # fmt: skip
    given_by = (
        {"state": ClosingState.APPROVED, "first_by": made.staff, "second_by": made.second,
         "first_at": moment, "second_at": moment}
        if spec.has_closed else {}
    )  # fmt: skip
    Closing.unscoped.filter(pk=closing.pk).update(proposed_at=moment, **given_by)


def _walk(made: _Build) -> None:
    """Lead every case along its way, a statement a state; note each step on its day."""
    for spec in made.specs:
        if spec.has_closed:
            spec.case.closed_on = made.closed_on(spec)
            spec.case.watch_until = watch_end(spec.case.closed_on, 12)
            if spec.state == State.SETTLED:
                spec.case.settled_on = spec.case.watch_until + timedelta(days=9)
    facts = ["examined_on", "closed_on", "watch_until", "settled_on"]
    Case.unscoped.bulk_update([spec.case for spec in made.specs], facts)
    _steps(made)
    for state in _STREET:
        last = {s.case.pk: State.WATCHED if s.relapsed else s.state for s in made.specs}
        ready = [pk for pk, end in last.items() if end >= state and end != State.DROPPED]
        Case.unscoped.filter(pk__in=ready).update(state=state)
    dropped = [spec.case.pk for spec in made.specs if spec.state == State.DROPPED]
    Case.unscoped.filter(pk__in=dropped).update(state=State.DROPPED)
    again = [spec.case.pk for spec in made.specs if spec.relapsed]
    Case.unscoped.filter(pk__in=again).update(
        state=State.UNDERWAY, round=2, closed_on=None, watch_until=None, examined_on=None,
        deadline=add_months(made.today, 4), started_on=add_months(made.today, -2),
    )  # fmt: skip


def _steps(made: _Build) -> None:
    for spec in made.specs:
        batch, case = made.batches[spec.batch], spec.case
        days: dict[State, date | None] = {
            State.PROPOSED: batch.starts_on,
            State.LISTED: case.decided_on,
            State.STAFFED: batch.starts_on + timedelta(days=14),
            State.UNDERWAY: made.start(spec),
            State.EXAMINED: case.examined_on or made.today - timedelta(days=6),
            State.CLOSED: case.closed_on,
            State.WATCHED: (case.closed_on or made.today) + timedelta(days=75),
            State.SETTLED: case.settled_on,
        }
        end = State.WATCHED if spec.relapsed else spec.state
        before: State | None = None
        for state, day in days.items():
            if state <= end and (end != State.DROPPED or state == State.PROPOSED):
                made.steps.append(_step(made, case, before, state, day or made.today))
                before = state
        if spec.state == State.DROPPED:
            made.steps.append(
                _step(made, case, State.PROPOSED, State.DROPPED, made.start(spec),
                      note="会审认为已自行整改到位，不列入")
            )  # fmt: skip
        if spec.relapsed:
            made.steps.append(
                _step(made, case, State.WATCHED, State.UNDERWAY, add_months(made.today, -2),
                      note="反弹，重新整顿：书记外出务工，组织生活又停了", turn=2)
            )  # fmt: skip


def _step(
    made: _Build, case: Case, before: State | None, after: State, day: date, *, note: str = "",
    turn: int = 1,
) -> CaseStep:  # fmt: skip
    document = case.decision_number if after == State.LISTED else ""
    return CaseStep(case=case, round=turn, before=before, after=after, day=day, note=note,
                    document=document, by=made.staff)  # fmt: skip
