"""Closed lists of 三会一课, and the table of transitions."""

from django.db import models


class Kind(models.IntegerChoices):
    """会议类别: bits, since one gathering may serve several duties (合开)."""

    MEMBERS = 1, "支部党员大会"
    COMMITTEE = 2, "支委会"
    GROUP = 4, "党小组会"
    LECTURE = 8, "党课"
    FIXED_DAY = 16, "固定组织生活日"
    THEME_DAY = 32, "主题党日"
    ORGANISATION_LIFE = 64, "组织生活会"
    APPRAISAL = 128, "民主评议党员"
    TALK = 256, "谈心谈话"


# Slugs by which the API and addresses name a kind.
KIND_SLUGS: dict[Kind, str] = {kind: kind.name.lower() for kind in Kind}
# What a 党小组 may record: its own meeting, and talks.
GROUP_KINDS = (Kind.GROUP, Kind.TALK)
ALL_KINDS_MASK = sum(Kind)


class Status(models.IntegerChoices):
    """记录状态."""

    DRAFT = 0, "草稿"
    SUBMITTED = 1, "待审核"
    ACCEPTED = 2, "已通过"
    RETURNED = 3, "已退回"
    WITHDRAWN = 4, "已撤回"


STATUS_SLUGS: dict[Status, str] = {status: status.name.lower() for status in Status}
# Records that count for a duty (scoring.md, Credit).
COUNTING = (Status.SUBMITTED, Status.ACCEPTED)

# Who moves a record from where to where. Accepted → returned is the reversal of an approval.
TRANSITIONS: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.DRAFT, Status.SUBMITTED),
        (Status.DRAFT, Status.WITHDRAWN),
        (Status.SUBMITTED, Status.ACCEPTED),
        (Status.SUBMITTED, Status.RETURNED),
        (Status.SUBMITTED, Status.WITHDRAWN),
        (Status.RETURNED, Status.SUBMITTED),
        (Status.RETURNED, Status.WITHDRAWN),
        (Status.ACCEPTED, Status.RETURNED),
    }
)


class Item(models.TextChoices):
    """固定组织生活日的规定动作和自选动作."""

    CONSTITUTION = "constitution", "集体诵读党章"
    OATH = "oath", "重温入党誓词"
    DUES = "dues", "交纳党费"
    STUDY = "study", "学习讨论"
    LECTURE = "lecture", "讲党课"
    ORGANISATION_LIFE = "organisation_life", "组织生活会"
    APPRAISAL = "appraisal", "民主评议党员"
    CONTRIBUTION = "contribution", "立足岗位作贡献"


SET_ITEMS = (Item.CONSTITUTION, Item.OATH, Item.DUES)


class AbsenceReason(models.TextChoices):
    """请假事由."""

    DUTY = "duty", "因公外出"
    SICK = "sick", "生病"
    PERSONAL = "personal", "有事请假"
    FRAIL = "frail", "年老体弱"
    AWAY = "away", "流动在外"
    LOST = "lost", "失去联系"
    NONE = "none", "无故缺席"


class FileKind(models.TextChoices):
    """附件类别."""

    PHOTO = "photo", "照片"
    SIGN_IN = "sign_in", "签到表"
    DOCUMENT = "document", "材料"


class DutyState(models.TextChoices):
    """职责的完成情况."""

    MET = "met", "已完成"
    LATE = "late", "已补录"
    OFF_DAY = "off_day", "非固定日"
    OPEN = "open", "待完成"
    UNMET = "unmet", "未完成"
    EXEMPT = "exempt", "不适用"


class MoveState(models.TextChoices):
    """固定组织生活日调整的审批状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    REPLACED = "replaced", "已被新调整取代"


class VoteVerdict(models.TextChoices):
    """表决结果."""

    NO_QUORUM = "no_quorum", "到会人数不足，表决无效"
    PASSED = "passed", "通过"
    REJECTED = "rejected", "未通过"
