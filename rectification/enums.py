"""Closed lists of 后进社区整顿, and its tables of transitions.

The official types for which an organisation is listed are no closed list but rows
(:class:`rectification.models.ListingReason`).
"""

from django.db import models


class State(models.IntegerChoices):
    """整顿对象走到哪一步."""

    PROPOSED = 0, "拟列"
    LISTED = 1, "已确定"
    STAFFED = 2, "四位一体配齐"
    UNDERWAY = 3, "整顿中"
    EXAMINED = 4, "验收中"
    CLOSED = 5, "已销号"
    WATCHED = 6, "回头看"
    SETTLED = 7, "已巩固"
    DROPPED = 8, "未列入"


STATE_SLUGS: dict[State, str] = {state: state.name.lower() for state in State}

# 自查、会审 → 会议决定 → 帮扶 → 整顿 → 验收 → 销号 → 回头看. Back: 验收未通过, and relapse.
TRANSITIONS: frozenset[tuple[State, State]] = frozenset(
    {
        (State.PROPOSED, State.LISTED),
        (State.PROPOSED, State.DROPPED),
        (State.LISTED, State.STAFFED),
        (State.STAFFED, State.UNDERWAY),
        (State.UNDERWAY, State.EXAMINED),
        (State.EXAMINED, State.UNDERWAY),
        (State.EXAMINED, State.CLOSED),
        (State.CLOSED, State.WATCHED),
        (State.CLOSED, State.UNDERWAY),
        (State.WATCHED, State.SETTLED),
        (State.WATCHED, State.UNDERWAY),
    }
)
# Not decided yet, or not taken: nobody below the committee reads of it.
INSIDE = (State.PROPOSED, State.DROPPED)
# Being worked at: an organisation has at most one such case.
RUNNING = (State.PROPOSED, State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED)
# Under rectification in the eyes of everybody.
AT_WORK = (State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED)
WATCHING = (State.CLOSED, State.WATCHED)
# The columns of the board.
BOARD = (
    State.PROPOSED, State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED, State.CLOSED,
    State.WATCHED, State.SETTLED,
)  # fmt: skip


class HelperKind(models.TextChoices):
    """四位一体."""

    LEADER = "leader", "区级领导"
    FIRST_SECRETARY = "first_secretary", "第一书记"
    TEAM = "team", "工作组"
    DEPARTMENT = "department", "区直单位"


class Source(models.TextChoices):
    """问题从哪里来 (收集民意)."""

    VISIT = "visit", "入户走访"
    MEETING = "meeting", "座谈会"
    BOX = "box", "意见箱、热线"
    ONLINE = "online", "网络留言"
    INSPECTION = "inspection", "督查发现"
    ABOVE = "above", "上级交办"
    SELF = "self", "班子自查"


class ProblemState(models.IntegerChoices):
    """三步: 收集民意 → 解决问题 → 办结反馈."""

    COLLECTED = 0, "已收集"
    SOLVING = 1, "解决中"
    DONE = 2, "待确认办结"
    CONFIRMED = 3, "已办结反馈"
    DISMISSED = 4, "已解释说明"


PROBLEM_SLUGS: dict[ProblemState, str] = {state: state.name.lower() for state in ProblemState}
PROBLEM_TRANSITIONS: frozenset[tuple[ProblemState, ProblemState]] = frozenset(
    {
        (ProblemState.COLLECTED, ProblemState.SOLVING),
        (ProblemState.COLLECTED, ProblemState.DISMISSED),
        (ProblemState.SOLVING, ProblemState.DONE),
        (ProblemState.SOLVING, ProblemState.DISMISSED),
        (ProblemState.DONE, ProblemState.CONFIRMED),
        (ProblemState.DONE, ProblemState.SOLVING),
    }
)
# Still with the branch: these are late after their last day; what waits for 确认 is not.
WITH_BRANCH = (ProblemState.COLLECTED, ProblemState.SOLVING)
OPEN_PROBLEMS = (ProblemState.COLLECTED, ProblemState.SOLVING, ProblemState.DONE)


class PromiseWay(models.TextChoices):
    """公开承诺的方式."""

    LETTER = "letter", "签订承诺书"
    BOARD = "board", "宣传栏公示"
    CARD = "card", "亮牌整改"


class FigureKind(models.TextChoices):
    """五项成效数字."""

    HOUSEHOLDS = "households", "走访居民"
    CARDS = "cards", "便民服务卡"
    OPINIONS = "opinions", "意见建议"
    FUNDS = "funds", "投入资金"
    DEEDS = "deeds", "惠民实事"


FIGURE_UNITS: dict[str, str] = {
    FigureKind.HOUSEHOLDS: "户",
    FigureKind.CARDS: "份",
    FigureKind.OPINIONS: "条",
    FigureKind.FUNDS: "万元",
    FigureKind.DEEDS: "件",
}


class Manner(models.TextChoices):
    """督查方式."""

    OPEN = "open", "明查"
    COVERT = "covert", "暗访"


class Timing(models.TextChoices):
    """督查安排."""

    REGULAR = "regular", "定期检查"
    IRREGULAR = "irregular", "不定期抽查"
    LOOK_BACK = "look_back", "回头看"


class PollWay(models.TextChoices):
    """民意测评怎样做."""

    TALLY = "tally", "现场测评，录入计票"
    LINK = "link", "匿名测评码"


class PollState(models.TextChoices):
    """测评的状态."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已计票"


class Choice(models.TextChoices):
    """测评的选项."""

    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class ClosingState(models.TextChoices):
    """销号申请的审批状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class FileKind(models.TextChoices):
    """附件类别."""

    PHOTO = "photo", "照片"
    DOCUMENT = "document", "材料"
