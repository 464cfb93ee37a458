"""Closed lists of 党建品牌, and the tables of its two ladders (docs/decisions/0015)."""

from django.db import models


class BrandKind(models.TextChoices):
    """品牌类别."""

    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    OFFICE = "office", "机关"
    SCHOOL = "school", "学校"
    TWO_NEW = "two_new", "两新"


class Stage(models.IntegerChoices):
    """四个环节 of one year's creation, then how it ended."""

    TOPIC = 1, "选题"
    APPLIED = 2, "申报"
    UNDERWAY = 3, "实施"
    INSPECTED = 4, "督查"
    CLOSED = 5, "办结"
    WITHDRAWN = 9, "已撤回"


STAGE_SLUGS: dict[Stage, str] = {stage: stage.name.lower() for stage in Stage}
# The four that a page draws as a way.
STAGES = (Stage.TOPIC, Stage.APPLIED, Stage.UNDERWAY, Stage.INSPECTED)
# In these a brand is being trained: it fills a place of its committee's quota.
NURTURING = (Stage.UNDERWAY, Stage.INSPECTED, Stage.CLOSED)


class Step(models.IntegerChoices):
    """四个步骤 of a brand's career, before its first and off its way."""

    NONE = 0, "待推选"
    NOMINATED = 1, "推选"
    NURTURED = 2, "培育"
    RECOGNISED = 3, "认定"
    PROMOTED = 4, "推广"
    REPOSITIONED = 5, "重新定位"


STEP_SLUGS: dict[Step, str] = {step: step.name.lower() for step in Step}
STEPS = (Step.NOMINATED, Step.NURTURED, Step.RECOGNISED, Step.PROMOTED)
# From here on a brand is trained: it counts for coverage and is shown at meetings.
TRAINED = (Step.NURTURED, Step.RECOGNISED, Step.PROMOTED)


class Mover(models.TextChoices):
    """Whose move it is."""

    OWNER = "owner", "创建单位"
    ABOVE = "above", "上级党（工）委"
    DISTRICT = "district", "区委组织部"


# Every legal move of the year, and whose it is. (Applied → topic is 退回, inspected → underway
# is 退回整改.)
STAGE_MOVES: dict[tuple[Stage, Stage], Mover] = {
    (Stage.TOPIC, Stage.APPLIED): Mover.OWNER,
    (Stage.TOPIC, Stage.WITHDRAWN): Mover.OWNER,
    (Stage.APPLIED, Stage.WITHDRAWN): Mover.OWNER,
    (Stage.APPLIED, Stage.TOPIC): Mover.ABOVE,
    (Stage.APPLIED, Stage.UNDERWAY): Mover.ABOVE,
    (Stage.UNDERWAY, Stage.INSPECTED): Mover.OWNER,
    (Stage.INSPECTED, Stage.UNDERWAY): Mover.ABOVE,
    (Stage.INSPECTED, Stage.CLOSED): Mover.DISTRICT,
}

# Every legal move of the career. The first two rungs are climbed by the year's moves alone.
STEP_MOVES: dict[tuple[Step, Step], Mover] = {
    (Step.NONE, Step.NOMINATED): Mover.OWNER,
    (Step.REPOSITIONED, Step.NOMINATED): Mover.OWNER,
    (Step.NOMINATED, Step.NONE): Mover.OWNER,
    (Step.NOMINATED, Step.NURTURED): Mover.ABOVE,
    (Step.NURTURED, Step.RECOGNISED): Mover.DISTRICT,
    (Step.RECOGNISED, Step.PROMOTED): Mover.DISTRICT,
    (Step.NOMINATED, Step.REPOSITIONED): Mover.ABOVE,
    (Step.NURTURED, Step.REPOSITIONED): Mover.DISTRICT,
    (Step.RECOGNISED, Step.REPOSITIONED): Mover.DISTRICT,
    (Step.PROMOTED, Step.REPOSITIONED): Mover.DISTRICT,
}

# What a move of the year does to the career; steps that are not named stay.
STEP_WITH_STAGE: dict[tuple[Stage, Stage], dict[Step, Step]] = {
    (Stage.TOPIC, Stage.APPLIED): {
        Step.NONE: Step.NOMINATED,
        Step.REPOSITIONED: Step.NOMINATED,
    },
    (Stage.APPLIED, Stage.UNDERWAY): {Step.NOMINATED: Step.NURTURED},
    (Stage.TOPIC, Stage.WITHDRAWN): {Step.NOMINATED: Step.NONE},
    (Stage.APPLIED, Stage.WITHDRAWN): {Step.NOMINATED: Step.NONE},
}

_TRAINED = frozenset(TRAINED)
# At which steps a brand may stand while its latest year (None: it has none) is at a stage.
COUPLED: dict[Stage | None, frozenset[Step]] = {
    None: frozenset({Step.NONE, Step.REPOSITIONED}),
    Stage.TOPIC: frozenset(Step),
    Stage.APPLIED: _TRAINED | {Step.NOMINATED},
    Stage.UNDERWAY: _TRAINED,
    Stage.INSPECTED: _TRAINED,
    Stage.CLOSED: _TRAINED | {Step.REPOSITIONED},
}


class Grade(models.TextChoices):
    """等次."""

    EXCELLENT = "excellent", "优"
    GOOD = "good", "良"
    ORDINARY = "ordinary", "一般"


# Those that meet the standard and may be recognised.
PASSING = (Grade.EXCELLENT, Grade.GOOD)


class ReviewState(models.IntegerChoices):
    """评审的进展."""

    NONE = 0, "未开始"
    OPEN = 1, "评审中"
    CLOSED = 2, "已汇总"


class ItemSet(models.TextChoices):
    """标准的两张清单."""

    STANDARD = "standard", "五有一高标准"
    CREATION = "creation", "创建清单"


class Ladder(models.TextChoices):
    """Which ladder a move was on."""

    STAGE = "stage", "环节"
    STEP = "step", "步骤"


class FileKind(models.TextChoices):
    """品牌文件的类别."""

    COVER = "cover", "标识或封面"
    PHOTO = "photo", "案例照片"
    DOCUMENT = "document", "文件依据"
    EVIDENCE = "evidence", "完成佐证"
    SCAN = "scan", "报道扫描件"


class InspectionKind(models.TextChoices):
    """督查方式."""

    TRACKING = "tracking", "跟踪式检查"
    DISSECTION = "dissection", "手术式剖析"
    FEEDBACK = "feedback", "现场式反馈"


class InspectionState(models.IntegerChoices):
    """督查意见的整改情况."""

    OPEN = 1, "待整改"
    ANSWERED = 2, "待核查"
    CLOSED = 3, "已销号"


INSPECTION_MOVES: frozenset[tuple[InspectionState, InspectionState]] = frozenset(
    {
        (InspectionState.OPEN, InspectionState.ANSWERED),
        (InspectionState.ANSWERED, InspectionState.CLOSED),
        (InspectionState.ANSWERED, InspectionState.OPEN),
    }
)


class MediaLevel(models.TextChoices):
    """媒体层级."""

    NATIONAL = "national", "中央"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区级"


class ShowingKind(models.TextChoices):
    """推广活动."""

    EXCHANGE = "exchange", "经验交流会"
    VISIT = "visit", "现场观摩会"
