"""Closed lists of 发展党员 and 组织关系转接, and their tables of transitions.

The limits of the steps are no constants but rows (:class:`membership.models.StepRule`), a set for
each version of the regulation.
"""

from django.db import models


class Stage(models.IntegerChoices):
    """一名发展对象走到哪一阶段."""

    APPLICANT = 0, "入党申请人"
    ACTIVIST = 1, "入党积极分子"
    TARGET = 2, "发展对象"
    PASSED = 3, "支部大会已通过"
    PROBATIONARY = 4, "预备党员"
    FULL = 5, "已转正"
    FILED = 6, "已归档"
    ENDED = 7, "已终止"


STAGE_SLUGS: dict[Stage, str] = {stage: stage.name.lower() for stage in Stage}
TRANSITIONS: frozenset[tuple[Stage, Stage]] = frozenset(
    {
        (Stage.APPLICANT, Stage.ACTIVIST),
        (Stage.ACTIVIST, Stage.TARGET),
        (Stage.TARGET, Stage.PASSED),
        (Stage.PASSED, Stage.PROBATIONARY),
        (Stage.PROBATIONARY, Stage.FULL),
        (Stage.FULL, Stage.FILED),
        # A step that was entered by mistake is taken back.
        (Stage.ACTIVIST, Stage.APPLICANT),
        (Stage.TARGET, Stage.ACTIVIST),
        (Stage.PASSED, Stage.TARGET),
        *((stage, Stage.ENDED) for stage in list(Stage)[:5]),
    }
)
RUNNING = (
    Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET, Stage.PASSED, Stage.PROBATIONARY, Stage.FULL,
)  # fmt: skip


class Number(models.IntegerChoices):
    """二十五步."""

    APPLY = 1, "递交入党申请书"
    TALK = 2, "党组织派人谈话"
    RECOMMEND = 3, "推荐（推优）"
    DISCUSS = 4, "支委会研究确定积极分子"
    RECORD = 5, "积极分子上级备案"
    CONTACTS = 6, "指定培养联系人"
    OBSERVE = 7, "培养教育考察"
    PROPOSE = 8, "确定发展对象人选"
    PUBLISH = 9, "发展对象公示"
    TARGET = 10, "列为发展对象"
    INTRODUCERS = 11, "确定入党介绍人"
    REVIEW = 12, "政治审查"
    TRAIN = 13, "集中培训"
    EXAMINE = 14, "支委会审查"
    PRECHECK = 15, "上级党委预审"
    FORM = 16, "填写入党志愿书"
    MEETING = 17, "支部大会讨论"
    UPPER_TALK = 18, "上级派人谈话"
    APPROVE = 19, "上级党委审批"
    JOIN = 20, "编入支部和党小组"
    OATH = 21, "入党宣誓"
    PROBATION = 22, "预备期教育考察"
    CONFIRM = 23, "支部大会讨论转正"
    CONFIRM_APPROVE = 24, "上级党委审批转正"
    FILE = 25, "材料归档"


# Done again and again; the others once a round.
REPEATED = (Number.OBSERVE, Number.PROBATION)
# These end with a stage.
STAGE_AFTER: dict[int, Stage] = {
    Number.RECORD: Stage.ACTIVIST,
    Number.TARGET: Stage.TARGET,
    Number.MEETING: Stage.PASSED,
    Number.APPROVE: Stage.PROBATIONARY,
    Number.FILE: Stage.FILED,
}
# The branch sends it, the committee answers.
SENT_FIRST = (Number.PROPOSE,)
# Whoever recorded the first may not decide the second (S16).
TWO_PEOPLE: dict[int, Number] = {
    Number.PRECHECK: Number.EXAMINE,
    Number.APPROVE: Number.MEETING,
    Number.CONFIRM_APPROVE: Number.CONFIRM,
}
# These change the roster and are not taken back here.
ON_THE_ROSTER = (Number.APPROVE, Number.JOIN, Number.CONFIRM_APPROVE)


class Actor(models.TextChoices):
    """谁来办."""

    BRANCH = "branch", "党支部"
    COMMITTEE = "committee", "上级党（工）委"


class StepState(models.IntegerChoices):
    """一步办到哪里."""

    SENT = 0, "已报送"
    DONE = 1, "已办"
    BACK = 2, "已退回"
    VOID = 3, "已撤销"


class Outcome(models.TextChoices):
    """结果."""

    GOOD = "good", "通过"
    BAD = "bad", "未通过"
    EXTEND = "extend", "延长预备期"
    CANCEL = "cancel", "取消预备党员资格"


# What the outcome is called at a step; a step that is not here has none.
OUTCOMES: dict[int, tuple[tuple[str, str], ...]] = {
    Number.OBSERVE: (("good", "表现合格"), ("bad", "还有差距")),
    Number.PROPOSE: (("good", "同意"), ("bad", "不同意，退回")),
    Number.PUBLISH: (("good", "无影响入党的反映"), ("bad", "有反映，暂缓")),
    Number.REVIEW: (("good", "合格"), ("bad", "不合格")),
    Number.TRAIN: (("good", "合格"), ("bad", "不合格")),
    Number.PRECHECK: (("good", "预审合格"), ("bad", "退回支部")),
    Number.UPPER_TALK: (("good", "同意发展"), ("bad", "暂缓")),
    Number.APPROVE: (("good", "批准"), ("bad", "不批准")),
    Number.PROBATION: (("good", "表现合格"), ("bad", "还有差距")),
    Number.CONFIRM: (
        ("good", "按期转正"),
        ("extend", "延长预备期"),
        ("cancel", "取消预备党员资格"),
    ),
    Number.CONFIRM_APPROVE: (("good", "批准支部大会决议"), ("bad", "退回支部")),
}


