"""The invented brands: whose, what they say, and how far they are.

Codes are those of ``branches.sample``. ``now`` is where this year's creation stands, ``then`` the
score of last year's (0: there was none), ``state`` a word for what is special about it.
"""

from __future__ import annotations

from typing import NamedTuple

from brands.enums import BrandKind, Stage, Step

_ST, _CO, _OF, _SC, _TN = (
    BrandKind.STREET,
    BrandKind.COMMUNITY,
    BrandKind.OFFICE,
    BrandKind.SCHOOL,
    BrandKind.TWO_NEW,
)


class Sketch(NamedTuple):
    """One invented brand."""

    code: str
    name: str
    kind: BrandKind
    theme: str
    concept: str
    now: Stage
    step: Step
    then: int = 0
    score: int = 0
    fist: bool = False
    state: str = ""
    drawn: bool = True


SKETCHES = (
    # 推广 and 认定: last year's harvest.
    Sketch(
        "990101001001", "四点半学校", _CO, "放学有去处，家长少牵挂",
        "孩子的事，就是支部的事", Stage.UNDERWAY, Step.PROMOTED, then=93, fist=True,
    ),
    Sketch(
        "990101002000", "菜单式服务", _ST, "群众点单，党员接单",
        "需要什么就做什么，做得怎样群众说", Stage.INSPECTED, Step.PROMOTED, then=91, fist=True,
        state="summed",
    ),
    Sketch(
        "990101820004", "心灵社工", _TN, "听得见的陪伴",
        "一颗心走近另一颗心", Stage.CLOSED, Step.PROMOTED, then=89, score=92, fist=True,
    ),
    Sketch(
        "990101003001", "党旗下的邻里情", _CO, "远亲不如近邻，近邻不如对门",
        "小事不出楼院，难事支部来办", Stage.CLOSED, Step.RECOGNISED, then=87, score=88, fist=True,
    ),
    Sketch(
        "990101810001", "红烛先锋", _SC, "一支粉笔两袖清风，三尺讲台四季耕耘",
        "把党员教师培养成骨干，把骨干教师培养成党员", Stage.CLOSED, Step.RECOGNISED, then=85,
        score=80,
    ),
    # 培育: this year's.
    Sketch(
        "99010100100101", "楼院微心愿", _CO, "小小心愿，楼院点亮",
        "党员多走一步，群众少等一天", Stage.UNDERWAY, Step.NURTURED, state="secretary",
    ),
    Sketch(
        "990101001000", "红色套餐服务", _ST, "一个套餐管到底",
        "把分散的服务配成套，送到家门口", Stage.UNDERWAY, Step.NURTURED, state="mending", fist=True,
    ),
    Sketch(
        "990101003000", "十五分钟生活圈", _ST, "出门一刻钟，服务都能到",
        "把服务半径缩到一刻钟", Stage.UNDERWAY, Step.NURTURED, state="answered",
    ),
    Sketch(
        "990101004001", "星汉夜话", _CO, "晚上八点，楼下见",
        "把会开到楼下，把话说到心里", Stage.INSPECTED, Step.NURTURED, state="asked",
    ),
    Sketch(
        "990101810002", "萤火课堂", _SC, "一人一束光，照亮一条路",
        "每名党员教师帮一个孩子", Stage.INSPECTED, Step.NURTURED, state="scored",
    ),
    Sketch(
        "990101800003", "教育直通车", _OF, "政策直通，问题直办",
        "让数据多跑路，让家长少跑腿", Stage.INSPECTED, Step.NURTURED, state="bare",
    ),
    Sketch(
        "990101820001", "清流驿站", _TN, "企业有清流，职工有驿站",
        "党员在一线，难题在现场解决", Stage.CLOSED, Step.NURTURED, score=83, state="to_recognise",
    ),
    Sketch(
        "990101800002", "阳光账本", _OF, "每一分钱都晒在阳光下",
        "账本公开一页，信任增加一分", Stage.CLOSED, Step.NURTURED, score=64, state="ordinary",
    ),
    Sketch(
        "990101004000", "北辰星火", _ST, "一名党员一盏灯",
        "亮身份、亮承诺、亮作为", Stage.UNDERWAY, Step.NURTURED,
    ),
    # 申报 and 选题.
    Sketch(
        "99010100100301", "钟楼议事厅", _CO, "大家的事，大家商量着办",
        "有事好商量", Stage.APPLIED, Step.NOMINATED, drawn=False,
    ),
    Sketch(
        "990101005001", "石门红", _CO, "山门朝南开，党员走前排",
        "产业到哪里，支部就建到哪里", Stage.APPLIED, Step.NOMINATED,
    ),
    Sketch(
        "990101800006", "法润万家", _OF, "把法讲明白，把理说清楚",
        "矛盾不上交，服务不缺位", Stage.TOPIC, Step.NOMINATED, state="returned", drawn=False,
    ),
    Sketch(
        "99010100200101", "柳荫书屋", _CO, "一屋书香，满院邻里",
        "读书的社区少是非", Stage.TOPIC, Step.NONE, drawn=False,
    ),
    Sketch(
        "990101820003", "蓝天守护", _TN, "你需要，我就在",
        "平时一张网，急时一支队", Stage.TOPIC, Step.REPOSITIONED, then=62, state="repositioned",
    ),
)  # fmt: skip

