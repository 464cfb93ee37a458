"""样例区的会议: five quarters of records around any given day, edge cases of the scoring included.

Every branch holds its duties with a diligence of its own; the branches of
``branches.sample.EDGES`` behave as their names say in the last full quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import User
from branches.enums import MemberState, PostKind
from branches.models import CommitteeTerm, Event, Member, Post, Unit
from branches.rules import event_window_end, exists_through
from branches.sample import SampleDistrict
from core.bulk import copy_in
from core.dates import Period, add_months, fixed_day
from core.holidays import calendar_around
from meetings.enums import SET_ITEMS, AbsenceReason, Cause, Item, Kind, MoveState, Status
from meetings.models import Attendance, FixedDayMove, Meeting, MeetingStep, SpotCheck, Vote

_TEXTS = (
    "《中国共产党章程》",
    "《中国共产党廉洁自律准则》",
    "《中国共产党纪律处分条例》",
    "《习近平谈治国理政》第三卷",
    "党的二十届四中全会精神",
    "《中国共产党支部工作条例（试行）》",
)
_TASKS = (
    "研究老旧小区改造意见征集安排",
    "研究在职党员进社区认领事项",
    "通报上月党费收缴情况，安排本月工作",
    "研究困难党员走访慰问名单",
    "讨论楼院充电桩建设方案",
    "研究入党积极分子培养考察情况",
)
_PLACES = ("党群服务中心二楼会议室", "支部活动室", "社区多功能厅", "单位三楼会议室")


@dataclass
class _World:
    """What the records are made from."""

    sample: SampleDistrict
    random: Random
    fixed: dict[date, date]
    secretaries: dict[int, str]
    committees: dict[int, list[tuple[date, date | None]]]
    board: dict[int, list[Member]]
    authors: dict[int, User]
    reviewer: User
    meetings: list[Meeting] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)


def build(
    *,
    sample: SampleDistrict,
    authors: dict[int, User],
    reviewer: User,
    district_staff: User,
    second_staff: User,
) -> int:
    """Write records, votes, moves, events and checks; returns the number of records.

    ``authors`` maps a unit's id to the account that files for it.
    """
    _moves(sample, district_staff, second_staff)
    world = _World(
        sample=sample,
        random=Random(20240102),  # noqa: S311  the same district every time
        fixed=_fixed_days(sample),
        secretaries=_secretaries(sample),
        committees=_committees(sample),
        board=_boards(sample),
        authors=authors,
        reviewer=reviewer,
    )
    for unit in sample.branches:
        _branch(world, unit)
    for group in sample.groups:
        _group(world, group)
    Meeting.unscoped.bulk_create(world.meetings, batch_size=2000)
    for row in world.attendance:
        row.meeting_id = row.meeting.pk
    copy_in(world.attendance)
    Vote.unscoped.bulk_create(world.votes)
    _steps(world)
    _events(sample, district_staff)
    _checks(world, district_staff)
    return len(world.meetings)


def history_start(sample: SampleDistrict) -> date:
    """The first day of the sample's records: five full quarters before the running one."""
    quarter = sample.current
    for _ in range(5):
        quarter = quarter.previous()
    return quarter.start


def _months(sample: SampleDistrict) -> Iterator[Period]:
    month = Period.containing(history_start(sample), "month")
    while month.start <= sample.today:
        yield month
        month = month.next()


def _moved_month(sample: SampleDistrict) -> date:
    return add_months(sample.closed.start, 1)


def _moves(sample: SampleDistrict, asker: User, decider: User) -> None:
    """The middle month's day was put a week later; next month's move waits for a decision."""
    month = _moved_month(sample)
    holidays = calendar_around(month, sample.today)
    usual = fixed_day(month.year, month.month, holidays=holidays)[0]
    FixedDayMove.unscoped.create(
        unit=sample.root,
        month=month,
        day=usual + timedelta(days=8),
        reason="全区防汛演练与原定日期冲突，顺延至次周三。",
        state=MoveState.APPROVED,
        proposed_by=asker,
        decided_by=decider,
        decided_at=timezone.make_aware(datetime.combine(month - timedelta(days=6), time(16))),
    )
    ahead = add_months(sample.today.replace(day=1), 1)
    FixedDayMove.unscoped.create(
        unit=sample.root,
        month=ahead,
        day=fixed_day(ahead.year, ahead.month, holidays=holidays)[0] + timedelta(days=2),
        reason="当天召开全区经济工作会议，建议顺延两天。",
        proposed_by=asker,
    )


