"""A year of 网上党支部 in the sample district: 通知 read by some, a draft, one taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from branches.sample import SampleDistrict
from portal.enums import Reach, State
from portal.models import BranchPage, Circular, Receipt
from portal.reaching import reached

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Told:
    """One 通知: how many days ago, by when (days from today), how many of ten have read it."""

    title: str
    text: str
    ago: int
    due: int | None = None
    sign: bool = False
    read: int = 10
    reach: Reach = Reach.ALL
    kinds: tuple[str, ...] = ()
    reason: str = ""


_DISTRICT = (
    _Told(
        "关于做好第三季度党费收缴公示的通知",
        "各党支部：\n请于本月底前将第三季度党费收缴情况在公开栏公示，公示到支部，不公示个人数额。\n"
        "公示后请点“已阅”。",
        75,
    ),
    _Told(
        "关于开展冬季走访慰问困难党员群众的通知",
        "各党支部：\n请结合本月固定组织生活日，安排班子成员走访困难党员和群众，了解实际困难，"
        "能办的当场办，办不了的报上级党（工）委。\n走访不拍照留痕，不要求填报台账。",
        6, due=9, sign=True, read=6,
    ),
    _Told(
        "关于召开党支部书记培训班的通知",
        "各党支部：\n培训班定于下周在区委党校报告厅举办，主要学习《中国共产党支部工作条例（试行）》。\n"
        "请书记本人参加，有特殊情况的请提前一天说明。",
        12, due=-3, sign=True, read=8, reach=Reach.KIND, kinds=("branch", "joint_branch"),
    ),
    _Told(
        "关于报送活动阵地照片的通知",
        "各党支部：\n请报送活动阵地照片。",
        20, read=3, reason="照片由街道统一采集，不再要求支部报送。",
    ),
)  # fmt: skip
_STREET = _Told(
    "关于错峰使用街道党群服务中心会议室的通知",
    "各党支部：\n本月固定组织生活日使用会议室的支部较多，请提前在街道党建办登记时间，错峰使用。",
    3, read=5,
)  # fmt: skip


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
    staff, street = users["zuzhibu"], sample.branches[0].committee
    assert street is not None
    authors = {**authors, street.pk: users["jiedao"]}
    _issued(sample, _STREET, street, users["jiedao"], authors, turn=7)
    for number, told in enumerate(_DISTRICT):
        _issued(sample, told, sample.root, staff, authors, turn=number)
    Circular.unscoped.create(
        unit=sample.root, title="关于做好年度组织生活会准备工作的通知",
        text="各党支部：\n请按照步骤做好学习准备、谈心谈话，会议时间另行通知。",
        written_by=staff, reach=Reach.FIELD, fields=["community", "village"],
    )  # fmt: skip
    _pages(sample.branches[:3], authors)


def _issued(
    sample: SampleDistrict, told: _Told, unit: Unit, by: User, authors: dict[int, User], turn: int
) -> None:
    day = sample.today - timedelta(days=told.ago)
    row = Circular.unscoped.create(
        unit=unit, title=told.title, text=told.text, reach=told.reach, kinds=list(told.kinds),
        needs_sign=told.sign, written_by=by, issued_by=by, issued_at=_at(day, 9),
        state=State.ISSUED,
        sign_by=sample.today + timedelta(days=told.due) if told.due is not None else None,
    )  # fmt: skip
    receipts = [
        _receipt(row, one, authors.get(one.pk), at, day, told)
        for at, one in enumerate(reached(row, sample.today).order_by("path"), start=turn)
    ]
    Receipt.unscoped.bulk_create(receipts)
    if told.reason:
        row.state, row.reason, row.revoked_by = State.REVOKED, told.reason, by
        row.revoked_at = _at(day + _DAY, 15)
        row.save()


def _receipt(
    row: Circular, unit: Unit, reader: User | None, at: int, day: date, told: _Told
) -> Receipt:
    """Some read it at once, some later; who has not shows the day he was pressed."""
    made = Receipt(circular=row, unit=unit)
    if reader is None or at * 7 % 10 >= told.read:
        if told.due is not None and told.due < 0:
            made.urged, made.urged_on = 1, day + 2 * _DAY
        return made
    when = _at(day + timedelta(days=at % (1 if told.reason else min(3, told.ago))), 8 + at % 10)
    made.read_at, made.read_by = when, reader
    if told.sign:
        made.signed_at, made.signed_by = when, reader
    if at % 4 == 0:
        made.shared_at, made.shared_by, made.is_public = when, reader, True
    return made


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def _pages(branches: Sequence[Unit], authors: dict[int, User]) -> None:
    BranchPage.unscoped.bulk_create(
        BranchPage(
            unit=unit, by=authors.get(unit.pk),
            introduction="支部设在居民楼院里，党员大多是街坊。每月固定组织生活日在社区活动室，"
            "欢迎群众来坐坐、提意见。",
            panels=["people", "notices", "month", "promises", "brands"],
        )
        for unit in branches
    )  # fmt: skip
