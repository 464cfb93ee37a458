"""Closed lists of 党费与经费, and its tables of transitions."""

from django.db import models


class Category(models.TextChoices):
    """按哪一类标准交纳党费."""

    EMPLOYED = "employed", "在职"
    RETIRED = "retired", "离退休"
    FARMER = "farmer", "农民"
    STUDENT = "student", "学生"
    LAID_OFF = "laid_off", "下岗失业"
    RELIEF = "relief", "领取救济"
    IRREGULAR = "irregular", "无固定收入"
    # Never chosen on a standard: it follows from an approved reduction.
    REDUCED = "reduced", "减免"


class BandKind(models.TextChoices):
    """党费标准的种类."""

    WAGE = "wage", "工资收入（比例）"
    PENSION = "pension", "离退休费、养老金（比例）"
    FARMER = "farmer", "农民（每月金额范围）"
    TOKEN = "token", "学生、下岗失业、领取救济（每月金额）"


BAND_OF: dict[str, BandKind] = {
    Category.EMPLOYED: BandKind.WAGE,
    Category.IRREGULAR: BandKind.WAGE,
    Category.RETIRED: BandKind.PENSION,
    Category.FARMER: BandKind.FARMER,
    Category.STUDENT: BandKind.TOKEN,
    Category.LAID_OFF: BandKind.TOKEN,
    Category.RELIEF: BandKind.TOKEN,
}
# Those whose amount follows from a base that is typed and thrown away.
BY_BASE = (Category.EMPLOYED, Category.RETIRED)
# What a standard may say.
STANDARD_CATEGORIES = tuple(one for one in Category if one is not Category.REDUCED)


class DueState(models.TextChoices):
    """一个党员一个月的党费."""

    OWED = "owed", "未交"
    PAID = "paid", "已交"
    STRUCK = "struck", "不计"


# Money that was taken is given back (更正) before anything else happens to its month.
DUE_TRANSITIONS: frozenset[tuple[DueState, DueState]] = frozenset(
    {
        (DueState.OWED, DueState.PAID),
        (DueState.PAID, DueState.OWED),
        (DueState.OWED, DueState.STRUCK),
        (DueState.STRUCK, DueState.OWED),
    }
)


class ChangeKind(models.TextChoices):
    """更正记录的种类."""

    UNDONE = "undone", "撤销交纳"
    STRUCK = "struck", "改为不计"
    RESTORED = "restored", "恢复应交"
    REASON = "reason", "说明原因"
    AMOUNT = "amount", "改变应交金额"


class ReductionState(models.TextChoices):
    """减免的审批状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class RemitState(models.TextChoices):
    """上缴的状态."""

    SUBMITTED = "submitted", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"


REMIT_TRANSITIONS: frozenset[tuple[RemitState, RemitState]] = frozenset(
    {
        (RemitState.SUBMITTED, RemitState.CONFIRMED),
        (RemitState.SUBMITTED, RemitState.RETURNED),
        (RemitState.RETURNED, RemitState.SUBMITTED),
    }
)


class AllotmentState(models.TextChoices):
    """区拨党费的状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准，待签收"
    RECEIVED = "received", "已签收"
    REFUSED = "refused", "未批准"


ALLOTMENT_TRANSITIONS: frozenset[tuple[AllotmentState, AllotmentState]] = frozenset(
    {
        (AllotmentState.PROPOSED, AllotmentState.APPROVED),
        (AllotmentState.PROPOSED, AllotmentState.REFUSED),
        (AllotmentState.APPROVED, AllotmentState.RECEIVED),
    }
)


class Span(models.TextChoices):
    """收哪几个月的党费."""

    MONTH = "month", "本月"
    QUARTER = "quarter", "到季度末"
    ARREARS = "arrears", "连同欠交"