def _fixed_days(sample: SampleDistrict) -> dict[date, date]:
    holidays = calendar_around(history_start(sample), sample.today)
    moved = {
        move.month: move.day
        for move in FixedDayMove.unscoped.filter(unit=sample.root, state=MoveState.APPROVED)
    }
    return {
        month.start: moved.get(month.start)
        or fixed_day(month.start.year, month.start.month, holidays=holidays)[0]
        for month in _months(sample)
    }


def _secretaries(sample: SampleDistrict) -> dict[int, str]:
    kinds = (PostKind.SECRETARY, PostKind.GROUP_LEADER)
    posts = Post.unscoped.filter(unit__path__startswith=sample.root.path, kind__in=kinds)
    return dict(posts.values_list("unit_id", "member__name"))


def _boards(sample: SampleDistrict) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    posts = Post.unscoped.filter(unit__path__startswith=sample.root.path)
    for post in posts.exclude(kind=PostKind.GROUP_LEADER).select_related("member"):
        found.setdefault(post.unit_id, []).append(post.member)
    return found


def _committees(sample: SampleDistrict) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    terms = CommitteeTerm.unscoped.filter(
        unit__path__startswith=sample.root.path, with_committee=True
    )
    for term in terms:
        found.setdefault(term.unit_id, []).append((term.started_on, term.ended_on))
    return found


def _is(world: _World, unit: Unit, *edges: str) -> bool:
    return any(world.sample.edge(edge).pk == unit.pk for edge in edges)


def _diligence(world: _World, unit: Unit) -> float:
    if _is(world, unit, "tie_one", "tie_two", "tie_three", "three_groups", "joint_meetings"):
        return 1.0
    if _is(world, unit, "silent"):
        return 0.25
    return 0.78 + (int(unit.code[-6:]) * 37 % 100) / 100 * 0.22


def _branch(world: _World, unit: Unit) -> None:
    care = _diligence(world, unit)
    for month in _months(world.sample):
        if not exists_through(unit.founded_on, unit.dissolved_on, month.start, month.end):
            continue
        _fixed(world, unit, month, care)
        if _has_committee(world, unit, month.start) and world.random.random() < care:
            _add(world, unit, Kind.COMMITTEE, month.start + timedelta(days=16), _task(world))
        joint = _is(world, unit, "joint_meetings")
        if month.start.month in (3, 6, 9, 12) and not joint and world.random.random() < care:
            meeting = _add(world, unit, Kind.MEMBERS, _members_day(month), _study(world))
            if meeting is not None and world.random.random() < 0.3:
                _vote(world, meeting)
        if month.start.month in (5, 11) and not joint and world.random.random() < care:
            _add(world, unit, Kind.LECTURE, month.start + timedelta(days=12), _lecture(world))
        if month.start.month == 7 and world.random.random() < care:
            _add(
                world,
                unit,
                Kind.MEMBERS | Kind.LECTURE,
                date(month.start.year, 7, 1),
                "庆祝建党，重温入党誓词，书记讲党课",
            )


def _members_day(month: Period) -> date:
    return month.start + timedelta(days=21)


def _fixed(world: _World, unit: Unit, month: Period, care: float) -> None:
    day = world.fixed[month.start]
    kinds = Kind.FIXED_DAY | Kind.THEME_DAY
    if world.random.random() > care:
        return
    topic = f"固定组织生活日：集体学习{_text(world)}"
    if _is(world, unit, "off_day") and month.start >= world.sample.closed.start:
        day += timedelta(days=2)
    if _is(world, unit, "joint_meetings") and month.start.month in (3, 6, 9, 12):
        # 合开: one gathering serves the fixed day, the quarter's 党员大会 and the lecture.
        kinds |= Kind.MEMBERS | Kind.LECTURE
        topic = "党员大会暨固定组织生活日，书记讲党课"
    meeting = _add(world, unit, kinds, day, topic)
    if meeting is not None:
        meeting.items = [*SET_ITEMS, world.random.choice((Item.STUDY, Item.CONTRIBUTION))]


