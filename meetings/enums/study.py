"""Closed lists of the study plan (全年学习计划)."""

from django.db import models


class TextKind(models.TextChoices):
    """学习内容的类型."""

    CONSTITUTION = "constitution", "党章"
    GUIDELINE = "guideline", "准则"
    REGULATION = "regulation", "条例"
    WORKS = "works", "著作"
    SPEECH = "speech", "讲话和会议精神"
    LAW = "law", "法律法规"
    OTHER = "other", "其他"


class Split(models.TextChoices):
    """How a district divides the year into phases at first."""

    QUARTER = "quarter", "按季度（4 个阶段）"
    HALF = "half", "按半年（2 个阶段）"
    TWO_MONTHS = "two_months", "每两个月（6 个阶段）"
    MONTH = "month", "按月（12 个阶段）"


class ItemState(models.TextChoices):
    """How one text of a plan stands on a day."""

    DONE = "done", "已学"
    CAUGHT_UP = "caught_up", "已补学"
    OPEN = "open", "本阶段待学"
    LATE = "late", "逾期未学"
    AHEAD = "ahead", "未到阶段"


# A text that was studied, in time or after its phase.
STUDIED = (ItemState.DONE, ItemState.CAUGHT_UP)
# As the badges of the pages show them.
ITEM_TONES: dict[ItemState, str] = {
    ItemState.DONE: "ok",
    ItemState.CAUGHT_UP: "late",
    ItemState.OPEN: "info",
    ItemState.LATE: "bad",
    ItemState.AHEAD: "exempt",
}
