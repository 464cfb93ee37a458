"""样例区的组织生活日: five programmes, examples with photos, postponements, a check-in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from branches.models import Unit
from branches.sample import EDGES, SampleDistrict
from core import files
from core.dates import Period, add_months
from core.models import Notice
from meetings.enums import Item, Kind, Status
from meetings.enums.programme import PostponeState, ProgrammeState, ShareState
from meetings.fixed_days import MonthDay, fixed_days
from meetings.models import (
    Attendance,
    CheckIn,
    CheckInSession,
    Meeting,
    MeetingFile,
    Postponement,
    Programme,
    ProgrammeItem,
    Share,
    SharePhoto,
)
from meetings.services.postpone import decide_postponement
from meetings.services.programme import publish

STREET = "990101001000"
_SET = (
    (Item.CONSTITUTION, "全体起立，领读人带领诵读党章总纲第一、二自然段，约十分钟。"),
    (Item.OATH, "面向党旗，举右手握拳，由支部书记领誓。"),
    (Item.DUES, "当天足额交纳本月党费，组织委员登记。"),
)
_MONTHS = (
    (
        "弘扬实干精神，服务基层治理",
        Item.CONTRIBUTION,
        "在职党员到社区报到，认领一件楼院小事，月底前办结。",
        "",
    ),
    (
        "学习《中国共产党纪律处分条例》，守纪律讲规矩",
        Item.STUDY,
        "先通读第一编总则，再结合岗位讨论，每名党员发言不少于三分钟。",
        "第一条　为了维护党章和其他党内法规，严肃党的纪律……（请对照原文学习第一至第五条）",
    ),
    (
        "庆丰收、话初心，组织党员为群众办实事",
        Item.CONTRIBUTION,
        "走访困难党员和独居老人，帮助解决一个具体困难。",
        "",
    ),
    (
        "学习贯彻全会精神，立足岗位作贡献",
        Item.STUDY,
        "集中学习全会公报，围绕“岗位上能做什么”开展讨论。",
        "学习要点：一、发展为了人民；二、把基层治理做实做细；三、党员带头干。",
    ),
    (
        "盘点一年收获，谋划来年工作",
        Item.ORGANISATION_LIFE,
        "按组织生活会要求会前谈心谈话，会上对照检查，开展批评和自我批评。",
        "",
    ),
)


@dataclass(frozen=True)
class _People:
    """Who asks and who decides in the sample."""

    authors: dict[int, User]
    street: User
    staff: User
    second: User


def build(
    *,
    sample: SampleDistrict,
    authors: dict[int, User],
    reviewer: User,
    district_staff: User,
    second_staff: User,
) -> None:
    """Write it all; ``reviewer`` is the street's, ``authors`` maps a branch to its secretary."""
    people = _People(authors, reviewer, district_staff, second_staff)
    this = Period.containing(sample.today, "month")
    months = [Period.containing(add_months(this.start, back), "month") for back in range(-3, 2)]
    days = fixed_days(district=sample.root, months=months)
    _programmes(sample, months, people)
    _postponements(sample, days, people)
    _shares(sample, months[2:4], people)
    _check_in(sample, this, people)


# --- Programmes ----------------------------------------------------------------------------------


def _programmes(sample: SampleDistrict, months: list[Period], people: _People) -> None:
    """Three past months, this one, and the coming one still a draft; a street adds its own."""
    for month, (theme, item, text, reading) in zip(months, _MONTHS, strict=True):
        programme = Programme.unscoped.create(
            unit=sample.root,
            month=month.start,
            theme=theme,
            note="各支部书记为第一责任人，会后三天内完成记录；党（工）委工作人员到联系支部参加。",
            written_by=people.staff,
        )
        ProgrammeItem.unscoped.bulk_create(
            ProgrammeItem(programme=programme, item=one, place=place, text=how, reading=study)
            for place, (one, how, study) in enumerate(
                [*((*known, "") for known in _SET), (item, text, reading)]
            )
        )
        if month.start <= sample.today:
            _publish(programme, month, sample.today, people.second)
    extra = Programme.unscoped.create(
        unit=sample.units[STREET],
        month=months[3].start,
        theme="文昌街道：环境整治党员先行",
        written_by=people.street,
    )
    ProgrammeItem.unscoped.create(
        programme=extra,
        item=Item.CONTRIBUTION,
        place=list(Item).index(Item.CONTRIBUTION),
        text="会后集体到责任楼院清理堆物，现场照片随记录一并上传。",
    )
    _publish(extra, months[3], sample.today, people.street)


