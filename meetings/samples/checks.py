"""样例区的调阅和审阅: two draws of the last quarter, findings in each state, alike records."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from branches.models import Unit
from branches.sample import SampleDistrict
from core.holidays import calendar_around
from meetings import services
from meetings.checking import items_of, sheet_for
from meetings.entries import AttendanceEntry, MeetingContent
from meetings.enums import COUNTING, Item, Kind
from meetings.enums.checks import FindingState
from meetings.models import (
    CheckDraw,
    CheckPoint,
    Comment,
    DrawnRecord,
    Finding,
    Meeting,
    SpotCheck,
)
from meetings.rules.checks import draw, list_digest, list_lines

# The committee of the sign-in jiedao, and another one.
_FIRST, _SECOND = "990101001000", "990101005000"
_FAULTS = (
    ("讨论发言没有记到人，只写了“大家一致认为”。", "按发言顺序补记要点，下次会议起逐人记录。"),
    ("应到人数与党员名册不一致，少计 2 名流动党员。", "核对名册后更正应到人数，注明流动党员去向。"),
    ("议题写得笼统，看不出学了哪一部分内容。", "写明学习的篇目和讨论的题目。"),
    ("会议没有形成决议，事项没有落实到人。", "补充决议，写明责任人和完成时限。"),
    ("没有上传会议照片和签到表。", "补传当次会议的照片和签到表。"),
)
_RESULT = "已对照要求逐项整改：补记了发言要点，支委会上重申了记录要求，由组织委员每次会后核对。"
_WORDS = "还差两位同志的发言要点，请补齐后再报。"
_MINUTES = (
    "会议由支部书记主持。全体党员来到社区党群服务中心，先集体重温入党誓词，再围绕楼院环境整治开展志愿服务。"
    "大家分成三个小组，分别负责清理楼道杂物、擦拭宣传栏、走访独居老人。第一组清理了六个单元的楼道，劝导居民把"
    "电动车停到充电棚；第二组更换了两处破损的宣传栏，张贴了文明养犬倡议书；第三组走访了五户独居老人，帮助检查"
    "燃气软管和用电线路，登记了两条需要社区协调的事项。活动结束后大家坐在一起交流体会，一致认为志愿服务要从"
    "身边小事做起，贵在坚持。{name}同志建议每月固定一次，由各小组轮流组织，会议采纳了这个建议。"
)


@dataclass
class _World:
    sample: SampleDistrict
    random: Random
    checks: list[SpotCheck]
    points: list[CheckPoint]
    findings: list[Finding]


def build(
    *,
    sample: SampleDistrict,
    authors: dict[int, User],
    committee_staff: User,
    district_staff: User,
    leader: User,
) -> None:
    """Draws, checks, findings, comments, and a pair of records that look alike."""
    _typed_when_filed(sample)
    world = _World(sample, Random(20240104), [], [], [])  # noqa: S311  the same every time
    states: tuple[FindingState | None, ...] = (
        FindingState.OPEN,
        FindingState.ANSWERED,
        FindingState.RETURNED,
        FindingState.CLOSED,
        None,
        FindingState.CLOSED,
    )
    first = _draw(world, sample.units[_FIRST], committee_staff, 8, number=1)
    _read(world, first, authors, states, by=committee_staff, closer=committee_staff)
    second = _draw(world, sample.units[_SECOND], district_staff, 5, number=2)
    states = (FindingState.CLOSED, None, FindingState.ANSWERED, None, FindingState.CLOSED)
    _read(world, second, authors, states, by=district_staff, closer=district_staff)
    _running(world, committee_staff)
    SpotCheck.unscoped.bulk_create(world.checks)
    CheckPoint.unscoped.bulk_create(world.points)
    Finding.unscoped.bulk_create(world.findings)
    _alike(sample, authors)
    _comments(sample, authors, committee_staff, leader)


def _typed_when_filed(sample: SampleDistrict) -> None:
    """Records were typed shortly before they were filed, not all of them at this moment."""
    rows = Meeting.unscoped.filter(
        unit__path__startswith=sample.root.path, submitted_at__isnull=False
    )
    with pgtrigger.ignore("meetings.Meeting:update_update"):
        rows.update(created_at=F("submitted_at") - timedelta(minutes=20))


def _draw(world: _World, unit: Unit, by: User, wanted: int, *, number: int) -> list[DrawnRecord]:
    """A draw from the unit's records of the last quarter's first two months."""
    closed = world.sample.closed
    until = closed.start + timedelta(days=60)
    rows = Meeting.unscoped.filter(
        unit__path__startswith=unit.path,
        held_on__range=(closed.start, until),
        status__in=COUNTING,
    ).select_related("unit__parent")
    by_uuid = {str(one.uuid): one for one in rows}
    lines = list_lines((uuid, False) for uuid in by_uuid)
    seed = hashlib.sha256(f"sample {number}".encode()).hexdigest()[:32]
    wanted = min(wanted, len(lines))
    made: CheckDraw = CheckDraw.unscoped.create(
        unit=unit,
        since=closed.start,
        until=until,
        wanted=wanted,
        listed="\n".join(lines),
        listed_count=len(lines),
        list_sha256=list_digest(lines),
        seed=seed,
        due_on=closed.end - timedelta(days=5),
        by=by,
    )
    moment = timezone.make_aware(datetime.combine(until + timedelta(days=3), time(9, 30)))
    with pgtrigger.ignore("meetings.CheckDraw:frozen"):
        CheckDraw.unscoped.filter(pk=made.pk).update(at=moment)
    return DrawnRecord.unscoped.bulk_create(
        DrawnRecord(draw=made, meeting=by_uuid[one.uuid], place=place)
        for place, one in enumerate(draw(lines=lines, seed=seed, wanted=wanted), start=1)
    )


def _read(
    world: _World,
    drawn: list[DrawnRecord],
    authors: dict[int, User],
    states: tuple[FindingState | None, ...],
    *,
    by: User,
    closer: User,
) -> None:
    """Read the first of the drawn, one for each of ``states``; the rest is still to be read."""
    closed = world.sample.closed
    for at, (record, state) in enumerate(zip(drawn, states, strict=False)):
        day = closed.start + timedelta(days=66 + at * 2)
        check = _check(world, record.meeting, by, day, clean=state is None, drawn=record)
        if state is not None:
            due = day + timedelta(days=14)
            _finding(world, check, state, due, authors, closer)


def _check(
    world: _World,
    meeting: Meeting,
    by: User,
    day: date,
    *,
    clean: bool,
    drawn: DrawnRecord | None = None,
) -> SpotCheck:
    unit = meeting.unit.parent if meeting.unit.is_group else meeting.unit
    check = SpotCheck(unit=unit, meeting=meeting, drawn=drawn, checked_on=day, by=by)
    total = Decimal(0)
    for place, item in enumerate(items_of(sheet_for(meeting.unit, day)), start=1):
        lost = Decimal(world.random.choice((0, 0, 1) if clean else (0, 1, 2, 4)))
        given = max(item.points - lost, Decimal(0))
        world.points.append(
            CheckPoint(check_of=check, place=place, name=item.name, full=item.points, points=given)
        )
        total += given
    check.score = total
    world.checks.append(check)
    return check


def _finding(
    world: _World,
    check: SpotCheck,
    state: FindingState,
    due: date,
    authors: dict[int, User],
    closer: User,
) -> None:
    text, ask = _FAULTS[len(world.findings) % len(_FAULTS)]
    check.findings = text
    finding = Finding(check_of=check, unit=check.unit, text=text, ask=ask, due_on=due, state=state)
    if state != FindingState.OPEN:
        finding.result = _RESULT
        finding.answered_by = authors.get(check.unit.pk)
        finding.answered_at = timezone.make_aware(datetime.combine(due, time(10)))
    if state in (FindingState.RETURNED, FindingState.CLOSED):
        finding.reason = _WORDS if state == FindingState.RETURNED else ""
        finding.decided_by = closer
        finding.decided_at = timezone.make_aware(
            datetime.combine(due + timedelta(days=2), time(15))
        )
    world.findings.append(finding)


def _running(world: _World, by: User) -> None:
    """The sign-in shuji has a finding to answer that has still time."""
    today = world.sample.today
    meeting = (
        Meeting.unscoped.filter(
            unit=world.sample.edge("three_groups"), status__in=COUNTING, held_on__lt=today
        )
        .select_related("unit")
        .order_by("-held_on", "-pk")
        .first()
    )
    if meeting is None:
        return
    check = _check(world, meeting, by, today, clean=False)
    due = calendar_around(today).add_workdays(today, 5).day
    _finding(world, check, FindingState.OPEN, due, {}, by)


# --- Two records that look alike -----------------------------------------------------------------


def _alike(sample: SampleDistrict, authors: dict[int, User]) -> None:
    """Two branches of one committee with nearly the same minutes and the same photo."""
    committee = sample.units[_FIRST]
    branches = [
        one
        for one in sample.branches
        if one.committee_id == committee.pk and one.dissolved_on is None and one.pk in authors
    ]
    picture = _picture()
    for at, unit in enumerate(branches[-2:]):
        author, day = authors[unit.pk], sample.today - timedelta(days=3 - at)
        people = services.expected_members(unit=unit, on=day)
        meeting = services.save(
            unit=unit,
            by=author,
            form_key=None,
            content=MeetingContent(
                kinds=(Kind.THEME_DAY,),
                held_on=day,
                topic="主题党日：楼院环境整治志愿服务",
                place="社区党群服务中心",
                chair=author.name,
                minutes=_MINUTES.format(name=author.name),
                items=(Item.OATH, Item.CONTRIBUTION),
            ),
            attendance=[AttendanceEntry(member_id=one.id) for one in people],
        )
        upload = SimpleUploadedFile("志愿服务.jpg", picture, content_type="image/jpeg")
        services.add_file(meeting=meeting, by=author, upload=upload)
        services.submit(meeting=meeting, by=author, on=sample.today)


def _picture() -> bytes:
    """A drawn courtyard: sky, houses, people in red vests."""
    image = Image.new("RGB", (1200, 800), "#bcd7ea")
    pen, dice = ImageDraw.Draw(image), Random(5)  # noqa: S311  a picture, no secret
    pen.rectangle((0, 560, 1200, 800), "#b9b2a4")
    for at, shade in enumerate(("#c98f6b", "#d9c7a8", "#a9795a", "#cdb79a")):
        left = 20 + at * 300
        pen.rectangle((left, 180 + at % 2 * 60, left + 250, 570), shade)
        for row in range(4):
            for column in range(4):
                x, y = left + 22 + column * 56, 260 + row * 72
                pen.rectangle((x, y, x + 34, y + 44), "#5f7d90")
    pen.rectangle((330, 90, 870, 150), "#b3261e")
    for at in range(9):
        x, y = 110 + at * 115 + dice.randrange(-20, 20), 520 + dice.randrange(0, 60)
        pen.ellipse((x - 20, y - 20, x + 20, y + 20), "#e9c6a5")
        pen.rectangle((x - 28, y + 22, x + 28, y + 110), "#c8372d")
        pen.rectangle((x - 22, y + 110, x + 22, y + 190), "#3c4654")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


# --- 审阅 --------------------------------------------------------------------------------------


def _comments(
    sample: SampleDistrict, authors: dict[int, User], committee_staff: User, leader: User
) -> None:
    """What was said beside the newest records of a few branches, and answered."""
    unit = sample.edge("three_groups")
    rows = Meeting.unscoped.filter(unit=unit, status__in=COUNTING)
    newest = list(rows.order_by("-held_on", "-pk")[:3])
    said = (
        (leader, "议题抓得准，这件事请盯到底，下月说一说进展。",
         "已列入下月支委会议题，由组织委员跟进。"),
        (committee_staff, "发言记得细，可以在街道推广这种记法。", ""),
        (committee_staff, "请核对应到人数。", None),
    )  # fmt: skip
    for meeting, (by, text, answer) in zip(newest, said, strict=False):
        comment: Comment = Comment.unscoped.create(
            meeting=meeting,
            by=by,
            text=text,
            form_key=uuid4(),
            withdrawn_at=timezone.now() if answer is None else None,
        )
        if answer:
            Comment.unscoped.create(
                meeting=meeting, answers=comment, by=authors[unit.pk], text=answer
            )