class EndReason(models.TextChoices):
    """为什么终止."""

    WITHDRAWN = "withdrawn", "本人撤回申请"
    UNFIT = "unfit", "不具备条件"
    MOVED = "moved", "调离本支部"
    DEAD = "dead", "去世"
    NOT_APPROVED = "not_approved", "上级党委未批准"
    CANCELLED = "cancelled", "取消预备党员资格"


# What a branch may say itself; the others follow from a decision.
END_CHOICES = (EndReason.WITHDRAWN, EndReason.UNFIT, EndReason.MOVED, EndReason.DEAD)


class Way(models.TextChoices):
    """转接的方向."""

    INSIDE = "inside", "区内转接"
    OUT = "out", "转出本区"
    IN = "in", "转入本区"


class TransferState(models.IntegerChoices):
    """转接办到哪里."""

    ASKED = 0, "等对方同意"
    AGREED = 1, "等上级确认"
    READY = 2, "等到生效日"
    ISSUED = 3, "已开介绍信，等回执"
    DONE = 4, "已办结"
    REFUSED = 5, "未同意"
    WITHDRAWN = 6, "已撤回"


TRANSFER_SLUGS: dict[TransferState, str] = {state: state.name.lower() for state in TransferState}
TRANSFER_MOVES: frozenset[tuple[TransferState, TransferState]] = frozenset(
    {
        (TransferState.ASKED, TransferState.AGREED),
        (TransferState.ASKED, TransferState.READY),
        (TransferState.ASKED, TransferState.ISSUED),
        (TransferState.ASKED, TransferState.DONE),
        (TransferState.ASKED, TransferState.REFUSED),
        (TransferState.ASKED, TransferState.WITHDRAWN),
        (TransferState.AGREED, TransferState.READY),
        (TransferState.AGREED, TransferState.DONE),
        (TransferState.AGREED, TransferState.REFUSED),
        (TransferState.AGREED, TransferState.WITHDRAWN),
        (TransferState.READY, TransferState.DONE),
        (TransferState.READY, TransferState.WITHDRAWN),
        (TransferState.ISSUED, TransferState.DONE),
        (TransferState.ISSUED, TransferState.WITHDRAWN),
    }
)
UNDER_WAY = (
    TransferState.ASKED, TransferState.AGREED, TransferState.READY, TransferState.ISSUED,
)  # fmt: skip


class Side(models.TextChoices):
    """谁提出的."""

    OLD = "old", "转出支部"
    NEW = "new", "接收支部"


class ClockKind(models.TextChoices):
    """流动和失联."""

    FLOATING = "floating", "流动党员"
    LOST = "lost", "失联党员"


# What is asked for at a step besides its day; "!" marks what may not be empty.
ASKED_FOR: dict[int, tuple[str, ...]] = {
    Number.APPLY: ("paper",),
    Number.TALK: ("persons!", "paper"),
    Number.RECOMMEND: ("persons", "paper"),
    Number.DISCUSS: ("paper",),
    Number.RECORD: ("document",),
    Number.CONTACTS: ("persons!",),
    Number.OBSERVE: ("outcome!", "persons!", "paper"),
    Number.PROPOSE: ("paper!",),
    Number.PUBLISH: ("since!", "place!", "outcome!"),
    Number.TARGET: ("paper",),
    Number.INTRODUCERS: ("persons!",),
    Number.REVIEW: ("outcome!", "persons!", "paper!"),
    Number.TRAIN: ("outcome!", "training_days", "training_hours", "document"),
    Number.EXAMINE: ("paper",),
    Number.PRECHECK: ("outcome!", "document", "answer"),
    Number.FORM: ("document!",),
    Number.MEETING: ("eligible!", "present!", "yes!", "no!", "abstain!", "paper"),
    Number.UPPER_TALK: ("outcome!", "persons!"),
    Number.APPROVE: ("outcome!", "document!", "is_special", "answer"),
    Number.JOIN: ("group",),
    Number.OATH: ("place!",),
    Number.PROBATION: ("outcome!", "persons!", "paper"),
    Number.CONFIRM: (
        "outcome!", "months", "eligible!", "present!", "yes!", "no!", "abstain!", "paper",
    ),
    Number.CONFIRM_APPROVE: ("outcome!", "document!", "answer"),
    Number.FILE: ("paper!",),
}  # fmt: skip
# How many people: 培养联系人 one or two, 介绍人 two, a talk at least one.
HEADS: dict[int, tuple[int, int]] = {
    Number.CONTACTS: (1, 2),
    Number.INTRODUCERS: (2, 2),
}