def _publish(programme: Programme, month: Period, today: date, by: User) -> None:
    """The running month's is published by the verb, so that everybody is told."""
    at = _moment(month.start - timedelta(days=4), 9)
    if month.contains(today):
        publish(programme=programme, by=by, on=today)
        Programme.unscoped.filter(pk=programme.pk).update(published_at=at)
        told = Notice.objects.filter(key__startswith=f"programme:{programme.pk}:1:")
        told.update(created_at=at)
        # Two of three have read it; the printed accounts find theirs unread.
        seen = told.filter(recipient__username__startswith="z0")
        told.filter(pk__in=[row.pk for row in seen if row.pk % 3]).update(
            read_at=at + timedelta(hours=5)
        )
        return
    programme.state, programme.issue = ProgrammeState.PUBLISHED, 1
    programme.published_by, programme.published_at = by, at
    programme.save()


# --- Postponements -------------------------------------------------------------------------------


def _postponements(sample: SampleDistrict, days: list[MonthDay], people: _People) -> None:
    """One in each state; the coming month's wait for the street's decision."""
    last, this, ahead = days[2], days[3], days[4]
    street = _street_branches(sample)
    rows = (
        (street[1], ahead, 2, "书记参加区委党校轮训，返回后召开。", PostponeState.PROPOSED),
        (
            sample.edge("three_groups"),
            last,
            2,
            "当天社区换届选举登记，人员集中不便。",
            PostponeState.APPROVED,
        ),
        (sample.edge("late_filing"), this, 6, "活动室检修，暂无场地。", PostponeState.REFUSED),
        (sample.edge("off_day"), this, 3, "与居民议事会时间冲突。", PostponeState.WITHDRAWN),
    )
    for unit, day, later, reason, state in rows:
        asked_on = min(day.day - timedelta(days=5), sample.today - timedelta(days=1))
        row = Postponement.unscoped.create(
            unit=unit,
            month=day.month.start,
            before=day.day,
            day=min(day.day + timedelta(days=later), day.month.end),
            reason=reason,
            proposed_by=people.authors[unit.pk],
        )
        stored = Postponement.unscoped.filter(pk=row.pk)
        stored.update(at=_moment(asked_on, 10))
        if state in (PostponeState.APPROVED, PostponeState.REFUSED):
            decide_postponement(
                postponement=row,
                approve=state == PostponeState.APPROVED,
                by=people.second,
                on=day.day - timedelta(days=4),
                answer="" if state == PostponeState.APPROVED else "可借用社区多功能厅，按期召开。",
            )
            decided = _moment(asked_on + timedelta(days=1), 16)
            stored.update(decided_at=decided)
            told = Notice.objects.filter(
                key__startswith=f"postpone_{state}:{row.pk}:", template__startswith="meetings/"
            )
            told.update(created_at=decided)
            told.filter(recipient=people.authors[unit.pk]).update(
                read_at=decided + timedelta(hours=2)
            )
        elif state == PostponeState.WITHDRAWN:
            stored.update(state=state)


def _street_branches(sample: SampleDistrict) -> list[Unit]:
    """The branches of the printed committee's street, without those that edge cases live in."""
    street = sample.units[STREET]
    edges = set(EDGES.values())
    return [unit for unit in sample.branches if street.covers(unit) and unit.code not in edges]


# --- Examples ------------------------------------------------------------------------------------