def _group(world: _World, group: Unit) -> None:
    unit = next(u for u in world.sample.branches if u.pk == group.parent_id)
    for month in _months(world.sample):
        if not exists_through(group.founded_on, group.dissolved_on, month.start, month.end):
            continue
        # This month's is still to come: the first thing the secretary sees on the phone.
        if month.end >= world.sample.today or world.random.random() > _diligence(world, unit):
            continue
        _add(world, group, Kind.GROUP, month.start + timedelta(days=11), f"学习讨论{_text(world)}")


def _has_committee(world: _World, unit: Unit, on: date) -> bool:
    return any(
        since <= on and (until is None or on <= until)
        for since, until in world.committees.get(unit.pk, [])
    )


def _add(world: _World, unit: Unit, kinds: int, day: date, topic: str) -> Meeting | None:
    """One record with its attendance; none for days that have not come."""
    today = world.sample.today
    if day > today:
        return None
    delay = 0 if world.random.random() < 0.6 else world.random.randint(1, 5)
    in_closed = world.sample.closed.contains(day)
    if (_is(world, unit, "late_filing") and in_closed) or world.random.random() < 0.03:
        delay = world.random.randint(9, 14)
    filed = min(day + timedelta(days=delay), today)
    status = Status.ACCEPTED if (today - filed).days > 6 else Status.SUBMITTED
    if _is(world, unit, "returned_record") and in_closed and kinds & Kind.MEMBERS:
        status = Status.RETURNED
    meeting = Meeting(
        unit=unit,
        kind_mask=int(kinds),
        held_on=day,
        started_at=time(15),
        ended_at=time(16, 30),
        place=_PLACES[int(unit.code[-3:]) % len(_PLACES)],
        chair=world.secretaries.get(unit.pk, ""),
        recorder=_recorder(world, unit),
        topic=topic,
        agenda=f"一、通报上月工作。二、{topic}。三、交流讨论。",
        minutes=f"会议由{world.secretaries.get(unit.pk, '')}主持。与会同志围绕“{topic}”"
        "结合本职工作作了交流，会议明确了下一步的具体事项、责任人和完成时限。",
        status=status,
        first_submitted_on=filed,
        submitted_at=timezone.make_aware(datetime.combine(filed, time(17, 10))),
        created_by=world.authors.get(unit.pk),
    )
    if status in (Status.ACCEPTED, Status.RETURNED):
        meeting.reviewed_by = world.reviewer
        meeting.reviewed_at = timezone.make_aware(
            datetime.combine(filed + timedelta(days=2), time(10, 20))
        )
    _attend(world, meeting, unit)
    world.meetings.append(meeting)
    return meeting


def _attend(world: _World, meeting: Meeting, unit: Unit) -> None:
    lenient = _is(world, unit, "absentees")
    faithful = _is(world, unit, "tie_one", "tie_two", "tie_three")
    people = _people(world, meeting, unit)
    for member in people:
        absent = member.is_lost or (
            not faithful and world.random.random() < (0.25 if lenient else 0.06)
        )
        reason = AbsenceReason.LOST if member.is_lost else _reason(world, member)
        world.attendance.append(
            Attendance(
                meeting=meeting,
                member=member,
                name=member.name,
                voting=member.votes,
                present=not absent,
                reason=reason if absent else "",
            )
        )
        meeting.present_count += not absent
    meeting.eligible_count = len(people)


def _people(world: _World, meeting: Meeting, unit: Unit) -> list[Member]:
    if unit.is_group:
        return [m for m in world.sample.members[unit.parent_id or 0] if m.group_id == unit.pk]
    if meeting.kind_mask == Kind.COMMITTEE:
        return world.board.get(unit.pk, [])
    return [
        m
        for m in world.sample.members.get(unit.pk, [])
        if m.state == MemberState.ACTIVE and (m.joined_on is None or m.joined_on <= meeting.held_on)
    ]


def _reason(world: _World, member: Member) -> AbsenceReason:
    if member.is_floating:
        return AbsenceReason.AWAY
    return world.random.choice(
        (AbsenceReason.DUTY, AbsenceReason.SICK, AbsenceReason.PERSONAL, AbsenceReason.FRAIL)
    )


