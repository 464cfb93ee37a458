"""The sheet that ships: six classes, three items each, 100 points (local, replaceable).

Each row: class, item, points, how it is looked at, the evidence asked for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from starrating.enums import Category, Method

_POLL, _PAPERS, _SITE, _INQUIRY = Method.POLL, Method.PAPERS, Method.SITE, Method.INQUIRY
NAME = "“两新”组织党组织星级评定标准"
REGULATION = "《关于在“两新”组织党组织中开展星级创评、分类定级工作的通知》"


class Line(NamedTuple):
    """One item of a sheet."""

    category: Category
    name: str
    points: Decimal
    methods: tuple[Method, ...]
    evidence: str


def _line(
    category: Category, name: str, points: int, methods: tuple[Method, ...], evidence: str
) -> Line:
    return Line(category, name, Decimal(points), methods, evidence)


SHEET: tuple[Line, ...] = (
    _line(Category.TEAM, "组织健全、按期换届，书记履职尽责", 8, (_PAPERS, _POLL),
          "选举和任职批复、书记述职材料"),
    _line(Category.TEAM, "党组织参与企业（单位）重大事项的研究", 6, (_PAPERS, _INQUIRY),
          "议事制度、会议记录"),
    _line(Category.TEAM, "“三会一课”和主题党日经常开展", 6, (_PAPERS,), "会议记录、签到表、照片"),
    _line(Category.MEMBERS, "党员教育管理经常，流动党员有人管", 8, (_PAPERS, _INQUIRY),
          "党员名册、学习记录"),
    _line(Category.MEMBERS, "党员亮身份、当先锋，示范岗作用好", 6, (_SITE, _POLL),
          "示范岗照片、承诺践诺表"),
    _line(Category.MEMBERS, "重视在生产一线和骨干中发展党员，按时交纳党费", 6, (_PAPERS,),
          "发展党员台账、党费收缴表"),
    _line(Category.BUSINESS, "生产经营（业务开展）稳定增长", 5, (_PAPERS, _INQUIRY),
          "年度报表或年检结论"),
    _line(Category.BUSINESS, "党员带头攻关创新、降本增效", 5, (_PAPERS, _SITE),
          "攻关项目、合理化建议"),
    _line(Category.BUSINESS, "安全生产、环保和质量没有责任事故", 5, (_INQUIRY, _PAPERS),
          "主管部门证明、检查记录"),
    _line(Category.CULTURE, "党建文化阵地规范，有场所有制度", 5, (_SITE,), "活动场所照片"),
    _line(Category.CULTURE, "“五个一”主题活动开展好", 5, (_PAPERS, _SITE), "活动记录、照片"),
    _line(Category.CULTURE, "群团组织健全，职工文化活动经常", 5, (_SITE, _POLL), "活动记录、照片"),
    _line(Category.LABOUR, "劳动合同和社会保险依法落实", 5, (_PAPERS, _INQUIRY),
          "合同签订率、社保缴纳证明"),
    _line(Category.LABOUR, "工资集体协商和民主管理制度健全", 5, (_PAPERS,), "协商协议、职代会记录"),
    _line(Category.LABOUR, "关心帮助困难职工，没有重大劳动纠纷", 5, (_POLL, _INQUIRY),
          "帮扶记录、主管部门证明"),
    _line(Category.SOCIETY, "诚信经营（办会）、依法纳税", 5, (_INQUIRY, _PAPERS),
          "信用报告、完税证明"),
    _line(Category.SOCIETY, "参与公益和社区共驻共建", 5, (_PAPERS, _INQUIRY), "活动照片、社区评价"),
    _line(Category.SOCIETY, "职工群众和服务对象满意", 5, (_POLL,), "测评表"),
)  # fmt: skip
