"""Closed lists of 组织生活会, 民主评议党员 and 谈心谈话, and their tables of transitions."""

from django.db import models

from branches.enums import PostKind


class ReviewState(models.TextChoices):
    """组织生活会 of a branch and year: where it stands."""

    STUDY = "study", "学习准备"
    TALKS = "talks", "谈心谈话"
    PROBLEMS = "problems", "查摆问题"
    MEETING = "meeting", "召开会议"
    RECTIFY = "rectify", "整改落实"
    SUBMITTED = "submitted", "待审核"
    CLOSED = "closed", "已办结"


class Who(models.TextChoices):
    """What starts a move: the branch files it, or the committee decides."""

    BRANCH = "branch", "党支部"
    COMMITTEE = "committee", "党（工）委"


# (from, to) → who triggers it. Moves of the committee that lead back need a reason.
REVIEW_MOVES: dict[tuple[ReviewState, ReviewState], Who] = {
    (ReviewState.STUDY, ReviewState.TALKS): Who.BRANCH,
    (ReviewState.TALKS, ReviewState.PROBLEMS): Who.BRANCH,
    (ReviewState.PROBLEMS, ReviewState.MEETING): Who.BRANCH,
    (ReviewState.MEETING, ReviewState.RECTIFY): Who.BRANCH,
    (ReviewState.RECTIFY, ReviewState.SUBMITTED): Who.BRANCH,
    (ReviewState.SUBMITTED, ReviewState.CLOSED): Who.COMMITTEE,
    # Returned: the list of problems before the meeting and during the work, the result at the end.
    (ReviewState.MEETING, ReviewState.PROBLEMS): Who.COMMITTEE,
    (ReviewState.SUBMITTED, ReviewState.RECTIFY): Who.COMMITTEE,
    (ReviewState.CLOSED, ReviewState.RECTIFY): Who.COMMITTEE,
}
# In which the list of problems may be written, and in which their measures.
PROBLEM_STATES = (ReviewState.PROBLEMS,)
MEASURE_STATES = (ReviewState.PROBLEMS, ReviewState.MEETING, ReviewState.RECTIFY)


class ProblemSource(models.TextChoices):
    """Where a problem of the 班子 came to light."""

    SELF = "self", "班子自查"
    MEMBERS = "members", "党员群众意见"
    SUPERIOR = "superior", "上级点明"
    TALK = "talk", "谈心谈话"
    INSPECTION = "inspection", "巡察、督查、调阅反馈"
    UNSOLVED = "unsolved", "上年未改到位"


class TalkGap(models.TextChoices):
    """Why the talks go on though some are missing; a code, never a text."""

    AWAY = "away", "有同志长期外出或流动"
    FRAIL = "frail", "有同志年老体弱、行动不便"
    SOON = "soon", "会前补谈"


class AppraisalState(models.TextChoices):
    """民主评议党员 of a branch and year: where it stands."""

    SELF = "self", "个人自评"
    BALLOTS = "ballots", "党员互评和民主测评"
    GRADING = "grading", "支委会提出等次"
    SUBMITTED = "submitted", "待审定"
    APPROVED = "approved", "已审定"


APPRAISAL_MOVES: dict[tuple[AppraisalState, AppraisalState], Who] = {
    (AppraisalState.SELF, AppraisalState.BALLOTS): Who.BRANCH,
    (AppraisalState.BALLOTS, AppraisalState.GRADING): Who.BRANCH,
    (AppraisalState.GRADING, AppraisalState.BALLOTS): Who.BRANCH,
    (AppraisalState.GRADING, AppraisalState.SUBMITTED): Who.BRANCH,
    (AppraisalState.SUBMITTED, AppraisalState.APPROVED): Who.COMMITTEE,
    (AppraisalState.SUBMITTED, AppraisalState.GRADING): Who.COMMITTEE,
    (AppraisalState.APPROVED, AppraisalState.GRADING): Who.COMMITTEE,
}


class Grade(models.TextChoices):
    """评议等次."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "合格"
    BASIC = "basic", "基本合格"
    POOR = "poor", "不合格"


class PoorReason(models.TextChoices):
    """Why somebody is graded 不合格: a code; what lies behind it stays on paper."""

    FAITH = "faith", "理想信念动摇"
    DISCIPLINE = "discipline", "组织纪律松散，不履行党员义务"
    ABSENT = "absent", "无正当理由长期不参加组织生活或不交党费"
    WORK = "work", "工作消极，不起作用"
    CONDUCT = "conduct", "道德行为不端"
    OTHER = "other", "其他（见支委会纸质材料）"


class Excuse(models.TextChoices):
    """Why a member is on the list and gets no grade; no illness is named."""

    AWAY = "away", "流动在外，在流入地参加"
    UNABLE = "unable", "因故不能参加"
    LOST = "lost", "失去联系"


class TalkKind(models.TextChoices):
    """Between whom a talk took place."""

    BOARD = "board", "委员之间"
    BOARD_MEMBER = "board_member", "委员与党员"
    MEMBERS = "members", "党员之间"


# The 班子 of a branch: whoever holds one of these posts.
BOARD_POSTS = (
    PostKind.SECRETARY,
    PostKind.DEPUTY,
    PostKind.ORGANISER,
    PostKind.PUBLICIST,
    PostKind.DISCIPLINE,
    PostKind.MEMBER,
)


class Flow(models.TextChoices):
    """The three flows of a branch's year."""

    REVIEW = "review", "组织生活会"
    APPRAISAL = "appraisal", "民主评议党员"
    TALKS = "talks", "谈心谈话"


class Standing(models.TextChoices):
    """Where a flow of a branch stands in a year."""

    NONE = "none", "未开始"
    OPEN = "open", "进行中"
    WAITING = "waiting", "待审核"
    DONE = "done", "已完成"
