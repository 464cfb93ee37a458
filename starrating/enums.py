"""Closed lists of 两新星级, and its tables of transitions.

The reasons of 一票否决, the “五个一” and the levels of guidance are no closed lists but rows.
"""

from django.db import models


class OrganisationKind(models.TextChoices):
    """“两新”组织: new economic and new social organisations."""

    FIRM = "firm", "非公企业"
    SOCIAL = "social", "社会组织"


class PartyForm(models.TextChoices):
    """党组织组建方式."""

    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    REGIONAL = "regional", "区域统建"
    TRADE = "trade", "行业统建"
    ATTACHED = "attached", "挂靠组建"


class ManagedBy(models.TextChoices):
    """管理方式: 属地管理为主，多种管理为辅."""

    TERRITORY = "territory", "属地管理"
    TRADE = "trade", "行业主管部门管理"
    PARENT = "parent", "上级单位管理"


class Industry(models.TextChoices):
    """行业门类 (GB/T 4754)."""

    FARMING = "A", "农、林、牧、渔业"
    MINING = "B", "采矿业"
    MAKING = "C", "制造业"
    POWER = "D", "电力、热力、燃气及水生产和供应业"
    BUILDING = "E", "建筑业"
    TRADE = "F", "批发和零售业"
    TRANSPORT = "G", "交通运输、仓储和邮政业"
    CATERING = "H", "住宿和餐饮业"
    SOFTWARE = "I", "信息传输、软件和信息技术服务业"
    FINANCE = "J", "金融业"
    ESTATE = "K", "房地产业"
    LEASING = "L", "租赁和商务服务业"
    RESEARCH = "M", "科学研究和技术服务业"
    WATER = "N", "水利、环境和公共设施管理业"
    SERVICES = "O", "居民服务、修理和其他服务业"
    TEACHING = "P", "教育"
    HEALTH = "Q", "卫生和社会工作"
    CULTURE = "R", "文化、体育和娱乐业"
    PUBLIC = "S", "公共管理、社会保障和社会组织"


class Category(models.TextChoices):
    """六类指标."""

    TEAM = "team", "党组织班子"
    MEMBERS = "members", "党员队伍"
    BUSINESS = "business", "生产经营"
    CULTURE = "culture", "企业文化"
    LABOUR = "labour", "劳动关系"
    SOCIETY = "society", "社会评价"


class Method(models.TextChoices):
    """考评方法."""

    POLL = "poll", "民主测评"
    PAPERS = "papers", "查阅资料"
    SITE = "site", "实地查看"
    INQUIRY = "inquiry", "调查核实"


class RoundState(models.IntegerChoices):
    """创评轮次的状态."""

    DRAFT = 0, "筹备中"
    RUNNING = 1, "进行中"
    CLOSED = 2, "已结束"


ROUND_SLUGS: dict[RoundState, str] = {state: state.name.lower() for state in RoundState}
ROUND_TRANSITIONS: frozenset[tuple[RoundState, RoundState]] = frozenset(
    {(RoundState.DRAFT, RoundState.RUNNING), (RoundState.RUNNING, RoundState.CLOSED)}
)


class State(models.IntegerChoices):
    """一家组织在一轮里走到哪一步."""

    SELF = 0, "自评中"
    FILED = 1, "待初核"
    CHECKED = 2, "待审核"
    REVIEWED = 3, "待公示"
    NOTICED = 4, "公示中"
    AWARDED = 5, "已授牌"
    UNRATED = 6, "不定星级"
    VETOED = 7, "一票否决"


STATE_SLUGS: dict[State, str] = {state: state.name.lower() for state in State}

# 自评 → 初核 → 审核 → 公示 → 授牌; back with a reason; a newly founded one ends after 自评.
TRANSITIONS: frozenset[tuple[State, State]] = frozenset(
    {
        (State.SELF, State.FILED),
        (State.FILED, State.SELF),
        (State.FILED, State.CHECKED),
        (State.FILED, State.UNRATED),
        (State.CHECKED, State.FILED),
        (State.CHECKED, State.REVIEWED),
        (State.REVIEWED, State.CHECKED),
        (State.REVIEWED, State.NOTICED),
        (State.NOTICED, State.CHECKED),
        (State.NOTICED, State.AWARDED),
        (State.NOTICED, State.UNRATED),
        (State.FILED, State.VETOED),
        (State.CHECKED, State.VETOED),
        (State.REVIEWED, State.VETOED),
        (State.NOTICED, State.VETOED),
        (State.VETOED, State.FILED),
    }
)
# Nothing more happens in this round.
FINAL = (State.AWARDED, State.UNRATED, State.VETOED)
# A veto may fall as long as the plaque is not given.
VETOABLE = (State.FILED, State.CHECKED, State.REVIEWED, State.NOTICED)


class Stage(models.TextChoices):
    """谁打分: each stage has its own column, open in one state only."""

    SELF = "self", "自评"
    CHECK = "check", "初核"
    REVIEW = "review", "审核"


# Stage → the state in which its scores may be written, and the column.
STAGE_STATES: dict[Stage, State] = {
    Stage.SELF: State.SELF,
    Stage.CHECK: State.FILED,
    Stage.REVIEW: State.CHECKED,
}


class Cause(models.TextChoices):
    """星级变动的原因."""

    RATED = "rated", "评定"
    EXCEPTION = "exception", "破格评定"
    UNRATED = "unrated", "未达到星级"
    VETOED = "vetoed", "一票否决"
    RESTORED = "restored", "撤销否决"
    DEMOTED = "demoted", "动态降级"


STARS = (5, 4, 3, 2, 1)
STAR_NAMES: dict[int, str] = {
    5: "五星级",
    4: "四星级",
    3: "三星级",
    2: "二星级",
    1: "一星级",
    0: "不定星级",
}