MEANING = (
    "以支部为单元，把党员按特长编成服务小组，每周固定时间、固定地点开展服务；"
    "服务内容由群众提、支部议、党员认领，办结后由群众评价。"
)
GOAL = "年内服务不少于 300 人次，群众满意率达到 95%，形成一套可以照着做的服务清单。"
BACKGROUND = (
    "辖区老人和孩子多，双职工家庭多，群众对就近、便捷的服务需求大，而支部活动与群众需要结合不紧，"
    "党员想出力却不知从哪里着手。\n年初，支部走访居民二百余户，收集意见六十多条，梳理出群众最盼的几件事，"
    "由此确定了创建方向。"
)
PRACTICE = (
    "一是支部搭台。把活动室的一半腾出来作服务点，制度、时间、责任人全部上墙，每月第一个星期二公布"
    "下一个月的服务安排。\n二是党员领单。服务事项由群众提出、支部会商定，党员按特长认领，在职党员"
    "回社区报到后同样领单，一件事一个人管到底。\n三是群众评单。办结以后请群众当场评价，评价结果每季度"
    "在党员大会上通报，作为民主评议党员的依据。\n四是共建添力。与驻区单位签订共建清单，场地、师资、"
    "车辆互相开放，解决支部自己办不了的事。"
)
RESULTS = (
    "一年来累计服务群众四百余人次，办结意见建议五十八条，群众满意率 97%。"
    "党员到会率和服务时长都比上年明显提高，三名群众递交了入党申请书。\n启示：品牌不在响亮，在于把一件群众看得见的小事长期做好；"
    "支部的力量来自把党员组织起来，而不是替群众包办。"
)
TASKS = (
    ("建好服务点", "腾出场地，配齐桌椅、公示栏和服务清单", "服务点已投入使用，制度全部上墙"),
    ("组建党员服务小组", "按特长编成三个小组，公布联系方式", "编成三个小组，共二十六名党员"),
    ("收集群众需求", "入户走访，开三场楼院议事会", "走访二百一十六户，收集意见六十三条"),
    ("每周开展服务", "固定周三、周六下午，做到有记录有回访", "开展服务四十二次，服务四百余人次"),
    ("总结服务清单", "把做法写成清单，供其他支部照着做", "形成服务清单一份，共十二项"),
)
ANSWERS = (
    "制定了服务规范和值班制度，全部上墙公示。",
    "群众点单、支部派单、党员接单、群众评单。",
    "名称由居民代表会议从十一个建议里选出。",
    "服务日、楼院议事会、节日邻里活动等五类载体。",
    "把党的组织优势变成群众身边的服务。",
    "区级媒体报道两次，三个社区来参观学习。",
)
FINDINGS = (
    ("tracking", "服务记录齐全，走访三户居民都知道服务时间；公示栏内容两个月没有更新。"),
    ("dissection", "活动载体偏少，服务集中在少数党员身上，要分析原因、重新分工。"),
    ("feedback", "现场查看服务点，秩序好、群众评价高，当场反馈，没有需要整改的问题。"),
)
REMARKS = (
    "名称响亮，做法实在，群众说得出好处。",
    "载体丰富，建议把经验整理成清单。",
    "目标可检查，宣传还可以再加强。",
)
PEOPLE = ("李娟", "王建军", "赵海燕", "陈志强", "孙晓梅", "郑国栋", "马丽华", "许文博")
MEDIA = (
    (0, "city", "云泉日报", "放学后的两小时：社区里的“四点半学校”"),
    (0, "province", "省广播电视台", "支部办起小课堂，双职工家长放了心"),
    (0, "district", "云泉组工", "一间活动室的两种用法"),
    (1, "city", "云泉晚报", "群众点单，党员接单"),
    (1, "district", "云泉要闻", "菜单式服务半年办结三百单"),
    (2, "province", "省工人报", "听得见的陪伴"),
    (2, "national", "全国社会工作周刊", "社工和党员一起上门"),
    (3, "city", "云泉日报", "对门的灯亮了"),
)
