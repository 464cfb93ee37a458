"""样例区的品牌: a year of brands in every state around any given day, and the year before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from branches.sample import SampleDistrict
from brands.enums import (
    NURTURING,
    FileKind,
    Grade,
    InspectionState,
    ItemSet,
    Ladder,
    ReviewState,
    Stage,
    Step,
)
from brands.models import (
    Brand,
    BrandFile,
    BrandMove,
    BrandYear,
    CreationAnswer,
    Honour,
    Inspection,
    MediaReport,
    PlanItem,
    Quota,
    Review,
    ReviewScore,
    Scheme,
    Showing,
    StandardItem,
)
from brands.rules import grade_of, mean
from brands.samples import names, pictures
from brands.samples.names import SKETCHES, Sketch
from brands.services.schemes import open_scheme
from core import files
from core.holidays import calendar_around
from core.pinyin import search_key

# At which share of the year a brand came to each 环节.
_PACE = {Stage.TOPIC: 0.1, Stage.APPLIED: 0.22, Stage.UNDERWAY: 0.3, Stage.INSPECTED: 0.82}
# What still waits for somebody came in lately.
_LATE = {
    Stage.APPLIED: {Stage.TOPIC: 0.9, Stage.APPLIED: 0.975},
    Stage.INSPECTED: {**_PACE, Stage.INSPECTED: 0.96},
}
_PAPERS = {
    Stage.APPLIED: "品牌申报表",
    Stage.UNDERWAY: "关于同意创建的批复",
    Stage.INSPECTED: "创建工作总结",
    Stage.CLOSED: "等次审定表",
}


@dataclass
class _World:
    """Who does what, and what is to be written."""

    sample: SampleDistrict
    authors: dict[int, User]
    judge: User
    staff: User
    second: User
    brands: list[Brand] = field(default_factory=list)
    years: list[BrandYear] = field(default_factory=list)
    moves: list[BrandMove] = field(default_factory=list)
    final: list[tuple[BrandYear, Decimal | None, Stage]] = field(default_factory=list)

    @property
    def this(self) -> int:
        """The running year."""
        return self.sample.today.year

    def day(self, year: int, share: float) -> date:
        """A day of a year: of the running one, of its part that is over."""
        first = date(year, 1, 1)
        last = self.sample.today if year == self.this else date(year, 12, 20)
        return first + timedelta(days=int((last - first).days * share))


def build(
    *,
    sample: SampleDistrict,
    authors: dict[int, User],
    judge: User,
    staff: User,
    second: User,
) -> int:
    """Write brands, their two years and all that hangs on them; returns how many brands."""
    world = _World(sample, authors, judge, staff, second)
    for year in (world.this - 1, world.this):
        open_scheme(district=sample.root, year=year)
    Scheme.unscoped.filter(unit=sample.root, year=world.this).update(
        apply_by=date(world.this, 3, 31), review_by=date(world.this, 12, 10)
    )
    for sketch in SKETCHES:
        _brand(world, sketch)
    Brand.unscoped.bulk_create(world.brands)
    for row in world.years:
        row.brand_id = row.brand.pk
    BrandYear.unscoped.bulk_create(world.years)
    for move in world.moves:
        move.brand_id = move.brand.pk
        move.year_id = move.year.pk if move.year else None
    BrandMove.unscoped.bulk_create(world.moves)
    _plans(world)
    _inspections(world)
    _reviews(world)
    _quotas(world)
    _covers(world)
    _promotion(world)
    return len(world.brands)


def _writer(world: _World, sketch: Sketch) -> User:
    unit = world.sample.units[sketch.code]
    return world.authors.get(unit.pk) or world.judge


def _brand(world: _World, sketch: Sketch) -> None:
    unit, first = world.sample.units[sketch.code], world.this - (1 if sketch.then else 0)
    brand = Brand(
        unit=unit, name=sketch.name, kind=sketch.kind, theme=sketch.theme,
        concept=sketch.concept, meaning=names.MEANING, goal=names.GOAL, step=sketch.step,
        step_on=world.day(first, 0.9), name_key=search_key(sketch.name, sketch.theme),
        created_by=_writer(world, sketch),
    )  # fmt: skip
    if sketch.step in (Step.RECOGNISED, Step.PROMOTED) or sketch.state == "to_recognise":
        brand.background, brand.practice = names.BACKGROUND, names.PRACTICE
        brand.results = names.RESULTS
    if sketch.state == "bare":
        brand.meaning = "把招生入学、资助、考试等政策做成一张图，现场办、上门办。"
    world.brands.append(brand)
    if sketch.then:
        _year(world, brand, sketch, world.this - 1, Stage.CLOSED, Decimal(sketch.then))
    score = Decimal(sketch.score) if sketch.score else None
    _year(world, brand, sketch, world.this, sketch.now, score)
    _career(world, brand, sketch, first)


def _year(
    world: _World,
    brand: Brand,
    sketch: Sketch,
    number: int,
    stage: Stage,
    score: Decimal | None,
) -> None:
    at = stage if stage != Stage.CLOSED else Stage.INSPECTED
    closing = stage == Stage.CLOSED
    year = BrandYear(
        brand=brand, year=number, stage=at, stage_on=world.day(number, _LATE.get(stage, _PACE)[at]),
        applied_by=_writer(world, sketch) if at >= Stage.APPLIED else None,
        is_fist=sketch.fist and number == world.this,
        returned="主题和单位职能联系不紧，请结合法治宣传的实际再写。" if sketch.state == "returned"
        else "",
        review_state=ReviewState.OPEN
        if closing or sketch.state in ("summed", "scored", "asked") else ReviewState.NONE,
    )  # fmt: skip
    world.years.append(year)
    if closing or sketch.state in ("summed", "scored"):
        world.final.append((year, score or Decimal(91), stage))
    _stage_moves(world, year, stage, sketch)


def _stage_moves(world: _World, year: BrandYear, stage: Stage, sketch: Sketch) -> None:
    way = [one for one in (*_PACE, Stage.CLOSED) if one <= stage]
    before: Stage | None = None
    for one in way:
        by = {Stage.UNDERWAY: world.judge, Stage.CLOSED: world.second}
        world.moves.append(
            BrandMove(
                brand=year.brand, year=year, ladder=Ladder.STAGE, before=before, after=one,
                on=world.day(year.year, _LATE.get(stage, _PACE).get(one, 0.95)),
                document=_PAPERS.get(one, ""),
                by=by.get(one) or _writer(world, sketch),
            )
        )  # fmt: skip
        before = one
    if year.returned:
        day = world.day(year.year, 0.4)
        back = {"brand": year.brand, "year": year, "ladder": Ladder.STAGE, "on": day}
        world.moves += [
            BrandMove(
                **back, before=Stage.TOPIC, after=Stage.APPLIED, document="品牌申报表",
                by=_writer(world, sketch),
            ),
            BrandMove(
                **back, before=Stage.APPLIED, after=Stage.TOPIC, reason=year.returned,
                by=world.judge,
            ),
        ]  # fmt: skip


def _career(world: _World, brand: Brand, sketch: Sketch, first: int) -> None:
    after = first + 1 if sketch.then else first
    way = {
        Step.NOMINATED: (first, 0.22, "品牌申报表", _writer(world, sketch)),
        Step.NURTURED: (first, 0.3, "关于同意创建的批复", world.judge),
        Step.RECOGNISED: (after, 0.05, f"云组发〔{after}〕3 号", world.staff),
        Step.PROMOTED: (after, 0.12, f"云组发〔{after}〕9 号", world.staff),
    }
    top = Step.NURTURED if sketch.step == Step.REPOSITIONED else sketch.step
    before = Step.NONE
    for step, (year, share, paper, by) in way.items():
        if step > top:
            break
        world.moves.append(
            BrandMove(
                brand=brand, ladder=Ladder.STEP, before=before, after=step,
                on=world.day(year, share), document=paper, by=by,
            )
        )  # fmt: skip
        brand.step_on, before = world.day(year, share), step
    if sketch.step == Step.REPOSITIONED:
        brand.step_on = world.day(world.this, 0.06)
        world.moves.append(
            BrandMove(
                brand=brand, ladder=Ladder.STEP, before=before, after=Step.REPOSITIONED,
                on=brand.step_on, by=world.staff,
                reason="与单位职能联系不紧，群众知晓率低，请重新定位。",
            )
        )  # fmt: skip


# --- The work ------------------------------------------------------------------------------------


def _plans(world: _World) -> None:
    items, answers = [], []
    lists = {
        year: list(
            StandardItem.unscoped.filter(unit=world.sample.root, year=year, set=ItemSet.CREATION)
        )
        for year in (world.this - 1, world.this)
    }
    for at, year in enumerate(world.years):
        if year.stage == Stage.TOPIC and not year.returned:
            continue
        items += _tasks(world, year, at)
        if year.stage == Stage.INSPECTED:
            answers += [
                CreationAnswer(year=year, item=item, text=text)
                for item, text in zip(lists[year.year], names.ANSWERS, strict=True)
            ]
    PlanItem.unscoped.bulk_create(items)
    CreationAnswer.unscoped.bulk_create(answers)


def _tasks(world: _World, year: BrandYear, at: int) -> list[PlanItem]:
    sketch = next(one for one in SKETCHES if one.name == year.brand.name)
    done = {Stage.INSPECTED: 5, Stage.UNDERWAY: 3}.get(Stage(year.stage), 0)
    rows = []
    last = date(year.year, 12, 31)
    for number, (name, measure, evidence) in enumerate(names.TASKS):
        due = world.day(year.year, 0.35 + number * 0.14)
        if number >= done:
            due = min(last, world.sample.today + timedelta(days=9 * (number - done + 1)))
        # The secretary's own brand has something that presses.
        if sketch.state == "secretary" and number == done:
            due = max(date(year.year, 1, 1), world.sample.today - timedelta(days=4))
        finished = number < done
        rows.append(
            PlanItem(
                year=year, name=name, owner=names.PEOPLE[(at + number) % 8], due_on=due,
                measure=measure, answerable=names.PEOPLE[(at + number + 3) % 8],
                done_on=due - timedelta(days=2) if finished and due.day > 2 else due
                if finished else None,
                evidence=evidence if finished else "",
                done_by=_writer(world, sketch) if finished else None,
            )
        )  # fmt: skip
    return rows


def _inspections(world: _World) -> None:
    rows = []
    today = world.sample.today
    for at, year in enumerate(world.years):
        sketch = next(one for one in SKETCHES if one.name == year.brand.name)
        if year.stage == Stage.INSPECTED:
            for kind, text in names.FINDINGS[at % 3 :: 2]:
                day = world.day(year.year, 0.7)
                rows.append(_settled(world, year, sketch, kind, text, day))
        if year.year == world.this and sketch.state in ("mending", "answered"):
            on = max(date(world.this, 1, 1), today - timedelta(days=6))
            due = calendar_around(on).add_workdays(on, 10)
            one = Inspection(
                year=year, kind="tracking", on=on, people="区委组织部调研组",
                findings=names.FINDINGS[0][1], state=InspectionState.OPEN, due_on=due.day,
                provisional=due.provisional, by=world.staff,
            )  # fmt: skip
            if sketch.state == "answered":
                one.state, one.answered_on = InspectionState.ANSWERED, today
                one.answered_by = _writer(world, sketch)
                one.answer = "公示栏已全部更新，明确专人每月第一周更换，照片已归档。"
            rows.append(one)
    Inspection.unscoped.bulk_create(rows)


def _settled(
    world: _World, year: BrandYear, sketch: Sketch, kind: str, text: str, day: date
) -> Inspection:
    found = Inspection(
        year=year, kind=kind, on=day, people="区委组织部、党（工）委联合督查组", findings=text,
        state=InspectionState.CLOSED, by=world.staff,
    )  # fmt: skip
    if kind != "feedback":
        found.due_on = calendar_around(day).add_workdays(day, 10).day
        found.answer = "已按督查意见逐条整改，建立了每月更新和分工轮换的办法。"
        found.answered_on, found.answered_by = day, _writer(world, sketch)
        found.closed_on, found.closed_by = day, world.staff
    return found


def _reviews(world: _World) -> None:
    """Sheets first, while the reviews are open; then the sums, and the years that are over."""
    panel = _panel(world)
    standard = {
        year: list(
            StandardItem.unscoped.filter(unit=world.sample.root, year=year, set=ItemSet.STANDARD)
        )
        for year in (world.this - 1, world.this)
    }
    scheme = Scheme.unscoped.get(unit=world.sample.root, year=world.this)
    reviews, scores = [], []
    for year, score, _ in world.final:
        for at, reviewer in enumerate(panel):
            percent = (score or Decimal(0)) + at - 1
            moment = datetime.combine(world.day(year.year, 0.9), time(16, 10 + at))
            review = Review(
                year=year, reviewer=reviewer, assigned_by=world.staff,
                remark=names.REMARKS[at % 3], submitted_at=timezone.make_aware(moment),
            )  # fmt: skip
            rows = [
                ReviewScore(review=review, item=item, points=item.points * percent / 100)
                for item in standard[year.year]
            ]
            review.total = sum((row.points for row in rows), Decimal(0))
            reviews.append(review)
            scores += rows
    asked = [year for year in world.years if _state(year, world) == "asked"]
    for year in asked:
        reviews += [
            Review(year=year, reviewer=one, assigned_by=world.second)
            for one in (world.staff, *panel[1:])
        ]
    Review.unscoped.bulk_create(reviews)
    for row in scores:
        row.review_id = row.review.pk
    ReviewScore.unscoped.bulk_create(scores)
    _close(world, scheme, reviews)


def _state(year: BrandYear, world: _World) -> str:
    if year.year != world.this:
        return ""
    return next(one.state for one in SKETCHES if one.name == year.brand.name)


def _panel(world: _World) -> list[User]:
    """Three reviewers: a member of staff and people of the two lines that own few brands."""
    people = [User(username=f"pingwei{at}", name=name) for at, name in enumerate(("贺文", "乔岚"))]
    for one in people:
        one.set_unusable_password()
    User.objects.bulk_create(people)
    return [*people, world.second]


def _close(world: _World, scheme: Scheme, reviews: list[Review]) -> None:
    for year, _, stage in world.final:
        if _state(year, world) == "scored":
            continue
        totals = [one.total for one in reviews if one.year is year and one.total is not None]
        year.score = mean(totals)
        year.computed = grade_of(
            year.score, excellent_from=scheme.excellent_from, good_from=scheme.good_from
        )
        year.review_state, year.review_closed_by = ReviewState.CLOSED, world.staff
        if stage == Stage.CLOSED:
            year.stage, year.stage_on = Stage.CLOSED, world.day(year.year, 0.95)
            year.grade, year.decided_on = Grade(year.computed), year.stage_on
            year.review_closed_by, year.decided_by = world.staff, world.second
    BrandYear.unscoped.bulk_update(
        [year for year, _, _ in world.final],
        [
            "score", "computed", "review_state", "review_closed_by", "stage", "stage_on", "grade",
            "decided_on", "decided_by",
        ],
    )  # fmt: skip


def _quotas(world: _World) -> None:
    """The places that are taken: by the committees' trained brands, by the district's picks."""
    taken: dict[tuple[int, int], int] = {}
    for year in world.years:
        if year.stage in NURTURING:
            place = (year.brand.unit.committee_id or year.brand.unit_id, year.year)
            taken[place] = taken.get(place, 0) + 1
    Quota.unscoped.bulk_create(
        Quota(unit_id=unit, year=number, low=1, taken=many)
        for (unit, number), many in taken.items()
    )
    picked = sum(year.is_fist for year in world.years)
    Quota.unscoped.filter(unit=world.sample.root, year=world.this).update(taken=picked)


# --- Pictures and promotion ----------------------------------------------------------------------


def _covers(world: _World) -> None:
    rows: list[BrandFile] = []
    for seed, (brand, sketch) in enumerate(zip(world.brands, SKETCHES, strict=True)):
        if sketch.drawn:
            rows.append(_picture(brand, FileKind.COVER, seed * 7 + 3))
        if sketch.step == Step.PROMOTED:
            rows.append(_picture(brand, FileKind.PHOTO, seed * 7 + 100))
            rows.append(_picture(brand, FileKind.PHOTO, seed * 7 + 106))
    BrandFile.unscoped.bulk_create(rows)
    for row in rows:
        if row.kind == FileKind.COVER:
            row.brand.cover = row
    Brand.unscoped.bulk_update([row.brand for row in rows], ["cover"])


def _picture(brand: Brand, kind: FileKind, seed: int) -> BrandFile:
    stored = files.store(pictures.cover(seed))
    return BrandFile(
        brand=brand, kind=kind, name=stored.name, path=stored.path, thumbnail=stored.thumbnail,
        content_type=stored.content_type, sha256=stored.sha256, size=stored.size,
        by=brand.created_by,
    )  # fmt: skip


def _promotion(world: _World) -> None:
    MediaReport.unscoped.bulk_create(
        MediaReport(
            brand=world.brands[at], level=level, outlet=outlet, title=title,
            on=world.day(world.this, 0.2 + 0.09 * number), by=world.staff,
            link=f"https://news.example.invalid/{number + 1}",
        )
        for number, (at, level, outlet, title) in enumerate(names.MEDIA)
    )  # fmt: skip
    first = Showing.unscoped.create(
        unit=world.sample.root, kind="exchange", title="全区党建品牌经验交流会",
        on=world.day(world.this, 0.55), place="区委党校报告厅", attendance=186, by=world.staff,
        note="四个品牌作交流发言，会后二十一个支部报名参观。",
    )  # fmt: skip
    first.brands.set(world.brands[:4])
    second = Showing.unscoped.create(
        unit=world.sample.units["990101002000"], kind="visit", title="“菜单式服务”现场观摩会",
        on=world.day(world.this, 0.66), place="柳溪街道党群服务中心", attendance=64, by=world.judge,
        note="现场看点单、派单、评单全过程。",
    )  # fmt: skip
    second.brands.set([world.brands[1]])
    Honour.unscoped.bulk_create(
        Honour(
            brand=world.brands[at], title=title, level="district",
            on=world.day(world.this, 0.52), document=f"云发〔{world.this}〕12 号", by=world.staff,
        )
        for at, title in ((0, "全区先进基层党组织"), (2, "全区优秀社会组织党支部"))
    )  # fmt: skip