_EXAMPLES = (
    (
        "tie_one",
        "一杯茶的工夫讲一条党章",
        "把会场搬到楼院凉亭，每名党员抽一张党章条目卡，用身边的事讲三分钟。"
        "老党员讲得实，年轻党员听得进，散会时又约好了下一次的领读人。",
        ShareState.APPROVED,
    ),
    (
        "tie_two",
        "党费当面交，账目当面晒",
        "交党费前先晒上月账目，每一笔花在哪里贴在墙上。党员有问必答，交得明白，用得放心。",
        ShareState.APPROVED,
    ),
    (
        "street",
        "先办一件事，再开一次会",
        "上午在责任楼院清理堆物，下午就在现场边干边议，会议记录里每条意见都有落实的人。",
        ShareState.PROPOSED,
    ),
    (
        "three_groups",
        "三个小组比着学",
        "三个党小组轮流出题抢答，输的小组下次负责领读，会场热起来了。",
        ShareState.PROPOSED,
    ),
)


def _shares(sample: SampleDistrict, months: list[Period], people: _People) -> None:
    """Two that everybody sees, one waiting for the street, one for the branch's consent."""
    for number, (edge, theme, text, state) in enumerate(_EXAMPLES):
        unit = _street_branches(sample)[0] if edge == "street" else sample.edge(edge)
        meeting = _accepted(unit, months)
        if meeting is None:
            continue
        secretary = people.authors[unit.pk]
        asked_by_staff = edge == "three_groups"
        share = Share.unscoped.create(
            meeting=meeting,
            unit=unit,
            month=meeting.held_on.replace(day=1),
            theme=theme,
            text=text,
            state=state,
            proposed_by=people.staff if asked_by_staff else secretary,
            consented_by=None if asked_by_staff else secretary,
            consented_at=None if asked_by_staff else timezone.now(),
            decided_by=people.second if state == ShareState.APPROVED else None,
            decided_at=timezone.now() if state == ShareState.APPROVED else None,
        )
        for nth in range(2 if number < 2 else 1):
            file = _photo(meeting, secretary, number * 3 + nth)
            SharePhoto.unscoped.create(share=share, file=file)


def _accepted(unit: Unit, months: list[Period]) -> Meeting | None:
    """The branch's latest accepted record of these months' days."""
    rows = Meeting.objects.within(unit).filter(unit=unit, status=Status.ACCEPTED)
    found: Meeting | None = (
        rows.of_kind(Kind.FIXED_DAY)
        .held_in(months[0].start, months[-1].end)
        .order_by("-held_on")
        .first()
    )
    return found


def _photo(meeting: Meeting, by: User, number: int) -> MeetingFile:
    """A drawn picture of a hall: a red wall, a flag's gold, rows of chairs."""
    image = Image.new("RGB", (960, 640), (243, 236, 224))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 960, 250), fill=(170 - number * 6, 30 + number * 4, 34))
    draw.ellipse((430, 60, 530, 160), fill=(222, 178, 74))
    for row in range(3):
        for seat in range(7 - number % 3):
            left, top = 70 + seat * 125 + row * 12, 320 + row * 95
            draw.rounded_rectangle((left, top, left + 90, top + 60), 10, fill=(96, 74, 60))
            draw.ellipse((left + 25, top - 34, left + 65, top + 6), fill=(214, 182, 158))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    clean = files.accept_image(SimpleUploadedFile(f"会场{number + 1}.jpg", out.getvalue()))
    stored = files.store(clean)
    made: MeetingFile = MeetingFile.unscoped.create(meeting=meeting, by=by, **stored.columns)
    return made


# --- Check-in ------------------------------------------------------------------------------------


def _check_in(sample: SampleDistrict, month: Period, people: _People) -> None:
    """The printed secretary's latest day was called by phone: whoever came had scanned."""
    unit = sample.edge("three_groups")
    meeting = _accepted(unit, [month.previous().previous(), month])
    if meeting is None:
        return
    begun = _moment(meeting.held_on, 14)
    session = CheckInSession.unscoped.create(
        meeting=meeting,
        started_by=people.authors[unit.pk],
        started_at=begun,
        ended_at=begun + timedelta(minutes=25),
    )
    came = Attendance.unscoped.filter(meeting=meeting, present=True, eligible=True)
    CheckIn.unscoped.bulk_create(
        CheckIn(
            meeting=meeting,
            session=session,
            member_id=row.member_id,
            at=begun + timedelta(seconds=40 + 35 * number),
        )
        for number, row in enumerate(came.order_by("pk"))
        if number % 8 != 7
    )


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