def _recorder(world: _World, unit: Unit) -> str:
    board = world.board.get(unit.pk, [])
    return board[1].name if len(board) > 1 else world.secretaries.get(unit.pk, "")


def _vote(world: _World, meeting: Meeting) -> None:
    rows = [a for a in world.attendance if a.meeting is meeting and a.voting]
    present = sum(a.present for a in rows)
    against = world.random.randint(0, min(2, present))
    world.votes.append(
        Vote(
            meeting=meeting,
            subject=world.random.choice(
                ("本季度党费使用计划", "评选优秀共产党员", "支部年度工作要点")
            ),
            eligible=len(rows),
            present=present,
            yes=present - against,
            no=against,
        )
    )


def _steps(world: _World) -> None:
    steps: list[MeetingStep] = []
    for meeting in world.meetings:
        steps.append(
            MeetingStep(
                meeting=meeting,
                before=Status.DRAFT,
                after=Status.SUBMITTED,
                by=meeting.created_by,
            )
        )
        if meeting.reviewed_at is not None:
            back = meeting.status == Status.RETURNED
            steps.append(
                MeetingStep(
                    meeting=meeting,
                    before=Status.SUBMITTED,
                    after=meeting.status,
                    by=world.reviewer,
                    reason="参会人数与签到表不一致，请核对后重新提交。" if back else "",
                )
            )
    MeetingStep.unscoped.bulk_create(steps, batch_size=5000)
    # The moment of a step is set by the table on insert; history must show when it happened.
    by_record = {meeting.pk: meeting for meeting in world.meetings}
    for step in steps:
        meeting = by_record[step.meeting_id]
        moment = meeting.submitted_at if step.after == Status.SUBMITTED else meeting.reviewed_at
        step.at = moment or step.at
    MeetingStep.unscoped.bulk_update(steps, ["at"], batch_size=1000)


def _events(sample: SampleDistrict, by: User) -> None:
    quarter = sample.closed
    rows = (
        (
            "three_groups",
            Cause.DECISION,
            quarter.start + timedelta(days=20),
            "老旧小区加装电梯方案",
        ),
        # Its window ends in the next quarter, and is scored there.
        ("joint_meetings", Cause.DECISION, quarter.end - timedelta(days=9), "社区食堂选址"),
        # Registered in the quarter before, scored in this one.
        ("tie_one", Cause.DECISION, quarter.start - timedelta(days=12), "集体资产处置方案"),
        ("two_groups", Cause.ADMISSION, quarter.start + timedelta(days=60), "接收预备党员一名"),
        ("absentees", Cause.ADMISSION, quarter.start + timedelta(days=5), "接收预备党员两名"),
        ("three_groups", Cause.ADMISSION, sample.today - timedelta(days=12), "接收预备党员一名"),
    )
    Event.unscoped.bulk_create(
        Event(
            unit=sample.edge(edge),
            cause=cause,
            day=day,
            window_end=event_window_end(cause, day),
            title=title,
            by=by,
        )
        for edge, cause, day, title in rows
    )


def _checks(world: _World, by: User) -> None:
    """Every fourth branch was looked at in the last full quarter, some of them twice."""
    quarter = world.sample.closed
    rows = []
    for index, unit in enumerate(world.sample.branches):
        if index % 4 or unit.dissolved_on is not None or _is(world, unit, "tie_one"):
            continue
        records = [m for m in world.meetings if m.unit == unit and quarter.contains(m.held_on)]
        for nth, meeting in enumerate(records[: 1 + index % 3]):
            score = Decimal(world.random.randint(780, 985)) / 10
            rows.append(
                SpotCheck(
                    unit=unit,
                    meeting=meeting,
                    checked_on=min(quarter.end, meeting.held_on + timedelta(days=15 + nth)),
                    score=score,
                    findings="" if score >= 90 else "会议记录过于简略，讨论发言没有记到人。",
                    by=by,
                )
            )
    SpotCheck.unscoped.bulk_create(rows)


def _text(world: _World) -> str:
    return world.random.choice(_TEXTS)


def _study(world: _World) -> str:
    return f"学习{_text(world)}，{world.random.choice(_TASKS)}"


def _task(world: _World) -> str:
    return world.random.choice(_TASKS)


def _lecture(world: _World) -> str:
    return f"书记讲党课：{_text(world)}学习体会"
