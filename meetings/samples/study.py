"""样例区的学习计划和党课: this year's list, branches that keep up and some that lag, and lectures.

Texts are ticked off by records that are there already; nothing is invented for it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from branches.sample import SampleDistrict
from meetings.enums import COUNTING, Kind
from meetings.enums.lectures import BookingState, CourseKind
from meetings.enums.study import Split, TextKind
from meetings.models import (
    Booking,
    Course,
    Lecturer,
    Meeting,
    StudyItem,
    StudyMark,
    StudyPhase,
    StudyPlan,
    StudyText,
)
from meetings.services import study

# Phase (from 0), title, kind, chapters, what is asked for.
_LIST: tuple[tuple[int, str, str, str, str], ...] = (
    (0, "《中国共产党章程》总纲", TextKind.CONSTITUTION, "总纲", "逐段通读，书记领学。"),
    (0, "《中国共产党廉洁自律准则》", TextKind.GUIDELINE, "全文", ""),
    (0, "《习近平谈治国理政》第四卷专题一", TextKind.WORKS, "专题一至三", ""),
    (1, "《中国共产党章程》第一、二章", TextKind.CONSTITUTION, "第一、二章", "对照党员义务讨论。"),
    (1, "《中国共产党纪律处分条例》", TextKind.REGULATION, "总则、分则第六至八章", ""),
    (1, "《中国共产党支部工作条例（试行）》", TextKind.REGULATION, "全文", ""),
    (2, "《中国共产党党员教育管理工作条例》", TextKind.REGULATION, "全文", ""),
    (2, "《习近平谈治国理政》第四卷专题二", TextKind.WORKS, "专题四至六", ""),
    (2, "《信访工作条例》", TextKind.REGULATION, "第一至三章", "结合本支部实际讨论。"),
    (3, "党中央全会精神", TextKind.SPEECH, "公报及辅导读本", "结合岗位谈体会。"),
    (3, "《中国共产党章程》第六至八章", TextKind.CONSTITUTION, "第六至八章", ""),
    (3, "《中华人民共和国宪法》", TextKind.LAW, "序言、总纲", ""),
)
_OWN = ("本行业先进人物事迹", "社区治理优秀案例选编", "省委全会精神")
_LECTURERS = (
    ("顾文远", "区委党校副校长", "党章党规、党的创新理论"),
    ("汪晓棠", "区委党校讲师", "党史、党员教育"),
    ("郝志宏", "区纪委监委宣传部主任", "廉洁自律、警示教育"),
    ("夏静怡", "书院社区党委书记", "社区治理、群众工作"),
    ("龙德海", "退役军人、老党员", "身边的先锋、优良传统"),
    ("潘玉兰", "区第一中学高级教师", "家风家教、红色故事"),
)
# Title, kind, lecturer, minutes.
_COURSES: tuple[tuple[str, str, int, int], ...] = (
    ("党章里的党员义务", CourseKind.MICRO, 0, 20),
    ("入党誓词的每一句话", CourseKind.MICRO, 1, 20),
    ("一张老照片里的支部", CourseKind.MICRO, 4, 15),
    ("楼门院里的微治理", CourseKind.MICRO, 3, 20),
    ("家风就是作风", CourseKind.MICRO, 5, 20),
    ("身边的八小时以外", CourseKind.MICRO, 2, 20),
    ("学习纪律处分条例", CourseKind.SPECIAL, 2, 60),
    ("怎样开好组织生活会", CourseKind.SPECIAL, 0, 60),
    ("党的光辉历程", CourseKind.SPECIAL, 1, 90),
    ("基层治理中的党建引领", CourseKind.EXPERT, 3, 90),
    ("党的创新理论专题辅导", CourseKind.EXPERT, 0, 90),
    ("红色故事进支部", CourseKind.EXPERT, 5, 60),
)
_PLACE = "党群服务中心二楼会议室"
# Nothing delivered so lately: those days belong to what is scheduled below.
_RECENT = timedelta(days=3)


def build(*, sample: SampleDistrict, authors: dict[int, User], staff: User) -> None:
    """Write the year's list, plans, ticks, lecturers, courses and bookings in every state.

    ``authors`` maps a unit's id to the account that works for it.
    """
    random = Random(20240103)  # noqa: S311  the same district every time
    branches = [unit for unit in sample.branches if _stands(unit, sample.today)]
    phases = study.set_phases(
        district=sample.root, year=sample.today.year, split=Split.QUARTER, by=staff
    )
    texts = _texts(sample, phases)
    _plans(sample, branches, texts, phases, authors, random)
    courses = _courses(sample)
    _bookings(sample, branches, courses, authors, staff, random)


def _stands(unit: Unit, today: date) -> bool:
    return unit.dissolved_on is None or unit.dissolved_on >= today


def _texts(sample: SampleDistrict, phases: list[StudyPhase]) -> list[StudyText]:
    return StudyText.unscoped.bulk_create(
        StudyText(
            unit=sample.root,
            year=sample.today.year,
            phase=phases[number],
            title=title,
            kind=kind,
            pages=pages,
            description=description,
        )
        for number, title, kind, pages, description in _LIST
    )


def _plans(
    sample: SampleDistrict,
    branches: list[Unit],
    texts: list[StudyText],
    phases: list[StudyPhase],
    authors: dict[int, User],
    random: Random,
) -> None:
    """Nine branches in ten have a plan; each studies with a diligence of its own."""
    year = sample.today.year
    first = sample.edge("three_groups")
    planning = [unit for unit in branches if unit == first or random.random() < 0.9]
    plans = StudyPlan.unscoped.bulk_create(
        StudyPlan(unit=unit, year=year, by=authors.get(unit.pk)) for unit in planning
    )
    items = []
    for plan in plans:
        leaders = [authors[plan.unit_id].name] if plan.unit_id in authors else [""]
        items += [
            StudyItem(
                plan=plan,
                text=text,
                title=text.title,
                kind=text.kind,
                phase=text.phase,
                leader=random.choice([*leaders, "", ""]),
            )
            for text in texts
        ]
        if random.random() < 0.4:
            title = random.choice(_OWN)
            phase = random.choice(phases)
            items.append(StudyItem(plan=plan, title=title, kind=TextKind.OTHER, phase=phase))
    StudyItem.unscoped.bulk_create(items)
    _ticks(sample, items, random)


def _ticks(sample: SampleDistrict, items: list[StudyItem], random: Random) -> None:
    records: dict[int, list[Meeting]] = defaultdict(list)
    held = Meeting.unscoped.filter(
        unit__path__startswith=sample.root.path,
        held_on__year=sample.today.year,
        held_on__lte=sample.today,
        status__in=COUNTING,
    )
    for meeting in held.order_by("held_on", "pk").only("pk", "unit_id", "held_on"):
        records[meeting.unit_id].append(meeting)
    running = max(i.phase.starts_on for i in items if i.phase.starts_on <= sample.today)
    diligence: dict[int, float] = {}
    marks = []
    for item in items:
        unit_id = item.plan.unit_id
        share = diligence.setdefault(unit_id, random.choice((0.6, 0.9, 1.0, 1.0, 1.0)))
        # Of the running phase something is left to do.
        if random.random() > (0.35 if item.phase.starts_on == running else share):
            continue
        fitting = [
            one
            for one in records[unit_id]
            if item.phase.starts_on <= one.held_on <= item.phase.ends_on
        ]
        if fitting:
            marks.append(StudyMark(meeting=random.choice(fitting), item=item))
    StudyMark.unscoped.bulk_create(marks)


def _courses(sample: SampleDistrict) -> list[Course]:
    street = sample.units["990101001000"]
    lecturers = Lecturer.unscoped.bulk_create(
        Lecturer(unit=sample.root, name=name, post=post, topics=topics)
        for name, post, topics in _LECTURERS
    )
    return Course.unscoped.bulk_create(
        Course(
            # One of the micro lectures is offered by a street, the others by the district.
            unit=street if title.startswith("楼门院") else sample.root,
            year=sample.today.year,
            title=title,
            kind=kind,
            lecturer=lecturers[lecturer],
            minutes=minutes,
            summary=f"围绕“{_LECTURERS[lecturer][2]}”，用身边的人和事讲清道理。",
        )
        for title, kind, lecturer, minutes in _COURSES
    )


def _bookings(
    sample: SampleDistrict,
    branches: list[Unit],
    courses: list[Course],
    authors: dict[int, User],
    staff: User,
    random: Random,
) -> None:
    """Delivered ones out of the year's 党课 records, and a few in every other state."""
    offered = [course for course in courses if course.unit_id == sample.root.pk]
    rows = _delivered(sample, branches, offered, authors, staff, random)
    mine = sample.edge("three_groups")
    others = [unit for unit in branches if unit != mine]
    random.shuffle(others)
    today = sample.today

    def asked(unit: Unit, course: Course, state: BookingState, **facts: object) -> None:
        by = authors.get(unit.pk)
        rows.append(Booking(unit=unit, course=course, state=state, asked_by=by, **facts))

    def slot(course: Course, days: int, hour: int) -> dict[str, object]:
        start = _moment(today + timedelta(days=days), hour)
        return {
            "lecturer": course.lecturer,
            "starts_at": start,
            "ends_at": start + timedelta(minutes=course.minutes),
            "place": _PLACE,
            "decided_by": staff,
        }

    wishes = ("下周二下午，支部活动室", "月底前任意一天", "固定组织生活日当天上午")
    for unit, course, wish in zip(others[:3], offered[1:4], wishes, strict=True):
        asked(unit, course, BookingState.REQUESTED, wish=wish)
    asked(mine, offered[4], BookingState.SCHEDULED, **slot(offered[4], 3, 15))
    asked(mine, offered[1], BookingState.SCHEDULED, **slot(offered[1], -2, 9))
    joint = uuid4()
    for unit in others[3:6]:
        asked(unit, offered[8], BookingState.SCHEDULED, visit=joint, **slot(offered[8], 5, 9))
    asked(others[6], offered[6], BookingState.DECLINED, reason="讲师本月外出学习，下月再安排。")
    asked(others[7], offered[7], BookingState.CANCELLED, reason="与支部换届时间冲突。")
    Booking.unscoped.bulk_create(rows)


