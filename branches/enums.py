"""Closed lists of the org tree (code tables of GB and the Party's statistics)."""

from django.db import models


class UnitKind(models.TextChoices):
    """党组织类别; the national codes stand in :data:`UNIT_CODES`."""

    DISTRICT = "district", "区委"
    WORKING_COMMITTEE = "working_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    GROUP = "group", "党小组"
    TEMP_COMMITTEE = "temp_committee", "临时党委"
    TEMP_GENERAL_BRANCH = "temp_general_branch", "临时党总支"
    TEMP_BRANCH = "temp_branch", "临时党支部"
    TEMP_JOINT_BRANCH = "temp_joint_branch", "临时联合党支部"


# National statistics codes; the district and its working committees carry none there.
UNIT_CODES: dict[UnitKind, str] = {
    UnitKind.COMMITTEE: "611",
    UnitKind.GENERAL_BRANCH: "621",
    UnitKind.BRANCH: "631",
    UnitKind.JOINT_BRANCH: "632",
    UnitKind.GROUP: "641",
    UnitKind.TEMP_COMMITTEE: "911",
    UnitKind.TEMP_GENERAL_BRANCH: "921",
    UnitKind.TEMP_BRANCH: "931",
    UnitKind.TEMP_JOINT_BRANCH: "932",
}

# Ranked units (scoring.md): 支部 and 联合支部.
RANKED_KINDS = (UnitKind.BRANCH, UnitKind.JOINT_BRANCH)
# Units that hold 三会一课 themselves and keep a roster.
BRANCH_KINDS = (*RANKED_KINDS, UnitKind.TEMP_BRANCH, UnitKind.TEMP_JOINT_BRANCH)
# Units that look after others.
COMMITTEE_KINDS = (
    UnitKind.WORKING_COMMITTEE,
    UnitKind.COMMITTEE,
    UnitKind.TEMP_COMMITTEE,
    UnitKind.GENERAL_BRANCH,
    UnitKind.TEMP_GENERAL_BRANCH,
)

_UPPER = (UnitKind.DISTRICT, UnitKind.WORKING_COMMITTEE, UnitKind.COMMITTEE)
# What may stand directly below what.
PARENT_KINDS: dict[UnitKind, tuple[UnitKind, ...]] = {
    UnitKind.DISTRICT: (),
    UnitKind.WORKING_COMMITTEE: (UnitKind.DISTRICT, UnitKind.WORKING_COMMITTEE),
    UnitKind.COMMITTEE: _UPPER,
    UnitKind.TEMP_COMMITTEE: _UPPER,
    UnitKind.GENERAL_BRANCH: (*_UPPER, UnitKind.TEMP_COMMITTEE),
    UnitKind.TEMP_GENERAL_BRANCH: (*_UPPER, UnitKind.TEMP_COMMITTEE),
    **dict.fromkeys(
        (UnitKind.BRANCH, UnitKind.JOINT_BRANCH, UnitKind.TEMP_BRANCH, UnitKind.TEMP_JOINT_BRANCH),
        (*_UPPER, UnitKind.TEMP_COMMITTEE, UnitKind.GENERAL_BRANCH, UnitKind.TEMP_GENERAL_BRANCH),
    ),
    UnitKind.GROUP: (
        UnitKind.BRANCH,
        UnitKind.JOINT_BRANCH,
        UnitKind.TEMP_BRANCH,
        UnitKind.TEMP_JOINT_BRANCH,
    ),
}


class Field(models.TextChoices):
    """领域."""

    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    VILLAGE = "village", "农村"
    OFFICE = "office", "机关"
    SCHOOL = "school", "学校"
    STATE_FIRM = "state_firm", "国企"
    PRIVATE_FIRM = "private_firm", "非公企业"
    SOCIAL = "social", "社会组织"
    OTHER = "other", "其他"


class ChangeKind(models.TextChoices):
    """组织变动."""

    FOUNDED = "founded", "成立"
    MOVED = "moved", "调整隶属"
    MERGED = "merged", "合并"
    DISSOLVED = "dissolved", "撤销"
    RENAMED = "renamed", "更名"


class Sex(models.TextChoices):
    """性别 (GB/T 2261.1)."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class MemberKind(models.TextChoices):
    """人员类别 (GB/T 4762)."""

    FULL = "01", "正式党员"
    PROBATIONARY = "02", "预备党员"


class MemberState(models.TextChoices):
    """党籍状态."""

    ACTIVE = "active", "正常"
    SUSPENDED = "suspended", "停止党籍"
    ON_PROBATION = "on_probation", "留党察看"
    LEFT = "left", "已转出"
    EXPELLED = "expelled", "出党"
    DEAD = "dead", "去世"


# Members who are counted in 应到.
PRESENT_STATES = (MemberState.ACTIVE, MemberState.ON_PROBATION)


class PostKind(models.TextChoices):
    """党内职务."""

    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    ORGANISER = "organiser", "组织委员"
    PUBLICIST = "publicist", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    MEMBER = "member", "委员"
    GROUP_LEADER = "group_leader", "党小组组长"


class Role(models.TextChoices):
    """What somebody may do in a part of the tree (角色)."""

    DISTRICT_STAFF = "district_staff", "组织部工作人员"
    COMMITTEE_STAFF = "committee_staff", "党（工）委工作人员"
    SECRETARY = "secretary", "支部书记"
    GROUP_LEADER = "group_leader", "党小组组长"
    LEADER = "leader", "领导（只读）"
    CADRE_OFFICER = "cadre_officer", "干部工作人员"


class DutyKind(models.TextChoices):
    """三会一课的职责 (scoring.md)."""

    MEMBERS = "members", "支部党员大会"
    COMMITTEE = "committee", "支委会"
    GROUP = "group", "党小组会"
    LECTURE = "lecture", "党课"
    FIXED_DAY = "fixed_day", "固定组织生活日"
    MUST_HOLD = "must_hold", "四个必开"


class Cause(models.TextChoices):
    """四个必开的事由."""

    PARTY_DAY = "party_day", "建党日"
    YEAR_END = "year_end", "年底"
    DECISION = "decision", "重大决策事项"
    ADMISSION = "admission", "发展党员"


# Causes that somebody registers; the other two are in the calendar.
EVENT_CAUSES = (Cause.DECISION, Cause.ADMISSION)


class ExemptionState(models.TextChoices):
    """豁免的审批状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class ClientScope(models.TextChoices):
    """接口权限."""

    READ = "read", "读取组织、会议与考核"
    MEMBERS = "members", "读取党员（不含证件号码）"
    WRITE = "write", "写入会议记录"


class DisclosureKind(models.TextChoices):
    """How personal data left the screen's mask (查阅方式)."""

    SHOWN = "shown", "显示完整号码"
    EXPORTED = "exported", "导出"


class RobotKind(models.TextChoices):
    """Whose group a robot speaks in (群机器人); the values are those of ``core.enums.Channel``."""

    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


class RobotTopic(models.TextChoices):
    """What a robot tells its group (消息类别): counts and days, never persons."""

    BEHIND = "behind", "催办（落后名单）"
    FIXED_DAY = "fixed_day", "固定组织生活日"
    MOVE = "move", "日期调整"
    RANKING = "ranking", "考核发布"
