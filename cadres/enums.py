"""Closed lists of 干部工作: levels, steps, outcomes as codes. No text of a talk or a report."""

from django.db import models


class Level(models.TextChoices):
    """职务层次 (GB/T 12407)."""

    COUNTY = "131", "县处级正职"
    DEPUTY_COUNTY = "132", "县处级副职"
    TOWN = "141", "乡科级正职"
    DEPUTY_TOWN = "142", "乡科级副职"
    STAFF = "150", "科员级"


COUNTY_LEVELS = (Level.COUNTY, Level.DEPUTY_COUNTY)
LEADING_LEVELS = (*COUNTY_LEVELS, Level.TOWN, Level.DEPUTY_TOWN)


class CadreState(models.TextChoices):
    """干部现状."""

    SERVING = "serving", "在职"
    RETIRED = "retired", "退休"
    GONE = "gone", "调出"


class CadreSex(models.TextChoices):
    """性别."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Politics(models.TextChoices):
    """政治面貌 (GB/T 4762, those that occur)."""

    MEMBER = "01", "中共党员"
    PROBATIONARY = "02", "中共预备党员"
    LEAGUE = "03", "共青团员"
    OTHER = "12", "民主党派"
    MASSES = "13", "群众"


class Grade(models.TextChoices):
    """年度考核结果."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASIC = "basic", "基本称职"
    FAILED = "failed", "不称职"


class ReadKind(models.TextChoices):
    """What the read log holds (查阅记录)."""

    OPENED = "opened", "打开档案"
    EXPORTED = "exported", "导出"
    DECLARED = "declared", "非涉密声明"


# --- Appointments ---------------------------------------------------------------------------


class Way(models.TextChoices):
    """选拔任用方式."""

    TERM = "term", "换届"
    SINGLE = "single", "个别提拔"


class Step(models.TextChoices):
    """选拔任用程序的一步; the order of an appointment stands in its ``sequence``."""

    MOTION = "motion", "动议"
    TALKS = "talks", "谈话调研推荐"
    MEETING = "meeting", "会议推荐"
    INSPECT = "inspect", "考察"
    DECIDE = "decide", "讨论决定"
    PUBLICITY = "publicity", "任前公示"
    OFFICE = "office", "任职"
    CONFIRM = "confirm", "试用期满"
    STOPPED = "stopped", "终止"


# How 民主推荐 differs; staff may turn it round (规定参数 cadres.order.term, cadres.order.single).
RECOMMENDING: dict[str, tuple[str, str]] = {
    Way.TERM: (Step.TALKS, Step.MEETING),
    Way.SINGLE: (Step.MEETING, Step.TALKS),
}
# Nobody is named before he is inspected: names under 酝酿 are not kept here.
NAMELESS = (Step.MOTION, Step.TALKS, Step.MEETING)
FINISHED = (Step.CONFIRM, Step.STOPPED)


class Must(models.TextChoices):
    """凡提四必."""

    ARCHIVE = "archive", "干部档案必审"
    MATTERS = "matters", "个人有关事项必核"
    DISCIPLINE = "discipline", "纪检监察意见必听"
    PETITIONS = "petitions", "线索具体的信访举报必查"


class MustOutcome(models.TextChoices):
    """凡提四必的结论, as a code."""

    CLEAR = "clear", "不影响任用"
    HOLD = "hold", "暂缓"
    BAR = "bar", "影响任用"


class AuditItemKind(models.TextChoices):
    """三龄两历一身份."""

    AGE = "age", "年龄（出生日期）"
    WORK_AGE = "work_age", "工龄（参加工作时间）"
    PARTY_AGE = "party_age", "党龄（入党时间）"
    EDUCATION = "education", "学历学位"
    EXPERIENCE = "experience", "工作经历"
    IDENTITY = "identity", "干部身份"


class Conclusion(models.TextChoices):
    """审核结论."""

    SAME = "same", "一致"
    SETTLED = "settled", "不一致，已认定"
    OPEN = "open", "存疑，待核实"


class AuditState(models.TextChoices):
    """任前档案审核的状态."""

    OPEN = "open", "审核中"
    REVIEWED = "reviewed", "已复审"


class Trial(models.TextChoices):
    """试用期满考核."""

    PASSED = "passed", "胜任，正式任职"
    FAILED = "failed", "不胜任，免去试任职务"


# --- 三单, 三责 ------------------------------------------------------------------------------


class OrderKind(models.TextChoices):
    """三单."""

    REMIND = "remind", "提醒"
    INQUIRE = "inquire", "函询"
    ADMONISH = "admonish", "诫勉（谈话）"


class OrderState(models.TextChoices):
    """三单的办理."""

    ISSUED = "issued", "已发出"
    REPLIED = "replied", "已回复"
    CLOSED = "closed", "已了结"


class OrderReason(models.TextChoices):
    """事由类别; the matter itself is in the paper, not here."""

    POLITICS = "politics", "政治纪律和政治规矩"
    ORGANISATION = "organisation", "组织纪律"
    INTEGRITY = "integrity", "廉洁自律"
    DUTY = "duty", "履职尽责"
    CONDUCT = "conduct", "作风形象"
    OTHER = "other", "其他苗头性问题"


class OrderOutcome(models.TextChoices):
    """三单了结."""

    EXPLAINED = "explained", "说明清楚"
    CORRECTED = "corrected", "已改正"
    UPGRADED = "upgraded", "转其他方式处理"


# The trigger in models/oversight.py is the database's copy.
ORDER_MOVES = (
    (OrderState.ISSUED, OrderState.REPLIED),
    (OrderState.ISSUED, OrderState.CLOSED),
    (OrderState.REPLIED, OrderState.CLOSED),
)


class DutyKind(models.TextChoices):
    """三责."""

    SELECTION = "selection", "选人用人责任"
    ESTABLISHMENT = "establishment", "机构编制责任"
    ECONOMIC = "economic", "经济责任"


# --- 个人有关事项 -----------------------------------------------------------------------------


class MatterOutcome(models.TextChoices):
    """抽查核实结果, as a code."""

    SAME = "same", "一致"
    MINOR = "minor", "漏报、少报情节较轻"
    SERIOUS = "serious", "漏报、少报情节较重"
    CONCEALED = "concealed", "隐瞒不报"


# --- Training -------------------------------------------------------------------------------


class TrainingKind(models.TextChoices):
    """培训方式."""

    SCHOOL = "school", "党校脱产"
    TOPIC = "topic", "专题班"
    ONLINE = "online", "网络培训"
    FIELD = "field", "现场教学"


class TagKind(models.TextChoices):
    """五型队伍."""

    LEARNING = "learning", "学习型"
    SERVING = "serving", "服务型"
    WORKING = "working", "实干型"
    CREATIVE = "creative", "创新型"
    CLEAN = "clean", "廉洁型"