def _delivered(
    sample: SampleDistrict,
    branches: list[Unit],
    courses: list[Course],
    authors: dict[int, User],
    staff: User,
    random: Random,
) -> list[Booking]:
    everywhere = Meeting.objects.everywhere("what the sample has recorded")
    held = everywhere.of_kind(Kind.LECTURE).filter(
        unit__in=branches, held_on__year=sample.today.year, status__in=COUNTING
    )
    rows: list[Booking] = []
    taken: set[tuple[int, date, int]] = set()
    for meeting in held.select_related("unit").order_by("held_on", "pk"):
        course = random.choice(courses)
        hour = random.choice((9, 14, 16))
        key = (course.lecturer_id, meeting.held_on, hour)
        if random.random() > 0.6 or key in taken or meeting.held_on >= sample.today - _RECENT:
            continue
        taken.add(key)
        start = _moment(meeting.held_on, hour)
        rows.append(
            Booking(
                unit=meeting.unit,
                course=course,
                state=BookingState.DELIVERED,
                lecturer=course.lecturer,
                starts_at=start,
                ends_at=start + timedelta(minutes=course.minutes),
                place=meeting.place or _PLACE,
                meeting=meeting,
                asked_by=authors.get(meeting.unit_id),
                decided_by=staff,
            )
        )
    return rows


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
